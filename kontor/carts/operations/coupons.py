"""Coupon codes in a cart."""

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.carts.models import Cart, CartCoupon
from kontor.carts.operations.writing import lock_cart
from kontor.carts.permissions import require_cart_editor
from kontor.kernel.actors import Actor
from kontor.kernel.folding import code_key
from kontor.kernel.refusal import Refused
from kontor.kernel.texts import checked_text

CODE_LENGTH = 40
MOST_COUPONS = 10


@transaction.atomic
def add_coupon(*, actor: Actor, cart: Cart, code: str) -> CartCoupon:
    """Keep a code with the cart; twice the same one is one. Whether it gives anything is told with the cart's prices.

    Raises Refused at `code`: "code_missing", "text_too_long", "too_many_codes".
    """
    require_cart_editor(actor, cart)
    code = checked_text(code, field="code", limit=CODE_LENGTH)
    key = code_key(code)[:CODE_LENGTH]
    if not key:
        raise _refused("code_missing", _("Enter the code that you were given."))
    lock_cart(cart)
    known = {one.key: one for one in cart.coupons.all()}
    if key in known:
        return known[key]
    if len(known) >= MOST_COUPONS:
        raise _refused("too_many_codes", _("A cart takes at most %(most)d codes.") % {"most": MOST_COUPONS})
    coupon = CartCoupon.objects.create(cart=cart, code=code, key=key)
    record(actor, "carts.coupon_added", ("cart", cart.pk), changes={"code": code})
    return coupon


@transaction.atomic
def remove_coupon(*, actor: Actor, cart: Cart, code: str) -> None:
    """Take a code out again; one that is not there is passed over. Raises Refused("cart_closed")."""
    require_cart_editor(actor, cart)
    lock_cart(cart)
    removed, _rows = cart.coupons.filter(key=code_key(code)[:CODE_LENGTH]).delete()
    if removed:
        record(actor, "carts.coupon_removed", ("cart", cart.pk), changes={"code": code[:CODE_LENGTH]})


def _refused(code: str, sentence: str) -> Refused:
    return Refused(code, sentence, {"code": sentence})
