"""The warehouse takes a step back: a list is not picked after all, a parcel is unpacked."""

from django.db import transaction

from kontor.audit.trail import record
from kontor.fulfilment.models import PickList, Shipment
from kontor.fulfilment.permissions import SHIP
from kontor.fulfilment.stale import moved_on
from kontor.kernel.actors import Actor
from kontor.orders.sides import require_seller_side
from kontor.orders.states import DECIDED_BY_SELLER, lock_order


@transaction.atomic
def cancel_pick_list(*, actor: Actor, pick_list: PickList) -> PickList:
    """Drop a list that is not packed; its goods stay reserved and can be released again."""
    require_seller_side(actor, pick_list.order, SHIP)
    lock_order(pick_list.order, DECIDED_BY_SELLER)
    droppable = [PickList.Status.OPEN, PickList.Status.PICKED]
    found = PickList.objects.filter(pk=pick_list.pk, status__in=droppable)
    if not found.update(status=PickList.Status.CANCELLED):
        raise moved_on(pick_list)
    pick_list.status = PickList.Status.CANCELLED
    record(
        actor,
        "fulfilment.picking_cancelled",
        ("order", pick_list.order_id),
        changes={"pick_list": pick_list.number},
    )
    return pick_list


@transaction.atomic
def unpack(*, actor: Actor, shipment: Shipment) -> Shipment:
    """Take a packed shipment apart before it leaves, its pick list with it; the goods stay reserved."""
    require_seller_side(actor, shipment.order, SHIP)
    lock_order(shipment.order, DECIDED_BY_SELLER)
    packed = Shipment.objects.filter(pk=shipment.pk, status=Shipment.Status.PACKED)
    if not packed.update(status=Shipment.Status.CANCELLED):
        raise moved_on(shipment)
    if shipment.pick_list is not None:
        PickList.objects.filter(pk=shipment.pick_list.pk).update(status=PickList.Status.CANCELLED)
    shipment.status = Shipment.Status.CANCELLED
    changes = {"shipment": shipment.number}
    record(actor, "fulfilment.unpacked", ("order", shipment.order_id), changes=changes, shared=True)
    return shipment
