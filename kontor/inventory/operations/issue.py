from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.money import ZERO
from kontor.kernel.refusal import Refused

LOCK = "SELECT id FROM inventory_stock_item WHERE id = ANY (%s::bigint[]) ORDER BY id FOR NO KEY UPDATE"
HELD = """
SELECT id, order_line_id, stock_item_id, quantity FROM inventory_reservation
WHERE order_line_id = ANY (%s::bigint[]) AND stock_item_id = ANY (%s::bigint[]) AND status = 'active' ORDER BY id
"""
ISSUE = """
WITH used AS (
    SELECT * FROM unnest(%(reservations)s::bigint[], %(quantities)s::numeric[]) AS u (id, quantity)
), whole AS (
    UPDATE inventory_reservation r SET status = 'issued', closed_at = %(now)s
    FROM used WHERE r.id = used.id AND r.quantity = used.quantity
    RETURNING r.stock_item_id, r.quantity
), part AS (
    UPDATE inventory_reservation r SET quantity = r.quantity - used.quantity
    FROM used WHERE r.id = used.id AND r.quantity > used.quantity
    RETURNING r.stock_item_id, r.order_line_id, r.created_at, used.quantity
), split AS (
    INSERT INTO inventory_reservation (stock_item_id, order_line_id, quantity, status, created_at, closed_at)
    SELECT stock_item_id, order_line_id, quantity, 'issued', created_at, %(now)s FROM part
), gone AS (
    SELECT stock_item_id, sum(quantity) AS quantity
    FROM (SELECT stock_item_id, quantity FROM whole UNION ALL SELECT stock_item_id, quantity FROM part) AS both_kinds
    GROUP BY stock_item_id
), moved AS (
    UPDATE inventory_stock_item s SET on_hand = s.on_hand - gone.quantity, reserved = s.reserved - gone.quantity
    FROM gone WHERE s.id = gone.stock_item_id
)
INSERT INTO inventory_stock_movement (stock_item_id, kind, quantity, reference, reason, actor_name, at)
SELECT stock_item_id, 'issue', -quantity, %(reference)s, '', %(actor)s, %(now)s FROM gone ORDER BY stock_item_id
"""


@dataclass(frozen=True, slots=True)
class Issue:
    """Base units of an order line that leave a shelf on which they are reserved."""

    order_line_id: int
    stock_item_id: int
    quantity: Decimal


@transaction.atomic
def issue(*, actor: Actor, items: Sequence[Issue], reference: str) -> None:
    """Take reserved goods out of stock, wholly or in part. Called by fulfilment, which has checked the right.

    Three statements, however many items; one movement per stock item. Raises Refused("more_than_reserved") when an item
    asks for more than is held for its line on that shelf.
    """
    if not items:
        return
    stock_items = sorted({item.stock_item_id for item in items})
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [stock_items])
        cursor.execute(HELD, [sorted({item.order_line_id for item in items}), stock_items])
        used = _used(items, cursor.fetchall())
        parameters: dict[str, Any] = {
            "reservations": list(used),
            "quantities": list(used.values()),
            "now": clock.now(),
            "reference": reference,
            "actor": actor.name,
        }
        cursor.execute(ISSUE, parameters)


def _used(items: Sequence[Issue], held: list[tuple[int, int, int, Decimal]]) -> dict[int, Decimal]:
    """How much of which reservation is used up."""
    wanted: dict[tuple[int, int], Decimal] = defaultdict(lambda: ZERO)
    for item in items:
        if item.quantity <= 0:
            raise ValueError("an issue moves more than nothing")
        wanted[item.order_line_id, item.stock_item_id] += item.quantity
    used = {}
    for reservation, line, stock_item, quantity in held:
        part = min(quantity, wanted[line, stock_item])
        if part > 0:
            used[reservation] = part
            wanted[line, stock_item] -= part
    if any(wanted.values()):
        message = _("More is to be issued than is reserved for the order. Reload the pick list.")
        raise Refused("more_than_reserved", message)
    return used
