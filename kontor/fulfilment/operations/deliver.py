from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.fulfilment.events import ShipmentArrivesToday, ShipmentDelivered
from kontor.fulfilment.models import Shipment
from kontor.fulfilment.operations.ship import summed
from kontor.fulfilment.permissions import RETURN_GOODS, SHIP
from kontor.fulfilment.stale import moved_on
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.events import publish
from kontor.kernel.texts import checked_text
from kontor.orders.operations import book_delivered
from kontor.orders.sides import buys, require_buyer_side, require_seller_side
from kontor.orders.states import SENT, lock_order

NAME_LENGTH = 120
ARRIVING = """
UPDATE fulfilment_shipment SET arrival_announced_at = %(now)s
WHERE status = 'shipped' AND arrives_on = %(today)s AND arrival_announced_at IS NULL RETURNING id
"""


@transaction.atomic
def confirm_delivery(*, actor: Actor, shipment: Shipment, received_by: str = "") -> Shipment:
    """Say that the goods have arrived, and who took them in. The buyer's people may, and the seller's warehouse."""
    order = shipment.order
    if buys(actor, order) and not actor.acting_for_id:
        require_buyer_side(actor, order, RETURN_GOODS)
    else:
        require_seller_side(actor, order, SHIP)
    received_by = checked_text(received_by, field="received_by", limit=NAME_LENGTH)
    lock_order(order, SENT)
    now, delivered = clock.now(), Shipment.Status.DELIVERED
    on_the_way = Shipment.objects.filter(pk=shipment.pk, status=Shipment.Status.SHIPPED)
    if not on_the_way.update(status=delivered, delivered_at=now, received_by=received_by):
        raise moved_on(shipment)
    shipment.status, shipment.delivered_at, shipment.received_by = delivered, now, received_by
    arrived = shipment.lines.filter(part=None).values_list("order_line_id", "quantity")
    book_delivered(order, summed(arrived))
    changes = {"shipment": shipment.number, "received_by": received_by or _("not named")}
    record(actor, "fulfilment.delivered", ("order", order.pk), changes=changes, shared=True)
    publish(ShipmentDelivered(shipment.pk))
    return shipment


@transaction.atomic
def announce_arrivals(today: date) -> int:
    """Tell both sides, once, of each shipment that should arrive today; returns how many. The worker asks daily."""
    with connection.cursor() as cursor:
        cursor.execute(ARRIVING, {"now": clock.now(), "today": today})
        arriving = [row[0] for row in cursor.fetchall()]
    for shipment_id in arriving:
        publish(ShipmentArrivesToday(shipment_id))
    return len(arriving)
