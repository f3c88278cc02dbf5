"""What a company bought before, and what is bought together: reads over order lines."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection

from kontor.kernel import clock
from kontor.kernel.actors import Actor

A_YEAR = timedelta(days=365)
MOST_BOUGHT = 5000
BOUGHT = """
o.buyer_id = %(buyer)s AND o.status NOT IN ('cancelled', 'sent_back')
AND (%(seller)s::bigint IS NULL OR o.seller_id = %(seller)s::bigint)
"""
PURCHASES = f"""
SELECT o.id, o.number, o.placed_at, o.placed_by_name, l.quantity, l.unit, l.base_quantity, l.base_unit, l.unit_price,
    l.price_base, o.currency, count(*) OVER (),
    COALESCE(sum(l.base_quantity) FILTER (WHERE o.placed_at > %(since)s) OVER (), 0)
FROM orders_line l JOIN orders_order o ON o.id = l.order_id
WHERE l.product_id = %(product)s AND {BOUGHT}
ORDER BY o.placed_at DESC, l.id DESC LIMIT %(limit)s
"""
LAST_BOUGHT = f"""
SELECT l.product_id FROM orders_order o JOIN orders_line l ON l.order_id = o.id
WHERE {BOUGHT} GROUP BY l.product_id ORDER BY max(o.placed_at) DESC, l.product_id LIMIT {MOST_BOUGHT}
"""
# The last 500 orders with the product say enough. A pair counts when two companies made it, or the reader's own:
# what one competitor alone combines is nobody else's business.
TOGETHER = """
SELECT other.product_id FROM (
    SELECT order_id FROM orders_line WHERE product_id = %(product)s ORDER BY id DESC LIMIT 500
) with_it
JOIN orders_order o ON o.id = with_it.order_id AND o.status NOT IN ('cancelled', 'sent_back')
JOIN orders_line other ON other.order_id = o.id AND other.product_id <> %(product)s
GROUP BY other.product_id
HAVING count(*) > 1 AND (count(DISTINCT o.buyer_id) > 1 OR bool_or(o.buyer_id = %(buyer)s::bigint))
ORDER BY count(*) DESC, other.product_id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Purchase:
    """A line of an earlier order: quantity in the unit ordered, the price that was agreed then."""

    order_id: int
    number: str
    placed_at: datetime
    placed_by: str
    quantity: Decimal
    unit: str
    base_quantity: Decimal
    base_unit: str
    unit_price: Decimal
    price_base: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Purchases:
    """The last purchases of a product, newest first; how often in all; how many base units in the last year."""

    rows: tuple[Purchase, ...] = ()
    times: int = 0
    last_year: Decimal = Decimal(0)


def purchases_of(actor: Actor, product_id: int, *, limit: int = 5) -> Purchases:
    """What the actor's company bought of a product; a representative sees what was bought at their own company."""
    parameters = {"product": product_id, "since": clock.now() - A_YEAR, "limit": limit, **_side(actor)}
    with connection.cursor() as cursor:
        cursor.execute(PURCHASES, parameters)
        rows = cursor.fetchall()
    if not rows:
        return Purchases()
    return Purchases(tuple(Purchase(*row[:-2]) for row in rows), rows[0][-2], rows[0][-1])


def last_bought(actor: Actor) -> list[int]:
    """The products that the actor's company ever bought, last bought first; at most 5,000. One query."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_BOUGHT, _side(actor))
        return [row[0] for row in cursor.fetchall()]


def bought_together(product_id: int, *, buyer_id: int | None, limit: int = 8) -> list[int]:
    """Products that are often ordered with this one, most often first. The caller shows those that may be seen."""
    with connection.cursor() as cursor:
        cursor.execute(TOGETHER, {"product": product_id, "buyer": buyer_id, "limit": limit})
        return [row[0] for row in cursor.fetchall()]


def _side(actor: Actor) -> dict[str, int | None]:
    return {
        "buyer": actor.buying_company_id,
        "seller": actor.company_id if actor.acting_for_id else None,
    }
