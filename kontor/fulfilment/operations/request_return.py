from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.fulfilment.events import ReturnRequested
from kontor.fulfilment.models import Return, ReturnLine
from kontor.fulfilment.permissions import ACCEPT_RETURNS, RETURN_GOODS
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.bulk import insert_rows
from kontor.kernel.events import publish
from kontor.kernel.money import ZERO
from kontor.kernel.numbering import next_number
from kontor.kernel.refusal import Refused
from kontor.kernel.texts import checked_text
from kontor.orders.models import Order
from kontor.orders.sides import buys, require_buyer_side, require_seller_side
from kontor.orders.states import SENT, lock_order

NOTE_LENGTH = 4000
LINE_NOTE_LENGTH = 500
RETURNABLE = """
SELECT l.id, l.shipped - l.returned - COALESCE((
    SELECT sum(r.quantity) FROM fulfilment_return_line r JOIN fulfilment_return t ON t.id = r.return_order_id
    WHERE r.order_line_id = l.id AND t.status IN ('requested', 'accepted')), 0)
FROM orders_line l WHERE l.order_id = %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedLine:
    """Base units of an order line that should go back, and why (`ReturnLine.Reason`)."""

    order_line_id: int
    quantity: Decimal
    reason: str = ReturnLine.Reason.OTHER
    note: str = ""


@transaction.atomic
def request_return(*, actor: Actor, order: Order, lines: Sequence[ReturnedLine], note: str = "") -> Return:
    """Announce goods that come back: at most what was shipped and neither came back nor is announced already.

    The buyer's people do this, or the seller's for a customer who called. Raises Refused("return_wrong") with the
    sentence at ``lines/<order line id>/quantity``.
    """
    if buys(actor, order) and not actor.acting_for_id:
        require_buyer_side(actor, order, RETURN_GOODS)
    else:
        require_seller_side(actor, order, ACCEPT_RETURNS)
    note = checked_text(note, field="note", limit=NOTE_LENGTH)
    lock_order(order, SENT)
    _check(lines, returnable(order))
    return_order = Return.objects.create(
        number=next_number("RT", seller_id=order.seller_id),
        order=order,
        requested_by_name=actor.name,
        requested_at=clock.now(),
        note=note,
    )
    columns = {
        "return_order_id": return_order.pk,
        "order_line_id": [line.order_line_id for line in lines],
        "quantity": [line.quantity for line in lines],
        "reason": [str(line.reason) for line in lines],
        "note": [
            checked_text(line.note, field=f"lines/{line.order_line_id}/note", limit=LINE_NOTE_LENGTH)
            for line in lines
        ],
        "received": ZERO,
        "restocked": ZERO,
    }
    insert_rows(ReturnLine, columns)
    changes = {"return": return_order.number, "lines": len(lines)}
    record(actor, "fulfilment.return_requested", ("order", order.pk), changes=changes, note=note, shared=True)
    publish(ReturnRequested(return_order.pk))
    return return_order


def returnable(order: Order) -> dict[int, Decimal]:
    """Base units by order line that may still be announced for return. One query."""
    with connection.cursor() as cursor:
        cursor.execute(RETURNABLE, [order.pk])
        return dict(cursor.fetchall())


def _check(lines: Sequence[ReturnedLine], most: dict[int, Decimal]) -> None:
    if not lines:
        raise Refused("no_lines", _("Choose at least one line to return."))
    wrong: dict[str, str] = {}
    seen: set[int] = set()
    for line in lines:
        at = f"lines/{line.order_line_id}"
        free = most.get(line.order_line_id)
        if free is None or line.order_line_id in seen:
            wrong[at] = _("This line is not part of the order, or stands here twice.")
        elif not line.quantity.is_finite() or line.quantity <= 0:
            wrong[f"{at}/quantity"] = _("Enter a quantity above 0.")
        elif line.quantity > free:
            wrong[f"{at}/quantity"] = _("At most %(quantity)s can be returned.") % {
                "quantity": f"{free.normalize():f}"
            }
        if line.reason not in ReturnLine.Reason.values:
            wrong[f"{at}/reason"] = _("Choose a reason.")
        seen.add(line.order_line_id)
    if wrong:
        raise Refused("return_wrong", _("Some lines cannot be returned like this."), wrong)
