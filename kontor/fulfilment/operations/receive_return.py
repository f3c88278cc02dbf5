from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.fulfilment.events import ReturnReceived
from kontor.fulfilment.models import Return, ReturnLine
from kontor.fulfilment.permissions import ACCEPT_RETURNS
from kontor.fulfilment.stale import moved_on
from kontor.inventory.operations import TakenBack, take_back
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.events import publish
from kontor.kernel.money import ZERO
from kontor.kernel.refusal import Refused
from kontor.orders.operations import book_returned
from kontor.orders.sides import require_seller_side
from kontor.orders.states import SENT, lock_order

RECEIVE = """
UPDATE fulfilment_return_line r SET received = given.received, restocked = given.restocked
FROM unnest(%(lines)s::bigint[], %(received)s::numeric[], %(restocked)s::numeric[]) AS given (line, received, restocked)
WHERE r.id = given.line AND r.return_order_id = %(return)s
"""
# Goods go back to the shelf that they came from last, of a kit each part to its own.
SHELVES = """
SELECT DISTINCT ON (sl.order_line_id, sl.part_id) sl.order_line_id, sl.stock_item_id, COALESCE(x.quantity, 1)
FROM fulfilment_shipment s JOIN fulfilment_shipment_line sl ON sl.shipment_id = s.id
LEFT JOIN orders_line_part x ON x.id = sl.part_id
WHERE s.order_id = %s AND s.status IN ('shipped', 'delivered') AND sl.stock_item_id IS NOT NULL
ORDER BY sl.order_line_id, sl.part_id, sl.id DESC
"""


@transaction.atomic
def receive_return(
    *, actor: Actor, return_order: Return, received: Mapping[int, tuple[Decimal, Decimal]]
) -> Return:
    """Take goods in: by return line how many base units arrived, and how many of them are fit for the shelf.

    A line that is not named did not arrive. Only what is fit raises the stock; all that arrived can be credited. Raises
    Refused("received_wrong") at ``lines/<return line id>/received``.
    """
    order = return_order.order
    require_seller_side(actor, order, ACCEPT_RETURNS)
    lock_order(order, SENT)
    lines = list(return_order.lines.select_related("order_line"))
    _check(lines, received)
    now = clock.now()
    accepted = Return.objects.filter(pk=return_order.pk, status=Return.Status.ACCEPTED)
    if not accepted.update(status=Return.Status.RECEIVED, received_at=now):
        raise moved_on(return_order)
    return_order.status, return_order.received_at = Return.Status.RECEIVED, now
    _write(return_order, received)
    _restock(actor, return_order, lines, received)
    came = {
        line.order_line_id: received[line.pk][0] for line in lines if received.get(line.pk, (0, 0))[0] > 0
    }
    book_returned(order, came)
    changes = {"return": return_order.number}
    record(actor, "fulfilment.return_received", ("order", order.pk), changes=changes, shared=True)
    publish(ReturnReceived(return_order.pk))
    return return_order


def _check(lines: list[ReturnLine], received: Mapping[int, tuple[Decimal, Decimal]]) -> None:
    announced = {line.pk: line.quantity for line in lines}
    wrong = {}
    for line, (came, fit) in received.items():
        if line not in announced:
            wrong[f"lines/{line}/received"] = _("This line is not part of the return.")
        elif not (came.is_finite() and 0 <= came <= announced[line]):
            most = f"{announced[line].normalize():f}"
            wrong[f"lines/{line}/received"] = _("At most %(quantity)s were announced.") % {"quantity": most}
        elif not (fit.is_finite() and 0 <= fit <= came):
            wrong[f"lines/{line}/restocked"] = _("Not more than arrived can go back on the shelf.")
    if wrong:
        raise Refused("received_wrong", _("These quantities cannot be right."), wrong)
    if not any(came for came, _fit in received.values()):
        raise Refused("nothing_received", _("Enter what arrived. If nothing will, decline the return."))


def _write(return_order: Return, received: Mapping[int, tuple[Decimal, Decimal]]) -> None:
    parameters: dict[str, Any] = {
        "return": return_order.pk,
        "lines": list(received),
        "received": [came for came, _fit in received.values()],
        "restocked": [fit for _came, fit in received.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(RECEIVE, parameters)


def _restock(
    actor: Actor,
    return_order: Return,
    lines: list[ReturnLine],
    received: Mapping[int, tuple[Decimal, Decimal]],
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SHELVES, [return_order.order_id])
        shelves = cursor.fetchall()
    fit = {line.order_line_id: received[line.pk][1] for line in lines if line.pk in received}
    items = [
        TakenBack(stock_item_id=shelf, quantity=fit[line] * each)
        for line, shelf, each in shelves
        if fit.get(line, ZERO) > 0
    ]
    take_back(actor=actor, items=items, reference=f"return:{return_order.pk}")
