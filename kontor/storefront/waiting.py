"""What waits for somebody on their first page, which orders run, and what the company usually buys."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from kontor.approvals.queries import waiting_for as approvals_for
from kontor.audit.models import Entry
from kontor.fulfilment.models import Shipment
from kontor.invoicing.models import Invoice
from kontor.invoicing.permissions import SEE_INVOICES
from kontor.invoicing.queries import InvoiceFilters, invoices_for
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.messaging.models import Thread
from kontor.messaging.permissions import WRITE_MESSAGES
from kontor.orders.models import Order
from kontor.orders.queries import OrderFilters, UsualItem, orders_for
from kontor.orders.queries import usual_items as usual_of
from kontor.quotes.queries import RequestFilters, RequestRow, requests_for
from kontor.quotes.rules import Side
from kontor.search.queries import Card, Viewer, cards_of
from kontor.storefront.buying import may_ask_for_prices
from kontor.storefront.states import ORDER_KINDS
from kontor.web.dates import date_text, local, relative_time
from kontor.web.values import money, status

MOST_OF_A_KIND = 5
RUNNING = 8
DUE_SOON = timedelta(days=7)
STAYS_NEWS = timedelta(days=5)
SUBJECT_PAGES = {
    "order": "storefront:order",
    "quote": "storefront:request",
    "return": "storefront:return",
    "inquiry": "storefront:inquiry",
}

Task = dict[str, Any]


def waiting_for(actor: Actor) -> list[Task]:
    """Rows of `ui.task_list`: what this person's company must see to, the most urgent kind first."""
    today = local(clock.now()).date()
    return [
        *_approvals(actor),
        *_offers(actor),
        *_changed(actor, today),
        *_messages(actor),
        *_due(actor, today),
    ]


def _task(icon: str, title: str, url: str, **more: Any) -> Task:
    return {"icon": icon, "title": title, "url": url, "detail": "", "mark": "", "value": ""} | more


def _approvals(actor: Actor) -> list[Task]:
    return [
        _task(
            "clipboard-document-check",
            _("Approve %(title)s") % {"title": one.subject_title},
            reverse("storefront:approval", args=[one.pk]),
            detail=_("asked by %(name)s, %(when)s")
            % {"name": one.requested_by.user.name, "when": relative_time(one.requested_at)},
            value=money(one.amount, one.currency),
        )
        for one in approvals_for(actor)[:MOST_OF_A_KIND]
    ]


def _offers(actor: Actor) -> list[Task]:
    if not may_ask_for_prices(actor):
        return []
    found = requests_for(actor, RequestFilters(side=Side.BUYER, statuses=("offered",)), limit=20)
    rows = sorted(found.rows, key=lambda row: (row.is_expired, row.valid_until or row.requested_at))
    return [_offer(row) for row in rows[:MOST_OF_A_KIND]]


def _offer(row: RequestRow) -> Task:
    soon = row.valid_until is not None and row.valid_until < clock.now() + timedelta(days=3)
    detail = _("from %(seller)s, valid until %(day)s") % {
        "seller": row.seller_name,
        "day": date_text(row.valid_until),
    }
    if row.is_expired:
        mark: Any = status(_("expired"), "bad")
    else:
        mark = status(relative_time(row.valid_until), "warning") if soon else ""
    return _task(
        "chat-bubble-left-right",
        _("Answer the offer for %(number)s") % {"number": row.number},
        reverse("storefront:request", args=[row.id]),
        detail=detail,
        mark=mark,
        value=money(row.net_total, row.currency),
    )


def _changed(actor: Actor, today: date) -> list[Task]:
    """Orders whose promised day has moved lately or is over. A moved day is news for some days."""
    moved = dict(
        Entry.objects.filter(
            about_type="order", verb="orders.date_changed", at__gt=clock.now() - STAYS_NEWS,
            about_id__in=_open_orders(actor).values("pk"),
        )
        .values_list("about_id")
        .annotate(at=Max("at"))
    )  # fmt: skip
    late = orders_for(actor, OrderFilters(side="buying", late_on=today)).order_by("confirmed_date", "id")
    rows = {order.pk: order for order in late[:MOST_OF_A_KIND]}
    for order in orders_for(actor, OrderFilters(side="buying")).filter(pk__in=moved)[:MOST_OF_A_KIND]:
        rows.setdefault(order.pk, order)
    return [_late(order, today) for order in rows.values()]


def _open_orders(actor: Actor) -> Any:
    running = OrderFilters(side="buying", is_open=True)
    return orders_for(actor, running).order_by().select_related(None).only("pk")


def _late(order: Order, today: date) -> Task:
    is_late = order.confirmed_date is not None and order.confirmed_date < today
    facts = {"number": order.number, "day": date_text(order.confirmed_date)}
    return _task(
        "clock",
        _("Order %(number)s is late") % facts if is_late else _("New delivery date for %(number)s") % facts,
        reverse("storefront:order", args=[order.pk]),
        detail=_("was promised for %(day)s") % facts if is_late else _("now %(day)s") % facts,
        mark=status(_("late"), "bad") if is_late else status(_("changed"), "warning"),
    )


def _messages(actor: Actor) -> list[Task]:
    if not actor.may(WRITE_MESSAGES) or actor.acting_for_id:
        return []
    threads = (
        Thread.objects.visible_to(actor)
        .filter(buyer_id=actor.company_id, answer_due_from_id=actor.company_id)
        .select_related("seller")
        .annotate(written_at=Max("messages__sent_at"))
        .order_by("written_at")
    )
    waiting = [(thread, thread.__dict__["written_at"]) for thread in threads[:MOST_OF_A_KIND]]
    return [
        _task(
            "envelope",
            _("Answer %(seller)s") % {"seller": thread.seller},
            reverse(SUBJECT_PAGES[thread.subject_type], args=[thread.subject_id]) + "#messages",
            detail=f"{thread.subject_title}, {relative_time(written_at)}",
        )
        for thread, written_at in waiting
        if thread.subject_type in SUBJECT_PAGES
    ]


def _due(actor: Actor, today: date) -> list[Task]:
    """Invoices that fall due within a week, or fell due within the last one: payments are not booked here."""
    if not actor.may(SEE_INVOICES):
        return []
    invoices = invoices_for(actor, InvoiceFilters(side="buying", kind=Invoice.Kind.INVOICE))
    near = invoices.filter(due_on__range=(today - DUE_SOON, today + DUE_SOON)).order_by("due_on", "id")
    return [
        _task(
            "banknotes",
            _("Invoice %(number)s") % {"number": one.number},
            reverse("storefront:invoice", args=[one.pk]),
            detail=_("due %(day)s") % {"day": date_text(one.due_on)},
            mark=status(_("due"), "warning") if one.due_on <= today else "",
            value=money(one.gross_total, one.currency),
        )
        for one in near[:MOST_OF_A_KIND]
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningOrder:
    """An order that is not delivered yet. `next_date` is what is next expected: arrival, else the promised day."""

    id: int
    number: str
    po_number: str
    status_label: str
    status_kind: str
    next_date: date | None
    is_late: bool
    net_total: Decimal
    currency: str


def running_orders(actor: Actor) -> list[RunningOrder]:
    """The newest orders between placing and delivery. Two queries."""
    orders = list(orders_for(actor, OrderFilters(side="buying", is_open=True))[:RUNNING])
    on_the_way = Shipment.objects.visible_to(actor).filter(
        order__in=orders, status=Shipment.Status.SHIPPED, arrives_on__isnull=False
    )
    arrivals = dict(on_the_way.values_list("order_id").annotate(day=Max("arrives_on")))
    return [_running(order, arrivals.get(order.pk)) for order in orders]


def _running(order: Order, arrives_on: date | None) -> RunningOrder:
    expected = arrives_on or order.confirmed_date
    return RunningOrder(
        id=order.pk,
        number=order.number,
        po_number=order.po_number,
        status_label=order.get_status_display(),
        status_kind=ORDER_KINDS[order.status],
        next_date=expected,
        is_late=expected is not None and expected < local(clock.now()).date(),
        net_total=order.net_total,
        currency=order.currency,
    )


@dataclass(frozen=True, slots=True)
class Usual:
    """An article that is bought again and again, with quantity and unit of the last time."""

    card: Card
    item: UsualItem


def usual_items(actor: Actor, viewer: Viewer, *, limit: int = 8) -> list[Usual]:
    """What the company buys most, at its prices of now. Two queries."""
    items = {item.product_id: item for item in usual_of(actor, limit=limit)}
    return [Usual(card, items[card.product_id]) for card in cards_of(viewer, list(items))]
