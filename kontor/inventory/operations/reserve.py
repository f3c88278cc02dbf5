from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.catalog.models import Product
from kontor.goods.units import counted
from kontor.inventory.rules import Shelf, one_place, take
from kontor.kernel import clock
from kontor.kernel.money import ZERO
from kontor.kernel.refusal import Refused

LOCK = """
SELECT s.id, s.product_id, s.on_hand - s.reserved, w.position, w.id
FROM inventory_stock_item s JOIN inventory_warehouse w ON w.id = s.warehouse_id
WHERE s.product_id = ANY (%s::bigint[])
ORDER BY s.id FOR NO KEY UPDATE OF s
"""
HOLD = """
WITH taken AS (
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::numeric[]) AS t (stock_item_id, order_line_id, quantity)
), held AS (
    UPDATE inventory_stock_item s SET reserved = s.reserved + t.quantity
    FROM (SELECT stock_item_id, sum(quantity) AS quantity FROM taken GROUP BY stock_item_id) t
    WHERE s.id = t.stock_item_id
)
INSERT INTO inventory_reservation (stock_item_id, order_line_id, quantity, status, created_at)
SELECT stock_item_id, order_line_id, quantity, 'active', %s FROM taken
"""


@dataclass(frozen=True, slots=True)
class Demand:
    """Base units wanted for an order line; `position` is the line's place in the form, for the message beside it.

    A line of a kit wants several products: `is_part` then, and all its demands follow each other.
    """

    order_line_id: int
    product_id: int
    quantity: Decimal
    position: int | None = None
    is_part: bool = False


@transaction.atomic
def reserve(demands: Sequence[Demand]) -> None:
    """Hold stock for order lines, all of them or none; services need no stock. Called by orders, which has checked.

    Two statements, however many lines. Warehouses are asked by position; one that can serve a whole line (of a kit
    all parts) is preferred. Raises Refused("not_enough_stock") that names every product that is short, with
    what is left at ``lines/<position>/quantity``.
    """
    if not demands:
        return
    shelves = _locked({demand.product_id for demand in demands})
    taken: list[tuple[int, int, Decimal]] = []
    short: list[tuple[int, Demand, Decimal]] = []
    for _line, group in groupby(enumerate(demands), key=lambda one: one[1].order_line_id):
        line = list(group)
        places = one_place([(shelves.get(one.product_id, []), one.quantity) for _index, one in line])
        for (index, demand), place in zip(line, places, strict=True):
            parts = take(place, demand.quantity)
            if parts is None:
                short.append((index, demand, sum((one.free for one in place), ZERO)))
            else:
                taken += [(item, demand.order_line_id, quantity) for item, quantity in parts]
    if short:
        _refuse_unless_services(short)
    if taken:
        items, lines, quantities = (list(column) for column in zip(*taken, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(HOLD, [items, lines, quantities, clock.now()])


def _locked(product_ids: set[int]) -> dict[int, list[Shelf]]:
    """Lock the stock of these products; what is free, per product in the order of warehouses."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [sorted(product_ids)])
        rows = cursor.fetchall()
    shelves: dict[int, list[Shelf]] = {}
    for item, product, free, _position, warehouse in sorted(rows, key=lambda row: row[3:]):
        shelves.setdefault(product, []).append(Shelf(item, free, warehouse))
    return shelves


def _refuse_unless_services(short: list[tuple[int, Demand, Decimal]]) -> None:
    products = Product.objects.only("sku", "name", "base_unit", "kind").in_bulk(
        [d.product_id for _i, d, _f in short]
    )
    missing = [one for one in short if products[one[1].product_id].is_stocked]
    if not missing:
        return
    fields = {}
    for index, demand, free in missing:
        at = index if demand.position is None else demand.position
        product = products[demand.product_id]
        left = {"quantity": counted(free, product.base_unit), "product": product.name}
        if demand.is_part:
            sentence = _("Only %(quantity)s available of “%(product)s”, which is part of it.")
        else:
            sentence = _("Only %(quantity)s available.") if free else _("Not available at the moment.")
        fields[f"lines/{at}/quantity"] = sentence % left
    names = dict.fromkeys(str(products[demand.product_id]) for _index, demand, _free in missing)
    message = _("Not enough stock of %(products)s. Lower the quantity or remove the line.")
    raise Refused("not_enough_stock", message % {"products": ", ".join(names)}, fields)
