from collections import defaultdict
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.fulfilment.events import PickListsCreated
from kontor.fulfilment.models import PickLine, PickList
from kontor.fulfilment.permissions import SHIP
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.bulk import insert_rows
from kontor.kernel.events import publish
from kontor.kernel.money import ZERO
from kontor.kernel.numbering import next_number
from kontor.kernel.refusal import Refused
from kontor.orders.models import Order
from kontor.orders.sides import require_seller_side
from kontor.orders.states import SHIPPABLE, lock_order

# What is reserved for the order and not yet on a pick list or in a packed parcel, shelf by shelf.
TO_PICK = """
WITH held AS (
    SELECT r.order_line_id, r.stock_item_id, sum(r.quantity) AS quantity
    FROM orders_line l JOIN inventory_reservation r ON r.order_line_id = l.id AND r.status = 'active'
    WHERE l.order_id = %(order)s GROUP BY r.order_line_id, r.stock_item_id
), live AS (
    SELECT p.order_line_id, p.stock_item_id,
        sum(CASE WHEN k.status = 'open' THEN p.quantity ELSE p.picked END) AS quantity
    FROM fulfilment_pick_list k JOIN fulfilment_pick_line p ON p.pick_list_id = k.id
    WHERE k.order_id = %(order)s AND (k.status IN ('open', 'picked') OR EXISTS (
        SELECT 1 FROM fulfilment_shipment s WHERE s.pick_list_id = k.id AND s.status = 'packed'))
    GROUP BY p.order_line_id, p.stock_item_id
)
SELECT s.warehouse_id, held.order_line_id, held.stock_item_id, held.quantity - COALESCE(live.quantity, 0)
FROM held JOIN inventory_stock_item s ON s.id = held.stock_item_id
JOIN inventory_warehouse w ON w.id = s.warehouse_id
LEFT JOIN live USING (order_line_id, stock_item_id)
WHERE held.quantity > COALESCE(live.quantity, 0)
ORDER BY w.position, w.id, s.bin, held.order_line_id
"""


@transaction.atomic
def release_to_warehouse(*, actor: Actor, order: Order) -> list[PickList]:
    """Make a pick list per warehouse of all that is reserved and not being picked yet, sorted by bin.

    Raises Refused("nothing_to_pick") when there is nothing: all is on lists already, shipped, or a service.
    """
    require_seller_side(actor, order, SHIP)
    lock_order(order, SHIPPABLE)
    shelves: dict[int, list[tuple[int, int, Decimal]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(TO_PICK, {"order": order.pk})
        for warehouse, *shelf in cursor.fetchall():
            shelves[warehouse].append(tuple(shelf))
    if not shelves:
        raise Refused(
            "nothing_to_pick",
            _("Nothing of this order is left to pick. Look at its pick lists and shipments."),
        )
    lists = [_pick_list(order, warehouse, lines) for warehouse, lines in shelves.items()]
    numbers = ", ".join(one.number for one in lists)
    record(actor, "fulfilment.released", ("order", order.pk), changes={"pick_lists": numbers})
    record(actor, "fulfilment.picking_started", ("order", order.pk), shared=True)
    publish(PickListsCreated(order.pk))
    return lists


def _pick_list(order: Order, warehouse_id: int, lines: list[tuple[int, int, Decimal]]) -> PickList:
    pick_list = PickList.objects.create(
        number=next_number("PL", seller_id=order.seller_id),
        order=order,
        warehouse_id=warehouse_id,
        created_at=clock.now(),
    )
    order_lines, stock_items, quantities = (list(column) for column in zip(*lines, strict=True))
    insert_rows(
        PickLine,
        {
            "pick_list_id": pick_list.pk,
            "order_line_id": order_lines,
            "stock_item_id": stock_items,
            "quantity": quantities,
            "picked": ZERO,
        },
    )
    return pick_list
