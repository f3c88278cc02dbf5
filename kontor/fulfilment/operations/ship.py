"""Goods leave the warehouse: a packed shipment, or all that is open of an order in one go."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.fulfilment.dispatch import Dispatch, cleaned_dispatch
from kontor.fulfilment.events import ShipmentShipped
from kontor.fulfilment.models import Shipment, ShipmentLine
from kontor.fulfilment.permissions import SHIP
from kontor.fulfilment.stale import moved_on
from kontor.inventory.operations import Issue, issue
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.bulk import insert_row, insert_rows
from kontor.kernel.events import publish
from kontor.kernel.money import ZERO
from kontor.kernel.numbering import next_number
from kontor.kernel.refusal import Refused
from kontor.orders.models import Order
from kontor.orders.operations import book_parts_shipped, book_shipped
from kontor.orders.sides import require_seller_side
from kontor.orders.states import SHIPPABLE, lock_order

Leaving = tuple[int, int | None, int | None, Decimal]
"""Order line, part of its kit, stock item (none for a service), base units."""

OPEN = """
SELECT l.id, x.id, r.stock_item_id, COALESCE(sum(r.quantity), l.base_quantity - l.cancelled - l.shipped)
FROM orders_line l LEFT JOIN inventory_reservation r ON r.order_line_id = l.id AND r.status = 'active'
LEFT JOIN inventory_stock_item s ON s.id = r.stock_item_id
LEFT JOIN orders_line_part x ON x.line_id = l.id AND x.product_id = s.product_id
WHERE l.order_id = %(order)s AND l.base_quantity > l.cancelled + l.shipped
  AND (l.kind IN ('service', 'configurable') OR r.id IS NOT NULL)
  AND (NOT %(services)s OR l.kind = 'service')
GROUP BY l.id, x.id, r.stock_item_id ORDER BY l.position, x.position, r.stock_item_id
"""
BEING_PICKED = """
SELECT EXISTS (SELECT 1 FROM fulfilment_pick_list WHERE order_id = %(order)s AND status IN ('open', 'picked'))
    OR EXISTS (SELECT 1 FROM fulfilment_shipment WHERE order_id = %(order)s AND status = 'packed')
"""


@transaction.atomic
def ship(
    *,
    actor: Actor,
    shipment: Shipment,
    carrier: str = "",
    tracking_number: str = "",
    tracking_url: str = "",
    arrives_on: date | None = None,
) -> Shipment:
    """Hand a packed shipment to the carrier: stock goes down, the order follows, both sides are told.

    Raises Refused("more_than_open") when lines were cancelled after packing; the goods go back to the shelf then.
    """
    order = shipment.order
    require_seller_side(actor, order, SHIP)
    given = Dispatch(
        carrier=carrier, tracking_number=tracking_number, tracking_url=tracking_url, arrives_on=arrives_on
    )
    facts = _facts(cleaned_dispatch(given, seller_id=order.seller_id))
    lock_order(order, SHIPPABLE)
    if not Shipment.objects.filter(pk=shipment.pk, status=Shipment.Status.PACKED).update(**facts):
        raise moved_on(shipment)
    for name, value in facts.items():
        setattr(shipment, name, value)
    lines = shipment.lines.order_by("id").values_list("order_line_id", "part_id", "stock_item_id", "quantity")
    _leave(actor, shipment, list(lines))
    return shipment


@transaction.atomic
def ship_now(
    *,
    actor: Actor,
    order: Order,
    carrier: str = "",
    tracking_number: str = "",
    tracking_url: str = "",
    arrives_on: date | None = None,
) -> Shipment:
    """Ship all that is open of an order at once, without pick list and packing: counter sales, small orders, imports.

    Raises Refused("being_picked") while the warehouse works on it, Refused("nothing_open") when nothing is left.
    """
    require_seller_side(actor, order, SHIP)
    given = Dispatch(
        carrier=carrier, tracking_number=tracking_number, tracking_url=tracking_url, arrives_on=arrives_on
    )
    facts = _facts(cleaned_dispatch(given, seller_id=order.seller_id))
    lock_order(order, SHIPPABLE)
    with connection.cursor() as cursor:
        cursor.execute(BEING_PICKED, {"order": order.pk})
        if (cursor.fetchone() or (False,))[0]:
            raise Refused("being_picked", _("The warehouse works on this order. Ship its pick lists."))
    return _ship_open(actor, order, facts, services=False)


@transaction.atomic
def render_services(*, actor: Actor, order: Order) -> Shipment:
    """Book the order's open services as rendered, apart from its goods. Called by invoicing, which checks the right."""
    lock_order(order, SHIPPABLE)
    return _ship_open(actor, order, _facts(Dispatch()), services=True)


def _ship_open(actor: Actor, order: Order, facts: dict[str, Any], *, services: bool) -> Shipment:
    with connection.cursor() as cursor:
        cursor.execute(OPEN, {"order": order.pk, "services": services})
        lines: list[Leaving] = cursor.fetchall()
    if not lines:
        raise Refused("nothing_open", _("Nothing of this order is open any more."))
    shipment = Shipment(
        number=next_number("SH", seller_id=order.seller_id), order=order, packed_at=clock.now(), **facts
    )
    insert_row(shipment)
    order_lines, parts, stock_items, quantities = (list(column) for column in zip(*lines, strict=True))
    columns = {
        "order_line_id": order_lines, "part_id": parts, "stock_item_id": stock_items, "quantity": quantities,
    }  # fmt: skip
    insert_rows(ShipmentLine, columns | {"shipment_id": shipment.pk, "lot": ""})
    _leave(actor, shipment, lines)
    return shipment


def _facts(dispatch: Dispatch) -> dict[str, Any]:
    return {"status": Shipment.Status.SHIPPED.value, "shipped_at": clock.now()} | asdict(dispatch)


def _leave(actor: Actor, shipment: Shipment, lines: Sequence[Leaving]) -> None:
    """What ordered goods leaving means for stock, order, trail and everybody else."""
    items = [Issue(line, shelf, quantity) for line, _part, shelf, quantity in lines if shelf is not None]
    issue(actor=actor, items=items, reference=f"shipment:{shipment.pk}")
    whole = _whole_kits(shipment, lines)
    plain = summed((line, quantity) for line, part, _shelf, quantity in lines if part is None)
    book_shipped(shipment.order, plain | whole)
    changes = {
        "shipment": shipment.number,
        "carrier": shipment.carrier,
        "tracking_number": shipment.tracking_number,
        "arrives_on": shipment.arrives_on.isoformat() if shipment.arrives_on else "",
    }
    record(actor, "fulfilment.shipped", ("order", shipment.order_id), changes=changes, shared=True)
    publish(ShipmentShipped(shipment.pk))


def _whole_kits(shipment: Shipment, lines: Sequence[Leaving]) -> dict[int, Decimal]:
    """Book the parts that leave; the kits that become whole with them, by order line, noted in the shipment."""
    parts = summed((part, quantity) for _line, part, _shelf, quantity in lines if part is not None)
    if not parts:
        return {}
    whole = book_parts_shipped(shipment.order, parts)
    if whole:
        columns = {"order_line_id": list(whole), "quantity": list(whole.values())}
        nowhere = {"shipment_id": shipment.pk, "part_id": None, "stock_item_id": None, "lot": ""}
        insert_rows(ShipmentLine, columns | nowhere)
    return whole


def summed(rows: Iterable[tuple[int, Decimal]]) -> dict[int, Decimal]:
    """Base units by order line or part, over all shelves and parcels."""
    sums: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for key, quantity in rows:
        sums[key] += quantity
    return dict(sums)
