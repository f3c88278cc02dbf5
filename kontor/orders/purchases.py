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
o.buyer_id = %(buyer)s::bigint AND o.status NOT IN ('cancelled', 'sent_back')
AND (%(seller)s::bigint IS NULL OR o.seller_id = %(seller)s::bigint)
"""
PURCHASES = f"""
SELECT o.id, o.number, o.placed_at, o.placed_by_name, l.quantity, l.unit, l.base_quantity, l.base_unit, l.unit_price,
    l.price_base, o.currency, count(*) OVER (),
    COALESCE(sum(l.base_quantity) FILTER (WHERE o.placed_at > %(since)s::timestamptz) OVER (), 0)
FROM orders_line l JOIN orders_order o ON o.id = l.order_id
WHERE l.product_id = %(product)s::bigint AND {BOUGHT}
ORDER BY o.placed_at DESC, l.id DESC LIMIT 5
"""
EVER_BOUGHT = f"""
SELECT l.product_id FROM orders_order o JOIN orders_line l ON l.order_id = o.id
WHERE {BOUGHT} GROUP BY l.product_id ORDER BY {{first}}max(o.placed_at) DESC, l.product_id LIMIT {MOST_BOUGHT}
"""
LAST_BOUGHT = EVER_BOUGHT.format(first="")
MOST_OFTEN = EVER_BOUGHT.format(first="count(DISTINCT o.id) DESC, ")
# The last 500 orders with the product say enough. A pair counts when two companies made it, or the reader's own:
# what one competitor alone combines is nobody else's business.
TOGETHER = """
SELECT other.product_id FROM (
    SELECT order_id FROM orders_line WHERE product_id = %(product)s::bigint ORDER BY id DESC LIMIT 500
) with_it
JOIN orders_order o ON o.id = with_it.order_id AND o.status NOT IN ('cancelled', 'sent_back')
JOIN orders_line other ON other.order_id = o.id AND other.product_id <> %(product)s::bigint
GROUP BY other.product_id
HAVING count(*) > 1 AND (count(DISTINCT o.buyer_id) > 1 OR bool_or(o.buyer_id = %(buyer)s::bigint))
ORDER BY count(*) DESC, other.product_id LIMIT 8
"""
HISTORY = f"""
SELECT ARRAY({TOGETHER}), own.*
FROM (SELECT) AS always LEFT JOIN LATERAL ({PURCHASES}) AS own ON true
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


@dataclass(frozen=True, slots=True)
class History:
    """The orders around a product. `together` may hold what the reader may not see: the caller shows the rest."""

    purchases: Purchases
    together: list[int]


def history_of(actor: Actor | None, product_id: int) -> History:
    """What the actor's company bought of a product, and what is often ordered with it. One statement.

    A representative sees what was bought at their own company.
    """
    side = _side(actor) if actor else {"buyer": None, "seller": None}
    parameters = {"product": product_id, "since": clock.now() - A_YEAR, **side}
    with connection.cursor() as cursor:
        cursor.execute(HISTORY, parameters)
        rows = cursor.fetchall()
    (together, first, *_rest, times, last_year) = rows[0]
    bought = tuple(Purchase(*row[1:-2]) for row in rows) if first is not None else ()
    purchases = Purchases(bought, times, last_year) if bought else Purchases()
    return History(purchases, together)


def last_bought(actor: Actor) -> list[int]:
    """The products that the actor's company ever bought, last bought first; at most 5,000. One query."""
    return _bought(LAST_BOUGHT, actor)


def most_bought(actor: Actor) -> list[int]:
    """The same, those in most orders first: quantities in pieces and metres do not compare. One query."""
    return _bought(MOST_OFTEN, actor)


def _bought(sql: str, actor: Actor) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, _side(actor))
        return [row[0] for row in cursor.fetchall()]


def _side(actor: Actor) -> dict[str, int | None]:
    return {
        "buyer": actor.buying_company_id,
        "seller": actor.company_id if actor.acting_for_id else None,
    }
