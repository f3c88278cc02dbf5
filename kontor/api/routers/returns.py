"""Goods that come back: announced, answered, received."""

from typing import Annotated, Any, Literal

from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.linemaps import numbered
from kontor.api.paging import Page, PageAsk, newest_first, page
from kontor.api.routers.orders import order_of
from kontor.api.shapes.companies import ReasonIn
from kontor.api.shapes.fulfilment import ReceiveIn, ReturnIn, ReturnLineOut, ReturnOut, ReturnRow
from kontor.api.shapes.orders import NoteIn
from kontor.api.values import quantity_text
from kontor.fulfilment import operations
from kontor.fulfilment.models import Return
from kontor.fulfilment.operations import ReturnedLine
from kontor.fulfilment.permissions import ACCEPT_RETURNS, RETURN_GOODS
from kontor.fulfilment.queries import return_lines, returns_for

router = Router(tags=["Returns"])
MOVED = ("wrong_status", "changed_meanwhile")
Status = Literal["requested", "accepted", "declined", "received", "credited"]


def _facts(one: Return) -> dict[str, Any]:
    return {
        "id": one.pk,
        "number": one.number,
        "status": one.status,
        "order_id": one.order_id,
        "order_number": one.order.number,
        "buyer": str(one.order.buyer),
        "seller": str(one.order.seller),
        "requested_by": one.requested_by_name,
        "requested_at": one.requested_at,
        "note": one.note,
        "answer_note": one.answer_note,
        "received_at": one.received_at,
    }


def _return(request: ApiRequest, return_id: int) -> Return:
    rows = Return.objects.visible_to(request.actor).select_related("order__buyer", "order__seller")
    return get_object_or_404(rows, pk=return_id)


def return_reply(request: ApiRequest, return_id: int, status: int = 200) -> Reply:
    one = _return(request, return_id)
    lines = [
        ReturnLineOut(
            id=line.pk,
            order_line_id=line.order_line_id,
            sku=line.order_line.sku,
            name=line.order_line.name,
            quantity=quantity_text(line.quantity),
            reason=line.reason,
            note=line.note,
            received=quantity_text(line.received),
            restocked=quantity_text(line.restocked),
        )
        for line in return_lines(one)
    ]
    location = reverse("api:getReturn", args=[one.pk]) if status == 201 else ""
    return Reply(body=ReturnOut(**_facts(one), lines=lines), status=status, location=location)


@router.get("returns", response=Page[ReturnRow], operation_id="listReturns", summary="Returns, newest first")
@reads(refuses=("bad_cursor",))
def returns(
    request: ApiRequest, paging: Annotated[PageAsk, Query()], status: Status | None = None
) -> Page[ReturnRow]:
    """Of the orders that the caller's company bought or sold."""
    rows = returns_for(request.actor, statuses=[status] if status else ())
    found = newest_first(rows, paging, name="returns", by="requested_at")
    return page(request, found, lambda one: ReturnRow(**_facts(one)))


@router.post(
    "returns",
    response={201: ReturnOut},
    operation_id="requestReturn",
    summary="Announce goods that come back",
)
@needs(RETURN_GOODS, ACCEPT_RETURNS)
@changes(refuses=("return_wrong", "no_lines", "unknown_line", "text_too_long", *MOVED))
def announce(request: ApiRequest, body: ReturnIn) -> Reply:
    """At most what was shipped and neither came back nor is announced already."""
    lines = [
        ReturnedLine(order_line_id=line_id, quantity=line.quantity, reason=line.reason, note=line.note)
        for line_id, line in numbered(body.lines).items()
    ]
    made = operations.request_return(
        actor=request.actor, order=order_of(request, body.order_id), lines=lines, note=body.note
    )
    return return_reply(request, made.pk, 201)


@router.get("returns/{int:return_id}", response=ReturnOut, operation_id="getReturn", summary="One return")
@reads()
def one_return(request: ApiRequest, return_id: int) -> Reply:
    """What was announced, and what arrived."""
    return return_reply(request, return_id)


@router.post(
    "returns/{int:return_id}/accept",
    response=ReturnOut,
    operation_id="acceptReturn",
    summary="Accept a return",
)
@needs(ACCEPT_RETURNS)
@changes(refuses=("text_too_long", *MOVED))
def accept(request: ApiRequest, return_id: int, body: NoteIn) -> Reply:
    """For the seller; the note may say where to send the goods."""
    operations.accept_return(actor=request.actor, return_order=_return(request, return_id), note=body.note)
    return return_reply(request, return_id)


@router.post(
    "returns/{int:return_id}/decline",
    response=ReturnOut,
    operation_id="declineReturn",
    summary="Decline a return",
)
@needs(ACCEPT_RETURNS)
@changes(refuses=("reason_missing", *MOVED))
def decline(request: ApiRequest, return_id: int, body: ReasonIn) -> Reply:
    """For the seller; the buyer reads why."""
    operations.decline_return(
        actor=request.actor, return_order=_return(request, return_id), reason=body.reason
    )
    return return_reply(request, return_id)


@router.post(
    "returns/{int:return_id}/receive",
    response=ReturnOut,
    operation_id="receiveReturn",
    summary="Take returned goods in",
)
@needs(ACCEPT_RETURNS)
@changes(refuses=("received_wrong", "nothing_received", "unknown_line", *MOVED))
def receive(request: ApiRequest, return_id: int, body: ReceiveIn) -> Reply:
    """Only what is fit for the shelf raises the stock; all that arrived can be credited."""
    received = {line_id: (one.received, one.restocked) for line_id, one in numbered(body.lines).items()}
    operations.receive_return(
        actor=request.actor, return_order=_return(request, return_id), received=received
    )
    return return_reply(request, return_id)
