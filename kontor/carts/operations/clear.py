"""Empty a cart in one go, and take that back."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.carts.models import Cart
from kontor.carts.operations.writing import lock_cart
from kontor.carts.permissions import require_cart_editor
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused

MOVE = "UPDATE carts_line SET cart_id = %s WHERE cart_id = %s"
BRING_BACK = """
INSERT INTO carts_line AS l
    (cart_id, product_id, configuration_id, unit, quantity, note, added_by_name, changed_by_name, revision, position)
SELECT %(cart)s, product_id, configuration_id, unit, quantity, note, added_by_name, %(name)s, revision + 1, position
FROM carts_line WHERE cart_id = %(cleared)s
ON CONFLICT (cart_id, product_id, unit, configuration_id) DO UPDATE SET
    quantity = LEAST(l.quantity + excluded.quantity, 999999999),
    note = CASE WHEN l.note = '' THEN excluded.note ELSE l.note END,
    changed_by_name = excluded.changed_by_name, revision = l.revision + 1
"""


@transaction.atomic
def clear_cart(*, actor: Actor, cart: Cart) -> Cart | None:
    """Take all lines out; returns the cart put away with them, for `restore_cart`, or None when there were none."""
    require_cart_editor(actor, cart)
    lock_cart(cart)
    put_away = Cart.objects.create(
        buyer_id=cart.buyer_id, seller_id=cart.seller_id, name=cart.name, status=Cart.Status.DISCARDED,
        is_current=False, created_by_id=cart.created_by_id, created_at=clock.now(), revision=cart.revision,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [put_away.pk, cart.pk])
        lines = cursor.rowcount
    if not lines:
        put_away.delete()
        return None
    record(actor, "carts.cleared", ("cart", cart.pk), changes={"lines": lines})
    return put_away


@transaction.atomic
def restore_cart(*, actor: Actor, cart: Cart, cleared: Cart) -> Cart:
    """Undo `clear_cart`; what was added meanwhile stays, the same article adds up.

    Raises Refused("nothing_to_restore") when it has been brought back before.
    """
    require_cart_editor(actor, cart)
    require_cart_editor(actor, cleared)
    lock_cart(cart)
    same = (cart.buyer_id, cart.seller_id) == (cleared.buyer_id, cleared.seller_id)
    if not same or not Cart.objects.filter(pk=cleared.pk, status=Cart.Status.DISCARDED).exists():
        raise Refused("nothing_to_restore", _("There is nothing to bring back."))
    with connection.cursor() as cursor:
        cursor.execute(BRING_BACK, {"cart": cart.pk, "cleared": cleared.pk, "name": actor.name[:150]})
        lines = cursor.rowcount
    if not lines:
        raise Refused("nothing_to_restore", _("There is nothing to bring back."))
    cleared.lines.all().delete()
    record(actor, "carts.restored", ("cart", cart.pk), changes={"lines": lines})
    return cart
