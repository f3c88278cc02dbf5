"""Customers: the list and its file, one customer whole, accept, decline, block, price lists."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kontor.backoffice.agreed_quantities import agreed_with
from kontor.backoffice.desks import seller_id_of, with_value
from kontor.backoffice.doors import Doors
from kontor.backoffice.given_lists import given_form, given_from, levels_of
from kontor.backoffice.histories import trail_rows
from kontor.backoffice.seat import at_own_desk
from kontor.backoffice.states import ACCOUNT_KINDS, ORDER_KINDS, REQUEST_KINDS, order_word, request_word
from kontor.catalog.permissions import EDIT_ASSORTMENTS
from kontor.companies.models import CustomerAccount, Membership, PaymentTerm
from kontor.companies.operations import (
    block_customer,
    change_customer_terms,
    decline_customer,
    unblock_customer,
)
from kontor.companies.permissions import ACCEPT_CUSTOMERS
from kontor.companies.queries import CustomerPage, customers_of, members_of
from kontor.invoicing.permissions import ISSUE_INVOICES
from kontor.kernel.actors import Actor
from kontor.kernel.entrances.csv_rows import Cell
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.orders.models import Order
from kontor.orders.permissions import ENTER_ORDERS
from kontor.orders.queries import OrderFilters, orders_for
from kontor.pricing.operations import accept_customer_with_prices, assign_lists
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.queries import price_lists_of
from kontor.quotes.models import QuoteRequest
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.dates import local
from kontor.web.identity import PersonRequest
from kontor.web.lists import Pager, address_with
from kontor.web.names import role_names
from kontor.web.pages import leave_to, page, refused
from kontor.web.spreadsheets import MOST_ROWS, spreadsheet
from kontor.web.toasts import Toast

LIST, DETAIL = "backoffice/customers/list.html", "backoffice/customers/detail.html"
PER_PAGE = 50
LATEST = 8
SALES_ROLES = {"sales", "seller_admin"}
CHANNELS = ("phone", "mail", "fair")


def _asked(request: PersonRequest, *, page_no: int, per_page: int) -> CustomerPage:
    status = request.GET.get("status", "")
    return customers_of(
        seller_id_of(request.actor),
        search=request.GET.get("q", "")[:100],
        status=status if status in CustomerAccount.Status.values else "",
        page=page_no,
        per_page=per_page,
    )


@needs(ACCEPT_CUSTOMERS, ISSUE_INVOICES)
@require_GET
def customers(request: PersonRequest) -> HttpResponse:
    """GET /office/customers/?q=&status=&page= -> the seller's customers by name."""
    page_no = min(key_of(request.GET.get("page", "")) or 1, MOST_ROWS)
    found = _asked(request, page_no=page_no, per_page=PER_PAGE)
    first = (page_no - 1) * PER_PAGE + 1
    more = first + len(found.rows) - 1 < found.total
    words, status = request.GET.get("q", ""), request.GET.get("status", "")
    return page(
        request,
        LIST,
        block="listing",
        rows=found.rows,
        pager=Pager(
            shown=len(found.rows),
            total=found.total,
            first=first,
            previous_url=address_with(request, page=str(page_no - 1)) if page_no > 1 else "",
            next_url=address_with(request, page=str(page_no + 1)) if more else "",
        ),
        words=words,
        state=status,
        is_narrowed=bool(words or status),
        statuses=[("", _("All customers")), *CustomerAccount.Status.choices],
        labels=dict(CustomerAccount.Status.choices),
        kinds=ACCOUNT_KINDS,
        may_group=at_own_desk(request).may(ACCEPT_CUSTOMERS),
        csv_url=reverse("backoffice:customers_csv") + address_with(request, page=None)[len(request.path) :],
    )


@needs(ACCEPT_CUSTOMERS, ISSUE_INVOICES)
@require_GET
def customers_csv(request: PersonRequest) -> HttpResponseBase:
    """GET /office/customers.csv with the filters of the list -> one row per customer."""
    columns = [
        _("Customer number"), _("Name"), _("VAT id"), _("Country"), _("City"), _("Status"), _("Payment term"),
        _("Sales representative"), _("Asked on"),
    ]  # fmt: skip
    return spreadsheet("customers", columns, _rows(_asked(request, page_no=1, per_page=MOST_ROWS)))


def _rows(found: CustomerPage) -> Iterator[list[Cell]]:
    labels = dict(CustomerAccount.Status.choices)
    for row in found.rows:
        yield [
            row.customer_number, row.name, row.vat_id, row.country, row.city, str(labels[row.status]),
            row.payment_term, row.sales_rep, local(row.requested_at).date().isoformat(),
        ]  # fmt: skip


def account_of(request: PersonRequest, account_id: int) -> CustomerAccount:
    """An account at the reader's own company, or 404."""
    own = CustomerAccount.objects.visible_to(request.actor).filter(seller_id=request.actor.company_id)
    return get_object_or_404(
        own.select_related("buyer", "seller", "payment_term", "group", "sales_rep__user"), pk=account_id
    )


@needs(ACCEPT_CUSTOMERS, ISSUE_INVOICES)
@require_GET
def customer(request: PersonRequest, account_id: int) -> HttpResponse:
    """GET /office/customers/7/ -> company, people, terms, prices, what it ordered and asked, what happened."""
    return page(request, DETAIL, block="customer", **_shown(request, account_of(request, account_id)))


def _shown(request: PersonRequest, account: CustomerAccount) -> dict[str, Any]:
    actor, buyer = at_own_desk(request), account.buyer
    decides = actor.may(ACCEPT_CUSTOMERS)
    orders = orders_for(actor, OrderFilters(side="selling", buyer_id=buyer.pk))
    requests = QuoteRequest.objects.visible_to(actor).filter(seller_id=account.seller_id, buyer=buyer)
    levels, own = levels_of(account)
    return {
        "account": account,
        "buyer": buyer,
        "kind": ACCOUNT_KINDS[account.status],
        "doors": Doors(actor),
        "may_see_sight": actor.may(EDIT_ASSORTMENTS) and account.status == "active",
        "addresses": list(
            buyer.addresses.filter(is_archived=False).order_by("-is_billing", "-is_default_delivery", "id")
        ),
        "people": [(one, role_names(one.roles)) for one in members_of(buyer.pk) if one.is_active],
        "levels": levels,
        "orders": list(orders[:LATEST]),
        "order_kinds": ORDER_KINDS,
        "order_word": order_word,
        "request_word": request_word,
        "requests": list(with_value(requests).order_by("-id")[:LATEST]),
        "request_kinds": REQUEST_KINDS,
        "history": trail_rows(("account", account.pk), actor),
        "may_accept": decides and account.status in ("requested", "declined"),
        "may_decline": decides and account.status == "requested",
        "may_change": decides and account.status in ("active", "blocked"),
        "may_block": decides and account.status == "active",
        "may_unblock": decides and account.status == "blocked",
        "may_assign": actor.may(EDIT_PRICES) and account.status in ("active", "blocked"),
        "may_act": actor.may(ENTER_ORDERS) and account.status == "active",
        "channels": [(key, label) for key, label in Order.Channel.choices if key in CHANNELS],
        "typed": request.POST if request.method == "POST" else None,
        **agreed_with(actor, account),
        **(_terms(actor, account) if decides else {}),
        "given": given_form(
            list(price_lists_of(actor)),
            own,
            [one for level in levels if level.is_own for one in level.lists],
            request.POST,
        ),
    }


def _terms(actor: Actor, account: CustomerAccount) -> dict[str, Any]:
    """What is chosen from when a customer is accepted or gets other terms."""
    terms = PaymentTerm.objects.filter(seller_id=account.seller_id).order_by(
        "is_prepayment", "net_days", "name"
    )
    colleagues = members_of(account.seller_id)
    reps = [one for one in colleagues if one.is_active and SALES_ROLES & set(one.roles)]
    return {
        "term_options": [(one.pk, one.name) for one in terms],
        "rep_options": [("", _("Nobody in particular")), *((one.pk, one.user.name) for one in reps)],
        "own_rep": actor.membership_id if any(one.pk == actor.membership_id for one in reps) else "",
    }


def _again(request: PersonRequest, account: CustomerAccount, refusal: Refused) -> HttpResponse:
    account.refresh_from_db()
    return refused(request, DETAIL, refusal, block="customer", **_shown(request, account))


def _done(request: PersonRequest, account: CustomerAccount, toast: Toast) -> HttpResponse:
    return leave_to(request, reverse("backoffice:customer", args=[account.pk]), toast=toast)


@needs(ACCEPT_CUSTOMERS)
@require_POST
def customer_accept(request: PersonRequest, account_id: int) -> HttpResponse:
    """POST /office/customers/7/accept/ payment_term, price_lists, sales_rep, note -> the customer can order."""
    account, actor = account_of(request, account_id), at_own_desk(request)
    try:
        term, rep = _chosen_terms(request, account)
        accepted = accept_customer_with_prices(
            actor=actor,
            account=account,
            payment_term=term,
            price_lists=given_from(request.POST, actor).price_lists,
            sales_rep=rep,
            note=request.POST.get("note", ""),
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return _again(request, account, refusal)
    facts = {"company": account.buyer, "number": accepted.customer_number}
    toast = Toast(
        message=_("%(company)s is customer %(number)s now.") % facts,
        told=_("They were told by mail and can order at once."),
    )
    return _done(request, account, toast)


def _chosen_terms(request: PersonRequest, account: CustomerAccount) -> tuple[PaymentTerm, Membership | None]:
    """Payment term and representative of the form. Raises Refused at ``payment_term``."""
    term_id = key_of(request.POST.get("payment_term", "")) or 0
    term = PaymentTerm.objects.filter(seller_id=account.seller_id, pk=term_id).first()
    if term is None:
        message = _("Choose one of your payment terms.")
        raise Refused("payment_term_missing", message, {"payment_term": message})
    rep_id = key_of(request.POST.get("sales_rep", ""))
    reps = Membership.objects.visible_to(request.actor).select_related("user")
    return term, reps.filter(pk=rep_id).first() if rep_id else None


@needs(ACCEPT_CUSTOMERS)
@require_POST
def customer_terms(request: PersonRequest, account_id: int) -> HttpResponse:
    """POST /office/customers/7/terms/ payment_term, sales_rep, note -> new orders are on these terms."""
    account = account_of(request, account_id)
    try:
        term, rep = _chosen_terms(request, account)
        note = request.POST.get("note", "")
        change_customer_terms(
            actor=at_own_desk(request), account=account, payment_term=term, sales_rep=rep, note=note
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return _again(request, account, refusal)
    toast = Toast(
        message=_("Terms of %(company)s saved.") % {"company": account.buyer},
        told=_("They count for new orders; what is ordered keeps its own."),
    )
    return _done(request, account, toast)


@needs(ACCEPT_CUSTOMERS)
@require_POST
def customer_decline(request: PersonRequest, account_id: int) -> HttpResponse:
    """POST /office/customers/7/decline/ reason -> declined; the customer reads why."""
    account = account_of(request, account_id)
    try:
        decline_customer(actor=at_own_desk(request), account=account, reason=request.POST.get("reason", ""))
    except NotAllowed:
        raise
    except Refused as refusal:
        return _again(request, account, refusal)
    toast = Toast(
        message=_("The request of %(company)s is declined.") % {"company": account.buyer},
        told=_("They were told by mail, with your reason. You can still accept them later."),
    )
    return _done(request, account, toast)


@needs(ACCEPT_CUSTOMERS)
@require_POST
def customer_block(request: PersonRequest, account_id: int) -> HttpResponse:
    """POST /office/customers/7/block/ reason -> no more orders until unblocked."""
    account = account_of(request, account_id)
    try:
        block_customer(actor=at_own_desk(request), account=account, reason=request.POST.get("reason", ""))
    except NotAllowed:
        raise
    except Refused as refusal:
        return _again(request, account, refusal)
    toast = Toast(
        message=_("%(company)s is blocked.") % {"company": account.buyer},
        told=_("They see your prices no more and cannot order. Running orders go on."),
        undo_url=reverse("backoffice:customer_unblock", args=[account.pk]),
        undo_label=_("Unblock"),
        kind="warning",
    )
    return _done(request, account, toast)


@needs(ACCEPT_CUSTOMERS)
@require_POST
def customer_unblock(request: PersonRequest, account_id: int) -> HttpResponse:
    """POST /office/customers/7/unblock/ -> the customer can order again."""
    account = account_of(request, account_id)
    unblock_customer(actor=at_own_desk(request), account=account)
    return _done(
        request, account, Toast(message=_("%(company)s can order again.") % {"company": account.buyer})
    )


@needs(EDIT_PRICES)
@require_POST
def customer_prices(request: PersonRequest, account_id: int) -> HttpResponse:
    """POST /office/customers/7/prices/ price_lists, is_closed -> these lists, in this order, before further ones."""
    account, actor = account_of(request, account_id), at_own_desk(request)
    try:
        assign_lists(actor=actor, account=account, given=given_from(request.POST, actor))
    except NotAllowed:
        raise
    except Refused as refusal:
        return _again(request, account, refusal)
    toast = Toast(
        message=_("Price lists of %(company)s saved.") % {"company": account.buyer},
        told=_("The new prices count from now on; offers and orders keep theirs."),
    )
    return _done(request, account, toast)


urlpatterns = [
    path("customers/", customers, name="customers"),
    path("customers.csv", customers_csv, name="customers_csv"),
    path("customers/<int:account_id>/", customer, name="customer"),
    path("customers/<int:account_id>/accept/", customer_accept, name="customer_accept"),
    path("customers/<int:account_id>/decline/", customer_decline, name="customer_decline"),
    path("customers/<int:account_id>/block/", customer_block, name="customer_block"),
    path("customers/<int:account_id>/unblock/", customer_unblock, name="customer_unblock"),
    path("customers/<int:account_id>/terms/", customer_terms, name="customer_terms"),
    path("customers/<int:account_id>/prices/", customer_prices, name="customer_prices"),
]
