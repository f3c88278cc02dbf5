"""Decisions about orders as arithmetic. No database, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from kontor.kernel.money import ZERO

SATURDAY = 5
MILLIONTH = Decimal("0.000001")


def promised_day(today: date, lead_days: int) -> date:
    """The day after `lead_days` working days (Monday to Friday); never a weekend.

    >>> promised_day(date(2026, 11, 20), 2)  # a Friday
    datetime.date(2026, 11, 24)
    >>> promised_day(date(2026, 11, 21), 0)  # a Saturday
    datetime.date(2026, 11, 23)
    """
    day, left = today, lead_days
    while left > 0 or day.weekday() >= SATURDAY:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY:
            left -= 1
    return day


def part_values(whole: Decimal, own: Sequence[Decimal | None]) -> list[Decimal]:
    """How a kit's price `whole` is shared out among its parts, given what each costs by itself (None: no price).

    By their own prices; what has none shares what these leave of the whole. Where they leave nothing, or nothing
    costs anything, all parts count alike.

    >>> [str(one) for one in part_values(Decimal(120), [Decimal(89), Decimal("6.25"), None])]
    ['89.000000', '6.250000', '24.750000']
    >>> [str(one) for one in part_values(Decimal(50), [Decimal(89), None])]
    ['1.000000', '1.000000']
    """
    unknown = sum(one is None for one in own)
    left = whole - sum(one or 0 for one in own)
    share = left / unknown if unknown and left > 0 else ZERO
    values = [(share if one is None else one).quantize(MILLIONTH, ROUND_HALF_UP) for one in own]
    if not any(values) or (unknown and share < MILLIONTH):
        return [Decimal(1).quantize(MILLIONTH)] * len(own)
    return values


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a line has come, in base units."""

    ordered: Decimal
    cancelled: Decimal
    shipped: Decimal
    delivered: Decimal


def status_of(lines: Iterable[Progress]) -> str | None:
    """What the lines say about their order: the rule that `states.DERIVE` writes down in SQL. None: nothing yet.

    >>> done, open_ = Progress(*map(Decimal, (2, 0, 2, 2))), Progress(*map(Decimal, (2, 0, 0, 0)))
    >>> status_of([done, done]), status_of([done, open_]), status_of([open_])
    ('delivered', 'partly_shipped', None)
    """
    lines = list(lines)
    if all(line.cancelled == line.ordered for line in lines):
        return "cancelled"
    if all(line.delivered == line.ordered - line.cancelled for line in lines):
        return "delivered"
    if all(line.shipped == line.ordered - line.cancelled for line in lines):
        return "shipped"
    return "partly_shipped" if any(line.shipped > 0 for line in lines) else None
