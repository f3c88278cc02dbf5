"""The buyer's last word on an offer."""

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.kernel.actors import Actor
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused, Stale
from kontor.kernel.texts import checked_text
from kontor.quotes.events import OfferAccepted, OfferRefused
from kontor.quotes.models import Offer, QuoteRequest
from kontor.quotes.operations.moving import REASON_LENGTH, answer, move, superseded
from kontor.quotes.operations.send import sealed
from kontor.quotes.permissions import require_buyer_side
from kontor.quotes.rules import content_hash as hash_of


@transaction.atomic
def refuse_offer(*, actor: Actor, offer: Offer, reason: str = "") -> Offer:
    """Refuse the current offer and close the request. Raises Stale("offer_superseded"), Refused("not_your_turn")."""
    request = offer.request
    require_buyer_side(actor, buyer_id=request.buyer_id, seller_id=request.seller_id)
    reason = checked_text(reason, field="reason", limit=REASON_LENGTH)
    move(request, "refuse", close_note=reason)
    answer(offer, Offer.Status.REFUSED, actor, reason)
    facts = {"version": offer.version}
    record(actor, "quotes.offer_refused", ("quote", request.pk), changes=facts, note=reason, shared=True)
    publish(OfferRefused(offer_id=offer.pk, request_id=request.pk))
    return offer


@transaction.atomic
def mark_accepted(*, actor: Actor, offer: Offer, content_hash: str) -> Offer:
    """Accept the current offer as it was seen; `content_hash` is the seal of what the buyer read.

    Called by orders, which makes the order in the same transaction. Expiry is judged here and now. Raises
    Refused("offer_expired"), Stale("offer_superseded"), Stale("offer_changed") and Refused("not_your_turn").
    """
    request = offer.request
    require_buyer_side(actor, buyer_id=request.buyer_id, seller_id=request.seller_id)
    move(request, "accept")
    fresh = Offer.objects.select_related("request").get(pk=offer.pk)
    if fresh.status != Offer.Status.SENT or fresh.valid_until is None:
        raise superseded(fresh)
    if fresh.is_expired:
        message = _("This offer ended on %(day)s. Ask again, and the seller can renew it.")
        raise Refused("offer_expired", message % {"day": date_format(fresh.valid_until)})
    content = sealed(fresh, list(fresh.lines.all()), fresh.valid_until)
    if not fresh.content_hash == content_hash == hash_of(content):
        raise Stale(
            "offer_changed", _("This is not the offer that you looked at. Read the current one, then accept.")
        )
    answer(fresh, Offer.Status.ACCEPTED, actor, "")
    facts = {
        "version": fresh.version, "net_total": fresh.net_total, "currency": request.currency,
        "content_hash": fresh.content_hash,
    }  # fmt: skip
    record(actor, "quotes.offer_accepted", ("quote", request.pk), changes=facts, shared=True)
    publish(OfferAccepted(offer_id=fresh.pk, request_id=request.pk))
    return fresh


@transaction.atomic
def reopen_offer(*, offer_id: int) -> Offer:
    """Put an accepted offer back on the table: an approver sent its order back. Called by orders, which checks who may.

    It can be accepted again while it is valid, refused, or answered with a wish.
    """
    request = QuoteRequest.objects.select_for_update().get(
        offers=offer_id, status=QuoteRequest.Status.ACCEPTED
    )
    offer = Offer.objects.get(pk=offer_id, status=Offer.Status.ACCEPTED)
    offer.status, offer.answered_at, offer.answered_by_name = Offer.Status.SENT, None, ""
    offer.answered_by = None
    offer.save(update_fields=["status", "answered_at", "answered_by", "answered_by_name"])
    request.status, request.closed_at = QuoteRequest.Status.OFFERED, None
    request.save(update_fields=["status", "closed_at"])
    return offer
