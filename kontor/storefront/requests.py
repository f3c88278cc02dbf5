"""Requests for better prices: the list, one request with its offers, accept, refuse, ask again, withdraw, messages."""

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.audit.trail import trail_of
from kontor.kernel.money import ZERO
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.messaging.operations import write_message
from kontor.messaging.permissions import WRITE_MESSAGES
from kontor.messaging.queries import thread_of
from kontor.orders.operations import accept_offer
from kontor.orders.permissions import ENTER_ORDERS, PLACE_ORDERS
from kontor.orders.preview import preview
from kontor.quotes.models import Offer, OfferLine, QuoteRequest
from kontor.quotes.operations import ask_again, refuse_offer, withdraw_request
from kontor.quotes.permissions import ANSWER_QUOTES, REQUEST_QUOTES
from kontor.quotes.queries import RequestDetail, RequestFilters, request_detail, requests_for
from kontor.quotes.rules import Side
from kontor.storefront.buying import may_order
from kontor.storefront.carts import typed
from kontor.storefront.checkout import asks_for_order, chosen_address, details_of, order_form, order_placed
from kontor.storefront.histories import told_rows
from kontor.storefront.states import OFFER_KINDS, REQUEST_KINDS
from kontor.taxes.deciding import Item
from kontor.web.access import needs, signed_in
from kontor.web.identity import PersonRequest
from kontor.web.lists import Pager, address_with
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast
from kontor.web.values import unit_price

LIST, DETAIL = "storefront/requests/list.html", "storefront/requests/detail.html"
AGAIN, ACCEPT = "storefront/requests/again.html", "storefront/requests/accept.html"
LONGEST_CURSOR = 18


@signed_in
@require_GET
def requests(request: PersonRequest) -> HttpResponse:
    """GET /requests/?q=&status= -> what the company asked for, newest first; "turn" keeps what waits for an answer."""
    state, words, after = (request.GET.get(name, "") for name in ("status", "q", "after"))
    filters = RequestFilters(
        side=Side.BUYER,
        statuses=("offered",) if state == "turn" else (state,) if state in QuoteRequest.Status.values else (),
        words=words[:100],
    )
    cursor = int(after) if after.isascii() and after.isdigit() and len(after) <= LONGEST_CURSOR else None
    found = requests_for(request.actor, filters, cursor)
    onward = address_with(request, after=str(found.after)) if found.after else ""
    return page(
        request,
        LIST,
        block="listing",
        rows=found.rows,
        pager=Pager(
            shown=len(found.rows),
            next_url=onward,
            previous_url=address_with(request, after=None) if cursor else "",
        ),
        words=words,
        state=state,
        labels=dict(QuoteRequest.Status.choices),
        kinds=REQUEST_KINDS,
        states=[("", _("All requests")), ("turn", _("Waiting for us")), *QuoteRequest.Status.choices],
    )


def request_of(request: PersonRequest, request_id: int) -> QuoteRequest:
    """A request of the reader's company, or 404."""
    own = QuoteRequest.objects.visible_to(request.actor).filter(buyer_id=request.actor.buying_company_id)
    return get_object_or_404(own.select_related("seller"), pk=request_id)


def offer_of(request: PersonRequest, request_id: int, version: int) -> Offer:
    """A version that was sent to the reader's company, or 404."""
    own = Offer.objects.visible_to(request.actor).exclude(status=Offer.Status.DRAFT)
    own = own.filter(request_id=request_id, request__buyer_id=request.actor.buying_company_id)
    return get_object_or_404(own.select_related("request__seller", "request__buyer"), version=version)


def detail_of(request: PersonRequest, request_id: int) -> RequestDetail:
    """The request whole, or 404."""
    row = request_of(request, request_id)
    detail = request_detail(request.actor, row.number, seller_id=row.seller_id)
    if detail is None or detail.request.pk != row.pk:
        raise Http404
    return detail


@signed_in
@require_GET
def request(request: PersonRequest, request_id: int) -> HttpResponse:
    """GET /requests/7/ -> own price, target and offered price beside each other, validity, versions, messages."""
    return page(request, DETAIL, block="request", **_shown(request, request_id))


def _shown(request: PersonRequest, request_id: int) -> dict[str, Any]:
    actor = request.actor
    detail = detail_of(request, request_id)
    found, offer = detail.request, detail.offer
    subject = ("quote", found.pk)
    own_company = None if actor.acting_for_id else actor.company_id
    trail = [
        one for one in trail_of(*subject, shared_only=False) if one.shared or one.company_id == own_company
    ]
    conversation = thread_of(subject, actor)
    return {
        "detail": detail,
        "row": found,
        "offer": offer,
        "kind": REQUEST_KINDS[found.status],
        "offer_kinds": OFFER_KINDS,
        "is_expired": offer is not None and found.status == "offered" and offer.is_expired,
        "saving": _saving(detail),
        "versions": _versions(detail) if len(detail.versions) > 1 else None,
        "may_accept": "accept" in detail.moves
        and may_order(actor)
        and offer is not None
        and not offer.is_expired,
        "history": told_rows(trail, conversation.messages if conversation else [], actor.company_id),
        "may_write": actor.may(WRITE_MESSAGES),
        "body": request.POST.get("body", ""),
    }


def _saving(detail: RequestDetail) -> Decimal | None:
    """What the offer saves against the prices that the buyer had; None while the two cannot be compared."""
    if detail.offer is None or not detail.is_comparable:
        return None
    saved = detail.list_total - detail.offer.net_total
    return saved if saved > ZERO else None


def _versions(detail: RequestDetail) -> dict[str, Any]:
    """All versions beside each other, for `ui.compare_grid`. One query."""
    newest_last = list(reversed(detail.versions))
    prices: dict[tuple[int, int], Any] = {}
    for line in OfferLine.objects.filter(offer__in=newest_last):
        base = next(
            (one.asked.product.base_unit for one in detail.lines if one.asked.position == line.position), ""
        )
        prices[line.offer_id, line.position] = unit_price(
            line.unit_price, detail.request.currency, line.price_base, base
        )
    columns = [_("Version %(n)s") % {"n": one.version} for one in newest_last]
    rows = [
        (
            f"{line.asked.sku} {line.asked.name}",
            [prices.get((one.pk, line.asked.position), "") for one in newest_last],
        )
        for line in detail.lines
    ]
    return {"columns": columns, "rows": rows}


@needs(PLACE_ORDERS, ENTER_ORDERS)
@require_http_methods(["GET", "POST"])
def offer_accept(request: PersonRequest, request_id: int, version: int) -> HttpResponse:
    """GET /requests/7/offers/2/accept/ -> what exactly is accepted, where to, under which number; POST do=update -> the
    same for what is chosen; POST -> the order."""
    offer = offer_of(request, request_id, version)
    if asks_for_order(request):
        try:
            order = accept_offer(
                actor=request.actor,
                offer=offer,
                content_hash=request.POST.get("content_hash", ""),
                details=details_of(request.POST, request.identity.acting_channel),
            )
        except NotAllowed:
            raise
        except Refused as refusal:
            return refused(request, ACCEPT, refusal, block="order", **_review(request, offer))
        return leave_to(request, reverse("storefront:order", args=[order.pk]), toast=order_placed(order))
    if offer.status != Offer.Status.SENT or offer.is_expired:
        return redirect("storefront:request", request_id)
    return page(request, ACCEPT, block="order", **_review(request, offer))


def _review(request: PersonRequest, offer: Offer) -> dict[str, Any]:
    found = offer.request
    lines = list(offer.lines.select_related("product", "configuration").order_by("position"))
    limit = request.actor.order_limit
    return {
        "offer": offer,
        "row": found,
        "lines": lines,
        "preview": preview(
            buyer_id=found.buyer_id,
            seller_id=found.seller_id,
            lines=[
                (Item.sold(line.product.tax_category, line.product.kind, line.product_id), line.net)
                for line in lines
            ],
            currency=found.currency,
            delivery_address_id=chosen_address(request.POST),
        ),
        "needs_approval": limit is not None and offer.net_total > limit,
        "limit": limit or ZERO,
        **order_form(request, buyer_id=found.buyer_id, seller_id=found.seller_id),
    }


@needs(REQUEST_QUOTES, ANSWER_QUOTES)
@require_POST
def offer_refuse(request: PersonRequest, request_id: int, version: int) -> HttpResponse:
    """POST /requests/7/offers/2/refuse/ reason -> the request is closed without an order."""
    offer = offer_of(request, request_id, version)
    try:
        refuse_offer(actor=request.actor, offer=offer, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        if not refusal.fields:
            raise
        return refused(request, DETAIL, refusal, block="request", **_shown(request, request_id))
    toast = Toast(
        message=_("The offer is refused, the request is closed."),
        told=_("%(seller)s was told.") % {"seller": offer.request.seller},
    )
    return leave_to(request, reverse("storefront:request", args=[request_id]), toast=toast)


@needs(REQUEST_QUOTES, ANSWER_QUOTES)
@require_http_methods(["GET", "POST"])
def offer_again(request: PersonRequest, request_id: int, version: int) -> HttpResponse:
    """GET /requests/7/offers/2/again/ -> new targets and a note; POST -> it is the seller's turn again."""
    offer = offer_of(request, request_id, version)
    detail = detail_of(request, request_id)
    values: dict[str, Any] = {"detail": detail, "row": detail.request, "offer": offer}
    if request.method == "POST":
        targets = {
            line.asked.pk: typed(request.POST.get(f"lines/{line.asked.pk}/target_price", "")) or None
            for line in detail.lines
        }
        try:
            ask_again(actor=request.actor, offer=offer, targets=targets, note=request.POST.get("note", ""))
        except NotAllowed:
            raise
        except Refused as refusal:
            return refused(request, AGAIN, refusal, block="again", typed=request.POST, **values)
        toast = Toast(
            message=_("Your wish is on its way."),
            told=_("%(seller)s was told and answers with a new version.") % {"seller": detail.request.seller},
        )
        return leave_to(request, reverse("storefront:request", args=[request_id]), toast=toast)
    if "ask_again" not in detail.moves or detail.offer is None or detail.offer.pk != offer.pk:
        return redirect("storefront:request", request_id)
    return page(request, AGAIN, block="again", typed=None, **values)


@needs(REQUEST_QUOTES, ANSWER_QUOTES)
@require_POST
def request_withdraw(request: PersonRequest, request_id: int) -> HttpResponse:
    """POST /requests/7/withdraw/ reason -> taken back; the cart is open again."""
    found = request_of(request, request_id)
    try:
        withdraw_request(actor=request.actor, request=found, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        if not refusal.fields:
            raise
        return refused(request, DETAIL, refusal, block="request", **_shown(request, request_id))
    toast = Toast(
        message=_("Request %(number)s is withdrawn. Its cart is open again.") % {"number": found.number},
        told=_("%(seller)s was told.") % {"seller": found.seller},
    )
    return leave_to(request, reverse("storefront:request", args=[request_id]), toast=toast)


@needs(WRITE_MESSAGES)
@require_POST
def request_message(request: PersonRequest, request_id: int) -> HttpResponse:
    """POST /requests/7/messages/ body -> the seller reads it; both see it among what happened."""
    found = request_of(request, request_id)
    try:
        write_message(
            actor=request.actor,
            subject=("quote", found.pk),
            title=_("Request %(number)s") % {"number": found.number},
            buyer_id=found.buyer_id,
            seller_id=found.seller_id,
            body=request.POST.get("body", ""),
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, DETAIL, refusal, block="request", **_shown(request, request_id))
    toast = Toast(message=_("Message sent."), told=_("%(seller)s was told.") % {"seller": found.seller})
    return leave_to(request, reverse("storefront:request", args=[request_id]) + "#messages", toast=toast)


urlpatterns = [
    path("requests/", requests, name="requests"),
    path("requests/<int:request_id>/", request, name="request"),
    path("requests/<int:request_id>/messages/", request_message, name="request_message"),
    path("requests/<int:request_id>/withdraw/", request_withdraw, name="request_withdraw"),
    path("requests/<int:request_id>/offers/<int:version>/accept/", offer_accept, name="offer_accept"),
    path("requests/<int:request_id>/offers/<int:version>/refuse/", offer_refuse, name="offer_refuse"),
    path("requests/<int:request_id>/offers/<int:version>/again/", offer_again, name="offer_again"),
]
