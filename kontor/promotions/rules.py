"""Which promotions a basket gets and what they take off: one pure function."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from kontor.kernel.money import ZERO, allocate, round_amount
from kontor.promotions.effects import Taken, amounts_off, gifts_of
from kontor.promotions.terms import Conditions, Effect, FreeFreight, Goods


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the basket and what is known of its goods.

    Only a `listed` price may be lowered. `model_id` is the model that the article is a variant of, `categories` are
    those it lies in at any height. `floor` is the least that the line may cost, None: anything.
    """

    product_id: int
    unit: str
    base_quantity: Decimal
    net: Decimal
    listed: bool = True
    model_id: int | None = None
    categories: frozenset[int] = frozenset()
    brand: str = ""
    floor: Decimal | None = None

    def is_of(self, goods: Goods) -> bool:
        return (
            goods.are_all
            or self.product_id in goods.products
            or self.model_id in goods.products
            or not self.categories.isdisjoint(goods.categories)
            or self.brand in goods.brands
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Who buys what and when; `at` is told in the seller's own time. `gift_prices` are for a base unit, by product."""

    lines: Sequence[Line]
    currency: str
    at: datetime
    buyer_id: int
    group_id: int | None
    channel: str
    is_first: bool
    gift_prices: Mapping[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A promotion as it stands for this buyer.

    `code` says how it stands with its code: "" (it needs none), ``given``, ``missing``, ``code_used``,
    ``code_stopped``. `used_up` is the limit that is reached: ``total``, ``company`` or ``person``.
    """

    promotion_id: int
    conditions: Conditions
    effects: Sequence[Effect]
    priority: int = 100
    stacking: str = "with_others"
    currency: str = ""
    is_active: bool = True
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    most: Decimal | None = None
    may_go_below: bool = False
    code: str = ""
    used_up: str = ""
    budget_left: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a promotion: ``given``, or the first reason why not; `lacking` is how much too little there is.

    `gifts` are products with base units and what these would have cost; `budget_left` is what then is left.
    `at_floor`: it would have given more, or might have, were it not for a line's lowest price.
    """

    promotion_id: int
    reason: str
    lacking: Decimal = ZERO
    amounts: Sequence[Decimal] = ()
    gifts: Sequence[tuple[int, Decimal, Decimal]] = ()
    frees_freight: bool = False
    budget_left: Decimal | None = None
    at_floor: bool = False

    @property
    def amount(self) -> Decimal:
        return sum(self.amounts, ZERO)


@dataclass(slots=True)
class _Progress:
    """What is left of each line, and which lines have been lowered, or may be lowered by nobody else."""

    left: list[Decimal]
    given: int = 0
    is_closed: bool = False
    lowered: set[int] = field(default_factory=set)
    reserved: set[int] = field(default_factory=set)


def evaluate(candidates: Sequence[Candidate], situation: Situation) -> list[Outcome]:
    """The outcome of every candidate, in the order in which they are asked: by priority, then the older first.

    Each takes off what the ones before it left. Nothing is lowered below 0 or its floor. The order of lines makes no
    difference: they are looked at by what they are.
    """
    places = sorted(range(len(situation.lines)), key=lambda place: _sort_key(situation.lines[place]))
    sorted_lines = [situation.lines[place] for place in places]
    progress = _Progress([line.net for line in sorted_lines])
    ordered = replace(situation, lines=sorted_lines)
    outcomes = []
    for one in sorted(candidates, key=lambda one: (one.priority, one.promotion_id)):
        outcome = _asked(one, ordered, progress)
        amounts = [ZERO] * len(places)
        for place, amount in zip(places, outcome.amounts or amounts, strict=True):
            amounts[place] = amount
        outcomes.append(replace(outcome, amounts=amounts))
    return outcomes


def _sort_key(line: Line) -> tuple[object, ...]:
    return line.product_id, line.unit, line.base_quantity, line.net, line.listed


def _asked(one: Candidate, situation: Situation, progress: _Progress) -> Outcome:
    reason, lacking = obstacle(one, situation)
    if not reason and (progress.is_closed or (one.stacking == "alone" and progress.given)):
        reason = "another"
    if reason:
        return Outcome(promotion_id=one.promotion_id, reason=reason, lacking=lacking)
    outcome = _given(one, situation, progress)
    if outcome.reason == "given":
        _keep(one, outcome, progress)
    return outcome


def _keep(one: Candidate, outcome: Outcome, progress: _Progress) -> None:
    lowered = {place for place, amount in enumerate(outcome.amounts) if amount}
    progress.left = [left - off for left, off in zip(progress.left, outcome.amounts, strict=True)]
    progress.given += 1
    progress.lowered |= lowered
    progress.is_closed = one.stacking == "alone"
    if one.stacking == "other_goods":
        progress.reserved |= lowered


def obstacle(one: Candidate, situation: Situation) -> tuple[str, Decimal]:
    """The first condition that does not hold, and how much of it is lacking; "" when all hold."""
    asked, local = one.conditions, situation.at
    hour = local.time().replace(tzinfo=None)
    wrong = {
        "stopped": not one.is_active,
        "early": one.valid_from is not None and local < one.valid_from,
        "late": one.valid_until is not None and local >= one.valid_until,
        "currency": one.currency not in ("", situation.currency),
        "company": bool(asked.companies) and situation.buyer_id not in asked.companies,
        "group": bool(asked.groups) and situation.group_id not in asked.groups,
        "channel": bool(asked.channels) and situation.channel not in asked.channels,
        "first_order": asked.first_order and not situation.is_first,
        "weekday": bool(asked.weekdays) and local.weekday() not in asked.weekdays,
        "hours": asked.from_time is not None
        and asked.until_time is not None
        and not asked.from_time <= hour < asked.until_time,
        one.code: one.code not in ("", "given"),
        f"limit_{one.used_up}": bool(one.used_up),
        "budget": one.budget_left is not None and one.budget_left <= 0,
    }
    for reason, is_so in wrong.items():
        if is_so:
            return reason, ZERO
    return _too_little(asked, situation)


def _too_little(asked: Conditions, situation: Situation) -> tuple[str, Decimal]:
    found = [line for line in situation.lines if line.listed and line.is_of(asked.goods)]
    if not found:
        return "goods", ZERO
    quantity = sum((line.base_quantity for line in found), ZERO)
    if asked.min_quantity is not None and quantity < asked.min_quantity:
        return "quantity", asked.min_quantity - quantity
    value = sum((line.net for line in situation.lines), ZERO)
    if asked.min_value is not None and value < asked.min_value:
        return "value", asked.min_value - value
    return "", ZERO


def _given(one: Candidate, situation: Situation, progress: _Progress) -> Outcome:
    lines, currency = situation.lines, situation.currency
    taken = progress.reserved | (progress.lowered if one.stacking == "other_goods" else set())
    open_places = [place for place, line in enumerate(lines) if line.listed and place not in taken]
    amounts = [ZERO] * len(lines)
    gifts: list[tuple[int, Decimal, Decimal]] = []
    at_floor = False
    for effect in one.effects:
        rest = ((place, lines[place], progress.left[place] - amounts[place]) for place in open_places)
        left = [
            Taken(place, line.product_id, line.base_quantity, net, _above_floor(one, line, net))
            for place, line, net in rest
        ]
        own = [part for part in left if lines[part.place].is_of(one.conditions.goods)]
        for product_id, quantity in gifts_of(effect, own):
            price = situation.gift_prices.get(product_id, ZERO)
            gifts.append((product_id, quantity, round_amount(price * quantity, currency)))
        for place, off in amounts_off(effect, own, left, currency).items():
            room = _above_floor(one, lines[place], progress.left[place] - amounts[place])
            at_floor |= off >= room and _has_floor(one, lines[place])
            amounts[place] += min(off, room)
    if one.most is not None and sum(amounts, ZERO) > one.most:
        amounts = allocate(round_amount(one.most, currency), amounts, currency)
    freight = any(isinstance(effect, FreeFreight) for effect in one.effects)
    total = sum(amounts, ZERO)
    if not (total or gifts or freight):
        return Outcome(promotion_id=one.promotion_id, reason="nothing", at_floor=at_floor)
    left_over = None if one.budget_left is None else one.budget_left - total - sum(gift[2] for gift in gifts)
    if left_over is not None and left_over < 0:
        return Outcome(promotion_id=one.promotion_id, reason="budget")
    return Outcome(
        promotion_id=one.promotion_id,
        reason="given",
        amounts=amounts,
        gifts=gifts,
        frees_freight=freight,
        budget_left=left_over,
        at_floor=at_floor,
    )


def _has_floor(one: Candidate, line: Line) -> bool:
    return bool(line.floor) and not one.may_go_below


def _above_floor(one: Candidate, line: Line, left: Decimal) -> Decimal:
    """How much may be taken off a line of which so much is left."""
    floor = ZERO if one.may_go_below or line.floor is None else line.floor
    return max(left - floor, ZERO)
