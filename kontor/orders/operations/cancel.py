from collections.abc import Collection
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.agreements.operations import give_back
from kontor.approvals.operations import withdraw
from kontor.audit.trail import record
from kontor.inventory.operations import release
from kontor.kernel.actors import Actor
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused
from kontor.kernel.texts import checked_text
from kontor.orders.events import OrderCancelled
from kontor.orders.models import Order
from kontor.orders.permissions import CONFIRM_ORDERS, right_to_order
from kontor.orders.sides import require_buyer_side, require_seller_side, sells
from kontor.orders.states import (
    CANCELLABLE_BY_BUYER,
    CANCELLABLE_BY_SELLER,
    WITH_APPROVER,
    derive_status,
    lock_order,
)
from kontor.promotions.operations import give_back_promotions

REASON_LENGTH = 2000
CANCEL = """
UPDATE orders_line SET cancelled = base_quantity - shipped
WHERE order_id = %(order)s AND (%(lines)s::bigint[] IS NULL OR id = ANY (%(lines)s::bigint[]))
  AND shipped + cancelled < base_quantity
RETURNING id, position, base_quantity - shipped
"""


@transaction.atomic
def cancel_order(
    *, actor: Actor, order: Order, reason: str = "", line_ids: Collection[int] | None = None
) -> Order:
    """Cancel what is open of the order, or of these lines; its stock is free again, and so is what agreements had left.
    Promotions are given back with the last line.

    The buyer, or a representative who works for it, may do so until the seller has confirmed, the seller (who says
    why) as long as something is not shipped. What was shipped stays; an order of which nothing is left is cancelled.
    Raises Refused("nothing_open").
    """
    by_seller = sells(actor, order) and actor.acting_for_id is None
    if by_seller:
        require_seller_side(actor, order, CONFIRM_ORDERS)
    else:
        require_buyer_side(actor, order, right_to_order(actor))
    reason = _checked_reason(reason, needed=by_seller)
    lock_order(order, CANCELLABLE_BY_SELLER if by_seller or actor.is_system else CANCELLABLE_BY_BUYER)
    waited = order.status in WITH_APPROVER
    cancelled = _cancel_lines(order, line_ids)
    derive_status(order)
    # In the order in which an order takes them: promotions, agreements, stock.
    if order.status == Order.Status.CANCELLED:
        give_back_promotions(order_id=order.pk)
    give_back(quantities={line: quantity for line, _position, quantity in cancelled})
    release([line for line, _position, _quantity in cancelled])
    if waited and order.status == Order.Status.CANCELLED:
        withdraw(subject=("order", order.pk))
    record(
        actor,
        "orders.cancelled" if order.status == Order.Status.CANCELLED else "orders.partly_cancelled",
        ("order", order.pk),
        changes={"lines": ", ".join(str(position) for _line, position, _quantity in cancelled)},
        note=reason,
        shared=not waited,
    )
    publish(OrderCancelled(order.pk))
    return order


def _cancel_lines(order: Order, line_ids: Collection[int] | None) -> list[tuple[int, int, Decimal]]:
    if order.status in WITH_APPROVER and line_ids is not None:
        message = _(
            "This order waits for approval. Cancel it as a whole, or let it be sent back to change it."
        )
        raise Refused("whole_order_only", message)
    with connection.cursor() as cursor:
        cursor.execute(CANCEL, {"order": order.pk, "lines": None if line_ids is None else sorted(line_ids)})
        cancelled: list[tuple[int, int, Decimal]] = sorted(cursor.fetchall(), key=lambda row: row[1])
    if not cancelled:
        raise Refused("nothing_open", _("Nothing of this order is open any more."))
    return cancelled


def _checked_reason(reason: str, *, needed: bool) -> str:
    reason = checked_text(reason, field="reason", limit=REASON_LENGTH)
    if needed and not reason:
        sentence = _("Say why; the buyer reads it.")
        raise Refused("reason_missing", sentence, {"reason": sentence})
    return reason
