"""Which promotions a basket gets."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, Decimal
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.db import connection

from kontor.kernel.folding import code_key
from kontor.kernel.money import ZERO, minor_units
from kontor.pricing.basket import Basket, BasketLine
from kontor.pricing.floors import floors_of
from kontor.pricing.queries import Wanted, chain_for, resolve
from kontor.promotions.models import named
from kontor.promotions.rules import Candidate, Line, Outcome, Situation, evaluate
from kontor.promotions.terms import Gift as GiftEffect
from kontor.promotions.terms import conditions_from, effects_from
from kontor.promotions.wording import TWICE, UNKNOWN, lacking_text, reason_text

MOST_CODES = 20
MOST_MISSED = 3
# Of promotions `p`, by the buyer's account `a` at the seller. A code that is for others is as unknown as one that
# nobody made, by the same statement: neither answer nor time tells them apart.
FOR_BUYER = """(NOT p.conditions ? 'companies' OR p.conditions -> 'companies' @> to_jsonb(%(buyer)s::bigint))
    AND (NOT p.conditions ? 'groups' OR p.conditions -> 'groups' @> to_jsonb(a.group_id))"""
RUNNING = """p.is_active AND NOT p.needs_code AND (p.valid_from <= %(at)s) IS NOT FALSE
    AND (p.valid_until > %(at)s) IS NOT FALSE"""
USED_UP = """CASE WHEN p.used >= p.limit_total THEN 'total' WHEN c.used >= p.limit_company THEN 'company'
        WHEN m.used >= p.limit_person THEN 'person' ELSE '' END"""
OF_BUYER = """
JOIN companies_company s ON s.id = p.seller_id
LEFT JOIN companies_customer_account a ON a.seller_id = p.seller_id AND a.buyer_id = %(buyer)s
LEFT JOIN promotions_tally c ON c.promotion_id = p.id AND c.company_id = %(buyer)s AND NOT c.is_person
LEFT JOIN promotions_tally m ON m.promotion_id = p.id AND m.company_id = %(buyer)s AND m.is_person
    AND m.membership_id IS NOT DISTINCT FROM %(member)s
"""
ASKED = f"""
WITH typed AS (
    SELECT c.promotion_id, array_agg(c.key ORDER BY c.key) AS keys, max(CASE WHEN b.stopped_at IS NOT NULL
        THEN 'code_stopped' WHEN c.used >= c.uses_limit THEN 'code_used' ELSE 'given' END) AS state
    FROM promotions_coupon c JOIN promotions_code_batch b ON b.id = c.batch_id
    WHERE c.seller_id = %(seller)s AND c.key = ANY (%(keys)s::text[])
    GROUP BY c.promotion_id
)
SELECT p.id, p.name, p.names, p.conditions, p.effects, p.priority, p.stacking, p.currency, p.is_active, p.valid_from,
    p.valid_until, p.most, p.below_floor, p.budget - p.used_amount,
    CASE WHEN p.needs_code THEN COALESCE(t.state, 'missing') ELSE '' END,
    {USED_UP}, COALESCE(t.keys, '{{}}'), s.timezone, a.group_id
FROM promotions_promotion p {OF_BUYER} LEFT JOIN typed t ON t.promotion_id = p.id
WHERE p.seller_id = %(seller)s AND (p.id = %(also)s OR %(every)s
    OR ({RUNNING} OR p.is_active AND t.keys IS NOT NULL) AND {FOR_BUYER})
"""
GOODS = """
WITH wanted AS (SELECT id, path || '/' AS path FROM catalog_category WHERE id = ANY (%(categories)s::bigint[]))
SELECT p.id, p.variant_of_id, p.brand, (SELECT COALESCE(array_agg(w.id), '{}') FROM wanted w
    WHERE starts_with(c.path || '/', w.path))
FROM catalog_product p LEFT JOIN catalog_category c ON c.id = p.category_id
WHERE p.id = ANY (%(products)s::bigint[])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """`amount` off the net of line number `line` (from 0), as the promotion called `name` gives it."""

    promotion_id: int
    name: str
    line: int
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """Goods that come free of charge, in base units; `worth` is what they would have cost."""

    promotion_id: int
    name: str
    product_id: int
    base_quantity: Decimal
    worth: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What promotions do to a basket. `free_freight` is the promotion that waives freight, if one does.

    Whoever charges freight says by `with_freight` what it came to; `freight_left` is how much its budget has for that.
    `refused` has a sentence for each code that does nothing; `missed` tells what is nearly reached.
    """

    granted: Sequence[Granted] = ()
    gifts: Sequence[Gift] = ()
    free_freight: int | None = None
    freight_left: Decimal | None = None
    freed: Decimal = ZERO
    refused: Mapping[str, str] = field(default_factory=dict)
    missed: Sequence[str] = ()

    @property
    def promotion_ids(self) -> list[int]:
        """Those that count, each once, by id."""
        freight = set() if self.free_freight is None else {self.free_freight}
        granted = {one.promotion_id for one in self.granted}
        return sorted(freight | granted | {one.promotion_id for one in self.gifts})

    @property
    def worth(self) -> dict[int, Decimal]:
        """What each promotion that counts gives, by rising id: amounts off, gifts at their price, freight."""
        given = dict.fromkeys(self.promotion_ids, ZERO)
        for one in self.granted:
            given[one.promotion_id] += one.amount
        for gift in self.gifts:
            given[gift.promotion_id] += gift.worth
        if self.free_freight is not None:
            given[self.free_freight] += self.freed
        return given

    def with_freight(self, freed: Decimal) -> "Judged | None":
        """This, with the freight that is waived; None when the budget of who waives it has less left."""
        over = self.freight_left is not None and freed > self.freight_left
        return None if over else replace(self, freed=freed)


@dataclass(frozen=True, slots=True)
class Asked:
    """A promotion that was asked: its name, the keys of its codes among those typed, and what became of it."""

    name: str
    keys: Sequence[str]
    outcome: Outcome


HasOrdered = Callable[[int, int], bool]
_has_ordered: list[HasOrdered] = []


def known_by(has_ordered: HasOrdered) -> None:
    """Orders stand above: they say here how to find out whether a buyer has ordered from a seller (buyer, seller)."""
    _has_ordered[:] = [has_ordered]


def judge(basket: Basket, *, spent: Collection[int] = ()) -> Judged:
    """What promotions and the basket's coupon codes give; changes nothing. `spent` are those whose budget is too small.

    One statement where no promotion is to be asked, at most four otherwise and two more where one gives goods away, for
    any number of lines.
    """
    return judged(basket, ask(basket, spent=spent))


def ask(
    basket: Basket, *, as_if_active: int | None = None, every: bool = False, spent: Collection[int] = ()
) -> list[Asked]:
    """All promotions that may concern a basket, in the order in which they were asked, with their outcomes.

    `as_if_active` is one that counts whatever its state and dates are; `every` asks those as well that are stopped,
    over or without their code.
    """
    keys = [code_key(code)[:40] for code in basket.codes[:MOST_CODES]]
    about = {
        "seller": basket.seller_id,
        "buyer": basket.buyer_id,
        "member": basket.membership_id,
        "keys": keys,
        "at": basket.at,
        "also": as_if_active,
        "every": every,
    }
    with connection.cursor() as cursor:
        cursor.execute(ASKED, about)
        rows = cursor.fetchall()
    if not rows:
        return []
    candidates = [_candidate(row, as_if_active, spent) for row in rows]
    timezone, group_id = rows[0][-2:]
    situation = Situation(
        lines=_lines(basket, candidates),
        currency=basket.currency,
        at=basket.at.astimezone(ZoneInfo(timezone)),
        buyer_id=basket.buyer_id,
        group_id=group_id,
        channel=basket.channel,
        is_first=any(one.conditions.first_order for one in candidates) and _is_first(basket),
        gift_prices=_gift_prices(basket, candidates),
    )
    told = {row[0]: (named(row[1], orjson.loads(row[2])), row[-3]) for row in rows}
    return [Asked(*told[one.promotion_id], one) for one in evaluate(candidates, situation)]


def _is_first(basket: Basket) -> bool:
    return not any(ordered(basket.buyer_id, basket.seller_id) for ordered in _has_ordered)


def _gift_prices(basket: Basket, candidates: Iterable[Candidate]) -> dict[int, Decimal]:
    """What a base unit of each article that may be given away costs this buyer; without a price it costs nothing."""
    gifts = {
        effect.product_id: effect.quantity
        for one in candidates
        for effect in one.effects
        if isinstance(effect, GiftEffect)
    }
    if not gifts:
        return {}
    wanted = [Wanted(product_id, quantity) for product_id, quantity in gifts.items()]
    prices = resolve(chain_for(basket.buyer_id, basket.at), wanted, basket.at)
    return {
        product_id: price.amount / price.price_base
        for product_id, price in zip(gifts, prices, strict=True)
        if price is not None and price.currency == basket.currency
    }


def _candidate(row: Sequence[Any], as_if_active: int | None, spent: Collection[int]) -> Candidate:
    (key, _name, _names, conditions, effects, priority, stacking, currency, is_active, begin, end, most, below, left,
     code, used_up) = row[:16]  # fmt: skip
    tried = key == as_if_active
    return Candidate(
        promotion_id=key,
        conditions=conditions_from(orjson.loads(conditions)),
        effects=effects_from(orjson.loads(effects)),
        priority=priority,
        stacking=stacking,
        currency=currency,
        is_active=is_active or tried,
        valid_from=None if tried else begin,
        valid_until=None if tried else end,
        most=most,
        may_go_below=below,
        code="" if tried else code,
        used_up=used_up,
        budget_left=ZERO if key in spent else left,
    )


def _lines(basket: Basket, candidates: Iterable[Candidate]) -> list[Line]:
    goods = [one.conditions.goods for one in candidates]
    products = list({line.product_id for line in basket.lines})
    known: dict[int, tuple[Any, ...]] = {}
    if not all(one.are_all for one in goods):
        categories = list({key for one in goods for key in one.categories})
        with connection.cursor() as cursor:
            cursor.execute(GOODS, {"categories": categories, "products": products})
            known = {row[0]: row[1:] for row in cursor.fetchall()}
    floors = floors_of(products, basket.at, basket.currency)
    return [
        _line(basket, line, known.get(line.product_id, (None, "", ())), floors.get(line.product_id))
        for line in basket.lines
    ]


def _line(basket: Basket, line: BasketLine, known: tuple[Any, ...], floor: Decimal | None) -> Line:
    model_id, brand, categories = known
    return Line(
        product_id=line.product_id,
        unit=line.unit,
        base_quantity=line.base_quantity,
        net=line.net - line.allowance,
        listed=line.price_list_id is not None,
        model_id=model_id,
        categories=frozenset(categories),
        brand=brand,
        floor=None if floor is None else _whole(floor * line.base_quantity, basket.currency),
    )


def _whole(amount: Decimal, currency: str) -> Decimal:
    """Rounded up, as what is rounded down would be below the floor."""
    return amount.quantize(Decimal(1).scaleb(-minor_units(currency)), ROUND_CEILING)


def judged(basket: Basket, asked: Sequence[Asked]) -> Judged:
    """What the outcomes come to for the buyer."""
    given = [one for one in asked if one.outcome.reason == "given"]
    granted = [
        Granted(promotion_id=one.outcome.promotion_id, name=one.name, line=place, amount=amount)
        for one in given
        for place, amount in enumerate(one.outcome.amounts)
        if amount > ZERO
    ]
    gifts = [
        Gift(
            promotion_id=one.outcome.promotion_id,
            name=one.name,
            product_id=product_id,
            base_quantity=quantity,
            worth=worth,
        )
        for one in given
        for product_id, quantity, worth in one.outcome.gifts
    ]
    freight = next((one.outcome for one in given if one.outcome.frees_freight), None)
    missed = [text for one in asked if (text := lacking_text(one.outcome, one.name, basket.currency))]
    return Judged(
        granted=granted,
        gifts=gifts,
        free_freight=freight.promotion_id if freight else None,
        freight_left=freight.budget_left if freight else None,
        refused=_refused(basket, asked),
        missed=missed[:MOST_MISSED],
    )


def _refused(basket: Basket, asked: Sequence[Asked]) -> dict[str, str]:
    """Why typed codes do nothing. Of several codes of one promotion the first counts."""
    by_key = {key: one for one in asked for key in one.keys}
    counted: set[int] = set()
    refused = {}
    for code in basket.codes:
        one = by_key.get(code_key(code)[:40])
        if one is None:
            refused[code] = str(UNKNOWN)
        elif one.outcome.reason != "given":
            refused[code] = reason_text(one.outcome, basket.currency)
        elif one.outcome.promotion_id in counted:
            refused[code] = str(TWICE)
        else:
            counted.add(one.outcome.promotion_id)
    return refused
