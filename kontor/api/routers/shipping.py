"""From the shelf to the customer: pick lists, parcels, deliveries."""

from typing import Annotated, Any, Literal

from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.linemaps import numbered
from kontor.api.paging import Page, PageAsk, newest_first, page
from kontor.api.routers.orders import order_of
from kontor.api.shapes.fulfilment import (
    DeliveredIn,
    PackIn,
    PickIn,
    PickLineOut,
    PickListOut,
    PickListRow,
    ShipIn,
    ShipmentLineOut,
    ShipmentOut,
    ShipmentRow,
)
from kontor.api.values import Id, quantity_text
from kontor.fulfilment import operations
from kontor.fulfilment.models import PickList, Shipment
from kontor.fulfilment.permissions import RETURN_GOODS, SHIP
from kontor.fulfilment.queries import (
    pick_lines,
    pick_lists_for,
    shipment_lines,
    shipments_for,
)
from kontor.kernel.actors import require

router = Router(tags=["Fulfilment"])
MOVED = ("wrong_status", "changed_meanwhile")
PickStatus = Literal["open", "picked", "packed", "cancelled"]
ShipStatus = Literal["packed", "shipped", "delivered", "cancelled"]


def _pick_facts(one: PickList) -> dict[str, Any]:
    return {
        "id": one.pk,
        "number": one.number,
        "status": one.status,
        "order_id": one.order_id,
        "order_number": one.order.number,
        "buyer": str(one.order.buyer),
        "warehouse": one.warehouse.code,
        "created_at": one.created_at,
        "picked_at": one.picked_at,
        "picked_by": one.picked_by_name,
    }


def pick_list_reply(request: ApiRequest, pick_list_id: int) -> PickListOut:
    one = _pick_list(request, pick_list_id)
    lines = [
        PickLineOut(
            id=line.pk,
            order_line_id=line.order_line_id,
            sku=line.article.sku,
            name=line.article.name,
            kit_sku=line.order_line.sku if line.part else None,
            bin=line.stock_item.bin,
            quantity=quantity_text(line.quantity),
            picked=quantity_text(line.picked),
        )
        for line in pick_lines(one)
    ]
    return PickListOut(**_pick_facts(one), lines=lines)


def _pick_list(request: ApiRequest, pick_list_id: int) -> PickList:
    rows = PickList.objects.visible_to(request.actor).select_related(
        "order__buyer", "order__seller", "warehouse"
    )
    return get_object_or_404(rows, pk=pick_list_id)


def _shipment(request: ApiRequest, shipment_id: int) -> Shipment:
    rows = Shipment.objects.visible_to(request.actor).select_related("order__buyer", "order__seller")
    return get_object_or_404(rows, pk=shipment_id)


def _shipment_facts(one: Shipment) -> dict[str, Any]:
    names = (
        "number", "status", "order_id", "carrier", "tracking_number", "tracking_url", "packages", "weight_grams",
        "packed_at", "shipped_at", "arrives_on", "delivered_at", "received_by",
    )  # fmt: skip
    facts = {name: getattr(one, name) for name in names}
    parties = {"buyer": str(one.order.buyer), "seller": str(one.order.seller)}
    return facts | parties | {"id": one.pk, "order_number": one.order.number}


def shipment_reply(request: ApiRequest, shipment_id: int, status: int = 200) -> Reply:
    one = _shipment(request, shipment_id)
    lines = [
        ShipmentLineOut(
            order_line_id=line.order_line_id,
            position=line.order_line.position,
            sku=line.article.sku,
            name=line.article.name,
            kit_sku=line.order_line.sku if line.part else None,
            quantity=quantity_text(line.quantity),
            lot=line.lot,
        )
        for line in shipment_lines(one)
    ]
    location = reverse("api:getShipment", args=[one.pk]) if status == 201 else ""
    return Reply(body=ShipmentOut(**_shipment_facts(one), lines=lines), status=status, location=location)


@router.get(
    "pick-lists", response=Page[PickListRow], operation_id="listPickLists", summary="Pick lists, newest first"
)
@needs(SHIP)
@reads(refuses=("not_allowed", "bad_cursor"))
def pick_lists(
    request: ApiRequest, paging: Annotated[PageAsk, Query()], status: PickStatus = "open"
) -> Page[PickListRow]:
    """The own company's, in one state."""
    require(request.actor, SHIP)
    rows = pick_lists_for(request.actor, statuses=[status])
    return page(request, newest_first(rows, paging, name="pick"), lambda one: PickListRow(**_pick_facts(one)))


@router.post(
    "orders/{int:order_id}/pick-lists",
    response={201: Page[PickListRow]},
    operation_id="releaseToWarehouse",
    summary="Release an order to the warehouse",
)
@needs(SHIP)
@changes(refuses=("nothing_to_pick", *MOVED))
def release(request: ApiRequest, order_id: int) -> Reply:
    """A pick list per warehouse of all that is reserved and not being picked yet."""
    made = operations.release_to_warehouse(actor=request.actor, order=order_of(request, order_id))
    rows = [PickListRow(**_pick_facts(_pick_list(request, one.pk))) for one in made]
    return Reply(body=Page(items=rows, next=None), status=201)


@router.get(
    "pick-lists/{int:pick_list_id}", response=PickListOut, operation_id="getPickList", summary="One pick list"
)
@needs(SHIP)
@reads(refuses=("not_allowed",))
def pick_list(request: ApiRequest, pick_list_id: int) -> PickListOut:
    """What to take from where, by bin."""
    require(request.actor, SHIP)
    return pick_list_reply(request, pick_list_id)


@router.post(
    "pick-lists/{int:pick_list_id}/pick",
    response=PickListOut,
    operation_id="confirmPick",
    summary="Say what was picked",
)
@needs(SHIP)
@changes(refuses=("more_than_listed", "nothing_picked", "unknown_line", *MOVED))
def pick(request: ApiRequest, pick_list_id: int, body: PickIn) -> PickListOut:
    """What was not found stays reserved and can go on another list."""
    found = numbered(body.lines) if body.lines is not None else None
    picked = {line: one.picked for line, one in found.items()} if found is not None else None
    operations.confirm_pick(actor=request.actor, pick_list=_pick_list(request, pick_list_id), picked=picked)
    return pick_list_reply(request, pick_list_id)


@router.post(
    "pick-lists/{int:pick_list_id}/cancel",
    response=PickListOut,
    operation_id="cancelPickList",
    summary="Drop a pick list",
)
@needs(SHIP)
@changes(refuses=MOVED)
def cancel(request: ApiRequest, pick_list_id: int) -> PickListOut:
    """Its goods stay reserved and can be released again."""
    operations.cancel_pick_list(actor=request.actor, pick_list=_pick_list(request, pick_list_id))
    return pick_list_reply(request, pick_list_id)


@router.post(
    "pick-lists/{int:pick_list_id}/pack",
    response={201: ShipmentOut},
    operation_id="pack",
    summary="Pack what was picked",
)
@needs(SHIP)
@changes(refuses=("parcel_wrong", *MOVED))
def pack(request: ApiRequest, pick_list_id: int, body: PackIn) -> Reply:
    """A shipment with its delivery note, not yet on its way."""
    shipment = operations.pack(
        actor=request.actor,
        pick_list=_pick_list(request, pick_list_id),
        packages=body.packages,
        weight_grams=body.weight_grams,
    )
    return shipment_reply(request, shipment.pk, 201)


@router.get(
    "shipments", response=Page[ShipmentRow], operation_id="listShipments", summary="Shipments, newest first"
)
@reads(refuses=("bad_cursor",))
def shipments(
    request: ApiRequest,
    paging: Annotated[PageAsk, Query()],
    status: ShipStatus | None = None,
    order_id: Annotated[Id | None, Query()] = None,
) -> Page[ShipmentRow]:
    """Of the orders that the caller's company bought or sold."""
    rows = shipments_for(request.actor, statuses=[status] if status else ())
    if order_id is not None:
        rows = rows.filter(order_id=order_id)
    found = newest_first(rows, paging, name="shipments", by="packed_at")
    return page(request, found, lambda one: ShipmentRow(**_shipment_facts(one)))


@router.get(
    "shipments/{int:shipment_id}", response=ShipmentOut, operation_id="getShipment", summary="One shipment"
)
@reads()
def shipment(request: ApiRequest, shipment_id: int) -> Reply:
    """What is in it and how it travels."""
    return shipment_reply(request, shipment_id)


@router.post(
    "shipments/{int:shipment_id}/ship",
    response=ShipmentOut,
    operation_id="ship",
    summary="Hand to the carrier",
)
@needs(SHIP)
@changes(refuses=("dispatch_wrong", *MOVED))
def ship(request: ApiRequest, shipment_id: int, body: ShipIn) -> Reply:
    """Stock goes down, the order follows, the buyer is told."""
    operations.ship(actor=request.actor, shipment=_shipment(request, shipment_id), **body.model_dump())
    return shipment_reply(request, shipment_id)


@router.post(
    "orders/{int:order_id}/ship",
    response={201: ShipmentOut},
    operation_id="shipNow",
    summary="Ship all that is open of an order",
)
@needs(SHIP)
@changes(refuses=("dispatch_wrong", "being_picked", "nothing_open", *MOVED))
def ship_now(request: ApiRequest, order_id: int, body: ShipIn) -> Reply:
    """Without pick list and packing: counter sales and small orders."""
    order = order_of(request, order_id)
    made = operations.ship_now(actor=request.actor, order=order, **body.model_dump())
    return shipment_reply(request, made.pk, 201)


@router.post(
    "shipments/{int:shipment_id}/unpack",
    response=ShipmentOut,
    operation_id="unpack",
    summary="Take a packed shipment apart",
)
@needs(SHIP)
@changes(refuses=MOVED)
def unpack(request: ApiRequest, shipment_id: int) -> Reply:
    """Before it leaves; the goods stay reserved."""
    operations.unpack(actor=request.actor, shipment=_shipment(request, shipment_id))
    return shipment_reply(request, shipment_id)


@router.post(
    "shipments/{int:shipment_id}/deliver",
    response=ShipmentOut,
    operation_id="confirmDelivery",
    summary="Say that a shipment has arrived",
)
@needs(SHIP, RETURN_GOODS)
@changes(refuses=("text_too_long", *MOVED))
def deliver(request: ApiRequest, shipment_id: int, body: DeliveredIn) -> Reply:
    """The buyer's people may, and the seller's warehouse."""
    shipment = _shipment(request, shipment_id)
    operations.confirm_delivery(actor=request.actor, shipment=shipment, received_by=body.received_by)
    return shipment_reply(request, shipment_id)
