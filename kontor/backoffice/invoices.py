"""The books of the seller: shipments to invoice, issued documents, corrections without an order in free_invoices."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, Sum
from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kontor.backoffice.seat import at_own_desk
from kontor.backoffice.shipments import shipment_of
from kontor.fulfilment.models import Shipment, ShipmentLine
from kontor.invoicing.bill_rows import rows_of_invoices
from kontor.invoicing.models import Invoice, InvoiceQuerySet
from kontor.invoicing.operations import issue_invoice
from kontor.invoicing.permissions import ISSUE_INVOICES, SEE_INVOICES
from kontor.invoicing.queries import (
    InvoiceFilters,
    invoice_detail,
    invoices_for,
    orders_with_parts_to_invoice,
    shipments_to_invoice,
)
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.entrances.csv_rows import Cell
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.web.access import needs
from kontor.web.asked import day_asked, key_of
from kontor.web.bill_files import ROW_COLUMNS, row_cells
from kontor.web.dates import local
from kontor.web.identity import PersonRequest
from kontor.web.lists import address_with, page_of, sorting
from kontor.web.pages import leave_to, page, refused
from kontor.web.spreadsheets import MOST_ROWS, spreadsheet
from kontor.web.toasts import Toast

SORTS = {"issued": "issued_at", "number": "number", "due": "due_on", "total": "gross_total"}
MOST_AT_ONCE = 200
TO_ISSUE = "backoffice/invoices/to_issue.html"


def _tabs(current: str, waiting: int) -> list[dict[str, Any]]:
    return [
        {"label": _("Issued"), "url": reverse("backoffice:invoices"), "current": current == "issued"},
        {
            "label": _("To invoice"),
            "url": reverse("backoffice:invoices_to_issue"),
            "current": current == "to_issue",
            "count": waiting,
        },
    ]


def _asked(request: PersonRequest) -> InvoiceFilters:
    kind = request.GET.get("kind", "")
    return InvoiceFilters(
        side="selling",
        kind=kind if kind in Invoice.Kind.values else "",
        words=request.GET.get("q", ""),
        issued_from=day_asked(request, "from"),
        issued_until=day_asked(request, "until"),
    )


def _listed(request: PersonRequest) -> InvoiceQuerySet:
    """What the address asks for, also only what is past its day."""
    found = invoices_for(at_own_desk(request), _asked(request))
    if request.GET.get("due") == "passed":
        today = local(clock.now()).date()
        found = found.filter(kind=Invoice.Kind.INVOICE, due_on__lt=today)
    return found


@needs(SEE_INVOICES)
@require_GET
def invoices(request: PersonRequest) -> HttpResponse:
    """GET /office/invoices/?q=&kind=&due=&from=&until= -> issued invoices and credit notes, newest first."""
    _require_seller(request)
    actor = at_own_desk(request)
    sort = sorting(request, tuple(SORTS), "-issued")
    sign = "-" if sort.down else ""
    rows, pager = page_of(request, _listed(request), [f"{sign}{SORTS[sort.key]}", f"{sign}id"])
    asked = {name: request.GET.get(name, "") for name in ("q", "kind", "due", "from", "until")}
    address = address_with(request, after=None, before=None)[len(request.path) :]
    return page(
        request,
        "backoffice/invoices/list.html",
        block="listing",
        invoices=rows,
        pager=pager,
        sort=sort,
        asked=asked,
        is_narrowed=any(asked.values()),
        today=local(clock.now()).date(),
        kinds=[("", _("Invoices and credit notes")), *Invoice.Kind.choices],
        dues=[("", _("Any due day")), ("passed", _("Due day has passed"))],
        csv_url=reverse("backoffice:invoices_csv") + address,
        may_issue=actor.may(ISSUE_INVOICES),
        tabs=_tabs("issued", _count(actor)) if actor.may(ISSUE_INVOICES) else [],
    )


def _count(actor: Actor) -> int:
    """How many shipments, and orders with single parts, wait for their invoice."""
    shipments, orders = shipments_to_invoice(actor), orders_with_parts_to_invoice(actor)
    return shipments.order_by().values("pk").union(orders.order_by().values("pk"), all=True).count()


def _require_seller(request: PersonRequest) -> None:
    if not request.actor.is_seller:
        raise NotAllowed("not_allowed", _("Only sellers have these pages."))


@needs(SEE_INVOICES)
@require_GET
def invoices_csv(request: PersonRequest) -> HttpResponseBase:
    """GET /office/invoices.csv with the filters of the list -> one row per document; ?lines=1 rows that add up to its
    total: lines, what is taken off, charges, tax; ?form=xlsx as a workbook. Credit notes are negative."""
    _require_seller(request)
    found, form = _listed(request)[:MOST_ROWS], request.GET.get("form", "")
    columns: list[object] = [
        _("Number"), _("Kind"), _("Issued on"), _("Due on"), _("Customer"), _("VAT id"), _("Order"),
        _("Their number"), _("Tax treatment"), _("Net"), _("Tax"), _("Total"), _("Currency"), _("Reference"),
    ]  # fmt: skip
    if request.GET.get("lines") == "1":
        columns = [
            _("Document"), _("Kind"), _("Issued on"), _("Customer"), _("VAT id"), _("Order"), *ROW_COLUMNS,
        ]  # fmt: skip
        return spreadsheet("invoice-lines", columns, _line_rows(found), form=form)
    return spreadsheet("invoices", columns, _rows(found), form=form)


def _line_rows(found: InvoiceQuerySet) -> Iterator[list[Cell]]:
    for one, row in rows_of_invoices(found.iterator(2000)):
        yield [
            one.number, one.get_kind_display(), local(one.issued_at).date().isoformat(), one.buyer.legal_name,
            one.buyer.vat_id, one.order.number if one.order else "", *row_cells(row, one.currency, sign=_sign(one)),
        ]  # fmt: skip


def _sign(one: Invoice) -> int:
    return -1 if one.kind == Invoice.Kind.CREDIT_NOTE else 1


def _rows(found: InvoiceQuerySet) -> Iterator[list[Cell]]:
    for one in found.iterator(2000):
        sign = _sign(one)
        yield [
            one.number, one.get_kind_display(), local(one.issued_at).date().isoformat(), one.due_on.isoformat(),
            one.buyer.legal_name, one.buyer.vat_id, one.order.number if one.order else "", one.po_number,
            one.tax_treatment, sign * one.net_total, sign * one.tax_total, sign * one.gross_total, one.currency,
            one.external_reference,
        ]  # fmt: skip


@needs(SEE_INVOICES)
@require_GET
def invoice(request: PersonRequest, invoice_id: int) -> HttpResponse:
    """GET /office/invoices/7/ -> the document as it was issued, with what it belongs to."""
    actor = at_own_desk(request)
    detail = invoice_detail(actor, invoice_id)
    if detail is None or detail.invoice.seller_id != actor.company_id:
        raise Http404
    return page(
        request,
        "backoffice/invoices/detail.html",
        detail=detail,
        invoice=detail.invoice,
        is_credit=detail.invoice.kind == Invoice.Kind.CREDIT_NOTE,
        today=local(clock.now()).date(),
    )


def _nets(shipments: Sequence[Shipment]) -> dict[int, Decimal]:
    """What the goods in each shipment cost, before tax. Invoicing rounds each line; here it is looked at only."""
    value = Sum(
        F("quantity") * F("order_line__unit_price") / F("order_line__price_base"),
        output_field=DecimalField(max_digits=18, decimal_places=6),
    )
    lines = ShipmentLine.objects.filter(shipment__in=[one.pk for one in shipments], part=None).order_by()
    return dict(lines.values_list("shipment").annotate(net=value))


@needs(ISSUE_INVOICES)
@require_GET
def to_issue(request: PersonRequest) -> HttpResponse:
    """GET /office/invoices/to-issue/ -> shipments that left and are not invoiced, oldest first."""
    return page(request, TO_ISSUE, block="listing", **_to_issue(request))


def _to_issue(request: PersonRequest) -> dict[str, Any]:
    actor = at_own_desk(request)
    found = shipments_to_invoice(actor)
    rows, pager = page_of(request, found, ["shipped_at", "id"], size=100)
    nets = _nets(rows)
    sums: dict[str, Decimal] = {}
    for row in rows:
        sums[row.order.currency] = sums.get(row.order.currency, Decimal(0)) + nets.get(row.pk, Decimal(0))
    return {
        "shipments": rows,
        "nets": nets,
        "pager": pager,
        "sums": sums,
        "orders": orders_with_parts_to_invoice(actor)[:MOST_AT_ONCE],
        "tabs": _tabs("to_issue", _count(actor)),
        "typed": set(request.POST.getlist("selected")),
    }


@needs(ISSUE_INVOICES)
@require_POST
def issue_many(request: PersonRequest) -> HttpResponse:
    """POST /office/invoices/to-issue/issue/ selected=… -> an invoice for each shipment; what fails is named."""
    actor = at_own_desk(request)
    keys = [key for text in request.POST.getlist("selected") if (key := key_of(text))][:MOST_AT_ONCE]
    chosen = shipments_to_invoice(actor).filter(pk__in=keys).select_related("order__buyer", "order__seller")
    issued, failed = [], []
    for one in chosen:
        try:
            issued.append(issue_invoice(actor=actor, shipment=one))
        except NotAllowed:
            raise
        except Refused as refusal:
            failed.append(f"{one.number}: {refusal.message}")
    if not issued:
        reason = " ".join(failed) or _("Tick the shipments to invoice first.")
        return refused(
            request, TO_ISSUE, Refused("nothing_issued", reason), block="listing", **_to_issue(request)
        )
    message = ngettext("%(n)s invoice is issued.", "%(n)s invoices are issued.", len(issued)) % {
        "n": len(issued)
    }
    told = " ".join(failed) if failed else _("The customers were told.")
    toast = Toast(message=message, told=told, kind="warning" if failed else "good")
    return leave_to(request, reverse("backoffice:invoices_to_issue"), toast=toast)


@needs(ISSUE_INVOICES)
@require_POST
def invoice_issue(request: PersonRequest, shipment_id: int) -> HttpResponse:
    """POST /office/shipments/7/invoice/ -> the shipment's invoice."""
    found: Shipment = shipment_of(request, shipment_id)
    issued = issue_invoice(actor=at_own_desk(request), shipment=found)
    toast = Toast(
        message=_("Invoice %(number)s is issued.") % {"number": issued.number},
        told=_("%(buyer)s was told.") % {"buyer": found.order.buyer},
    )
    return leave_to(request, reverse("backoffice:invoice", args=[issued.pk]), toast=toast)


urlpatterns = [
    path("invoices/", invoices, name="invoices"),
    path("invoices.csv", invoices_csv, name="invoices_csv"),
    path("invoices/<int:invoice_id>/", invoice, name="invoice"),
    path("invoices/to-issue/", to_issue, name="invoices_to_issue"),
    path("invoices/to-issue/issue/", issue_many, name="invoices_issue"),
    path("shipments/<int:shipment_id>/invoice/", invoice_issue, name="invoice_issue"),
]
