"""Orders as the buyer follows them: the list and its file, one order whole, ask, cancel, order again."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kontor.fulfilment.operations.request_return import returnable
from kontor.fulfilment.permissions import ACCEPT_RETURNS, RETURN_GOODS
from kontor.fulfilment.queries import returns_for, shipments_of
from kontor.invoicing.queries import invoices_of
from kontor.kernel import clock
from kontor.kernel.entrances.csv_rows import Cell
from kontor.kernel.refusal import Refused
from kontor.messaging.operations import write_message
from kontor.messaging.permissions import WRITE_MESSAGES
from kontor.orders.bill_rows import rows_of_orders
from kontor.orders.grounds import sentence
from kontor.orders.models import Order
from kontor.orders.operations import cancel_order, reorder
from kontor.orders.permissions import ENTER_ORDERS, PLACE_ORDERS
from kontor.orders.queries import OrderDetail, OrderFilters, order_detail, orders_for
from kontor.orders.timeline import approver_of, timeline
from kontor.storefront.histories import history_rows
from kontor.storefront.progress import order_steps
from kontor.storefront.states import ORDER_KINDS, RETURN_KINDS, SHIPMENT_KINDS
from kontor.web.access import needs, signed_in
from kontor.web.asked import day_asked, ticked
from kontor.web.bill_files import ROW_COLUMNS, row_cells
from kontor.web.dates import local
from kontor.web.identity import PersonRequest
from kontor.web.lists import address_with, page_of, sorting
from kontor.web.names import country_name
from kontor.web.pages import leave_to, page, refused
from kontor.web.spreadsheets import MOST_ROWS, cents, plain, spreadsheet
from kontor.web.toasts import Toast

LIST, DETAIL = "storefront/orders/list.html", "storefront/orders/detail.html"
SORTS = {"placed": "placed_at", "number": "number", "net": "net_total", "status": "status"}


def filters_of(request: PersonRequest) -> OrderFilters:
    """What the address asks for: words, a state or "running", days, only my own."""
    state = request.GET.get("status", "")
    mine = ticked(request.GET, "mine")
    return OrderFilters(
        side="buying",
        statuses=(state,) if state in Order.Status.values else (),
        is_open=True if state == "running" else None,
        late_on=local(clock.now()).date() if state == "late" else None,
        words=request.GET.get("q", ""),
        placed_by_id=request.actor.membership_id if mine else None,
        placed_from=day_asked(request, "from"),
        placed_until=day_asked(request, "until"),
    )


@signed_in
@require_GET
def orders(request: PersonRequest) -> HttpResponse:
    """GET /orders/?q=&status=&from=&until= -> the company's orders, newest first."""
    found = orders_for(request.actor, filters_of(request))
    sort = sorting(request, tuple(SORTS), "-placed")
    sign = "-" if sort.down else ""
    rows, pager = page_of(request, found, [f"{sign}{SORTS[sort.key]}", f"{sign}id"])
    asked = {name: request.GET.get(name, "") for name in ("q", "status", "from", "until", "mine")}
    return page(
        request,
        LIST,
        block="listing",
        orders=rows,
        pager=pager,
        sort=sort,
        asked=asked,
        is_narrowed=any(asked.values()),
        kinds=ORDER_KINDS,
        today=local(clock.now()).date(),
        states=[
            ("", _("All orders")),
            ("running", _("Running")),
            ("late", _("Late")),
            *((value, label) for value, label in Order.Status.choices),
        ],
        csv_url=reverse("storefront:orders_csv")
        + address_with(request, after=None, before=None)[len(request.path) :],
    )


@signed_in
@require_GET
def orders_csv(request: PersonRequest) -> HttpResponseBase:
    """GET /orders.csv with the filters of the list -> one row per order; ?lines=1 rows that add up to its total: lines,
    what is taken off, charges, tax; ?form=xlsx as a workbook."""
    found = orders_for(request.actor, filters_of(request))[:MOST_ROWS]
    form = request.GET.get("form", "")
    head = [
        _("Order"),
        _("Your number"),
        _("Placed on"),
        _("Status"),
        _("Seller"),
        _("Ordered by"),
        _("Promised for"),
    ]
    if request.GET.get("lines") == "1":
        columns = [
            *head, *ROW_COLUMNS, _("Shipped"), _("Returned"),
        ]  # fmt: skip
        return spreadsheet("order-lines", columns, _line_rows(found), form=form)
    columns = [*head, _("Net"), _("Tax"), _("Total"), _("Currency")]
    return spreadsheet("orders", columns, _order_rows(found), form=form)


def _head(order: Order) -> list[Cell]:
    promised = order.confirmed_date.isoformat() if order.confirmed_date else ""
    return [
        order.number, order.po_number, local(order.placed_at).date().isoformat(), order.get_status_display(),
        str(order.seller), order.placed_by_name, promised,
    ]  # fmt: skip


def _order_rows(found: Any) -> Iterator[list[Cell]]:
    for order in found.iterator(2000):
        totals = (order.net_total, order.tax_total, order.gross_total)
        yield [*_head(order), *(cents(one, order.currency) for one in totals), order.currency]


def _line_rows(found: Any) -> Iterator[list[Cell]]:
    for order, row in rows_of_orders(found.iterator(2000)):
        one = row.line if row.kind == "line" else None
        done = [plain(one.shipped), plain(one.returned)] if one else [None] * 2
        yield [*_head(order), *row_cells(row, order.currency), *done]


def order_of(request: PersonRequest, order_id: int) -> Order:
    """An order that the reader's company buys, or 404."""
    orders = Order.objects.visible_to(request.actor).filter(buyer_id=request.actor.buying_company_id)
    return get_object_or_404(orders.select_related("buyer", "seller"), pk=order_id)


@signed_in
@require_GET
def order(request: PersonRequest, order_id: int) -> HttpResponse:
    """GET /orders/7/ -> how far it is, lines, parcels, papers, what happened, and a question to the seller."""
    return page(request, DETAIL, block="order", **_detail(request, order_id))


def _detail(request: PersonRequest, order_id: int) -> dict[str, Any]:
    actor = request.actor
    detail = order_detail(actor, order_id)
    if detail is None or not detail.is_buyer:
        raise Http404
    found = detail.order
    shipments = shipments_of(found, actor)
    returns = list(returns_for(actor).filter(order=found))
    history = timeline(found, actor)
    returns_goods = actor.may(ACCEPT_RETURNS if actor.acting_for_id else RETURN_GOODS)
    may_return = returns_goods and any(line.shipped for line in detail.lines)
    return {
        "detail": detail,
        "order": found,
        "price_of": lambda line: sentence(line.price_grounds, line.price_source, line.base_unit),
        "steps": order_steps(found, [one.shipment for one in shipments]),
        "kind": ORDER_KINDS[found.status],
        "is_late": _is_late(detail),
        "shipments": shipments,
        "shipment_kinds": SHIPMENT_KINDS,
        "returns": returns,
        "return_kinds": RETURN_KINDS,
        "invoices": invoices_of(found, actor),
        "history": history_rows(history, "buyer"),
        "approved_by": approver_of(history),
        "country": country_name(found.delivery_address.get("country", "")),
        "may_return": may_return and any(quantity > 0 for quantity in returnable(found).values()),
        "may_write": actor.may(WRITE_MESSAGES) and found.released_at is not None,
        "body": request.POST.get("body", ""),
    }


def _is_late(detail: OrderDetail) -> bool:
    promised = detail.order.confirmed_date
    is_open = any(line.open_quantity > 0 for line in detail.lines)
    return promised is not None and is_open and promised < local(clock.now()).date() and detail.order.is_open


@needs(WRITE_MESSAGES)
@require_POST
def order_message(request: PersonRequest, order_id: int) -> HttpResponse:
    """POST /orders/7/messages/ body -> the seller reads it; both see it among what happened."""
    found = order_of(request, order_id)
    if found.released_at is None:
        raise Refused(
            "not_released", _("The seller does not have this order yet, so it cannot be asked about it.")
        )
    try:
        write_message(
            actor=request.actor,
            subject=("order", found.pk),
            title=_("Order %(number)s") % {"number": found.number},
            buyer_id=found.buyer_id,
            seller_id=found.seller_id,
            body=request.POST.get("body", ""),
        )
    except Refused as refusal:
        return refused(request, DETAIL, refusal, block="order", **_detail(request, order_id))
    toast = Toast(message=_("Message sent."), told=_("%(seller)s was told.") % {"seller": found.seller})
    return leave_to(request, reverse("storefront:order", args=[order_id]) + "#messages", toast=toast)


@needs(PLACE_ORDERS, ENTER_ORDERS)
@require_POST
def order_cancel(request: PersonRequest, order_id: int) -> HttpResponse:
    """POST /orders/7/cancel/ reason -> cancelled, as long as the seller has not confirmed it."""
    found = order_of(request, order_id)
    released = found.released_at is not None
    try:
        cancel_order(actor=request.actor, order=found, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        if not refusal.fields:
            raise
        return refused(request, DETAIL, refusal, block="order", **_detail(request, order_id))
    told = _("The reserved goods are free again.")
    if released:
        seller_knows = _("%(seller)s was told.") % {"seller": found.seller}
        told = f"{seller_knows} {told}"
    toast = Toast(message=_("Order %(number)s is cancelled.") % {"number": found.number}, told=told)
    return leave_to(request, reverse("storefront:order", args=[order_id]), toast=toast)


@needs(PLACE_ORDERS, ENTER_ORDERS)
@require_POST
def order_reorder(request: PersonRequest, order_id: int) -> HttpResponse:
    """POST /orders/7/reorder/ -> its lines in the cart at the prices of now; what is gone is named."""
    cart, report = reorder(actor=request.actor, order=order_of(request, order_id))
    taken = len(report.taken)
    message = ngettext("%(n)s line is in the cart.", "%(n)s lines are in the cart.", taken) % {"n": taken}
    gone = ", ".join(one.text for one in report.rejected[:5])
    told = _("Not available any more: %(articles)s") % {"articles": gone} if gone else ""
    toast = Toast(message=message, told=told, kind="warning" if gone else "good")
    return leave_to(request, reverse("storefront:cart_detail", args=[cart.pk]), toast=toast)


urlpatterns = [
    path("orders/", orders, name="orders"),
    path("orders.csv", orders_csv, name="orders_csv"),
    path("orders/<int:order_id>/", order, name="order"),
    path("orders/<int:order_id>/messages/", order_message, name="order_message"),
    path("orders/<int:order_id>/cancel/", order_cancel, name="order_cancel"),
    path("orders/<int:order_id>/reorder/", order_reorder, name="order_reorder"),
]
