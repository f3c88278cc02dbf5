"""On which side of an order somebody stands. Operations ask here, so that no door can differ."""

from typing import Literal

from django.utils.translation import gettext as _

from kontor.kernel.actors import Actor, require
from kontor.kernel.capabilities import Capability
from kontor.kernel.refusal import NotAllowed
from kontor.orders.models import Order

Side = Literal["buyer", "seller", "system"]


def buys(actor: Actor, order: Order) -> bool:
    """Whether the actor handles this order for its buyer: one of its people, or the seller's rep on its behalf."""
    if actor.acting_for_id is not None:
        return order.buyer_id == actor.acting_for_id and order.seller_id == actor.company_id
    return order.buyer_id == actor.company_id


def sells(actor: Actor, order: Order) -> bool:
    """Whether the actor belongs to the seller of this order."""
    return actor.is_seller and order.seller_id == actor.company_id


def sees(actor: Actor, order: Order) -> bool:
    """Whether `Order.objects.visible_to(actor)` has this order."""
    if actor.is_system:
        return True
    released = order.released_at is not None
    if actor.acting_for_id is not None:
        return released and buys(actor, order)
    return buys(actor, order) or (released and sells(actor, order))


def require_buyer_side(actor: Actor, order: Order, capability: Capability) -> None:
    """Raises NotAllowed unless the actor holds the capability and stands on the buyer's side."""
    require(actor, capability)
    if not (actor.is_system or buys(actor, order)):
        raise _not_yours()


def require_seller_side(actor: Actor, order: Order, capability: Capability) -> None:
    """Raises NotAllowed unless the actor holds the capability and belongs to the seller."""
    require(actor, capability)
    if not (actor.is_system or sells(actor, order)):
        raise _not_yours()


def _not_yours() -> NotAllowed:
    return NotAllowed("not_yours", _("This order belongs to another company."))
