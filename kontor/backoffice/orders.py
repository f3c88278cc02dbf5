"""Orders as the seller sees them: the list and its file, one order whole with everything that can be done to it."""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kontor.backoffice.doors import Doors
from kontor.backoffice.histories import order_rows
from kontor.backoffice.seat import at_own_desk
from kontor.backoffice.states import ORDER_KINDS, PICK_KINDS, RETURN_KINDS, SHIPMENT_KINDS, order_word
from kontor.companies.models import CustomerAccount
from kontor.fulfilment.models import PickList
from kontor.fulfilment.operations import release_to_warehouse
from kontor.fulfilment.permissions import SHIP
from kontor.fulfilment.queries import left_to_pick, returns_for, shipments_of
from kontor.inventory.queries import reservations_of
from kontor.invoicing.models import Invoice
from kontor.invoicing.operations import issue_invoice_for_parts, issue_invoice_for_services
from kontor.invoicing.permissions import ISSUE_INVOICES
from kontor.invoicing.queries import invoices_of
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.entrances.csv_rows import Cell
from kontor.kernel.money import ZERO
from kontor.kernel.refusal import NotAllowed, Refused, Stale
from kontor.messaging.operations import write_message
from kontor.messaging.permissions import WRITE_MESSAGES
from kontor.orders.bill_rows import rows_of_orders
from kontor.orders.grounds import for_staff
from kontor.orders.models import Order, OrderLine, OrderQuerySet
from kontor.orders.operations import cancel_order, change_confirmed_date, confirm_order
from kontor.orders.permissions import CONFIRM_ORDERS, ENTER_ORDERS
from kontor.orders.queries import OrderDetail, OrderFilters, order_detail, orders_for
from kontor.orders.states import SHIPPABLE
from kontor.orders.timeline import approver_of, timeline
from kontor.web.access import needs
from kontor.web.asked import day_asked, day_of, key_of
from kontor.web.bill_files import ROW_COLUMNS, row_cells
from kontor.web.dates import date_text, local
from kontor.web.identity import PersonRequest
from kontor.web.lists import address_with, page_of, sorting
from kontor.web.pages import leave_to, page, refused
from kontor.web.spreadsheets import MOST_ROWS, spreadsheet
from kontor.web.toasts import Toast

LIST, DETAIL = "backoffice/orders/list.html", "backoffice/orders/detail.html"
SORTS = {"placed": "placed_at", "number": "number", "net": "net_total", "status": "status"}


def filters_of(request: PersonRequest) -> OrderFilters:
    """What the address asks for: words, a state ("running", "late"), days, one customer."""
    state = request.GET.get("status", "")
    return OrderFilters(
        side="selling",
        statuses=(state,) if state in Order.Status.values else (),
        is_open=True if state == "running" else None,
        late_on=local(clock.now()).date() if state == "late" else None,
        words=request.GET.get("q", ""),
        buyer_id=key_of(request.GET.get("customer", "")),
        placed_from=day_asked(request, "from"),
        placed_until=day_asked(request, "until"),
    )


@needs(CONFIRM_ORDERS, SHIP, ISSUE_INVOICES)
@require_GET
def orders(request: PersonRequest) -> HttpResponse:
    """GET /office/orders/?q=&status=&customer=&from=&until= -> customers' orders, newest first."""
    actor, filters = at_own_desk(request), filters_of(request)
    sort = sorting(request, tuple(SORTS), "-placed")
    sign = "-" if sort.down else ""
    rows, pager = page_of(request, orders_for(actor, filters), [f"{sign}{SORTS[sort.key]}", f"{sign}id"])
    asked = {name: request.GET.get(name, "") for name in ("q", "status", "from", "until", "customer")}
    accounts = CustomerAccount.objects.visible_to(actor).filter(seller_id=actor.company_id)
    hidden = (Order.Status.AWAITING_APPROVAL, Order.Status.SENT_BACK)
    return page(
        request,
        LIST,
        block="listing",
        orders=rows,
        pager=pager,
        sort=sort,
        asked=asked,
        is_narrowed=any(asked.values()),
        customer=accounts.filter(buyer_id=filters.buyer_id).select_related("buyer").first()
        if filters.buyer_id
        else None,
        kinds=ORDER_KINDS,
        word=order_word,
        today=local(clock.now()).date(),
        may_enter=actor.may(ENTER_ORDERS),
        states=[
            ("", _("All orders")),
            ("running", _("Running")),
            ("late", _("Late")),
            *((value, order_word(value)) for value in Order.Status.values if value not in hidden),
        ],
        csv_url=reverse("backoffice:orders_csv")
        + address_with(request, after=None, before=None)[len(request.path) :],
    )


@needs(CONFIRM_ORDERS, SHIP, ISSUE_INVOICES)
@require_GET
def orders_csv(request: PersonRequest) -> HttpResponseBase:
    """GET /office/orders.csv with the filters of the list -> one row per order; ?lines=1 rows that add up to its total:
    lines, what is taken off, charges, tax; ?form=xlsx as a workbook."""
    found = orders_for(at_own_desk(request), filters_of(request))[:MOST_ROWS]
    form = request.GET.get("form", "")
    head = [
        _("Order"), _("Customer"), _("Their number"), _("Placed on"), _("Channel"), _("Status"), _("Ordered by"),
        _("Wished for"), _("Promised for"),
    ]  # fmt: skip
    if request.GET.get("lines") == "1":
        columns = [
            *head, *ROW_COLUMNS, _("Shipped"), _("Invoiced"), _("Returned"), _("Cancelled"),
        ]  # fmt: skip
        return spreadsheet("order-lines", columns, _line_rows(found), form=form)
    columns = [*head, _("Net"), _("Tax"), _("Total"), _("Currency")]
    return spreadsheet("orders", columns, _order_rows(found), form=form)


def _head(order: Order) -> list[Cell]:
    days = [one.isoformat() if one else "" for one in (order.wished_date, order.confirmed_date)]
    return [
        order.number, str(order.buyer), order.po_number, local(order.placed_at).date().isoformat(),
        order.get_channel_display(), order.get_status_display(), order.placed_by_name, *days,
    ]  # fmt: skip


def _order_rows(found: OrderQuerySet) -> Iterator[list[Cell]]:
    for order in found.iterator(2000):
        yield [*_head(order), order.net_total, order.tax_total, order.gross_total, order.currency]


def _line_rows(found: OrderQuerySet) -> Iterator[list[Cell]]:
    for order, row in rows_of_orders(found.iterator(2000)):
        one = row.line if row.kind == "line" else None
        done = [one.shipped, one.invoiced, one.returned, one.cancelled] if one else [None] * 4
        yield [*_head(order), *row_cells(row, order.currency), *done]


def order_of(request: PersonRequest, order_id: int) -> Order:
    """An order that was placed with the reader's company, or 404."""
    own = Order.objects.visible_to(at_own_desk(request)).filter(seller_id=request.actor.company_id)
    return get_object_or_404(own.select_related("buyer", "seller"), pk=order_id)


@needs(CONFIRM_ORDERS, SHIP, ISSUE_INVOICES)
@require_GET
def order(request: PersonRequest, order_id: int) -> HttpResponse:
    """GET /office/orders/7/ -> lines with what is open, shipped, invoiced, returned; papers; what happened."""
    return page(request, DETAIL, block="order", **shown(request, order_id))


def shown(request: PersonRequest, order_id: int) -> dict[str, Any]:
    """Everything that the page of an order shows."""
    actor = at_own_desk(request)
    detail = order_detail(actor, order_id)
    if detail is None or not detail.is_seller:
        raise Http404
    found = detail.order
    today = local(clock.now()).date()
    pick_lists = (
        PickList.objects.visible_to(actor).filter(order=found).exclude(status=PickList.Status.CANCELLED)
    )
    open_lines = [line for line in detail.lines if line.open_quantity > 0]
    history = timeline(found, actor)
    return {
        "detail": detail,
        "grounds": for_staff,
        "order": found,
        "kind": ORDER_KINDS[found.status],
        "word": order_word(found.status),
        "open_lines": open_lines,
        "is_late": bool(open_lines)
        and found.confirmed_date is not None
        and found.confirmed_date < today
        and found.is_open,
        "today": today,
        "reserved": {
            key: sum((one.quantity for one in rows), ZERO)
            for key, rows in reservations_of([one.pk for one in open_lines if one.kind != "kit"]).items()
        }
        | {line.pk: line.open_quantity for line in open_lines if line.kind == "kit"},
        "shipments": shipments_of(found, actor),
        "shipment_kinds": SHIPMENT_KINDS,
        "pick_lists": list(pick_lists.select_related("warehouse").order_by("pk")),
        "pick_kinds": PICK_KINDS,
        "returns": list(returns_for(actor).filter(order=found)),
        "return_kinds": RETURN_KINDS,
        "invoices": invoices_of(found, actor),
        "history": order_rows(history),
        "approved_by": approver_of(history),
        "doors": Doors(actor),
        "typed": request.POST if request.method == "POST" else None,
        **_rights(actor, detail, open_lines),
    }


def _rights(actor: Actor, detail: OrderDetail, open_lines: list[OrderLine]) -> dict[str, bool]:
    shippable = detail.order.status in SHIPPABLE
    goods = any(line.kind != "service" for line in open_lines)
    services = any(line.kind == "service" for line in open_lines)
    return {
        "may_release": shippable and goods and actor.may(SHIP) and bool(left_to_pick(detail.order)),
        "may_invoice_services": shippable and services and actor.may(ISSUE_INVOICES),
        "may_write": actor.may(WRITE_MESSAGES),
    }


def _changed(request: PersonRequest, order_id: int, change: Callable[[Actor, Order], Toast]) -> HttpResponse:
    """Do something to an order and show it again, or say at the field why not."""
    found = order_of(request, order_id)
    try:
        toast = change(at_own_desk(request), found)
    except (NotAllowed, Stale):
        raise
    except Refused as refusal:
        return refused(request, DETAIL, refusal, block="order", **shown(request, order_id))
    if request.POST.get("next") == "home":
        return leave_to(request, reverse("backoffice:home") + "?desk=warehouse", toast=toast)
    return leave_to(request, reverse("backoffice:order", args=[order_id]), toast=toast)


@needs(CONFIRM_ORDERS)
@require_POST
def order_confirm(request: PersonRequest, order_id: int) -> HttpResponse:
    """POST /office/orders/7/confirm/ confirmed_date -> promised; empty promises the wished or the earliest day."""

    def confirm(actor: Actor, found: Order) -> Toast:
        confirmed = confirm_order(actor=actor, order=found, confirmed_date=_day(request))
        facts = {"number": found.number, "day": date_text(confirmed.confirmed_date)}
        return Toast(
            message=_("Order %(number)s is confirmed for %(day)s.") % facts,
            told=_("%(company)s was told.") % {"company": found.buyer},
        )

    return _changed(request, order_id, confirm)


def _day(request: PersonRequest) -> Any:
    text = request.POST.get("confirmed_date", "").strip()
    found = day_of(text)
    if text and found is None:
        message = _("Enter a day, such as 2026-05-31.")
        raise Refused("date_wrong", message, {"confirmed_date": message})
    return found


@needs(CONFIRM_ORDERS)
@require_POST
def order_date(request: PersonRequest, order_id: int) -> HttpResponse:
    """POST /office/orders/7/date/ confirmed_date, reason -> another day is promised; the first stays on record."""

    def change(actor: Actor, found: Order) -> Toast:
        day = _day(request)
        if day is None:
            message = _("Choose the new day.")
            raise Refused("date_missing", message, {"confirmed_date": message})
        change_confirmed_date(
            actor=actor, order=found, confirmed_date=day, reason=request.POST.get("reason", "")
        )
        return Toast(
            message=_("Order %(number)s is promised for %(day)s now.")
            % {"number": found.number, "day": date_text(day)},
            told=_("%(company)s was told.") % {"company": found.buyer},
        )

    return _changed(request, order_id, change)


@needs(CONFIRM_ORDERS)
@require_POST
def order_cancel(request: PersonRequest, order_id: int) -> HttpResponse:
    """POST /office/orders/7/cancel/ reason, line (several) -> what is open of these lines is cancelled."""

    def cancel(actor: Actor, found: Order) -> Toast:
        lines = [key for text in request.POST.getlist("line") if (key := key_of(text)) is not None]
        if not lines:
            message = _("Choose the lines to cancel.")
            raise Refused("no_lines", message, {"line": message})
        cancel_order(actor=actor, order=found, reason=request.POST.get("reason", ""), line_ids=lines)
        whole = found.status == Order.Status.CANCELLED
        said = (
            _("Order %(number)s is cancelled.")
            if whole
            else _("The chosen lines of order %(number)s are cancelled.")
        )
        return Toast(
            message=said % {"number": found.number},
            told=_("%(company)s was told, with your reason. The reserved goods are free again.")
            % {"company": found.buyer},
        )

    return _changed(request, order_id, cancel)


@needs(SHIP)
@require_POST
def order_release(request: PersonRequest, order_id: int) -> HttpResponse:
    """POST /office/orders/7/release/ -> pick lists, one per warehouse."""

    def release(actor: Actor, found: Order) -> Toast:
        lists = release_to_warehouse(actor=actor, order=found)
        message = ngettext(
            "%(n)s pick list for order %(number)s.", "%(n)s pick lists for order %(number)s.", len(lists)
        )
        return Toast(
            message=message % {"n": len(lists), "number": found.number}, told=_("The warehouse can start.")
        )

    return _changed(request, order_id, release)


@needs(ISSUE_INVOICES)
@require_POST
def order_invoice_services(request: PersonRequest, order_id: int) -> HttpResponse:
    """POST /office/orders/7/invoice-services/ -> the open services are booked as rendered and invoiced."""
    return _changed(
        request, order_id, lambda actor, found: _issued(issue_invoice_for_services(actor=actor, order=found))
    )


def _issued(invoice: Invoice) -> Toast:
    return Toast(
        message=_("Invoice %(number)s is issued.") % {"number": invoice.number},
        told=_("%(company)s was told.") % {"company": invoice.buyer},
    )


@needs(ISSUE_INVOICES)
@require_POST
def order_invoice_parts(request: PersonRequest, order_id: int) -> HttpResponse:
    """POST /office/orders/7/invoice-parts/ -> single parts of cancelled kits are invoiced at their share."""
    return _changed(
        request, order_id, lambda actor, found: _issued(issue_invoice_for_parts(actor=actor, order=found))
    )


@needs(WRITE_MESSAGES)
@require_POST
def order_message(request: PersonRequest, order_id: int) -> HttpResponse:
    """POST /office/orders/7/messages/ body -> the customer reads it; both see it among what happened."""

    def write(actor: Actor, found: Order) -> Toast:
        write_message(
            actor=actor,
            subject=("order", found.pk),
            title=_("Order %(number)s") % {"number": found.number},
            buyer_id=found.buyer_id,
            seller_id=found.seller_id,
            body=request.POST.get("body", ""),
        )
        return Toast(message=_("Message sent."), told=_("%(company)s was told.") % {"company": found.buyer})

    return _changed(request, order_id, write)


urlpatterns = [
    path("orders/", orders, name="orders"),
    path("orders.csv", orders_csv, name="orders_csv"),
    path("orders/<int:order_id>/", order, name="order"),
    path("orders/<int:order_id>/confirm/", order_confirm, name="order_confirm"),
    path("orders/<int:order_id>/date/", order_date, name="order_date"),
    path("orders/<int:order_id>/cancel/", order_cancel, name="order_cancel"),
    path("orders/<int:order_id>/release/", order_release, name="order_release"),
    path("orders/<int:order_id>/invoice-services/", order_invoice_services, name="order_invoice_services"),
    path("orders/<int:order_id>/invoice-parts/", order_invoice_parts, name="order_invoice_parts"),
    path("orders/<int:order_id>/messages/", order_message, name="order_message"),
]
