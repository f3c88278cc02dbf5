"""Mails about requests for prices and offers."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from kontor.kernel.events import on, this_event
from kontor.notifications.audience import Recipient, people
from kontor.notifications.letters import Letter, LetterLine, Writer, moment, money, quantity, unit_price
from kontor.notifications.links import link
from kontor.notifications.operations import Posting, queue_mail
from kontor.notifications.reactions.sides import sales_reps
from kontor.notifications.topics import OFFERS, SELLER, SELLER_QUOTES
from kontor.quotes.events import (
    BetterOfferAsked,
    OfferAccepted,
    OfferRefused,
    OfferSent,
    QuoteRequested,
    RequestDeclined,
    RequestWithdrawn,
)
from kontor.quotes.models import Offer, OfferLine, QuoteRequest, QuoteRequestLine

MOST_LINES = 20


@on(QuoteRequested)
def tell_sales_of_a_request(event: QuoteRequested) -> None:
    request = _request(event.request_id)
    lines = list(request.lines.select_related("product", "configuration")[: MOST_LINES + 1])

    def write(_to: Recipient) -> Letter:
        names = _names(request)
        return Letter(
            subject=_("%(buyer)s asks for a price: %(number)s") % names,
            heading=_("%(buyer)s asks for a better price") % names,
            paragraphs=[_("%(name)s of %(buyer)s sent request %(number)s and waits for your offer.") % names],
            lines=[_wished(line, request.currency) for line in lines[:MOST_LINES]],
            words=request.note,
            words_by=request.requested_by_name if request.note else "",
            action=(_("Prepare the offer"), link("request", request.pk, side=SELLER)),
            closing=_and_more(lines),
        )

    _tell_seller(request, write)


@on(BetterOfferAsked)
def tell_sales_to_improve(event: BetterOfferAsked) -> None:
    _tell_of_answer(
        event.offer_id,
        lambda names: _("%(buyer)s asks for a better offer: %(number)s") % names,
        lambda names: _("%(buyer)s has answered your offer with new wishes. It is your turn again.") % names,
    )


@on(OfferAccepted)
def tell_sales_of_acceptance(event: OfferAccepted) -> None:
    _tell_of_answer(
        event.offer_id,
        lambda names: _("%(buyer)s has accepted offer %(number)s") % names,
        lambda names: _("The offer was accepted and has become an order.") % names,
    )


@on(OfferRefused)
def tell_sales_of_refusal(event: OfferRefused) -> None:
    _tell_of_answer(
        event.offer_id,
        lambda names: _("%(buyer)s has refused offer %(number)s") % names,
        lambda names: _("The request is closed.") % names,
    )


@on(RequestWithdrawn)
def tell_sales_of_withdrawal(event: RequestWithdrawn) -> None:
    request = _request(event.request_id)

    def write(_to: Recipient) -> Letter:
        names = _names(request)
        return Letter(
            subject=_("%(buyer)s has withdrawn request %(number)s") % names,
            heading=_("%(buyer)s has withdrawn request %(number)s") % names,
            paragraphs=[_("No offer is needed any more.")],
            words=request.close_note,
            words_by=names["buyer"] if request.close_note else "",
            action=(_("See the request"), link("request", request.pk, side=SELLER)),
        )

    _tell_seller(request, write)


@on(OfferSent)
def tell_the_buyer_of_an_offer(event: OfferSent) -> None:
    offer = Offer.objects.select_related("request__seller", "prepared_by__user").get(pk=event.offer_id)
    request, lines = (
        _request(event.request_id),
        list(offer.lines.select_related("product", "configuration")[: MOST_LINES + 1]),
    )

    def write(_to: Recipient) -> Letter:
        names = _names(request) | {"version": str(offer.version), "until": moment(offer.valid_until)}
        subject = _("Offer from %(seller)s for your request %(number)s") % names
        if offer.version > 1:
            subject = _("New offer from %(seller)s for your request %(number)s") % names
        return Letter(
            sender=names["seller"],
            subject=subject,
            heading=subject,
            paragraphs=[_("You can accept the offer until %(until)s; it becomes your order then.") % names],
            words=offer.message,
            words_by=offer.prepared_by_name if offer.message else "",
            lines=[_offered(line, request.currency) for line in lines[:MOST_LINES]],
            totals=[(_("Net total"), money(offer.net_total, request.currency))],
            facts=[(_("Conditions"), offer.conditions)] if offer.conditions else (),
            action=(_("See the offer and answer it"), link("request", request.pk)),
            closing=_and_more(lines),
        )

    reply_to = offer.prepared_by.user.email if offer.prepared_by else ""
    _tell_buyer(request, write, reply_to)


@on(RequestDeclined)
def tell_the_buyer_of_no_offer(event: RequestDeclined) -> None:
    request = _request(event.request_id)

    def write(_to: Recipient) -> Letter:
        names = _names(request)
        return Letter(
            sender=names["seller"],
            subject=_("%(seller)s makes no offer for your request %(number)s") % names,
            heading=_("%(seller)s makes no offer for your request %(number)s") % names,
            paragraphs=[_("Your own prices in the store stay as they are.")],
            words=request.close_note,
            words_by=names["seller"] if request.close_note else "",
            action=(_("See the request"), link("request", request.pk)),
        )

    _tell_buyer(request, write)


def _tell_of_answer(
    offer_id: int, title: Callable[[dict[str, str]], str], told: Callable[[dict[str, str]], str]
) -> None:
    """What the buyer did with an offer goes to who prepared it."""
    offer = Offer.objects.select_related("answered_by__user").get(pk=offer_id)
    request = _request(offer.request_id)
    by = offer.answered_by.user if offer.answered_by else None

    def write(_to: Recipient) -> Letter:
        names = _names(request)
        return Letter(
            subject=title(names),
            heading=title(names),
            paragraphs=[told(names)],
            words=offer.answer_note,
            words_by=(by.name if by else names["buyer"]) if offer.answer_note else "",
            facts=[(_("Net total"), money(offer.net_total, request.currency))],
            action=(_("See the request"), link("request", request.pk, side=SELLER)),
        )

    _tell_seller(request, write, concerned=offer.prepared_by_id, reply_to=by.email if by else "")


def _tell_seller(
    request: QuoteRequest,
    write: Writer,
    *,
    concerned: int | None = None,
    reply_to: str = "",
) -> None:
    asker = request.requested_by.user.email if request.requested_by else ""
    posting = Posting(
        topic=SELLER_QUOTES, about=this_event(), thread=f"request:{request.pk}", reply_to=reply_to or asker
    )
    reps = [concerned] if concerned else sales_reps(request.buyer_id, request.seller_id)
    to = people(SELLER_QUOTES, request.seller_id, concerned=reps, otherwise=SELLER_QUOTES.roles)
    queue_mail(posting=posting, to=to, write=write)


def _tell_buyer(request: QuoteRequest, write: Writer, reply_to: str = "") -> None:
    posting = Posting(topic=OFFERS, about=this_event(), thread=f"request:{request.pk}", reply_to=reply_to)
    to = people(OFFERS, request.buyer_id, concerned=[request.requested_by_id], otherwise=("admin", "buyer"))
    queue_mail(posting=posting, to=to, write=write)


def _request(pk: int) -> QuoteRequest:
    return QuoteRequest.objects.select_related("buyer", "seller", "requested_by__user").get(pk=pk)


def _names(request: QuoteRequest) -> dict[str, str]:
    return {
        "number": request.number,
        "buyer": str(request.buyer),
        "seller": str(request.seller),
        "name": request.requested_by_name,
    }


def _wished(line: QuoteRequestLine, currency: str) -> LetterLine:
    product, wish = line.product, ""
    if line.target_price is not None:
        price = unit_price(line.target_price, currency, line.price_base, product.base_unit)
        wish = _("wished: %(price)s") % {"price": price}
    return LetterLine(name=line.name, sku=line.sku, quantity=quantity(line.quantity, line.unit), detail=wish)


def _offered(line: OfferLine, currency: str) -> LetterLine:
    product = line.product
    return LetterLine(
        name=line.name,
        sku=line.sku,
        quantity=quantity(line.quantity, line.unit),
        detail=unit_price(line.unit_price, currency, line.price_base, product.base_unit)
        if line.unit_price is not None
        else "",
        amount=money(line.net, currency),
    )


def _and_more(lines: list[QuoteRequestLine] | list[OfferLine]) -> list[str]:
    return [_("There are more articles; the page shows them all.")] if len(lines) > MOST_LINES else []
