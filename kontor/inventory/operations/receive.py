from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.catalog.models import Product
from kontor.catalog.ownership import require_own
from kontor.inventory.models import StockItem, StockMovement, Warehouse
from kontor.inventory.permissions import MOVE_STOCK
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.money import MAX_QUANTITY, ZERO
from kontor.kernel.refusal import Refused

CREATE = """
INSERT INTO inventory_stock_item (product_id, warehouse_id, on_hand, reserved, bin)
SELECT t.product, t.warehouse, 0, 0, '' FROM unnest(%s::bigint[], %s::bigint[]) AS t (product, warehouse)
ORDER BY t.product, t.warehouse ON CONFLICT (product_id, warehouse_id) DO NOTHING
"""
FIND = """
SELECT s.product_id, s.warehouse_id, s.id FROM inventory_stock_item s
JOIN unnest(%s::bigint[], %s::bigint[]) AS t (product, warehouse)
    ON s.product_id = t.product AND s.warehouse_id = t.warehouse
"""
LOCK = "SELECT id FROM inventory_stock_item WHERE id = ANY (%s::bigint[]) ORDER BY id FOR NO KEY UPDATE"
ADD = """
WITH came AS (
    SELECT * FROM unnest(%(items)s::bigint[], %(quantities)s::numeric[]) AS c (stock_item_id, quantity)
), added AS (
    UPDATE inventory_stock_item s SET on_hand = s.on_hand + came.quantity FROM came WHERE s.id = came.stock_item_id
)
INSERT INTO inventory_stock_movement (stock_item_id, kind, quantity, reference, reason, actor_name, at)
SELECT stock_item_id, %(kind)s, quantity, %(reference)s, %(reason)s, %(actor)s, %(now)s
FROM came ORDER BY stock_item_id
"""
# The shelves are locked, so nobody else settles the same announcements meanwhile.
SETTLE = """
WITH came AS (
    SELECT * FROM unnest(%(items)s::bigint[], %(quantities)s::numeric[]) AS c (stock_item_id, quantity)
), open AS (
    SELECT e.id, e.remaining, came.quantity, COALESCE(sum(e.remaining) OVER (
            PARTITION BY e.stock_item_id ORDER BY e.due_on, e.id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM inventory_expected_receipt e JOIN came USING (stock_item_id) WHERE e.remaining > 0
)
UPDATE inventory_expected_receipt e SET remaining = e.remaining - least(open.remaining, open.quantity - open.before)
FROM open WHERE e.id = open.id AND open.quantity > open.before
"""
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Receipt:
    """Base units of a product that came in."""

    product_id: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Base units that a customer returned: onto a known shelf, or of a product into a warehouse."""

    quantity: Decimal
    stock_item_id: int | None = None
    product_id: int | None = None
    warehouse_id: int | None = None


@transaction.atomic
def receive_stock(
    *, actor: Actor, warehouse: Warehouse, items: Sequence[Receipt], reference: str = "", reason: str = ""
) -> None:
    """Book goods into a warehouse; what was never there gets a shelf. Five statements, however many items.

    What was announced for these shelves counts as arrived, the earliest first.

    Raises Refused: ``not_stocked`` (a service, or another seller's product), ``not_positive``, ``too_large``.
    """
    require(actor, MOVE_STOCK)
    require_own(actor, warehouse.seller_id)
    quantities = by_shelf(warehouse, items)
    _add(actor, quantities, StockMovement.Kind.RECEIPT, reference, reason)
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, {"items": list(quantities), "quantities": list(quantities.values())})


@transaction.atomic
def take_back(*, actor: Actor, items: Sequence[TakenBack], reference: str) -> None:
    """Put returned goods back on the shelf. Called by fulfilment, which has checked the right and the quantities."""
    coming: dict[int, Decimal] = defaultdict(lambda: ZERO)
    placed: dict[Place, Decimal] = defaultdict(lambda: ZERO)
    for item in items:
        if item.quantity <= 0:
            raise ValueError("nothing comes back with a quantity of zero")
        if item.stock_item_id is not None:
            coming[item.stock_item_id] += item.quantity
        elif item.product_id is not None and item.warehouse_id is not None:
            placed[item.product_id, item.warehouse_id] += item.quantity
        else:
            raise ValueError("goods come back to a stock item, or to a product and a warehouse")
    where = _shelves(list(placed))
    for place, quantity in placed.items():
        coming[where[place]] += quantity
    _add(actor, coming, StockMovement.Kind.RETURN, reference, "")


def by_shelf(warehouse: Warehouse, items: Sequence[Receipt]) -> dict[int, Decimal]:
    """The quantities by stock item, each made where there was none. Raises Refused as `receive_stock`."""
    _check(warehouse.seller_id, items)
    coming: dict[Place, Decimal] = defaultdict(lambda: ZERO)
    for item in items:
        coming[item.product_id, warehouse.pk] += item.quantity
    where = _shelves(list(coming))
    return {where[place]: quantity for place, quantity in coming.items()}


def _check(seller_id: int, items: Sequence[Receipt]) -> None:
    stocked = set(
        Product.objects.filter(
            pk__in={item.product_id for item in items}, seller_id=seller_id, kind=Product.Kind.GOODS
        ).values_list("pk", flat=True)
    )
    fields = {}
    code = ""
    for index, item in enumerate(items):
        if item.product_id not in stocked:
            code, message = "not_stocked", _("This is not a stocked product of this seller.")
        elif not item.quantity.is_finite() or item.quantity <= 0:
            code, message = "not_positive", _("Enter a quantity above 0.")
        elif item.quantity > MAX_QUANTITY:
            code, message = "too_large", _("This quantity is too large.")
        else:
            continue
        fields[f"items/{index}/quantity"] = message
    if fields:
        raise Refused(code, _("The goods receipt was not booked. Correct the marked lines."), fields)


def _shelves(places: list[Place]) -> dict[Place, int]:
    """The stock item of each place, made where there was none."""
    if not places:
        return {}
    columns = [[product for product, _w in places], [warehouse for _p, warehouse in places]]
    with connection.cursor() as cursor:
        cursor.execute(FIND, columns)
        found = {(product, warehouse): item for product, warehouse, item in cursor.fetchall()}
        if len(found) < len(places):
            cursor.execute(CREATE, columns)
            cursor.execute(FIND, columns)
            found = {(product, warehouse): item for product, warehouse, item in cursor.fetchall()}
    return found


def _add(
    actor: Actor, quantities: dict[int, Decimal], kind: StockMovement.Kind, reference: str, reason: str
) -> None:
    if not quantities:
        return
    parameters: dict[str, Any] = {
        "items": list(quantities),
        "quantities": list(quantities.values()),
        "kind": kind.value,
        "reference": reference,
        "reason": reason,
        "actor": actor.name,
        "now": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [sorted(quantities)])
        if len(cursor.fetchall()) < len(quantities):
            raise StockItem.DoesNotExist
        cursor.execute(ADD, parameters)
