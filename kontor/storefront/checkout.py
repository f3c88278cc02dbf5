"""From the cart to a binding order, or to a request for a better price."""

from datetime import date
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kontor.carts.models import Cart
from kontor.carts.queries import cart_view
from kontor.companies.models import Address, CustomerAccount
from kontor.companies.permissions import MANAGE_COMPANY
from kontor.kernel import clock
from kontor.kernel.money import ZERO
from kontor.kernel.refusal import Refused
from kontor.orders.intake import OrderDetails
from kontor.orders.models import Order
from kontor.orders.operations import place_order
from kontor.orders.permissions import ENTER_ORDERS, PLACE_ORDERS
from kontor.orders.preview import preview
from kontor.quotes.operations import request_quote as send_request
from kontor.quotes.permissions import ANSWER_QUOTES, REQUEST_QUOTES
from kontor.storefront.carts import cart_of, typed
from kontor.storefront.priced import prices_shown
from kontor.web.access import needs
from kontor.web.asked import ticked
from kontor.web.dates import local
from kontor.web.identity import PersonRequest
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

CHECKOUT, REQUEST = "storefront/checkout/order.html", "storefront/checkout/request.html"


def details_of(form: QueryDict, channel: str) -> OrderDetails:
    """What stands in the order form. Raises Refused("details_wrong") for a day that is no date."""
    return OrderDetails(
        delivery_address_id=chosen_address(form),
        po_number=form.get("po_number", ""),
        wished_date=_day(form.get("wished_date", "")),
        pay_by=form.get("pay_by", Order.PayBy.TERMS),
        note=form.get("note", ""),
        channel=channel or Order.Channel.WEB,
        accept_duplicate_po=ticked(form, "accept_duplicate_po"),
    )


def asks_for_order(request: PersonRequest) -> bool:
    """Whether the form was sent to order, not to see the totals for another address."""
    return request.method == "POST" and request.POST.get("do") != "update"


def chosen_address(form: QueryDict) -> int | None:
    """The address that the goods are to go to; None: the usual one."""
    address = form.get("delivery_address_id", "")
    return int(address) if address.isascii() and address.isdigit() and len(address) < 19 else None


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        message = _("Enter a day, as 2026-12-24.")
        raise Refused(
            "details_wrong", _("Some details cannot be taken as they are."), {"wished_date": message}
        ) from None


def order_form(request: PersonRequest, *, buyer_id: int, seller_id: int) -> dict[str, Any]:
    """What every order form shows: addresses, terms, ways to pay, the first day that can be wished."""
    account = (
        CustomerAccount.objects.visible_to(request.actor)
        .select_related("payment_term", "buyer")
        .filter(buyer_id=buyer_id, seller_id=seller_id)
    )
    return {
        "addresses": list(
            Address.objects.visible_to(request.actor).order_by("-is_default_delivery", "label", "id")
        ),
        "account": account.first(),
        "pay_options": Order.PayBy.choices,
        "today": local(clock.now()).date(),
        "typed": request.POST or None,
        "may_add_address": not request.actor.acting_for_id and request.actor.may(MANAGE_COMPANY),
    }


@needs(PLACE_ORDERS, ENTER_ORDERS)
@require_http_methods(["GET", "POST"])
def checkout(request: PersonRequest, cart_id: int) -> HttpResponse:
    """GET /carts/7/checkout/ -> address, PO number, day, payment, total with tax; POST do=update -> the same for what
    is chosen; POST -> the order."""
    found = cart_of(request, cart_id)
    actor = request.actor
    if not asks_for_order(request) and found.status != Cart.Status.OPEN:
        return leave_to(request, reverse("storefront:cart_detail", args=[cart_id]))
    if asks_for_order(request):
        try:
            order = place_order(
                actor=actor, cart=found, details=details_of(request.POST, request.identity.acting_channel)
            )
        except Refused as refusal:
            return refused(request, CHECKOUT, refusal, block="order", **_order_page(request, found))
        return leave_to(request, reverse("storefront:order", args=[order.pk]), toast=order_placed(order))
    return page(request, CHECKOUT, block="order", **_order_page(request, found))


def _order_page(request: PersonRequest, found: Cart) -> dict[str, Any]:
    actor = request.actor
    address = chosen_address(request.POST)
    channel = request.identity.acting_channel or Order.Channel.WEB
    view = cart_view(actor, found, request.identity.chain, channel=channel, delivery_address_id=address)
    limit = actor.order_limit
    return {
        "cart": found,
        "view": view,
        "prices": prices_shown(request, {line.product_id for line in view.lines}),
        "preview": preview(
            buyer_id=found.buyer_id,
            seller_id=found.seller_id,
            lines=view.items,
            currency=view.currency,
            delivery_address_id=address,
        ),
        "needs_approval": limit is not None and view.net_total > limit,
        "limit": limit or ZERO,
        **order_form(request, buyer_id=found.buyer_id, seller_id=found.seller_id),
    }


def order_placed(order: Order) -> Toast:
    """What is said after an order: who has it now."""
    if order.status == Order.Status.AWAITING_APPROVAL:
        return Toast(
            message=_("Order %(number)s waits for approval.") % {"number": order.number},
            told=_("Your approvers were told by mail. The goods are reserved."),
        )
    return Toast(
        message=_("Order %(number)s is placed.") % {"number": order.number},
        told=_("%(seller)s was told and will confirm it.") % {"seller": order.seller},
    )


@needs(REQUEST_QUOTES, ANSWER_QUOTES)
@require_http_methods(["GET", "POST"])
def request_quote(request: PersonRequest, cart_id: int) -> HttpResponse:
    """GET /carts/7/request/ -> target prices and a note; POST -> the request goes to the seller."""
    found = cart_of(request, cart_id)
    actor = request.actor
    view = cart_view(actor, found, request.identity.chain)
    if request.method == "GET" and found.status != Cart.Status.OPEN:
        return redirect("storefront:cart_detail", cart_id)
    if request.method == "POST":
        targets = {
            line.id: typed(request.POST.get(f"lines/{line.id}/target_price", "")) or None
            for line in view.lines
        }
        try:
            sent = send_request(actor=actor, cart=found, targets=targets, note=request.POST.get("note", ""))
        except Refused as refusal:
            return refused(
                request, REQUEST, refusal, block="request", cart=found, view=view, typed=request.POST
            )
        toast = Toast(
            message=_("Request %(number)s is on its way.") % {"number": sent.number},
            told=_("%(seller)s was told. You get a mail as soon as there is an offer.")
            % {"seller": sent.seller},
        )
        return leave_to(request, reverse("storefront:request", args=[sent.pk]), toast=toast)
    return page(request, REQUEST, block="request", cart=found, view=view, typed=None)


urlpatterns = [
    path("carts/<int:cart_id>/checkout/", checkout, name="checkout"),
    path("carts/<int:cart_id>/request/", request_quote, name="request_quote"),
]
