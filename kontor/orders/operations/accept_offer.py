from django.db import transaction
from django.utils.translation import gettext as _

from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.orders.draft import Draft
from kontor.orders.duplicates import naming_duplicates
from kontor.orders.intake import OrderDetails, cleaned
from kontor.orders.models import Order
from kontor.orders.operations.place import submit
from kontor.orders.parties import parties_between
from kontor.orders.permissions import right_to_order
from kontor.orders.wares import problems_of, refuse_lines, wares_of_offer
from kontor.quotes.models import Offer, OfferLine
from kontor.quotes.operations import mark_accepted


@naming_duplicates
@transaction.atomic
def accept_offer(*, actor: Actor, offer: Offer, content_hash: str, details: OrderDetails) -> Order:
    """Make an order of exactly what was offered, at the offered prices; `content_hash` says what the buyer saw.

    A sales representative may do so for a customer on the phone, who then is not asked for approval.
    Raises Refused when the offer has expired, was replaced or reads differently by now, and "not_enough_stock".
    """
    require(actor, right_to_order(actor))
    request = offer.request
    on_behalf_elsewhere = actor.acting_for_id is not None and request.seller_id != actor.company_id
    if request.buyer_id != actor.buying_company_id or on_behalf_elsewhere:
        raise NotAllowed("not_yours", _("This offer was made to another company."))
    details = cleaned(details)
    mark_accepted(actor=actor, offer=offer, content_hash=content_hash)
    parties = parties_between(request.buyer_id, request.seller_id, details)
    if parties is None:
        raise NotAllowed("not_yours", _("This offer was made to another company."))
    wares = wares_of_offer(offer.pk)
    refuse_lines(problems_of(wares, seller_id=request.seller_id, steps=False, drafts=True))
    lines = [ware.draft(number) for number, ware in enumerate(wares)]
    offered = OfferLine.objects.filter(offer_id=offer.pk).order_by("position")
    for line, (price, base) in zip(lines, offered.values_list("unit_price", "price_base"), strict=True):
        if price is None:
            raise Refused("offer_differs", _("This offer is not whole. Ask the seller for a new version."))
        line.unit_price, line.price_base, line.price_source = price, base, f"offer:{offer.pk}"
    draft = Draft(parties=parties, currency=request.currency, lines=lines)
    draft.add_up()
    if draft.net_total != offer.net_total:
        raise Refused("offer_differs", _("This offer does not add up. Ask the seller for a new version."))
    return submit(actor, draft, details, offer_id=offer.pk)
