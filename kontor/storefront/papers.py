"""Business papers as PDF: confirmations, delivery notes, invoices, made when somebody asks for them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from kontor.fulfilment.documents import delivery_note_pdf as write_delivery_note
from kontor.fulfilment.models import Shipment
from kontor.invoicing.documents import invoice_pdf as write_invoice
from kontor.invoicing.models import Invoice
from kontor.invoicing.permissions import SEE_INVOICES
from kontor.orders.documents import order_confirmation_pdf as write_confirmation
from kontor.orders.models import Order
from kontor.web.access import needs, signed_in
from kontor.web.identity import PersonRequest


def pdf_answer(content: bytes, name: str, *, cache: str = "private, no-store") -> HttpResponse:
    """A PDF that the browser shows, and saves under its number."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "-" for sign in name)
    headers = {"Content-Disposition": f'inline; filename="{plain}.pdf"', "Cache-Control": cache}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def reading_language() -> str:
    """The reader's language, as papers are written in it."""
    return (get_language() or "en").partition("-")[0]


@signed_in
@require_GET
def order_confirmation_pdf(request: PersonRequest, order_id: int) -> HttpResponse:
    """GET /orders/7/confirmation.pdf -> the order as the seller confirmed it."""
    orders = Order.objects.visible_to(request.actor).select_related(
        "buyer", "seller", "account", "payment_term"
    )
    order = get_object_or_404(orders, pk=order_id)
    return pdf_answer(write_confirmation(order, reading_language()), order.number)


@signed_in
@require_GET
def delivery_note_pdf(request: PersonRequest, shipment_id: int) -> HttpResponse:
    """GET /shipments/7/delivery-note.pdf -> what is in the parcels."""
    shipments = Shipment.objects.visible_to(request.actor).exclude(status=Shipment.Status.CANCELLED)
    shipment = get_object_or_404(shipments.select_related("order__seller", "order__account"), pk=shipment_id)
    return pdf_answer(write_delivery_note(shipment, reading_language()), shipment.number)


@needs(SEE_INVOICES)
@require_GET
def invoice_pdf(request: PersonRequest, invoice_id: int) -> HttpResponse:
    """GET /invoices/7/invoice.pdf -> the invoice or credit note."""
    invoices = Invoice.objects.visible_to(request.actor).select_related(
        "buyer", "seller", "order", "shipment"
    )
    invoice = get_object_or_404(invoices, pk=invoice_id)
    return pdf_answer(write_invoice(invoice, reading_language()), invoice.number)


urlpatterns = [
    path("orders/<int:order_id>/confirmation.pdf", order_confirmation_pdf, name="order_confirmation_pdf"),
    path("shipments/<int:shipment_id>/delivery-note.pdf", delivery_note_pdf, name="delivery_note_pdf"),
    path("invoices/<int:invoice_id>/invoice.pdf", invoice_pdf, name="invoice_pdf"),
]
