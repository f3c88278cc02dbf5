"""The rules of prices once more, as plainly as they can be said, for one product. Slow, and on purpose unlike the SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Row:
    """`amount` None: on request."""

    minimum: Decimal
    amount: Decimal | None
    base: Decimal = Decimal(1)
    unit: str = ""
    begins: datetime | None = None
    ends: datetime | None = None

    def counts(self, unit: str, at: datetime) -> bool:
        return (
            self.unit in ("", unit)
            and (self.begins is None or self.begins <= at)
            and (self.ends is None or at < self.ends)
        )


@dataclass(frozen=True)
class List:
    rows: tuple[Row, ...] = ()
    basis: int | None = None
    factor: Decimal = Decimal(1)
    addend: Decimal = Decimal(0)
    round_to: Decimal | None = None
    ending: Decimal = Decimal(0)
    is_graduated: bool = False
    begins: datetime | None = None
    ends: datetime | None = None
    currency: str = "EUR"
    rate_days: int = 7


@dataclass(frozen=True)
class Rate:
    """So much of `target` for one of `source`, on a day; the seller's own, or everybody's."""

    source: str
    target: str
    day: date
    rate: Decimal
    is_own: bool = False


@dataclass(frozen=True)
class Answer:
    """`amount` buys `base` units, as list number `by` has it; None: on request."""

    amount: Decimal | None
    base: Decimal
    by: int


@dataclass(frozen=True)
class Cost:
    """From a day on, for a base unit; `margin` is the least share of the price above the cost, in percent."""

    day: date
    cost: Decimal | None
    floor: Decimal | None
    margin: Decimal


def floor(costs: Sequence[Cost], day: date) -> Decimal | None:
    """The least price by the row of the latest day."""
    rows = [one for one in costs if one.day <= day]
    if not rows:
        return None
    row = max(rows, key=lambda one: one.day)
    least = [] if row.floor is None else [row.floor]
    if row.cost is not None:
        least.append(row.cost / (1 - row.margin / 100))
    return max(least).quantize(Decimal("0.000001"), ROUND_HALF_UP) if least else None


def price(
    lists: list[List],
    chain: list[int],
    quantity: Decimal,
    unit: str,
    at: datetime,
    lowest: bool,
    rates: Sequence[Rate] = (),
    used_up: Sequence[int] = (),
) -> Answer | None:
    """`used_up` are lists whose contract has less left than is wanted: they are not asked."""
    answers = []
    for number in chain:
        if number in used_up:
            continue
        asked = lists[number]
        if (asked.begins and at < asked.begins) or (asked.ends and at >= asked.ends):
            continue
        source, factor, addend, depth = number, Decimal(1), Decimal(0), 0
        while True:
            found = _own(lists[source], quantity, unit, at)
            if found is not None:
                amount, base = found
                if amount is not None and source != number:
                    amount = _rounded(amount * factor + base * addend, asked)
                answers.append(Answer(amount, base, number))
            basis = lists[source].basis
            if basis is None or depth == 3:
                break
            derived = lists[source]
            rate = _rate(rates, lists[basis].currency, derived.currency, at.date(), derived.rate_days)
            if rate is None:
                break
            addend += factor * derived.addend
            factor *= derived.factor * rate
            source, depth = basis, depth + 1
    if not answers:
        return None
    if lowest:
        named = [
            (one.amount / one.base, place) for place, one in enumerate(answers) if one.amount is not None
        ]
        return answers[min(named)[1] if named else 0]
    return answers[0]


def _own(of: List, quantity: Decimal, unit: str, at: datetime) -> tuple[Decimal | None, Decimal] | None:
    rows = [one for one in of.rows if one.counts(unit, at)]
    if not rows:
        return None
    reached = [one for one in rows if one.minimum <= quantity]
    near = reached or rows
    near = [one for one in near if one.unit] or near
    near = [one for one in near if one.begins] or near
    best = max(near, key=lambda one: one.minimum) if reached else min(near, key=lambda one: one.minimum)
    if of.is_graduated and best.amount is not None:
        return _in_parts(rows, quantity), quantity
    return best.amount, best.base


def _in_parts(rows: list[Row], quantity: Decimal) -> Decimal:
    ladder: dict[Decimal, Decimal] = {}
    for one in sorted(rows, key=lambda one: (one.minimum, bool(one.unit), one.begins is not None)):
        ladder[one.minimum] = (one.amount or Decimal(0)) / one.base
    total, starts = Decimal(0), sorted(ladder)
    for place, start in enumerate(starts):
        above = Decimal(0) if place == 0 else start
        upto = min(quantity, starts[place + 1]) if place + 1 < len(starts) else quantity
        total += max(upto - above, Decimal(0)) * ladder[start]
    return total.quantize(Decimal("0.000001"), ROUND_HALF_UP)


def _rounded(amount: Decimal, of: List) -> Decimal:
    if of.round_to is None:
        return max(amount.quantize(Decimal("0.000001"), ROUND_HALF_UP), Decimal(0))
    steps = ((amount - of.ending) / of.round_to).quantize(Decimal(1), ROUND_HALF_UP)
    return max(steps * of.round_to + of.ending, Decimal(0))


def _rate(rates: Sequence[Rate], source: str, target: str, day: date, oldest: int) -> Decimal | None:
    def quoted(one: str, other: str) -> Decimal | None:
        known = [rate for rate in rates if (rate.source, rate.target) == (one, other)]
        known = [rate for rate in known if 0 <= (day - rate.day).days <= oldest]
        known = [rate for rate in known if rate.is_own] or known
        return max(known, key=lambda rate: rate.day).rate if known else None

    if source == target:
        return Decimal(1)
    if (direct := quoted(source, target)) is not None:
        return direct
    if (back := quoted(target, source)) is not None:
        return 1 / back
    here, there = quoted("EUR", target), quoted("EUR", source)
    return None if here is None or there is None else here / there
