"""Requests for prices as the seller answers them: the list, the negotiation, decline, messages."""

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kontor.backoffice.desks import seller_id_of, values_of
from kontor.backoffice.doors import Doors
from kontor.backoffice.histories import trail_rows
from kontor.backoffice.margin_marks import Mark, marks_for
from kontor.backoffice.seat import at_own_desk
from kontor.backoffice.states import OFFER_KINDS, REQUEST_KINDS, request_word
from kontor.companies.models import CustomerAccount
from kontor.inventory.queries import available
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.messaging.operations import write_message
from kontor.messaging.permissions import WRITE_MESSAGES
from kontor.orders.history import bought_before
from kontor.pricing.permissions import EDIT_PRICES
from kontor.quotes.models import Offer, OfferLine, QuoteRequest
from kontor.quotes.operations import decline_request
from kontor.quotes.permissions import ANSWER_QUOTES
from kontor.quotes.queries import RequestDetail, RequestFilters, request_detail, requests_for
from kontor.quotes.rules import Side
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.dates import datetime_text, local
from kontor.web.identity import PersonRequest
from kontor.web.lists import Pager, address_with
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast
from kontor.web.values import money, unit_price

LIST, DETAIL = "backoffice/requests/list.html", "backoffice/requests/detail.html"
FARTHEST_TARGET = 60
"""Per cent off the list price; a target beyond is shown as it is, without a percentage."""


@needs(ANSWER_QUOTES)
@require_GET
def requests(request: PersonRequest) -> HttpResponse:
    """GET /office/requests/?q=&status= -> what customers ask, newest first."""
    actor = at_own_desk(request)
    state, words = request.GET.get("status", ""), request.GET.get("q", "")
    filters = RequestFilters(
        side=Side.SELLER,
        statuses=(state,) if state in QuoteRequest.Status.values else (),
        counterpart_id=key_of(request.GET.get("customer", "")),
        words=words[:100],
    )
    cursor = key_of(request.GET.get("after", ""))
    found = requests_for(actor, filters, cursor)
    own = QuoteRequest.objects.visible_to(actor).filter(pk__in=[row.id for row in found.rows])
    return page(
        request,
        LIST,
        block="listing",
        rows=found.rows,
        values=values_of(own),
        pager=Pager(
            shown=len(found.rows),
            next_url=address_with(request, after=str(found.after)) if found.after else "",
            previous_url=address_with(request, after=None) if cursor else "",
        ),
        words=words,
        state=state,
        is_narrowed=bool(words or state or filters.counterpart_id),
        word=request_word,
        kinds=REQUEST_KINDS,
        states=[
            ("", _("All requests")),
            *((value, request_word(value)) for value in QuoteRequest.Status.values),
        ],
    )


def request_of(request: PersonRequest, request_id: int) -> QuoteRequest:
    """A request that was sent to the reader's company, or 404."""
    own = QuoteRequest.objects.visible_to(at_own_desk(request)).filter(seller_id=request.actor.company_id)
    return get_object_or_404(own.select_related("buyer", "seller"), pk=request_id)


@needs(ANSWER_QUOTES)
@require_GET
def request(request: PersonRequest, request_id: int) -> HttpResponse:
    """GET /office/requests/7/ -> own, wished and offered prices, history, stock, the draft, versions, messages."""
    return page(request, DETAIL, block="negotiation", **negotiation(request, request_id))


def negotiation(request: PersonRequest, request_id: int) -> dict[str, Any]:
    """Everything that the negotiation page shows."""
    actor = at_own_desk(request)
    row = request_of(request, request_id)
    detail = request_detail(actor, row.number, seller_id=row.seller_id)
    if detail is None or detail.request.pk != row.pk:
        raise Http404
    products = [line.asked.product_id for line in detail.lines]
    found, draft = detail.request, detail.draft
    account = CustomerAccount.objects.visible_to(actor).filter(seller_id=row.seller_id, buyer_id=row.buyer_id)
    return {
        "detail": detail,
        "row": found,
        "draft": draft,
        "offer": detail.offer,
        "account": account.select_related("payment_term").first(),
        "kind": REQUEST_KINDS[found.status],
        "word": request_word(found.status),
        "offer_kinds": OFFER_KINDS,
        "stock": available(products),
        "bought": bought_before(buyer_id=row.buyer_id, seller_id=seller_id_of(actor), product_ids=products),
        "is_expired": detail.offer is not None and found.status == "offered" and detail.offer.is_expired,
        "may_offer": "send" in detail.moves,
        "may_decline": "decline" in detail.moves,
        "may_write": actor.may(WRITE_MESSAGES),
        "may_agree": actor.may(EDIT_PRICES),
        "totals": _totals(detail),
        "margins": _margins(actor, detail),
        "versions": _versions(detail) if len(detail.versions) > 1 else None,
        "history": trail_rows(("quote", found.pk), actor),
        "target_distance": target_distance,
        "valid_day": _day_of(draft, found.seller.timezone),
        "doors": Doors(actor),
        "today": local(clock.now()).date(),
        "typed": None,
        "lost": [],
    }


def _day_of(draft: Offer | None, zone: str) -> str:
    """The day of the draft's validity in the seller's time zone, as a date field shows it."""
    until = draft.valid_until if draft else None
    return until.astimezone(ZoneInfo(zone)).date().isoformat() if until else ""


def _margins(actor: Actor, detail: RequestDetail) -> dict[int, Mark | None]:
    """The margin of each offered price by position, for those who may see costs."""
    offered = [line.offered for line in detail.lines if line.offered is not None]
    prices = [(one.product_id, one.unit_price and one.unit_price / one.price_base) for one in offered]
    marks = marks_for(actor, prices, detail.request.currency)
    return {one.position: mark for one, mark in zip(offered, marks, strict=True)}


def target_distance(target: Decimal, listed: Decimal | None) -> Decimal | None:
    """By how many per cent a target is off the list price; None where that says nothing, as for a typing error.

    >>> target_distance(Decimal("9"), Decimal("10")), target_distance(Decimal("0.01"), Decimal("10"))
    (Decimal('-10'), None)
    """
    if not listed:
        return None
    away = (target - listed) * 100 / listed
    return away if abs(away) <= FARTHEST_TARGET else None


def _totals(detail: RequestDetail) -> dict[str, Any]:
    """What the newest answer comes to beside list prices; None where they cannot be compared."""
    shown = detail.draft or detail.offer
    given = None
    if shown and detail.is_comparable and detail.list_total:
        given = (detail.list_total - shown.net_total) * 100 / detail.list_total
    return {"list": detail.list_total, "offered": shown.net_total if shown else None, "discount": given}


def _versions(detail: RequestDetail) -> dict[str, Any]:
    """All versions that were sent beside each other, for `ui.compare_grid`. One query."""
    currency, sent = detail.request.currency, list(reversed(detail.versions))
    prices: dict[tuple[int, int], OfferLine] = {
        (line.offer_id, line.position): line for line in OfferLine.objects.filter(offer__in=sent)
    }

    def shown(line: OfferLine | None, base_unit: str) -> Any:
        return unit_price(line.unit_price, currency, line.price_base, base_unit) if line else ""

    rows: list[tuple[str, list[Any]]] = []
    for line in detail.lines:
        asked = line.asked
        offered = [shown(prices.get((one.pk, asked.position)), asked.product.base_unit) for one in sent]
        rows.append((f"{asked.sku} {asked.name}", offered))
    rows += [
        (_("Net total"), [money(one.net_total, currency) for one in sent]),
        (_("Valid until"), [datetime_text(one.valid_until) for one in sent]),
        (_("Conditions"), [one.conditions for one in sent]),
        (_("Message"), [one.message for one in sent]),
        (_("Answer"), [one.answer_note for one in sent]),
    ]
    columns = [_("Version %(n)s") % {"n": one.version} for one in sent]
    return {"columns": columns, "rows": [row for row in rows if any(row[1])]}


@needs(ANSWER_QUOTES)
@require_POST
def request_decline(request: PersonRequest, request_id: int) -> HttpResponse:
    """POST /office/requests/7/decline/ reason -> no offer; the customer reads why and its cart is open again."""
    found = request_of(request, request_id)
    try:
        decline_request(actor=at_own_desk(request), request=found, reason=request.POST.get("reason", ""))
    except NotAllowed:
        raise
    except Refused as refusal:
        if not refusal.fields:
            raise
        return refused(request, DETAIL, refusal, block="negotiation", **negotiation(request, request_id))
    toast = Toast(
        message=_("Request %(number)s is declined.") % {"number": found.number},
        told=_("%(company)s was told, with your reason.") % {"company": found.buyer},
    )
    return leave_to(request, reverse("backoffice:request", args=[request_id]), toast=toast)


@needs(WRITE_MESSAGES)
@require_POST
def request_message(request: PersonRequest, request_id: int) -> HttpResponse:
    """POST /office/requests/7/messages/ body -> the customer reads it; both see it among what happened."""
    found = request_of(request, request_id)
    try:
        write_message(
            actor=at_own_desk(request),
            subject=("quote", found.pk),
            title=_("Request %(number)s") % {"number": found.number},
            buyer_id=found.buyer_id,
            seller_id=found.seller_id,
            body=request.POST.get("body", ""),
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        values = negotiation(request, request_id) | {"body": request.POST.get("body", "")}
        return refused(request, DETAIL, refusal, block="negotiation", **values)
    toast = Toast(message=_("Message sent."), told=_("%(company)s was told.") % {"company": found.buyer})
    return leave_to(request, reverse("backoffice:request", args=[request_id]) + "#messages", toast=toast)


urlpatterns = [
    path("requests/", requests, name="requests"),
    path("requests/<int:request_id>/", request, name="request"),
    path("requests/<int:request_id>/decline/", request_decline, name="request_decline"),
    path("requests/<int:request_id>/messages/", request_message, name="request_message"),
]
