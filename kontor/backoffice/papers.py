"""Business papers as PDF for the seller's desks, made when somebody asks for them, in the reader's language."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from kontor.backoffice.seat import at_own_desk
from kontor.fulfilment.documents import delivery_note_pdf as write_delivery_note
from kontor.fulfilment.documents import pick_list_pdf as write_pick_list
from kontor.fulfilment.models import PickList, Shipment
from kontor.fulfilment.permissions import SHIP
from kontor.invoicing.documents import invoice_pdf as write_invoice
from kontor.invoicing.models import Invoice
from kontor.invoicing.permissions import SEE_INVOICES
from kontor.orders.permissions import CONFIRM_ORDERS
from kontor.web.access import needs
from kontor.web.identity import PersonRequest


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A PDF that the browser shows, and saves under its number."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "-" for sign in name)
    headers = {"Content-Disposition": f'inline; filename="{plain}.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _language() -> str:
    return (get_language() or "en").partition("-")[0]


@needs(SHIP)
@require_GET
def pick_list_pdf(request: PersonRequest, pick_list_id: int) -> HttpResponse:
    """GET /office/pick-lists/7/pick-list.pdf -> what to take from which bin, to tick on paper."""
    lists = PickList.objects.visible_to(at_own_desk(request)).select_related("order__seller", "warehouse")
    found = get_object_or_404(lists, pk=pick_list_id)
    return pdf_answer(write_pick_list(found, _language()), found.number)


@needs(SHIP, CONFIRM_ORDERS, SEE_INVOICES)
@require_GET
def delivery_note_pdf(request: PersonRequest, shipment_id: int) -> HttpResponse:
    """GET /office/shipments/7/delivery-note.pdf -> what is in the parcels."""
    actor = at_own_desk(request)
    own = Shipment.objects.visible_to(actor).filter(order__seller_id=actor.company_id)
    live = own.exclude(status=Shipment.Status.CANCELLED).select_related("order__seller", "order__account")
    found = get_object_or_404(live, pk=shipment_id)
    return pdf_answer(write_delivery_note(found, _language()), found.number)


@needs(SEE_INVOICES)
@require_GET
def invoice_pdf(request: PersonRequest, invoice_id: int) -> HttpResponse:
    """GET /office/invoices/7/invoice.pdf -> the invoice or credit note."""
    actor = at_own_desk(request)
    own = Invoice.objects.visible_to(actor).filter(seller_id=actor.company_id)
    found = get_object_or_404(own.select_related("buyer", "seller", "order", "shipment"), pk=invoice_id)
    return pdf_answer(write_invoice(found, _language()), found.number)


urlpatterns = [
    path("pick-lists/<int:pick_list_id>/pick-list.pdf", pick_list_pdf, name="pick_list_pdf"),
    path("shipments/<int:shipment_id>/delivery-note.pdf", delivery_note_pdf, name="delivery_note_pdf"),
    path("invoices/<int:invoice_id>/invoice.pdf", invoice_pdf, name="invoice_pdf"),
]
