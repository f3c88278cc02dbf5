"""Invoices and credit notes as the buyer's books need them: the list, its file, one document."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kontor.invoicing.bill_rows import rows_of_invoices
from kontor.invoicing.models import Invoice
from kontor.invoicing.permissions import SEE_INVOICES
from kontor.invoicing.queries import InvoiceFilters, invoice_detail, invoices_for
from kontor.kernel import clock
from kontor.kernel.entrances.csv_rows import Cell
from kontor.web.access import needs
from kontor.web.asked import day_asked
from kontor.web.bill_files import ROW_COLUMNS, row_cells
from kontor.web.dates import local
from kontor.web.identity import PersonRequest
from kontor.web.lists import address_with, page_of, sorting
from kontor.web.names import country_name
from kontor.web.pages import page
from kontor.web.spreadsheets import MOST_ROWS, cents, spreadsheet

SORTS = {"issued": "issued_at", "number": "number", "due": "due_on", "total": "gross_total"}


def filters_of(request: PersonRequest) -> InvoiceFilters:
    """What the address asks for: words, kind, days."""
    kind = request.GET.get("kind", "")
    return InvoiceFilters(
        side="buying",
        kind=kind if kind in Invoice.Kind.values else "",
        words=request.GET.get("q", ""),
        issued_from=day_asked(request, "from"),
        issued_until=day_asked(request, "until"),
    )


@needs(SEE_INVOICES)
@require_GET
def invoices(request: PersonRequest) -> HttpResponse:
    """GET /invoices/?q=&kind=&from=&until= -> the company's invoices and credit notes, newest first."""
    sort = sorting(request, tuple(SORTS), "-issued")
    sign = "-" if sort.down else ""
    rows, pager = page_of(
        request, invoices_for(request.actor, filters_of(request)), [f"{sign}{SORTS[sort.key]}", f"{sign}id"]
    )
    asked = {name: request.GET.get(name, "") for name in ("q", "kind", "from", "until")}
    return page(
        request,
        "storefront/invoices/list.html",
        block="listing",
        invoices=rows,
        pager=pager,
        sort=sort,
        asked=asked,
        is_narrowed=any(asked.values()),
        today=local(clock.now()).date(),
        kinds=[("", _("Invoices and credit notes")), *Invoice.Kind.choices],
        csv_url=reverse("storefront:invoices_csv")
        + address_with(request, after=None, before=None)[len(request.path) :],
    )


@needs(SEE_INVOICES)
@require_GET
def invoices_csv(request: PersonRequest) -> HttpResponseBase:
    """GET /invoices.csv with the filters of the list -> one row per document; ?lines=1 rows that add up to its total:
    lines, what is taken off, charges, tax; ?form=xlsx as a workbook. Credit notes are negative."""
    found, form = invoices_for(request.actor, filters_of(request))[:MOST_ROWS], request.GET.get("form", "")
    if request.GET.get("lines") == "1":
        columns = [
            _("Document"), _("Kind"), _("Issued on"), _("Seller"), _("Order"), _("Your number"), *ROW_COLUMNS,
        ]  # fmt: skip
        return spreadsheet("invoice-lines", columns, _line_rows(found), form=form)
    columns = [
        _("Number"), _("Kind"), _("Issued on"), _("Due on"), _("Seller"), _("Order"), _("Your number"), _("Net"),
        _("Tax"), _("Total"), _("Currency"),
    ]  # fmt: skip
    return spreadsheet("invoices", columns, _rows(found), form=form)


def _line_rows(found: Any) -> Iterator[list[Cell]]:
    for one, row in rows_of_invoices(found.iterator(2000)):
        yield [
            one.number, one.get_kind_display(), local(one.issued_at).date().isoformat(), str(one.seller),
            one.order.number if one.order else "", one.po_number, *row_cells(row, one.currency, sign=_sign(one)),
        ]  # fmt: skip


def _sign(one: Invoice) -> int:
    return -1 if one.kind == Invoice.Kind.CREDIT_NOTE else 1


def _rows(found: Any) -> Iterator[list[Cell]]:
    for one in found.iterator(2000):
        sign = _sign(one)
        yield [
            one.number, one.get_kind_display(), local(one.issued_at).date().isoformat(), one.due_on.isoformat(),
            str(one.seller), one.order.number if one.order else "", one.po_number,
            *(sign * cents(total, one.currency) for total in (one.net_total, one.tax_total, one.gross_total)),
            one.currency,
        ]  # fmt: skip


@needs(SEE_INVOICES)
@require_GET
def invoice(request: PersonRequest, invoice_id: int) -> HttpResponse:
    """GET /invoices/7/ -> the document as it was issued, with what it belongs to."""
    detail = invoice_detail(request.actor, invoice_id)
    if detail is None or detail.invoice.buyer_id != request.actor.buying_company_id:
        raise Http404
    found = detail.invoice
    return page(
        request,
        "storefront/invoices/detail.html",
        detail=detail,
        invoice=found,
        is_credit=found.kind == Invoice.Kind.CREDIT_NOTE,
        country=country_name(found.billing_address.get("country", "")),
        today=local(clock.now()).date(),
    )


urlpatterns = [
    path("invoices/", invoices, name="invoices"),
    path("invoices.csv", invoices_csv, name="invoices_csv"),
    path("invoices/<int:invoice_id>/", invoice, name="invoice"),
]
