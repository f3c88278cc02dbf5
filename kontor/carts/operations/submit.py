"""A cart leaves, and comes back. Called by quotes and orders, which check who may; so these take no actor."""

from django.db import transaction

from kontor.carts.models import Cart
from kontor.carts.operations.writing import closed, queue_for_current


@transaction.atomic
def submit_cart(*, cart: Cart, status: Cart.Status) -> Cart:
    """Close an open cart as ORDERED or REQUESTED; submitted twice at once, only one comes through.

    The caller's transaction holds the cart until it ends. Raises Refused("cart_closed").
    """
    if not Cart.objects.open().filter(pk=cart.pk).update(status=status, is_current=False):
        raise closed(cart)
    cart.status, cart.is_current = status, False
    return cart


@transaction.atomic
def reopen_cart(*, cart_id: int, note: str = "") -> Cart:
    """Open a submitted cart again: its order was sent back, its request withdrawn. `note` says why.

    It becomes the current cart only when the buyer has not begun another one, and never when a machine opened it.
    """
    cart = Cart.objects.select_for_update().get(pk=cart_id)
    queue_for_current(cart.buyer_id, cart.seller_id)
    same = Cart.objects.open().filter(buyer_id=cart.buyer_id, seller_id=cart.seller_id)
    cart.is_current = not cart.is_machine_made and not same.filter(is_current=True).exists()
    cart.status, cart.sent_back_note = Cart.Status.OPEN, note
    cart.save(update_fields=["status", "is_current", "sent_back_note"])
    return cart
