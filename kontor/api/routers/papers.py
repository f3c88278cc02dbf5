"""Business papers as PDF, in the reader's language."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from ninja import Router

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import needs, reads
from kontor.api.routers.orders import order_of
from kontor.fulfilment.documents import delivery_note_pdf, pick_list_pdf
from kontor.fulfilment.models import PickList, Shipment
from kontor.fulfilment.permissions import SHIP
from kontor.invoicing.documents import invoice_pdf
from kontor.invoicing.permissions import SEE_INVOICES
from kontor.invoicing.queries import invoices_for
from kontor.kernel.actors import require
from kontor.orders.documents import order_confirmation_pdf

router = Router(tags=["Papers"])
PDF = "application/pdf"


def _paper(make: Callable[[Any, str], bytes], row: Any) -> HttpResponse:
    """The PDF of a row that has a number, as a download named by it."""
    response = HttpResponse(make(row, get_language() or "en"), content_type=PDF)
    response.headers["Content-Disposition"] = f'attachment; filename="{row.number}.pdf"'
    return response


@router.get(
    "orders/{int:order_id}/confirmation.pdf",
    response={200: None},
    operation_id="getOrderConfirmation",
    summary="The order confirmation as PDF",
)
@reads(media=PDF)
def confirmation(request: ApiRequest, order_id: int) -> HttpResponse:
    """In the language of Accept-Language, or the person's own."""
    return _paper(order_confirmation_pdf, order_of(request, order_id))


@router.get(
    "shipments/{int:shipment_id}/delivery-note.pdf",
    response={200: None},
    operation_id="getDeliveryNote",
    summary="The delivery note as PDF",
)
@reads(media=PDF)
def delivery_note(request: ApiRequest, shipment_id: int) -> HttpResponse:
    """What is in the parcels, without prices."""
    rows = Shipment.objects.visible_to(request.actor).select_related("order__buyer", "order__seller")
    return _paper(delivery_note_pdf, get_object_or_404(rows, pk=shipment_id))


@router.get(
    "pick-lists/{int:pick_list_id}/pick-list.pdf",
    response={200: None},
    operation_id="getPickListPaper",
    summary="A pick list as PDF",
)
@needs(SHIP)
@reads(media=PDF, refuses=("not_allowed",))
def pick_list(request: ApiRequest, pick_list_id: int) -> HttpResponse:
    """What to take from which bin, with a box to tick."""
    require(request.actor, SHIP)
    rows = PickList.objects.visible_to(request.actor).select_related(
        "order__buyer", "order__seller", "warehouse"
    )
    return _paper(pick_list_pdf, get_object_or_404(rows, pk=pick_list_id))


@router.get(
    "invoices/{int:invoice_id}/invoice.pdf",
    response={200: None},
    operation_id="getInvoicePaper",
    summary="An invoice or credit note as PDF",
)
@needs(SEE_INVOICES)
@reads(media=PDF, refuses=("not_allowed",))
def invoice(request: ApiRequest, invoice_id: int) -> HttpResponse:
    """The same document that was sent by mail, in the reader's language."""
    return _paper(invoice_pdf, get_object_or_404(invoices_for(request.actor), pk=invoice_id))
