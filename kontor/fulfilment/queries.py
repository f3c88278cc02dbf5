"""Reads of the warehouse and of goods on their way."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from kontor.fulfilment.models import (
    PickLine,
    PickList,
    Return,
    ReturnLine,
    ReturnQuerySet,
    Shipment,
    ShipmentLine,
    ShipmentQuerySet,
)
from kontor.inventory.models import Reservation
from kontor.kernel.actors import Actor
from kontor.orders.models import Order, OrderLine

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
SELECT s.warehouse_id, held.order_line_id, x.id, held.stock_item_id, held.quantity - COALESCE(live.quantity, 0)
FROM held JOIN inventory_stock_item s ON s.id = held.stock_item_id
JOIN inventory_warehouse w ON w.id = s.warehouse_id
LEFT JOIN live USING (order_line_id, stock_item_id)
LEFT JOIN orders_line_part x ON x.line_id = held.order_line_id AND x.product_id = s.product_id
WHERE held.quantity > COALESCE(live.quantity, 0)
ORDER BY w.position, w.id, s.bin, held.order_line_id
"""

WHOLE_KIT = Q(order_line__kind="kit", part=None)
"""Lines of shipments that count whole kits; what is in the parcel are their parts."""


def pick_lists_for(actor: Actor, *, statuses: Sequence[str] = (PickList.Status.OPEN,)) -> QuerySet[PickList]:
    """The seller's pick lists in these states, oldest first, with order, buyer, warehouse and `lines_count`."""
    return (
        PickList.objects.visible_to(actor)
        .filter(status__in=list(statuses))
        .select_related("order__buyer", "warehouse")
        .annotate(lines_count=Count("lines"))
        .order_by("order__confirmed_date", "id")
    )


def pick_lines(pick_list: PickList) -> list[PickLine]:
    """The lines of a list the caller may see, by bin, with article and shelf."""
    lines = PickLine.objects.filter(pick_list=pick_list).select_related("order_line", "part", "stock_item")
    return list(lines.order_by("stock_item__bin", "order_line__position"))


def shipments_for(actor: Actor, *, statuses: Sequence[str] = ()) -> ShipmentQuerySet:
    """Shipments of both directions that the actor may see, newest first, with order and companies."""
    found = Shipment.objects.visible_to(actor).select_related("order__buyer", "order__seller")
    if statuses:
        found = found.filter(status__in=list(statuses))
    return found.order_by("-packed_at", "-id")


def left_to_pick(order: Order) -> list[tuple[int, int, int | None, int, Decimal]]:
    """What another release would put on lists, by warehouse and bin.

    (Warehouse, order line, part of its kit, shelf, base units).
    """
    with connection.cursor() as cursor:
        cursor.execute(TO_PICK, {"order": order.pk})
        return cursor.fetchall()


def waits_for_release() -> Q:
    """A condition on orders: goods are reserved that no pick list and no packed parcel holds, also after a short pick.

    While one part of an order is being picked or packed, the rest of it waits with that part.
    """
    order = OuterRef("pk")
    reserved = Reservation.objects.filter(order_line_id=OuterRef("pk"), status=Reservation.Status.ACTIVE)
    running = PickList.objects.filter(order=order, status__in=(PickList.Status.OPEN, PickList.Status.PICKED))
    packed = Shipment.objects.filter(order=order, status=Shipment.Status.PACKED)
    held = OrderLine.objects.filter(Exists(reserved), order=order)
    return Q(Exists(held)) & ~Q(Exists(running)) & ~Q(Exists(packed))


def shipment_lines(shipment: Shipment) -> list[ShipmentLine]:
    """What is in the parcels of a shipment the caller may see, of kits their parts, in the order's order."""
    lines = ShipmentLine.objects.filter(shipment=shipment).select_related(
        "order_line", "part", "stock_item__warehouse"
    )
    return list(lines.exclude(WHOLE_KIT).order_by("order_line__position", "part__position", "id"))


@dataclass(frozen=True, slots=True)
class ShipmentWithLines:
    """A shipment and what is in it."""

    shipment: Shipment
    lines: list[ShipmentLine]


def shipments_of(order: Order, actor: Actor) -> list[ShipmentWithLines]:
    """The shipments of an order as this actor may see them, oldest first, without cancelled ones. Two queries."""
    shipments = list(
        Shipment.objects.visible_to(actor)
        .filter(order=order)
        .exclude(status=Shipment.Status.CANCELLED)
        .order_by("id")
    )
    lines = ShipmentLine.objects.filter(shipment__in=shipments).select_related("order_line", "part")
    lines = lines.exclude(WHOLE_KIT)
    by_shipment: dict[int, list[ShipmentLine]] = {shipment.pk: [] for shipment in shipments}
    for line in lines.order_by("order_line__position", "part__position", "id"):
        by_shipment[line.shipment_id].append(line)
    return [ShipmentWithLines(shipment, by_shipment[shipment.pk]) for shipment in shipments]


def returns_for(actor: Actor, *, statuses: Sequence[str] = ()) -> ReturnQuerySet:
    """Returns that the actor may see, newest first, with order and companies."""
    found = Return.objects.visible_to(actor).select_related("order__buyer", "order__seller")
    if statuses:
        found = found.filter(status__in=list(statuses))
    return found.order_by("-requested_at", "-id")


def return_lines(return_order: Return) -> list[ReturnLine]:
    """The lines of a return the caller may see, with their articles."""
    lines = ReturnLine.objects.filter(return_order=return_order).select_related("order_line")
    return list(lines.order_by("order_line__position"))


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseCounts:
    """What waits in the warehouse."""

    to_pick: int
    to_pack: int
    to_ship: int
    returns_to_answer: int
    returns_to_receive: int


def warehouse_counts(actor: Actor) -> WarehouseCounts:
    """For the home page of the warehouse. Three queries."""
    lists = dict(PickList.objects.visible_to(actor).values_list("status").annotate(n=Count("id")).order_by())
    selling = {"order__seller_id": actor.company_id}
    packed = Shipment.objects.visible_to(actor).filter(status=Shipment.Status.PACKED, **selling).count()
    returns = dict(
        Return.objects.visible_to(actor)
        .filter(**selling)
        .values_list("status")
        .annotate(n=Count("id"))
        .order_by()
    )
    return WarehouseCounts(
        to_pick=lists.get(PickList.Status.OPEN, 0),
        to_pack=lists.get(PickList.Status.PICKED, 0),
        to_ship=packed,
        returns_to_answer=returns.get(Return.Status.REQUESTED, 0),
        returns_to_receive=returns.get(Return.Status.ACCEPTED, 0),
    )
