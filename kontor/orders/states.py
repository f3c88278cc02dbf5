"""Which states an order may be in for which step, the lock that makes this true, and the header that lines decide."""

from collections.abc import Collection

from django.db import connection
from django.utils.translation import gettext as _

from kontor.kernel import clock
from kontor.kernel.refusal import Refused, Stale
from kontor.orders.models import Order

Status = Order.Status
WITH_APPROVER = frozenset({Status.AWAITING_APPROVAL})
CONFIRMABLE = frozenset({Status.PLACED})
CANCELLABLE_BY_BUYER = frozenset({Status.AWAITING_APPROVAL, Status.PLACED})
CANCELLABLE_BY_SELLER = frozenset({Status.PLACED, Status.CONFIRMED, Status.PARTLY_SHIPPED})
SHIPPABLE = frozenset({Status.CONFIRMED, Status.PARTLY_SHIPPED})
SENT = frozenset({Status.PARTLY_SHIPPED, Status.SHIPPED, Status.DELIVERED})
DECIDED_BY_SELLER = SHIPPABLE | SENT

LOCK = "SELECT status FROM orders_order WHERE id = %s FOR NO KEY UPDATE"
# A header says what its lines say, as soon as they say more than "ordered".
DERIVE = """
UPDATE orders_order o SET status = said.status, closed_at = CASE
    WHEN said.status IN ('delivered', 'cancelled') THEN COALESCE(o.closed_at, %(now)s::timestamptz) END
FROM (
    SELECT CASE
        WHEN bool_and(cancelled = base_quantity) THEN 'cancelled'
        WHEN bool_and(delivered = base_quantity - cancelled) THEN 'delivered'
        WHEN bool_and(shipped = base_quantity - cancelled) THEN 'shipped'
        WHEN bool_or(shipped > 0 OR EXISTS (
            SELECT FROM orders_line_part x WHERE x.line_id = l.id AND x.shipped > 0)) THEN 'partly_shipped'
    END AS status
    FROM orders_line l WHERE order_id = %(order)s
) said
WHERE o.id = %(order)s AND said.status IS NOT NULL RETURNING o.status
"""


def lock_order(order: Order, allowed: Collection[str]) -> None:
    """Hold the order until the transaction ends, and make sure that it is in one of these states.

    Every operation that changes an order, its lines or its stock begins here, so all of them queue up per order and
    take locks in one sequence: order, lines, stock. Raises Stale("changed_meanwhile") when somebody else moved the
    order since it was read, Refused("wrong_status") when it never could.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [order.pk])
        row = cursor.fetchone()
    if row is None:
        raise Order.DoesNotExist
    known, order.status = order.status, row[0]
    if order.status in allowed:
        return
    facts = {"order": order.number, "status": Status(order.status).label}
    if known in allowed:
        raise Stale(
            "changed_meanwhile",
            _("Somebody changed order %(order)s in the meantime; it is now “%(status)s”. Reload the page.")
            % facts,
        )
    raise Refused(
        "wrong_status", _("Order %(order)s is “%(status)s”; this cannot be done with it now.") % facts
    )


def derive_status(order: Order) -> None:
    """Let the header follow from its lines; the caller holds the order."""
    with connection.cursor() as cursor:
        cursor.execute(DERIVE, {"order": order.pk, "now": clock.now()})
        row = cursor.fetchone()
    if row is not None:
        order.status = row[0]
