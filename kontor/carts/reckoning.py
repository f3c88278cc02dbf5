"""What a basket comes to: the one order of steps for cart, preview, API and order (docs/decisions/0046).

1. prices by the resolver; where a contract has less left than a line wants, the line costs the next price;
2. promotions: an allowance per line, gifts, free freight;
3. charges on what is left; what they take off the order is spread over its lines;
4. tax, once per rate, by whoever knows the parties.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from kontor.agreements.queries import used_up
from kontor.charges.queries import Borne, Charge, Near, borne_by
from kontor.inventory.queries import available
from kontor.kernel.money import ZERO, allocate, line_net
from kontor.pricing.basket import Basket, BasketLine
from kontor.pricing.queries import Chain, Wanted, chain_without, resolve
from kontor.promotions.queries import Gift, Judged, judge
from kontor.taxes.deciding import Item
from kontor.taxes.rules import WITH_GOODS

MOST_CONTRACTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """`amount` off line number `line` (from 0). By a promotion, or without one by the seller's terms for orders."""

    line: int
    reason: str
    amount: Decimal
    promotion_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """A basket with all that belongs to it. Numbers of lines are those that were asked; None has no price.

    `basket` and `judged` are what promotions saw and said, to use them; `passed_over` are lists, by line, that had less
    left than the line wants.
    """

    lines: Sequence[BasketLine | None]
    allowances: Sequence[Allowance] = ()
    charges: Sequence[Charge] = ()
    near: Sequence[Near] = ()
    passed_over: Mapping[int, frozenset[int]] = field(default_factory=dict)
    basket: Basket | None = None
    judged: Judged = field(default_factory=Judged)

    @property
    def gifts(self) -> Sequence[Gift]:
        return self.judged.gifts

    @property
    def goods_total(self) -> Decimal:
        """The lines before anything is taken off or comes on top."""
        return sum((line.net for line in self.lines if line), ZERO)

    @property
    def net_total(self) -> Decimal:
        lines = sum((line.net - line.allowance for line in self.lines if line), ZERO)
        return lines + sum((one.net for one in self.charges), ZERO)


def reckon(
    basket: Basket,
    lines: Sequence[BasketLine | None],
    *,
    chain: Chain,
    chosen: Mapping[int, Sequence[str]],
) -> Reckoned:
    """What `lines`, at the prices of the resolver, come to in this basket, whose own lines are not looked at.

    `chosen` are the choices of configured articles by line. The number of statements does not depend on the number of
    lines. Only reads.
    """
    priced, passed_over = _within_contracts(basket, list(lines), chain, chosen)
    numbers = [number for number, line in enumerate(priced) if line is not None]
    basket = replace(basket, lines=[line for line in priced if line is not None])
    if not numbers:
        return Reckoned(lines=priced, passed_over=passed_over)
    judged, allowances, lowered, borne = _promoted(basket)
    charges, taken_off = _parted(borne, lowered)
    allowances += taken_off
    shown: list[BasketLine | None] = [None] * len(priced)
    for number, line, off in zip(numbers, basket.lines, _per_line(allowances, len(numbers)), strict=True):
        shown[number] = replace(line, allowance=off)
    return Reckoned(
        lines=shown,
        allowances=[replace(one, line=numbers[one.line]) for one in allowances],
        charges=[one if one.line is None else replace(one, line=numbers[one.line]) for one in charges],
        near=borne.near,
        passed_over=passed_over,
        basket=basket,
        judged=judged,
    )


def _promoted(basket: Basket) -> tuple[Judged, list[Allowance], Basket, Borne]:
    """What promotions give, and the charges on what is left.

    What freight comes to is known only then: whoever waives more of it than its budget has left is asked no more.
    """
    spent: set[int] = set()
    while True:
        judged = _what_is_there(judge(basket, spent=spent), basket)
        allowances = [
            Allowance(line=one.line, reason=one.name, amount=one.amount, promotion_id=one.promotion_id)
            for one in judged.granted
        ]
        lowered = basket.less(_per_line(allowances, len(basket.lines)))
        borne = borne_by(lowered, free_freight=judged.free_freight is not None)
        counted = judged.with_freight(borne.freed)
        if counted is not None or judged.free_freight is None:
            return counted or judged, allowances, lowered, borne
        spent.add(judged.free_freight)


def charge_item(charge: Charge) -> Item:
    """A charge as taxes look at it."""
    kind = "deposit" if charge.kind == "deposit" else "goods"
    return Item(charge.tax_category or WITH_GOODS, kind, line=charge.line)


def _within_contracts(
    basket: Basket,
    lines: list[BasketLine | None],
    chain: Chain,
    chosen: Mapping[int, Sequence[str]],
) -> tuple[list[BasketLine | None], dict[int, frozenset[int]]]:
    """Lines that want more at a contract price than is left, at the next price of the chain, or at none."""
    passed_over: dict[int, frozenset[int]] = {}
    for _round in range(MOST_CONTRACTS):
        numbers = [number for number, line in enumerate(lines) if line is not None]
        tried = replace(basket, lines=[line for line in lines if line is not None])
        gone = sorted(numbers[place] for place in used_up(tried))
        if not gone:
            break
        by_lists: dict[frozenset[int], list[int]] = {}
        for number in gone:
            line = lines[number]
            if line is not None and line.price_list_id is not None:
                passed_over[number] = passed_over.get(number, frozenset()) | {line.price_list_id}
                by_lists.setdefault(passed_over[number], []).append(number)
        for without, some in by_lists.items():
            _next_prices(tried, lines, some, chain_without(chain, without), chosen)
    return lines, passed_over


def _next_prices(
    basket: Basket,
    lines: list[BasketLine | None],
    numbers: Sequence[int],
    chain: Chain,
    chosen: Mapping[int, Sequence[str]],
) -> None:
    some = {number: line for number in numbers if (line := lines[number]) is not None}
    wanted = [
        Wanted(line.product_id, line.base_quantity, chosen.get(number, ()), line.unit)
        for number, line in some.items()
    ]
    for (number, line), price in zip(some.items(), resolve(chain, wanted, basket.at), strict=True):
        if price is None or price.amount <= 0 or price.currency != basket.currency:
            lines[number] = None
            continue
        lines[number] = replace(
            line,
            unit_price=price.amount,
            price_base=price.price_base,
            price_source=f"list:{price.price_list_id}",
            net=line_net(
                unit_price=price.amount,
                price_base=price.price_base,
                quantity=line.base_quantity,
                currency=basket.currency,
            ),
        )


def _what_is_there(judged: Judged, basket: Basket) -> Judged:
    """Without gifts of which less is in stock than the lines and the gifts want: nobody waits for what is free."""
    if not judged.gifts:
        return judged
    free = available([one.product_id for one in judged.gifts])
    for line in basket.lines:
        if line.product_id in free:
            free[line.product_id] -= line.base_quantity
    kept = []
    for gift in judged.gifts:
        if free.get(gift.product_id, ZERO) >= gift.base_quantity:
            free[gift.product_id] -= gift.base_quantity
            kept.append(gift)
    return replace(judged, gifts=kept)


def _per_line(allowances: Iterable[Allowance], lines: int) -> list[Decimal]:
    sums = [ZERO] * lines
    for one in allowances:
        sums[one.line] += one.amount
    return sums


def _parted(borne: Borne, basket: Basket) -> tuple[list[Charge], list[Allowance]]:
    """Charges, and what is taken off: spread over the lines of its tax category by what is left of them."""
    charges = [one for one in borne.charges if not one.is_allowance]
    left = [line.net - line.allowance for line in basket.lines]
    allowances = []
    for one in borne.charges:
        if not one.is_allowance:
            continue
        about = [
            number
            for number, line in enumerate(basket.lines)
            if left[number] > 0
            and one.line in (None, number)
            and line.tax_category == one.tax_category
            and not line.price_source.startswith("offer:")
        ]
        weights = [left[number] for number in about]
        most = min(one.net, sum(weights, ZERO))
        shares = allocate(most, weights, basket.currency) if about else []
        for number, share in zip(about, shares, strict=True):
            if share:
                left[number] -= share
                allowances.append(Allowance(line=number, reason=one.reason, amount=share))
    return charges, allowances
