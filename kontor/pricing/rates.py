"""Exchange rates as they stand: the last one of each pair of currencies, and what lists take of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from kontor.kernel import clock

OLD_AFTER = 4
"""Days after which the reference rates are called old: a weekend and a holiday."""
LATEST = """
SELECT DISTINCT ON (source, target, seller_id IS NULL, is_fixed) id, source, target, day, rate,
    seller_id IS NULL, is_fixed
FROM pricing_rate WHERE seller_id IS NULL OR seller_id = %s
ORDER BY source, target, seller_id IS NULL, is_fixed DESC, day DESC
"""
DEPENDENT = """
SELECT l.id, pricing_rate(l.seller_id, b.currency, l.currency, %s, l.rate_days)
FROM pricing_price_list l JOIN pricing_price_list b ON b.id = l.basis_id WHERE l.id = ANY (%s)
"""


@dataclass(frozen=True, slots=True)
class LatestRate:
    """The last rate of a pair, and of whom it is."""

    id: int
    source: str
    target: str
    day: date
    rate: Decimal
    is_reference: bool
    is_fixed: bool

    @property
    def age(self) -> int:
        """In days."""
        return (clock.now().date() - self.day).days

    @property
    def is_old(self) -> bool:
        return not self.is_fixed and self.age > OLD_AFTER


def latest_rates(seller_id: int | None) -> list[LatestRate]:
    """The last reference rate, and the last own and fixed rate, of each pair. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(LATEST, [seller_id])
        return [LatestRate(*row) for row in cursor.fetchall()]


def rates_taken(list_ids: Sequence[int]) -> dict[int, Decimal | None]:
    """At which rate lists that derive from one in another currency do so now; None: at none. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(DEPENDENT, [clock.now(), list(list_ids)])
        return dict(cursor.fetchall())
