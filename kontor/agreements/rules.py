"""Decisions about agreements without a database."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from kontor.kernel.money import minor_units

Claim = tuple[int, Mapping[int, Decimal]]


def beyond(left: Mapping[int, Decimal], claims: Iterable[Claim]) -> set[int]:
    """Lines that want more than is left. A claim is a line with what it takes of each commitment. A line takes of all
    or of none, and those before it go first.

    >>> beyond({7: Decimal(10)}, [(0, {7: Decimal(8)}), (1, {7: Decimal(3)}), (2, {7: Decimal(2)})])
    {1}
    """
    rest, found = dict(left), set()
    for line, takes in claims:
        if any(rest[one] < amount for one, amount in takes.items()):
            found.add(line)
            continue
        for one, amount in takes.items():
            rest[one] -= amount
    return found


def percent_used(used: Decimal, committed: Decimal) -> int:
    """How much of it is used, whole percents, never told as more than it is.

    >>> percent_used(Decimal("999"), Decimal("1000")), percent_used(Decimal(1500), Decimal(1000))
    (99, 150)
    """
    return int(used * 100 // committed)


def is_behind(percent: int, pace: int | None) -> bool:
    """Whether what is bought lags ten points or more behind the time that is over; at the end, whether any is missing.

    >>> is_behind(48, 50), is_behind(40, 50), is_behind(99, 100), is_behind(10, None)
    (False, True, True, False)
    """
    return pace is not None and percent < 100 and (pace - percent >= 10 or pace >= 100)


def raised(amount: Decimal, percent: Decimal, currency: str) -> Decimal:
    """A price changed by some percent, with as many decimals as it has, those of its currency at least.

    >>> raised(Decimal("12.500000"), Decimal(3), "EUR"), raised(Decimal("0.0645"), Decimal("-10"), "EUR")
    (Decimal('12.88'), Decimal('0.0581'))
    """
    decimals = -int(amount.normalize().as_tuple().exponent)
    step = Decimal(1).scaleb(-max(decimals, minor_units(currency)))
    return (amount * (100 + percent) / 100).quantize(step, ROUND_HALF_UP)
