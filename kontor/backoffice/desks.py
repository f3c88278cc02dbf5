"""What lies on the desks of the first page: for sales, the warehouse, finance and the catalog."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_skeleton
from django.db.models import Count, DecimalField, Exists, F, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kontor.backoffice.states import RETURN_KINDS
from kontor.catalog.models import Medium, Product
from kontor.companies.permissions import ACCEPT_CUSTOMERS
from kontor.companies.queries import accounts_waiting
from kontor.fulfilment.models import PickList, Return, Shipment
from kontor.fulfilment.queries import pick_lists_for, returns_for, waits_for_release, warehouse_counts
from kontor.inventory.queries import low_stock
from kontor.invoicing.models import Invoice
from kontor.invoicing.queries import InvoiceFilters, invoices_for, shipments_to_invoice
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.money import ZERO
from kontor.messaging.queries import threads_waiting_for
from kontor.orders.history import Week, quiet_customers, weekly_sales
from kontor.orders.models import Order
from kontor.orders.queries import OrderFilters, orders_for
from kontor.orders.states import SHIPPABLE
from kontor.pricing.models import Price, PriceList, PriceRound
from kontor.pricing.permissions import APPROVE_ROUND
from kontor.quotes.models import Offer, QuoteRequest
from kontor.web.charts import Bar
from kontor.web.dates import date_text, local
from kontor.web.numbers import active_locale
from kontor.web.values import money_text

ROWS = 8
SOON = timedelta(days=7)
PASSED = timedelta(days=30)
SUBJECT_PAGES = {
    "order": "backoffice:order",
    "quote": "backoffice:request",
    "return": "backoffice:return",
    "inquiry": "backoffice:inquiry",
}
VALUE = Sum(
    F("lines__list_price") * F("lines__quantity") * F("lines__factor") / F("lines__price_base"),
    output_field=DecimalField(),
)

Values = dict[str, Any]


def seller_id_of(actor: Actor) -> int:
    """The company whose office this is; guards let only its people in."""
    if actor.company_id is None:
        raise LookupError("nobody works here without a company")
    return actor.company_id


def with_value(requests: QuerySet[QuoteRequest]) -> QuerySet[QuoteRequest]:
    """Requests with `value`: what the wished goods cost at the customer's own prices when it asked."""
    return requests.annotate(value=VALUE, line_count=Count("lines")).select_related("buyer")


def values_of(requests: QuerySet[QuoteRequest]) -> dict[int, Decimal | None]:
    """The same value by request, for a list that has its rows already. One query."""
    return dict(requests.annotate(value=VALUE).values_list("pk", "value"))


def sales(actor: Actor, zone: str) -> Values:
    """Requests by age, offers that wait for the customer, orders to confirm, late ones, customers, price rounds."""
    seller_id, today, now = seller_id_of(actor), local(clock.now()).date(), clock.now()
    own = QuoteRequest.objects.visible_to(actor).filter(seller_id=seller_id)
    requests = own.filter(status=QuoteRequest.Status.SUBMITTED)
    sent = Offer.objects.visible_to(actor).filter(status=Offer.Status.SENT, request__seller_id=seller_id)
    to_confirm = orders_for(actor, OrderFilters(side="selling", statuses=(Order.Status.PLACED,)))
    late = orders_for(actor, OrderFilters(side="selling", late_on=today))
    waiting = accounts_waiting(seller_id) if actor.may(ACCEPT_CUSTOMERS) else []
    threads = [one for one in threads_waiting_for(seller_id) if one.subject_type in SUBJECT_PAGES]
    weeks = weekly_sales(seller_id, today=today, zone=zone)
    return {
        "now": now,
        "soon": now + timedelta(days=3),
        "today": today,
        "currency": weeks[0].currency,
        "requests": list(with_value(requests).order_by("requested_at", "id")[:ROWS]),
        "asked": requests.aggregate(n=Count("pk", distinct=True), value=Coalesce(VALUE, ZERO)),
        "offers": list(sent.select_related("request__buyer").order_by("valid_until", "id")[:ROWS]),
        "offered": sent.aggregate(n=Count("pk"), value=Coalesce(Sum("net_total"), ZERO)),
        "to_confirm": list(to_confirm.order_by("placed_at", "id")[:ROWS]),
        "to_confirm_count": to_confirm.count(),
        "late": list(late.order_by("confirmed_date", "id")[:ROWS]),
        "late_count": late.count(),
        "waiting": waiting[:ROWS],
        "waiting_count": len(waiting),
        "rounds": _rounds_to_approve(actor, seller_id) if actor.may(APPROVE_ROUND) else 0,
        "threads": [
            {
                "title": _("Answer %(company)s") % {"company": one.buyer},
                "detail": one.subject_title,
                "icon": "envelope",
                "url": reverse(SUBJECT_PAGES[one.subject_type], args=[one.subject_id]) + "#messages",
            }
            for one in threads[:ROWS]
        ],
        "quiet": quiet_customers(seller_id),
        "bars": sales_bars(weeks),
        "weeks_net": sum((week.net for week in weeks), ZERO),
        "weeks_orders": sum(week.orders for week in weeks),
    }


def _rounds_to_approve(actor: Actor, seller_id: int) -> int:
    rounds = PriceRound.objects.visible_to(actor).filter(seller_id=seller_id)
    return rounds.filter(status=PriceRound.Status.SUBMITTED).count()


def sales_bars(weeks: Sequence[Week]) -> list[Bar]:
    """A bar per week that leads to the orders of that week; the week that is not over yet is marked."""
    orders = reverse("backoffice:orders")
    bars = []
    for week in weeks:
        until = week.monday + timedelta(days=6)
        counted = ngettext("%(n)s order", "%(n)s orders", week.orders) % {"n": week.orders}
        bars.append(
            Bar(
                label=str(format_skeleton("Md", week.monday, locale=active_locale())),
                value=week.net,
                shown=_("%(net)s, %(orders)s")
                % {"net": money_text(week.net, week.currency), "orders": counted},
                url=f"{orders}?from={week.monday.isoformat()}&until={until.isoformat()}",
            )
        )
    return bars


def warehouse(actor: Actor, zone: str) -> Values:
    """What to pick, pack and ship next, what is promised and late, what comes back, what runs out."""
    seller_id, today = seller_id_of(actor), local(clock.now()).date()
    confirmed = OrderFilters(side="selling", statuses=tuple(SHIPPABLE))
    to_release = orders_for(actor, confirmed).filter(waits_for_release()).order_by("confirmed_date", "id")
    packed = Shipment.objects.visible_to(actor).filter(
        status=Shipment.Status.PACKED, order__seller_id=seller_id
    )
    coming = [Return.Status.REQUESTED, Return.Status.ACCEPTED]
    late = orders_for(actor, OrderFilters(side="selling", late_on=today))
    lists = pick_lists_for(actor, statuses=(PickList.Status.OPEN, PickList.Status.PICKED))
    return {
        "today": today,
        "counts": warehouse_counts(actor),
        "to_release": list(to_release[:ROWS]),
        "to_release_count": to_release.count(),
        "lists": list(lists[:ROWS]),
        "packed": list(packed.select_related("order__buyer").order_by("packed_at", "id")[:ROWS]),
        "late": list(late.order_by("confirmed_date", "id")[:ROWS]),
        "late_count": late.count(),
        "returns": list(
            returns_for(actor, statuses=coming)
            .filter(order__seller_id=seller_id)
            .order_by("requested_at", "id")[:ROWS]
        ),
        "return_kinds": RETURN_KINDS,
        "scarce": low_stock(seller_id, limit=ROWS),
    }


def finance(actor: Actor, zone: str) -> Values:
    """What can be invoiced, what falls due, what is to be credited. Payments are not booked here."""
    seller_id, today = seller_id_of(actor), local(clock.now()).date()
    shipments = shipments_to_invoice(actor)
    issued = invoices_for(actor, InvoiceFilters(side="selling", kind=Invoice.Kind.INVOICE))
    soon = issued.filter(due_on__range=(today, today + SOON)).order_by("due_on", "id")
    passed = issued.filter(due_on__range=(today - PASSED, today - timedelta(days=1))).order_by(
        "-due_on", "-id"
    )
    to_credit = returns_for(actor, statuses=[Return.Status.RECEIVED]).filter(order__seller_id=seller_id)
    month = issued.filter(issued_at__date__gte=today.replace(day=1))
    return {
        "today": today,
        "shipments": list(shipments[:ROWS]),
        "shipment_count": shipments.count(),
        "oldest": shipments.aggregate(at=Min("shipped_at"))["at"],
        "soon": list(soon[:ROWS]),
        "soon_sum": _sums(soon),
        "passed": list(passed[:ROWS]),
        "passed_sum": _sums(passed),
        "to_credit": list(to_credit.order_by("received_at", "id")[:ROWS]),
        "to_credit_count": to_credit.count(),
        "month_sum": _sums(month),
        "month": date_text(today.replace(day=1)),
    }


def _sums(invoices: QuerySet[Invoice]) -> list[tuple[str, int, Decimal]]:
    """(currency, how many, gross) of these invoices, the largest first."""
    found = invoices.order_by().values_list("currency").annotate(n=Count("pk"), gross=Sum("gross_total"))
    return sorted(found, key=lambda row: row[2], reverse=True)


def catalog(actor: Actor, zone: str) -> Values:
    """Articles on sale that lack a picture, a price or a description, and drafts."""
    own = Product.objects.visible_to(actor).filter(seller_id=actor.company_id)
    pictures = Medium.objects.filter(product_id=OuterRef("pk"), kind=Medium.Kind.PICTURE)
    lists = PriceList.objects.visible_to(actor)
    prices = Price.objects.filter(product_id=OuterRef("pk"), price_list__in=lists)
    checked = own.annotate(
        has_picture=Exists(pictures),
        has_price=Q(Exists(prices)) | Q(kind=Product.Kind.MODEL),  # its variants have them
        has_text=~Q(description=""),
    )
    active = checked.filter(status=Product.Status.ACTIVE)
    incomplete = active.filter(Q(has_picture=False) | Q(has_price=False) | Q(has_text=False))
    return {
        "counts": active.aggregate(
            all=Count("pk"),
            picture=Count("pk", filter=Q(has_picture=False)),
            price=Count("pk", filter=Q(has_price=False)),
            text=Count("pk", filter=Q(has_text=False)),
        ),
        "incomplete": list(incomplete.order_by("has_price", "has_picture", "sku")[:12]),
        "drafts": list(checked.filter(status=Product.Status.DRAFT).order_by("-updated_at", "id")[:ROWS]),
        "draft_count": own.filter(status=Product.Status.DRAFT).count(),
    }
