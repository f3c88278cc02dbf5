"""When a bonus is due, and how it is shared out. No database, no clock."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from kontor.kernel.money import ZERO, allocate


def quarter_end_before(day: date) -> date:
    """The last day of the calendar quarter that ended before this day.

    >>> quarter_end_before(date(2026, 11, 22)), quarter_end_before(date(2026, 1, 1))
    (datetime.date(2026, 9, 30), datetime.date(2025, 12, 31))
    """
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)


def shared_out(bonus: Decimal, parts: Sequence[tuple[Decimal, Decimal]], currency: str) -> list[Decimal]:
    """What each part gets so that all together have `bonus`; parts are (net value bought, bonus given before).

    By value, to the cent, and all in one direction: who has more than its share by now waits while the others are paid,
    and when something is taken back, it is from those who have too much.

    >>> shared_out(Decimal(100), [(Decimal(200), Decimal(0)), (Decimal(100), Decimal(40))], "EUR")
    [Decimal('60.00'), Decimal('0.00')]
    >>> shared_out(Decimal(30), [(Decimal(200), Decimal(60)), (Decimal(100), Decimal(20))], "EUR")
    [Decimal('-40.00'), Decimal('-10.00')]
    """
    amount = bonus - sum((given for _value, given in parts), ZERO)
    due = allocate(bonus, [max(value, ZERO) for value, _given in parts], currency)
    sign = -1 if amount < 0 else 1
    missing = [max(sign * (part - given), ZERO) for part, (_value, given) in zip(due, parts, strict=True)]
    return allocate(amount, missing, currency)
