"""An approver decides about an order that waits inside the buyer's company."""

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.agreements.operations import give_back
from kontor.approvals.models import ApprovalRequest
from kontor.approvals.operations import decide
from kontor.approvals.permissions import DECIDE
from kontor.approvals.queries import approval_of
from kontor.audit.trail import record
from kontor.carts.operations import reopen_cart
from kontor.inventory.operations import release
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.events import publish
from kontor.kernel.refusal import Stale
from kontor.orders.events import OrderApproved, OrderPlaced, OrderSentBack
from kontor.orders.models import Order
from kontor.orders.operations.place import trail_facts
from kontor.orders.sides import require_buyer_side
from kontor.orders.states import WITH_APPROVER, lock_order
from kontor.promotions.operations import give_back_promotions
from kontor.quotes.operations import reopen_offer


@transaction.atomic
def approve_order(*, actor: Actor, order: Order, note: str = "") -> Order:
    """Release an order to the seller. Of two approvers who decide at once, one wins and the other gets Stale."""
    request = _waiting(actor, order)
    request = decide(actor=actor, request=request, approved=True, note=note)
    release_approved(actor, order, request.note)
    return order


@transaction.atomic
def send_back_order(*, actor: Actor, order: Order, reason: str) -> Order:
    """Return an order to its buyer with a reason: stock is free again, and the cart (or the offer) is open again."""
    request = _waiting(actor, order)
    request = decide(actor=actor, request=request, approved=False, note=reason)
    undo_sent_back(actor, order, request.note)
    return order


def _waiting(actor: Actor, order: Order) -> ApprovalRequest:
    require_buyer_side(actor, order, DECIDE)
    lock_order(order, WITH_APPROVER)
    request = approval_of(("order", order.pk))
    if request is None:
        raise Stale(
            "changed_meanwhile", _("This order does not wait for approval any more. Reload the page.")
        )
    return request


def release_approved(actor: Actor, order: Order, note: str) -> None:
    """The consequences of an approval; the caller holds the order."""
    order.status, order.released_at = Order.Status.PLACED, clock.now()
    order.save(update_fields=["status", "released_at"])
    record(actor, "orders.approved", ("order", order.pk), note=note)
    facts = trail_facts(order) | {"approved_by": actor.name}
    record(actor, "orders.placed", ("order", order.pk), changes=facts, shared=True)
    publish(OrderApproved(order.pk))
    publish(OrderPlaced(order.pk))


def undo_sent_back(actor: Actor, order: Order, reason: str) -> None:
    """The consequences of sending back; the caller holds the order."""
    quantities = dict(order.lines.values_list("pk", "base_quantity"))
    give_back_promotions(order_id=order.pk)
    give_back(quantities=quantities)
    release(list(quantities))
    order.status = Order.Status.SENT_BACK
    order.save(update_fields=["status"])
    if order.cart_id is not None:
        reopen_cart(cart_id=order.cart_id, note=reason)
    if order.offer_id is not None:
        reopen_offer(offer_id=order.offer_id)
    record(actor, "orders.sent_back", ("order", order.pk), note=reason)
    publish(OrderSentBack(order.pk))
