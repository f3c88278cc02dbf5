from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.fulfilment.models import PickList, Shipment
from kontor.fulfilment.permissions import SHIP
from kontor.fulfilment.stale import moved_on
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.numbering import next_number
from kontor.kernel.refusal import Refused
from kontor.orders.models import Order
from kontor.orders.sides import require_seller_side
from kontor.orders.states import SHIPPABLE, lock_order

MOST_PACKAGES = 9999
MOST_GRAMS = 2_000_000_000
# Services have no shelf: they ride along with the first parcel that leaves, and are invoiced with it.
FILL = """
INSERT INTO fulfilment_shipment_line (shipment_id, order_line_id, part_id, stock_item_id, quantity, lot)
SELECT %(shipment)s, p.order_line_id, p.part_id, p.stock_item_id, p.picked, ''
FROM fulfilment_pick_line p WHERE p.pick_list_id = %(list)s AND p.picked > 0
UNION ALL
SELECT %(shipment)s, l.id, NULL, NULL, l.base_quantity - l.cancelled - l.shipped, ''
FROM orders_line l
WHERE l.order_id = %(order)s AND l.kind = 'service' AND l.base_quantity > l.cancelled + l.shipped AND NOT EXISTS (
    SELECT 1 FROM fulfilment_shipment_line sl JOIN fulfilment_shipment s ON s.id = sl.shipment_id
    WHERE sl.order_line_id = l.id AND s.status = 'packed')
"""
WEIGH = """
UPDATE fulfilment_shipment SET weight_grams = LEAST(%(most)s, (
    SELECT ceil(sum(sl.quantity * p.weight_grams)) FROM fulfilment_shipment_line sl
    JOIN orders_line l ON l.id = sl.order_line_id LEFT JOIN orders_line_part x ON x.id = sl.part_id
    JOIN catalog_product p ON p.id = COALESCE(x.product_id, l.product_id)
    WHERE sl.shipment_id = %(shipment)s AND sl.stock_item_id IS NOT NULL
    HAVING bool_and(p.weight_grams IS NOT NULL)))
WHERE id = %(shipment)s RETURNING weight_grams
"""


@transaction.atomic
def pack(
    *, actor: Actor, pick_list: PickList, packages: int = 1, weight_grams: int | None = None
) -> Shipment:
    """Put what was picked into parcels: a shipment with its delivery note, not yet on its way.

    Without a weight the goods' own weights are added up, where all are known.
    """
    require_seller_side(actor, pick_list.order, SHIP)
    _check(packages, weight_grams)
    lock_order(pick_list.order, SHIPPABLE)
    picked = PickList.objects.filter(pk=pick_list.pk, status=PickList.Status.PICKED)
    if not picked.update(status=PickList.Status.PACKED):
        raise moved_on(pick_list)
    pick_list.status = PickList.Status.PACKED
    shipment = Shipment.objects.create(
        number=next_number("SH", seller_id=pick_list.order.seller_id),
        order=pick_list.order,
        pick_list=pick_list,
        packages=packages,
        weight_grams=weight_grams,
        packed_at=clock.now(),
    )
    _fill(shipment, pick_list, pick_list.order)
    changes = {"shipment": shipment.number, "packages": packages}
    record(actor, "fulfilment.packed", ("order", pick_list.order_id), changes=changes, shared=True)
    return shipment


def _fill(shipment: Shipment, pick_list: PickList, order: Order) -> None:
    parameters = {"shipment": shipment.pk, "list": pick_list.pk, "order": order.pk, "most": MOST_GRAMS}
    with connection.cursor() as cursor:
        cursor.execute(FILL, parameters)
        if shipment.weight_grams is None:
            cursor.execute(WEIGH, parameters)
            (shipment.weight_grams,) = cursor.fetchone() or (None,)


def _check(packages: int, weight_grams: int | None) -> None:
    wrong = {}
    if not 1 <= packages <= MOST_PACKAGES:
        wrong["packages"] = _("Enter 1 to %(max)s packages.") % {"max": MOST_PACKAGES}
    if weight_grams is not None and not 0 <= weight_grams <= MOST_GRAMS:
        wrong["weight_grams"] = _("Enter the weight in grams.")
    if wrong:
        raise Refused("parcel_wrong", _("Some details cannot be taken as they are."), wrong)
