"""What the floors above report back: quantities by order line, in base units. No actor: they have checked the right.

Each is one UPDATE whose WHERE refuses more than the line allows, and one that lets the header follow. The caller holds
the order and lets a refusal undo all it did, so there is no savepoint.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.kernel.refusal import Refused
from kontor.orders.models import Order
from kontor.orders.states import derive_status

BOOK = """
UPDATE orders_line l SET {column} = l.{column} + booked.quantity
FROM unnest(%(lines)s::bigint[], %(quantities)s::numeric[]) AS booked (line, quantity)
WHERE l.id = booked.line AND l.order_id = %(order)s AND booked.quantity > 0
  AND l.{column} + booked.quantity <= {most}
"""
SHIPPED = BOOK.format(column="shipped", most="l.base_quantity - l.cancelled")
DELIVERED = BOOK.format(column="delivered", most="l.shipped")
INVOICED = BOOK.format(column="invoiced", most="l.shipped")
RETURNED = BOOK.format(column="returned", most="l.shipped")

PARTS = """
UPDATE orders_line_part x SET shipped = x.shipped + booked.quantity
FROM unnest(%(parts)s::bigint[], %(quantities)s::numeric[]) AS booked (part, quantity), orders_line l
WHERE x.id = booked.part AND l.id = x.line_id AND l.order_id = %(order)s AND booked.quantity > 0
  AND x.shipped + booked.quantity <= x.quantity * (l.base_quantity - l.cancelled)
"""
WHOLE = """
SELECT l.id, min(div(x.shipped, x.quantity)) - l.shipped
FROM orders_line l JOIN orders_line_part x ON x.line_id = l.id AND x.kind = 'goods'
WHERE l.id IN (SELECT line_id FROM orders_line_part WHERE id = ANY (%(parts)s::bigint[]))
GROUP BY l.id HAVING min(div(x.shipped, x.quantity)) > l.shipped
"""


@transaction.atomic(savepoint=False)
def book_parts_shipped(order: Order, quantities: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Parts of kits left, base units by part; returns by order line how many kits became whole with them.

    Those are booked as shipped by the caller, as anything else. Raises Refused("more_than_open").
    """
    parts = sorted(quantities)
    parameters: dict[str, Any] = {
        "order": order.pk,
        "parts": parts,
        "quantities": [quantities[part] for part in parts],
    }
    with connection.cursor() as cursor:
        cursor.execute(PARTS, parameters)
        if cursor.rowcount != len(parts):
            raise Refused("more_than_open", _more_than_open())
        cursor.execute(WHOLE, parameters)
        return dict(cursor.fetchall())


def _more_than_open() -> str:
    return _("Less of this order is open than is to be shipped. Reload the page.")


@transaction.atomic(savepoint=False)
def book_shipped(order: Order, quantities: Mapping[int, Decimal]) -> None:
    """Goods left. Raises Refused("more_than_open") when a line has less left to ship, say after a cancellation."""
    _book(SHIPPED, order, quantities, _more_than_open())
    derive_status(order)


@transaction.atomic(savepoint=False)
def book_delivered(order: Order, quantities: Mapping[int, Decimal]) -> None:
    """Goods arrived. Raises Refused("more_than_open")."""
    _book(DELIVERED, order, quantities, _("More would be delivered than was shipped. Reload the page."))
    derive_status(order)


@transaction.atomic(savepoint=False)
def book_invoiced(order: Order, quantities: Mapping[int, Decimal]) -> None:
    """Shipped goods were invoiced. Raises Refused("more_than_open")."""
    _book(INVOICED, order, quantities, _("More would be invoiced than was shipped. Reload the page."))


@transaction.atomic(savepoint=False)
def book_returned(order: Order, quantities: Mapping[int, Decimal]) -> None:
    """Goods came back. Raises Refused("more_than_open")."""
    _book(RETURNED, order, quantities, _("More would come back than was shipped. Reload the page."))


def _book(sql: str, order: Order, quantities: Mapping[int, Decimal], message: str) -> None:
    lines = sorted(quantities)
    parameters: dict[str, Any] = {
        "order": order.pk,
        "lines": lines,
        "quantities": [quantities[line] for line in lines],
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        booked = cursor.rowcount
    if booked != len(lines):
        raise Refused("more_than_open", message)
