"""Requests for prices and the offers that answer them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router
from pydantic import BaseModel, Field

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.linemaps import numbered
from kontor.api.paging import Page, PageAsk, next_address, read_cursor, write_cursor
from kontor.api.preconditions import revision_asked
from kontor.api.routers.carts import cart_of
from kontor.api.routers.orders import PLACE_CODES, details_of, order_reply
from kontor.api.shapes.companies import ReasonIn
from kontor.api.shapes.orders import OrderOut, WhyIn
from kontor.api.shapes.quotes import (
    AcceptOfferIn,
    AskAgainIn,
    AskIn,
    ComparedOut,
    KitPartOut,
    OfferBrief,
    OfferIn,
    QuoteOut,
    QuoteRow,
    TargetIn,
)
from kontor.api.values import amount_text, maybe_amount, maybe_price, maybe_quantity, quantity_text
from kontor.orders.operations import accept_offer
from kontor.orders.permissions import ENTER_ORDERS, PLACE_ORDERS
from kontor.quotes import operations
from kontor.quotes.models import Offer, QuoteRequest
from kontor.quotes.operations import OfferContent, OfferedLine
from kontor.quotes.permissions import ANSWER_QUOTES, REQUEST_QUOTES
from kontor.quotes.queries import (
    ComparedLine,
    RequestDetail,
    RequestFilters,
    RequestRow,
    request_detail,
    requests_for,
)
from kontor.quotes.rules import Side

router = Router(tags=["Quotes"])
TURN = ("not_your_turn", "offer_superseded")
Status = Literal["submitted", "offered", "accepted", "refused", "declined", "withdrawn"]


class QuoteAsk(BaseModel):
    """What a list of requests is narrowed to."""

    side: Literal["buyer", "seller"] | None = None
    status: Status | None = None
    my_turn: bool = Field(False, description="Only what waits for the own company.")
    search: str = Field("", max_length=100, description="Number or company.")


def row_out(row: RequestRow) -> QuoteRow:
    return QuoteRow(
        id=row.id,
        number=row.number,
        status=row.status,
        currency=row.currency,
        requested_at=row.requested_at,
        requested_by=row.requested_by_name,
        buyer_id=row.buyer_id,
        buyer=row.buyer_name,
        seller_id=row.seller_id,
        seller=row.seller_name,
        lines=row.lines,
        version=row.version,
        net_total=maybe_amount(row.net_total, row.currency),
        valid_until=row.valid_until,
        is_expired=row.is_expired,
    )


def offer_out(offer: Offer, currency: str) -> OfferBrief:
    return OfferBrief(
        id=offer.pk,
        version=offer.version,
        status=offer.status,
        revision=offer.revision,
        net_total=amount_text(offer.net_total, currency),
        valid_until=offer.valid_until,
        conditions=offer.conditions,
        message=offer.message,
        prepared_by=offer.prepared_by_name,
        sent_at=offer.sent_at,
        answered_at=offer.answered_at,
        answer_note=offer.answer_note,
        content_hash=offer.content_hash,
    )


def _line_out(line: ComparedLine, currency: str) -> ComparedOut:
    asked, offered = line.asked, line.offered
    return ComparedOut(
        id=asked.pk,
        position=asked.position,
        product_id=asked.product_id,
        sku=asked.sku,
        name=asked.name,
        unit=asked.unit,
        factor=quantity_text(asked.factor),
        quantity=quantity_text(asked.quantity),
        list_price=maybe_price(asked.list_price, currency),
        target_price=maybe_price(asked.target_price, currency),
        price_base=quantity_text(asked.price_base),
        note=asked.note,
        offered_quantity=maybe_quantity(offered.quantity) if offered else None,
        offered_price=maybe_price(offered.unit_price, currency) if offered else None,
        offered_list_price=maybe_price(offered.list_price, currency) if offered else None,
        offered_price_base=maybe_quantity(offered.price_base) if offered else None,
        offered_net=maybe_amount(offered.net, currency) if offered else None,
        lead_days=offered.lead_days if offered else None,
        offered_note=offered.note if offered else "",
        offered_contents=[
            KitPartOut(
                product_id=one.product_id,
                sku=one.sku,
                name=one.name,
                unit=one.base_unit,
                quantity=quantity_text(one.quantity),
            )
            for one in (offered.parts if offered else ())
        ],
    )


def quote_out(detail: RequestDetail) -> QuoteOut:
    asked, currency = detail.request, detail.request.currency
    return QuoteOut(
        id=asked.pk,
        number=asked.number,
        status=asked.status,
        currency=currency,
        requested_at=asked.requested_at,
        requested_by=asked.requested_by_name,
        buyer_id=asked.buyer_id,
        buyer=str(asked.buyer),
        seller_id=asked.seller_id,
        seller=str(asked.seller),
        note=asked.note,
        close_note=asked.close_note,
        closed_at=asked.closed_at,
        side="seller" if detail.side is Side.SELLER else "buyer",
        my_turn=detail.is_my_turn,
        moves=sorted(detail.moves),
        list_total=amount_text(detail.list_total, currency),
        offer=offer_out(detail.offer, currency) if detail.offer else None,
        draft=offer_out(detail.draft, currency) if detail.draft else None,
        versions=[offer_out(one, currency) for one in detail.versions],
        lines=[_line_out(line, currency) for line in detail.lines],
    )


def quote_of(request: ApiRequest, quote_id: int) -> QuoteRequest:
    """A request that the caller's company may see, or 404."""
    rows = QuoteRequest.objects.visible_to(request.actor).select_related("buyer", "seller")
    return get_object_or_404(rows, pk=quote_id)


def quote_reply(request: ApiRequest, asked: QuoteRequest, status: int = 200) -> Reply:
    """The request whole; its version is the draft's revision, where the caller sees one."""
    detail = request_detail(request.actor, asked.number, seller_id=asked.seller_id)
    if detail is None:
        raise Http404
    version = str(detail.draft.revision) if detail.draft else ""
    location = reverse("api:getQuote", args=[asked.pk]) if status == 201 else ""
    return Reply(body=quote_out(detail), status=status, version=version, location=location)


def _offers(request: ApiRequest, quote_id: int) -> QuerySet[Offer]:
    seen = Offer.objects.visible_to(request.actor).filter(request=quote_of(request, quote_id))
    return seen.select_related("request__seller")


def _draft(request: ApiRequest, quote_id: int) -> Offer:
    asked = quote_of(request, quote_id)
    if asked.seller_id != request.actor.company_id:
        raise Http404
    return get_object_or_404(_offers(request, quote_id), status=Offer.Status.DRAFT)


def _sent(request: ApiRequest, quote_id: int, version: int) -> Offer:
    return get_object_or_404(_offers(request, quote_id).exclude(status=Offer.Status.DRAFT), version=version)


def _targets(lines: Mapping[str, TargetIn]) -> dict[int, Decimal | None]:
    return {line_id: line.target_price for line_id, line in numbered(lines).items()}


@router.get(
    "quotes", response=Page[QuoteRow], operation_id="listQuotes", summary="Requests for prices, newest first"
)
@reads(refuses=("bad_cursor",))
def quotes(
    request: ApiRequest, ask: Annotated[QuoteAsk, Query()], paging: Annotated[PageAsk, Query()]
) -> Page[QuoteRow]:
    """Buyers see their company's requests, sellers those sent to them."""
    filters = RequestFilters(
        side=Side(ask.side) if ask.side else None,
        statuses=(ask.status,) if ask.status else (),
        turn=ask.my_turn,
        words=ask.search,
    )
    cursor = int(read_cursor(paging.after, "quotes")[0]) if paging.after else None
    found = requests_for(request.actor, filters, cursor, limit=paging.limit)
    following = write_cursor([found.after], "quotes") if found.after else None
    return Page(items=[row_out(row) for row in found.rows], next=next_address(request, following))


@router.post("quotes", response={201: QuoteOut}, operation_id="requestQuote", summary="Ask for better prices")
@needs(REQUEST_QUOTES, ANSWER_QUOTES)
@changes(refuses=("empty_cart", "account_not_active", "cart_closed", "bad_price", "unknown_line"))
def ask(request: ApiRequest, body: AskIn) -> Reply:
    """Sends a cart to its seller; the cart is closed until the request is withdrawn or declined."""
    cart = cart_of(request, body.cart_id)
    asked = operations.request_quote(
        actor=request.actor, cart=cart, targets=_targets(body.lines), note=body.note
    )
    return quote_reply(request, asked, 201)


@router.get(
    "quotes/{int:quote_id}", response=QuoteOut, operation_id="getQuote", summary="One request and its offers"
)
@reads()
def quote(request: ApiRequest, quote_id: int) -> Reply:
    """To the seller the ETag names the draft's revision."""
    return quote_reply(request, quote_of(request, quote_id))


@router.post(
    "quotes/{int:quote_id}/withdraw",
    response=QuoteOut,
    operation_id="withdrawQuote",
    summary="Withdraw a request",
)
@needs(REQUEST_QUOTES, ANSWER_QUOTES)
@changes(refuses=TURN)
def withdraw(request: ApiRequest, quote_id: int, body: WhyIn) -> Reply:
    """For the buyer, before it is answered; the cart is open again."""
    asked = operations.withdraw_request(
        actor=request.actor, request=quote_of(request, quote_id), reason=body.reason
    )
    return quote_reply(request, asked)


@router.post(
    "quotes/{int:quote_id}/decline", response=QuoteOut, operation_id="declineQuote", summary="Make no offer"
)
@needs(ANSWER_QUOTES)
@changes(refuses=(*TURN, "reason_missing"))
def decline(request: ApiRequest, quote_id: int, body: ReasonIn) -> Reply:
    """For the seller; the buyer reads why."""
    asked = operations.decline_request(
        actor=request.actor, request=quote_of(request, quote_id), reason=body.reason
    )
    return quote_reply(request, asked)


@router.post(
    "quotes/{int:quote_id}/offer",
    response={201: QuoteOut},
    operation_id="startOffer",
    summary="Begin an offer",
)
@needs(ANSWER_QUOTES)
@changes(refuses=TURN)
def start(request: ApiRequest, quote_id: int) -> Reply:
    """The draft of the next version, with the lines of the version before; the same draft when there is one."""
    asked = quote_of(request, quote_id)
    operations.start_offer(actor=request.actor, request=asked)
    return quote_reply(request, asked, 201)


@router.put(
    "quotes/{int:quote_id}/offer", response=QuoteOut, operation_id="saveOffer", summary="Save the draft"
)
@needs(ANSWER_QUOTES)
@changes(
    refuses=("stale", "empty_offer", "unknown_line", "bad_price", "bad_validity", "text_too_long"),
    if_match=True,
)
def save(request: ApiRequest, quote_id: int, body: OfferIn) -> Reply:
    """The whole draft, as opened at the revision in If-Match; prices may still be missing."""
    lines = [
        OfferedLine(position=position, **line.model_dump()) for position, line in numbered(body.lines).items()
    ]
    content = OfferContent(
        lines=lines, valid_until=body.valid_until, conditions=body.conditions, message=body.message
    )
    draft = _draft(request, quote_id)
    operations.save_offer(
        actor=request.actor, offer=draft, content=content, revision=revision_asked(request, draft.revision)
    )
    return quote_reply(request, draft.request)


@router.post(
    "quotes/{int:quote_id}/offer/send", response=QuoteOut, operation_id="sendOffer", summary="Send the offer"
)
@needs(ANSWER_QUOTES)
@changes(refuses=("stale", "unpriced_lines", "empty_offer", *TURN), if_match=True)
def send(request: ApiRequest, quote_id: int) -> Reply:
    """From now on it never changes; the version before is replaced."""
    draft = _draft(request, quote_id)
    operations.send_offer(actor=request.actor, offer=draft, revision=revision_asked(request, draft.revision))
    return quote_reply(request, draft.request)


@router.post(
    "quotes/{int:quote_id}/offers/{int:version}/accept",
    response={201: OrderOut},
    operation_id="acceptOffer",
    summary="Accept an offer: it becomes an order",
)
@needs(PLACE_ORDERS, ENTER_ORDERS)
@changes(refuses=("offer_expired", "offer_changed", "offer_differs", *TURN, *PLACE_CODES))
def accept(request: ApiRequest, quote_id: int, version: int, body: AcceptOfferIn) -> Reply:
    """Exactly what was offered, at the offered prices; `content_hash` says which text was read."""
    offer = _sent(request, quote_id, version)
    order = accept_offer(
        actor=request.actor, offer=offer, content_hash=body.content_hash, details=details_of(body)
    )
    return order_reply(request, order.pk, 201)


@router.post(
    "quotes/{int:quote_id}/offers/{int:version}/refuse",
    response=QuoteOut,
    operation_id="refuseOffer",
    summary="Refuse an offer",
)
@needs(REQUEST_QUOTES, ANSWER_QUOTES)
@changes(refuses=TURN)
def refuse(request: ApiRequest, quote_id: int, version: int, body: WhyIn) -> Reply:
    """Closes the request."""
    offer = _sent(request, quote_id, version)
    operations.refuse_offer(actor=request.actor, offer=offer, reason=body.reason)
    return quote_reply(request, offer.request)


@router.post(
    "quotes/{int:quote_id}/offers/{int:version}/ask-again",
    response=QuoteOut,
    operation_id="askAgain",
    summary="Answer an offer with a wish",
)
@needs(REQUEST_QUOTES, ANSWER_QUOTES)
@changes(refuses=("nothing_asked", "unknown_line", "bad_price", *TURN))
def ask_again(request: ApiRequest, quote_id: int, version: int, body: AskAgainIn) -> Reply:
    """It is the seller's turn again; an expired offer can be answered so."""
    offer = _sent(request, quote_id, version)
    operations.ask_again(actor=request.actor, offer=offer, targets=_targets(body.lines), note=body.note)
    return quote_reply(request, offer.request)
