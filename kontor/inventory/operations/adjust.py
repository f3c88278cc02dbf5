from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.ownership import require_own
from kontor.goods.units import counted, decimals
from kontor.inventory.models import StockItem, StockMovement
from kontor.inventory.permissions import MOVE_STOCK
from kontor.kernel.actors import Actor, require
from kontor.kernel.money import MAX_QUANTITY
from kontor.kernel.refusal import Refused, Stale


@transaction.atomic
def adjust_stock(
    *, actor: Actor, stock_item: StockItem, new_on_hand: Decimal, reason: str, seen: Decimal | None = None
) -> StockItem:
    """Correct what is on the shelf after a count, in base units; the difference becomes a movement.

    `seen` is the figure that the person corrected: Stale("stale") when it has moved since. Raises Refused at field
    ``on_hand`` (``not_a_quantity``, ``below_reserved``) or ``reason`` (``reason_missing``).
    """
    require(actor, MOVE_STOCK)
    items = StockItem.objects.select_related("product", "warehouse")
    item = items.select_for_update(of=("self",), no_key=True).get(pk=stock_item.pk)
    require_own(actor, item.warehouse.seller_id)
    _check(item, new_on_hand, reason)
    if seen is not None and seen != item.on_hand:
        now = {"quantity": counted(item.on_hand, item.product.base_unit)}
        message = _("The stock changed meanwhile to %(quantity)s. Count again.") % now
        raise Stale("stale", message, {"on_hand": message})
    before = item.on_hand
    if before == new_on_hand:
        return item
    item.on_hand = new_on_hand
    item.save(update_fields=["on_hand"])
    StockMovement.objects.create(
        stock_item=item,
        kind=StockMovement.Kind.ADJUSTMENT,
        quantity=new_on_hand - before,
        reference="count",
        reason=reason.strip(),
        actor_name=actor.name,
    )
    changes = {"on_hand": [before, new_on_hand], "warehouse": item.warehouse.code}
    record(actor, "inventory.adjusted", ("product", item.product_id), changes=changes, note=reason.strip())
    return item


def _check(item: StockItem, new_on_hand: Decimal, reason: str) -> None:
    unit = item.product.base_unit
    if (
        not new_on_hand.is_finite()
        or not 0 <= new_on_hand <= MAX_QUANTITY
        or new_on_hand != round(new_on_hand, decimals(unit))
    ):
        message = _("Enter the quantity that is on the shelf, 0 or more.")
        raise Refused("not_a_quantity", message, {"on_hand": message})
    if new_on_hand < item.reserved:
        message = _("%(quantity)s are reserved for orders. Release or cancel some of them first.")
        message %= {"quantity": counted(item.reserved, unit)}
        raise Refused("below_reserved", message, {"on_hand": message})
    if not reason.strip():
        message = _("Say why the stock differs.")
        raise Refused("reason_missing", message, {"reason": message})
