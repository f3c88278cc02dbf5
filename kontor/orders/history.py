"""Reads over a seller's past orders: sales by week, customers who have gone quiet, what a customer paid before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from kontor.kernel import clock

YEAR = timedelta(days=365)
WEEKLY = """
SELECT w.week::date, c.currency, COALESCE(s.orders, 0), COALESCE(s.net, 0)
FROM generate_series(%(first)s::date, %(last)s::date, interval '7 days') AS w (week)
CROSS JOIN (SELECT currency FROM companies_company WHERE id = %(seller)s) AS c
LEFT JOIN (
    SELECT date_trunc('week', placed_at AT TIME ZONE %(zone)s)::date AS week, currency, count(*) AS orders,
        sum(net_total) AS net
    FROM orders_order
    WHERE seller_id = %(seller)s AND released_at IS NOT NULL AND status <> 'cancelled'
        AND placed_at >= %(first)s::date::timestamp AT TIME ZONE %(zone)s
    GROUP BY 1, 2
) s ON s.week = w.week::date AND s.currency = c.currency
ORDER BY w.week
"""
# Silent for twice as long as the customer's usual distance between orders, and for three weeks at least.
QUIET = """
SELECT o.account_id, COALESCE(NULLIF(b.trade_name, ''), b.legal_name), a.customer_number, o.last, o.orders,
    extract(day FROM (o.last - o.first) / (o.orders - 1))::int, o.net, o.currency
FROM (
    SELECT account_id, buyer_id, max(currency) AS currency, min(placed_at) AS first, max(placed_at) AS last,
        count(*) AS orders, sum(net_total) AS net
    FROM orders_order
    WHERE seller_id = %(seller)s AND released_at IS NOT NULL AND status <> 'cancelled' AND placed_at > %(since)s
    GROUP BY account_id, buyer_id HAVING count(*) >= 3
) o
JOIN companies_customer_account a ON a.id = o.account_id AND a.status = 'active'
JOIN companies_company b ON b.id = o.buyer_id
WHERE o.last < %(now)s - greatest(2 * (o.last - o.first) / (o.orders - 1), interval '21 days')
ORDER BY o.net DESC, o.account_id LIMIT %(limit)s
"""
BOUGHT = """
SELECT DISTINCT ON (l.product_id) l.product_id, o.id, o.number, o.placed_at, l.quantity, l.unit, l.unit_price,
    l.price_base, o.currency, count(*) OVER (PARTITION BY l.product_id),
    sum(l.base_quantity) OVER (PARTITION BY l.product_id)
FROM orders_line l
JOIN orders_order o ON o.id = l.order_id
WHERE o.buyer_id = %(buyer)s AND o.seller_id = %(seller)s AND o.released_at IS NOT NULL AND o.status <> 'cancelled'
    AND o.placed_at > %(since)s AND l.product_id = ANY (%(products)s::bigint[])
ORDER BY l.product_id, o.placed_at DESC
"""


@dataclass(frozen=True, slots=True)
class Week:
    """Orders of a week that begins on this Monday in the seller's time zone; `net` in the seller's currency."""

    monday: date
    currency: str
    orders: int
    net: Decimal


@dataclass(frozen=True, slots=True)
class QuietCustomer:
    """An active customer who ordered regularly and stopped. `usual_days` lie between two orders; `net` of a year."""

    account_id: int
    name: str
    customer_number: str
    last_order_at: datetime
    orders: int
    usual_days: int
    net: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Bought:
    """When a customer last bought an article and at which price; times and base units in all of a year."""

    product_id: int
    order_id: int
    number: str
    placed_at: datetime
    quantity: Decimal
    unit: str
    unit_price: Decimal
    price_base: Decimal
    currency: str
    times: int
    base_quantity: Decimal


def weekly_sales(seller_id: int, *, today: date, zone: str, weeks: int = 12) -> list[Week]:
    """The last weeks, this one included, oldest first, weeks without orders too. Other currencies are left out."""
    last = today - timedelta(days=today.weekday())
    parameters: dict[str, Any] = {
        "seller": seller_id,
        "zone": zone,
        "first": last - timedelta(weeks=weeks - 1),
        "last": last,
    }
    with connection.cursor() as cursor:
        cursor.execute(WEEKLY, parameters)
        return [Week(*row) for row in cursor.fetchall()]


def quiet_customers(seller_id: int, *, limit: int = 8) -> list[QuietCustomer]:
    """Customers who are silent for longer than their rhythm explains, the largest first. One statement."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(QUIET, {"seller": seller_id, "since": now - YEAR, "now": now, "limit": limit})
        return [QuietCustomer(*row) for row in cursor.fetchall()]


def bought_before(*, buyer_id: int, seller_id: int, product_ids: Sequence[int]) -> dict[int, Bought]:
    """What the customer bought of these products in the last year, by product. One statement."""
    if not product_ids:
        return {}
    parameters: dict[str, Any] = {
        "buyer": buyer_id,
        "seller": seller_id,
        "since": clock.now() - YEAR,
        "products": list(product_ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(BOUGHT, parameters)
        return {row[0]: Bought(*row) for row in cursor.fetchall()}
