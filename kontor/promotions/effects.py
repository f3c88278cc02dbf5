"""What each kind of effect takes off the lines that are open to it, and what it gives away."""

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal, localcontext
from typing import Any, NamedTuple

from kontor.kernel.money import ZERO, allocate, line_net, round_amount
from kontor.promotions.terms import (
    AmountOff,
    Bundle,
    CheapestFree,
    Effect,
    FixedPrice,
    Gift,
    Percent,
    Tiered,
)


class Taken(NamedTuple):
    """A line at `place`: its product and quantity, what earlier promotions have `left` of its net, and the `room` that
    this leaves above its floor."""

    place: int
    product_id: int
    quantity: Decimal
    left: Decimal
    room: Decimal


Off = dict[int, Decimal]
"""An amount by the line's place."""


def amounts_off(effect: Effect, own: Sequence[Taken], every: Sequence[Taken], currency: str) -> Off:
    """What an effect takes off, by place; never more than is left. `own` are the goods that the promotion names."""
    if isinstance(effect, Bundle):
        return _bundle(effect, every, currency)
    work = _WORK.get(type(effect))
    return work(effect, own, currency) if work and own else {}


def gifts_of(effect: Effect, own: Sequence[Taken]) -> list[tuple[int, Decimal]]:
    """Products given away with their quantities in base units."""
    if not isinstance(effect, Gift):
        return []
    bought = sum((line.quantity for line in own), ZERO)
    times = (bought / effect.every).to_integral_value(ROUND_DOWN) if effect.every else Decimal(1)
    return [(effect.product_id, effect.quantity * times)] if times else []


def _percent(effect: Percent, own: Sequence[Taken], currency: str) -> Off:
    return _share(effect.percent, own, currency)


def _share(percent: Decimal, own: Sequence[Taken], currency: str) -> Off:
    return {line.place: round_amount(line.left * percent / 100, currency) for line in own}


def _amount(effect: AmountOff, own: Sequence[Taken], currency: str) -> Off:
    if effect.per == "order":
        # By what may be taken off: what one line cannot give for its floor is not lost where others can.
        rooms = [line.room for line in own]
        whole = min(round_amount(effect.amount, currency), sum(rooms, ZERO))
        shares = allocate(whole, rooms, currency) if whole else rooms
        return {line.place: share for line, share in zip(own, shares, strict=True)}
    each = {line.place: effect.amount * (line.quantity if effect.per == "unit" else 1) for line in own}
    return {line.place: min(round_amount(each[line.place], currency), line.left) for line in own}


def _fixed_price(effect: FixedPrice, own: Sequence[Taken], currency: str) -> Off:
    return {
        line.place: max(
            line.left
            - line_net(
                unit_price=effect.amount,
                price_base=effect.price_base,
                quantity=line.quantity,
                currency=currency,
            ),
            ZERO,
        )
        for line in own
    }


def _part_of(line: Taken, quantity: Decimal, currency: str) -> Decimal:
    """What so many base units of a line still cost."""
    with localcontext(prec=50):
        whole = quantity >= line.quantity
        return line.left if whole else round_amount(line.left * quantity / line.quantity, currency)


def _cheapest_free(effect: CheapestFree, own: Sequence[Taken], currency: str) -> Off:
    bought = sum((line.quantity for line in own), ZERO)
    free = (bought / effect.take).to_integral_value(ROUND_DOWN) * (effect.take - effect.pay)
    off: Off = {}
    with localcontext(prec=50):
        cheapest = sorted(own, key=lambda line: (line.left / line.quantity, line.place))
    for line in cheapest:
        if free > 0:
            off[line.place] = _part_of(line, free, currency)
            free -= min(free, line.quantity)
    return off


def _tiered(effect: Tiered, own: Sequence[Taken], currency: str) -> Off:
    reached = sum((line.quantity if effect.by == "quantity" else line.left for line in own), ZERO)
    percents = [tier.percent for tier in effect.tiers if tier.start <= reached]
    return _share(percents[-1], own, currency) if percents else {}


def _bundle(effect: Bundle, every: Sequence[Taken], currency: str) -> Off:
    of_part = [[line for line in every if part.product_id == line.product_id] for part in effect.parts]
    sets = min(
        (sum((line.quantity for line in lines), ZERO) / part.quantity).to_integral_value(ROUND_DOWN)
        for part, lines in zip(effect.parts, of_part, strict=True)
    )
    worth: Off = {}
    for part, lines in zip(effect.parts, of_part, strict=True):
        needed = part.quantity * sets
        for line in lines:
            if needed > 0:
                worth[line.place] = _part_of(line, needed, currency)
                needed -= min(needed, line.quantity)
    saved = sum(worth.values(), ZERO) - round_amount(effect.amount * sets, currency)
    if saved <= 0:
        return {}
    return dict(zip(worth, allocate(saved, list(worth.values()), currency), strict=True))


_WORK: Mapping[type[Any], Callable[[Any, Sequence[Taken], str], Off]] = {
    Percent: _percent,
    AmountOff: _amount,
    FixedPrice: _fixed_price,
    CheapestFree: _cheapest_free,
    Tiered: _tiered,
}
