from collections import defaultdict
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.fulfilment.events import PickListsCreated
from kontor.fulfilment.models import PickLine, PickList
from kontor.fulfilment.permissions import SHIP
from kontor.fulfilment.queries import left_to_pick
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.bulk import insert_rows
from kontor.kernel.events import publish
from kontor.kernel.money import ZERO
from kontor.kernel.numbering import next_number
from kontor.kernel.refusal import Refused
from kontor.orders.models import Order
from kontor.orders.sides import require_seller_side
from kontor.orders.states import SHIPPABLE, lock_order

ToPick = tuple[int, int | None, int, Decimal]
"""Order line, part of its kit, shelf, base units."""


@transaction.atomic
def release_to_warehouse(*, actor: Actor, order: Order) -> list[PickList]:
    """Make a pick list per warehouse of all that is reserved and not being picked yet, sorted by bin.

    Raises Refused("nothing_to_pick") when there is nothing: all is on lists already, shipped, or a service.
    """
    require_seller_side(actor, order, SHIP)
    lock_order(order, SHIPPABLE)
    shelves: dict[int, list[ToPick]] = defaultdict(list)
    for warehouse, line, part, shelf, quantity in left_to_pick(order):
        shelves[warehouse].append((line, part, shelf, quantity))
    if not shelves:
        raise Refused(
            "nothing_to_pick",
            _("Nothing of this order is left to pick. Look at its pick lists and shipments."),
        )
    lists = [_pick_list(order, warehouse, lines) for warehouse, lines in shelves.items()]
    numbers = ", ".join(one.number for one in lists)
    record(actor, "fulfilment.released", ("order", order.pk), changes={"pick_lists": numbers})
    record(actor, "fulfilment.picking_started", ("order", order.pk), shared=True)
    publish(PickListsCreated(order.pk))
    return lists


def _pick_list(order: Order, warehouse_id: int, lines: list[ToPick]) -> PickList:
    pick_list = PickList.objects.create(
        number=next_number("PL", seller_id=order.seller_id),
        order=order,
        warehouse_id=warehouse_id,
        created_at=clock.now(),
    )
    order_lines, parts, stock_items, quantities = (list(column) for column in zip(*lines, strict=True))
    insert_rows(
        PickLine,
        {
            "pick_list_id": pick_list.pk,
            "order_line_id": order_lines,
            "part_id": parts,
            "stock_item_id": stock_items,
            "quantity": quantities,
            "picked": ZERO,
        },
    )
    return pick_list
