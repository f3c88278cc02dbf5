"""What changes between two moments: for a price list, or for a customer with all that its prices come from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from kontor.pricing.queries import NO_STEPS, Chain

# Where the chain is the same at both moments, only prices that begin or end between them can differ.
DIFFERENCES = """
WITH asked AS (
    SELECT DISTINCT p.product_id, p.min_quantity, p.unit
    FROM pricing_price p
    WHERE p.price_list_id = ANY (ARRAY(
            SELECT source FROM unnest(%(before)s::pricing_step[])
            UNION SELECT source FROM unnest(%(after)s::pricing_step[])))
        AND (%(chains_differ)s OR p.product_id IN (
            SELECT d.product_id FROM pricing_price d
            WHERE d.valid_from IS NOT NULL AND ((d.valid_from > %(a)s AND d.valid_from <= %(b)s)
                OR (d.valid_until > %(a)s AND d.valid_until <= %(b)s))))
), told AS (
    SELECT t.sku, t.name, asked.min_quantity, asked.unit, x.amount AS before, x.price_base AS before_base,
        k.currency AS before_currency, y.amount AS after, y.price_base AS after_base, l.currency AS after_currency
    FROM asked
    JOIN catalog_product t ON t.id = asked.product_id AND t.seller_id = %(seller)s
    LEFT JOIN LATERAL pricing_resolve(
        %(before)s::pricing_step[], asked.product_id, asked.min_quantity, asked.unit, %(a)s) AS x ON true
    LEFT JOIN pricing_price_list k ON k.id = x.price_list_id
    LEFT JOIN LATERAL pricing_resolve(
        %(after)s::pricing_step[], asked.product_id, asked.min_quantity, asked.unit, %(b)s) AS y ON true
    LEFT JOIN pricing_price_list l ON l.id = y.price_list_id
)
SELECT * FROM told
WHERE (before / before_base, before_currency) IS DISTINCT FROM (after / after_base, after_currency)
ORDER BY sku, min_quantity, unit LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Two moments, the earlier one first, and the chain of each; the goods of one seller are compared."""

    seller_id: int
    before: Chain
    after: Chain
    a: datetime
    b: datetime


class Difference(NamedTuple):
    """A price at both moments, from `min_quantity` base units on; None: none, or on request."""

    sku: str
    name: str
    min_quantity: Decimal
    unit: str
    before: Decimal | None
    before_base: Decimal | None
    before_currency: str | None
    after: Decimal | None
    after_base: Decimal | None
    after_currency: str | None

    @property
    def percent(self) -> Decimal | None:
        """The change in percent, to a tenth; None where there is nothing to compare."""
        if not self.before or self.after is None or self.before_currency != self.after_currency:
            return None
        was = self.before / (self.before_base or 1)
        return round((self.after / (self.after_base or 1) - was) * 100 / was, 1)


def differences(between: Between, *, most: int) -> Iterator[Difference]:
    """The prices that are not the same at both moments, by article, at most so many. One statement."""
    about: dict[str, Any] = {
        "seller": between.seller_id,
        "before": between.before or NO_STEPS,
        "after": between.after or NO_STEPS,
        "chains_differ": between.before != between.after,
        "a": between.a,
        "b": between.b,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCES, about)
        yield from (Difference(*row) for row in cursor.fetchall())
