"""Send an offer, or decline to make one."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.carts.operations import reopen_cart
from kontor.catalog.models import Product
from kontor.catalog.queries import contents_of
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.events import publish
from kontor.kernel.money import ZERO
from kontor.kernel.refusal import Refused
from kontor.kernel.texts import checked_text
from kontor.pricing.floors import Lowered, require_floor
from kontor.quotes.events import OfferSent, RequestDeclined
from kontor.quotes.models import Offer, OfferLine, QuoteRequest
from kontor.quotes.operations.draft import checked_validity, draft_changed
from kontor.quotes.operations.moving import REASON_LENGTH, move
from kontor.quotes.permissions import require_seller_side
from kontor.quotes.rules import SealedLine, SealedOffer, content_hash, default_valid_until


@transaction.atomic
def send_offer(*, actor: Actor, offer: Offer, revision: int) -> Offer:
    """Send the draft that was seen at `revision`: it becomes the current version, never to change again.

    Without a date it is valid for 14 whole days, to the end of the seller's day. The version before is replaced. Raises
    Refused("unpriced_lines") or ("below_floor") at ``lines/<position>/unit_price``, Stale when the draft was changed or
    sent meanwhile.
    """
    request = offer.request
    require_seller_side(actor, seller_id=request.seller_id)
    move(request, "send")
    offer = Offer.objects.select_for_update(of=("self",)).select_related("request__seller").get(pk=offer.pk)
    if offer.status != Offer.Status.DRAFT or offer.revision != revision:
        raise draft_changed(offer)
    lines = list(offer.lines.select_related("product"))
    _require_prices(lines)
    _require_floors(actor, lines, request.currency)
    _keep_contents(lines)
    now = clock.now()
    valid_until = checked_validity(offer.valid_until) or default_valid_until(now, request.seller.timezone)
    net_total = sum((line.net for line in lines), ZERO)
    Offer.objects.filter(request=request, status=Offer.Status.SENT).update(status=Offer.Status.SUPERSEDED)
    facts = {
        "status": Offer.Status.SENT,
        "sent_at": now,
        "valid_until": valid_until,
        "net_total": net_total,
        "content_hash": content_hash(sealed(offer, lines, valid_until)),
        "prepared_by_id": actor.membership_id,
        "prepared_by_name": actor.name[:150],
    }
    Offer.objects.filter(pk=offer.pk).update(revision=F("revision") + 1, **facts)
    offer.refresh_from_db()
    about = {
        "version": offer.version, "net_total": net_total, "currency": request.currency,
        "valid_until": valid_until.isoformat(),
    }  # fmt: skip
    record(actor, "quotes.offer_sent", ("quote", request.pk), changes=about, note=offer.message, shared=True)
    publish(OfferSent(offer_id=offer.pk, request_id=request.pk))
    return offer


def _require_prices(lines: list[OfferLine]) -> None:
    if not lines:
        raise Refused("empty_offer", _("Offer at least one line, or decline the request."))
    unpriced = [line.position for line in lines if line.unit_price is None]
    if unpriced:
        missing = _("Enter a price, or take the line out of the offer.")
        message = _("%(count)d lines have no price yet.") % {"count": len(unpriced)}
        fields = {f"lines/{position}/unit_price": missing for position in unpriced}
        raise Refused("unpriced_lines", message if len(unpriced) > 1 else missing, fields)


def _require_floors(actor: Actor, lines: list[OfferLine], currency: str) -> None:
    asked = [Lowered(line.product_id, (line.unit_price or ZERO) / line.price_base) for line in lines]
    require_floor(actor, asked, currency, [f"lines/{line.position}/unit_price" for line in lines])


def _keep_contents(lines: list[OfferLine]) -> None:
    """What is in the kits now is what is offered, whatever becomes of the kits. No statement without kits."""
    kits = [line for line in lines if line.product.kind == Product.Kind.KIT]
    parts = contents_of([line.product_id for line in kits])
    for line in kits:
        line.contents = [asdict(part) for part in parts[line.product_id]]
    if kits:
        OfferLine.objects.bulk_update(kits, ["contents"])


def sealed(offer: Offer, lines: list[OfferLine], valid_until: datetime) -> SealedOffer:
    """What the offer promises, as its hash sees it; every line is priced."""
    return SealedOffer(
        number=offer.request.number, version=offer.version, currency=offer.request.currency,
        valid_until=valid_until, conditions=offer.conditions,
        net_total=sum((line.net for line in lines), ZERO),
        lines=[
            SealedLine(
                position=line.position, product_id=line.product_id, configuration_id=line.configuration_id,
                unit=line.unit, factor=line.factor,
                quantity=line.quantity, unit_price=line.unit_price or ZERO, price_base=line.price_base,
                net=line.net, lead_days=line.lead_days, note=line.note,
                contents=[(part.product_id, part.quantity) for part in line.parts],
            )
            for line in lines
        ],
    )  # fmt: skip


@transaction.atomic
def decline_request(*, actor: Actor, request: QuoteRequest, reason: str) -> QuoteRequest:
    """Make no offer, and say why; the buyer's cart is open again. Raises Refused("reason_missing") at `reason`."""
    require_seller_side(actor, seller_id=request.seller_id)
    reason = checked_text(reason, field="reason", limit=REASON_LENGTH)
    if not reason:
        message = _("Say why there is no offer; the buyer reads it.")
        raise Refused("reason_missing", message, {"reason": message})
    move(request, "decline", close_note=reason)
    if request.cart_id is not None:
        reopen_cart(cart_id=request.cart_id)
    record(actor, "quotes.declined", ("quote", request.pk), note=reason, shared=True)
    publish(RequestDeclined(request_id=request.pk))
    return request
