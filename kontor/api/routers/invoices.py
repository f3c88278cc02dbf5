"""Invoices and credit notes: issued once, never changed."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.paging import Page, PageAsk, newest_first, page
from kontor.api.routers.orders import order_of
from kontor.api.shapes.invoices import (
    CreditIn,
    FreeIn,
    InvoiceLineOut,
    InvoiceOut,
    InvoiceRow,
    IssueIn,
)
from kontor.api.taxed import charge_out, tax_out
from kontor.api.values import amount_text, price_text, quantity_text
from kontor.companies.models import CustomerAccount
from kontor.fulfilment.models import Return, Shipment
from kontor.invoicing import operations
from kontor.invoicing.models import Invoice, InvoiceLine
from kontor.invoicing.operations import FreeLine
from kontor.invoicing.permissions import ISSUE_INVOICES, SEE_INVOICES
from kontor.invoicing.queries import InvoiceFilters, invoice_detail, invoices_for
from kontor.kernel.refusal import Refused

router = Router(tags=["Invoices"])
MOVED = ("wrong_status", "changed_meanwhile")


class InvoiceAsk(BaseModel):
    """What a list of invoices is narrowed to."""

    side: Literal["", "buying", "selling"] = Field("", description="For companies that buy and sell.")
    kind: Literal["", "invoice", "credit_note"] = ""
    search: str = Field("", max_length=100, description="Number, PO number, order or company.")


def _facts(one: Invoice) -> dict[str, Any]:
    return {
        "id": one.pk,
        "kind": one.kind,
        "number": one.number,
        "issued_at": one.issued_at,
        "due_on": one.due_on,
        "buyer_id": one.buyer_id,
        "buyer": str(one.buyer),
        "seller_id": one.seller_id,
        "seller": str(one.seller),
        "order_id": one.order_id,
        "order_number": one.order.number if one.order else None,
        "po_number": one.po_number,
        "currency": one.currency,
        "net_total": amount_text(one.net_total, one.currency),
        "tax_total": amount_text(one.tax_total, one.currency),
        "gross_total": amount_text(one.gross_total, one.currency),
    }


def _line_out(line: InvoiceLine, currency: str) -> InvoiceLineOut:
    return InvoiceLineOut(
        position=line.position,
        order_line_id=line.order_line_id,
        sku=line.sku,
        name=line.name,
        quantity=quantity_text(line.quantity),
        unit=line.unit,
        unit_price=price_text(line.unit_price, currency),
        price_base=quantity_text(line.price_base),
        allowance=amount_text(line.allowance, currency),
        allowance_reason=line.allowance_reason,
        net=amount_text(line.net, currency),
        tax_category=line.tax_category,
        tax_code=line.tax_code,
        tax_rate=quantity_text(line.tax_rate),
    )


def invoice_reply(request: ApiRequest, invoice_id: int, status: int = 200) -> Reply:
    """The document whole, or 404."""
    detail = invoice_detail(request.actor, invoice_id)
    if detail is None:
        raise Http404
    one = detail.invoice
    positions = {line.pk: line.position for line in detail.lines}
    body = InvoiceOut(
        **_facts(one),
        terms=one.terms_text,
        tax_treatment=one.tax_treatment,
        reason=one.reason,
        billing_address=one.billing_address,
        shipment_id=one.shipment_id,
        return_id=one.return_order_id,
        external_reference=one.external_reference,
        lines=[_line_out(line, one.currency) for line in detail.lines],
        charges=[charge_out(charge, one.currency, positions) for charge in detail.charges],
        taxes=[tax_out(tax, one.currency, one.tax_facts) for tax in detail.taxes],
        credited_by=[note.number for note in detail.credits],
    )
    location = reverse("api:getInvoice", args=[one.pk]) if status == 201 else ""
    return Reply(body=body, status=status, location=location)


@router.get(
    "invoices", response=Page[InvoiceRow], operation_id="listInvoices", summary="Invoices, newest first"
)
@needs(SEE_INVOICES)
@reads(refuses=("not_allowed", "bad_cursor"))
def invoices(
    request: ApiRequest, ask: Annotated[InvoiceAsk, Query()], paging: Annotated[PageAsk, Query()]
) -> Page[InvoiceRow]:
    """Invoices and credit notes that the caller's company received or issued."""
    filters = InvoiceFilters(side=ask.side, kind=ask.kind, words=ask.search)
    found = newest_first(invoices_for(request.actor, filters), paging, name="invoices", by="issued_at")
    return page(request, found, lambda one: InvoiceRow(**_facts(one)))


@router.get(
    "invoices/{int:invoice_id}",
    response=InvoiceOut,
    operation_id="getInvoice",
    summary="One invoice or credit note",
)
@needs(SEE_INVOICES)
@reads(refuses=("not_allowed",))
def invoice(request: ApiRequest, invoice_id: int) -> Reply:
    """Lines and tax as they stand on the document."""
    return invoice_reply(request, invoice_id)


@router.post("invoices", response={201: InvoiceOut}, operation_id="issueInvoice", summary="Issue an invoice")
@needs(ISSUE_INVOICES)
@changes(refuses=("one_subject", "not_shipped_yet", "already_invoiced", "nothing_open", *MOVED))
def issue(request: ApiRequest, body: IssueIn) -> Reply:
    """For a shipment that has left, once; or for an order's open services or single parts of its cancelled kits."""
    if (body.shipment_id is None) == (body.order_id is None):
        raise Refused("one_subject", _("Name either a shipment or an order."))
    if body.shipment_id is not None:
        shipments = Shipment.objects.visible_to(request.actor).select_related("order")
        shipment = get_object_or_404(shipments, pk=body.shipment_id)
        issued = operations.issue_invoice(actor=request.actor, shipment=shipment)
    else:
        order = order_of(request, body.order_id or 0)
        issue_for = {
            "services": operations.issue_invoice_for_services,
            "parts": operations.issue_invoice_for_parts,
        }
        issued = issue_for[body.what](actor=request.actor, order=order)
    return invoice_reply(request, issued.pk, 201)


@router.post(
    "credit-notes",
    response={201: InvoiceOut},
    operation_id="issueCreditNote",
    summary="Credit a received return",
)
@needs(ISSUE_INVOICES)
@changes(refuses=("not_received_yet", "not_invoiced_yet", "already_credited", *MOVED))
def credit(request: ApiRequest, body: CreditIn) -> Reply:
    """At the prices at which the goods were invoiced; once per return."""
    returns = Return.objects.visible_to(request.actor).select_related("order")
    back = get_object_or_404(returns, pk=body.return_id)
    issued = operations.issue_credit_note(actor=request.actor, return_order=back)
    return invoice_reply(request, issued.pk, 201)


@router.post(
    "invoices/free",
    response={201: InvoiceOut},
    operation_id="issueFreeDocument",
    summary="Issue an invoice or credit note without an order",
)
@needs(ISSUE_INVOICES)
@changes(refuses=("reason_missing", "not_your_customer", "invoice_wrong"))
def free(request: ApiRequest, body: FreeIn) -> Reply:
    """Fees, corrections, goodwill. A credit note says why."""
    own = CustomerAccount.objects.visible_to(request.actor).filter(seller_id=request.actor.company_id)
    account = get_object_or_404(own.select_related("payment_term"), pk=body.account_id)
    lines = [
        FreeLine(
            name=line.name,
            quantity=line.quantity,
            unit_price=line.unit_price,
            sku=line.sku,
            unit=line.unit,
            price_base=line.price_base or Decimal(1),
            tax_category=line.tax_category,
        )
        for line in body.lines
    ]
    verb = operations.issue_free_invoice if body.kind == "invoice" else operations.issue_free_credit
    issued = verb(
        actor=request.actor,
        account=account,
        lines=lines,
        reason=body.reason,
        external_reference=body.external_reference,
        currency=body.currency,
    )
    return invoice_reply(request, issued.pk, 201)
