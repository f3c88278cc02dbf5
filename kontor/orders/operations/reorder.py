from django.db import transaction
from django.utils.translation import gettext as _

from kontor.carts.models import Cart
from kontor.carts.operations import PasteReport, add_lines, open_cart
from kontor.carts.rules import PastedLine
from kontor.kernel.actors import Actor
from kontor.orders.models import Order
from kontor.orders.permissions import right_to_order
from kontor.orders.sides import require_buyer_side


@transaction.atomic
def reorder(*, actor: Actor, order: Order) -> tuple[Cart, PasteReport]:
    """Put the order's lines into the current cart at this seller, at today's prices; the report names what is gone."""
    require_buyer_side(actor, order, right_to_order(actor))
    cart = open_cart(actor=actor, seller=order.seller)
    rows = [
        PastedLine(
            no=line.position,
            sku=line.sku,
            product_id=line.product_id,
            quantity=line.quantity,
            unit=line.unit,
            raw=_("%(sku)s %(name)s") % {"sku": line.sku, "name": line.name},
            note=line.note,
        )
        for line in order.lines.order_by("position")
    ]
    return cart, add_lines(actor=actor, cart=cart, text_or_rows=rows)
