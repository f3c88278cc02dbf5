"""What is there and what is free: the one availability resolver, and what the warehouse looks at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import F, QuerySet

from kontor.inventory.free import EXPECTED
from kontor.inventory.models import ExpectedReceipt, Reservation, StockItem, StockMovement
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.money import ZERO

AVAILABLE = """
SELECT product_id, sum(on_hand - reserved) FROM inventory_stock_item
WHERE product_id = ANY (%(products)s::bigint[]) GROUP BY product_id
UNION ALL
SELECT kit_id, inventory_kit_free(kit_id) FROM catalog_kit_component
WHERE kit_id = ANY (%(products)s::bigint[]) GROUP BY kit_id
"""
BY_WAREHOUSE = """
SELECT s.id, w.id, w.code, w.name, s.on_hand, s.reserved, s.on_hand - s.reserved, s.bin
FROM inventory_stock_item s JOIN inventory_warehouse w ON w.id = s.warehouse_id
WHERE s.product_id = %s ORDER BY w.position, w.id
"""
EXPECTED_OF = f"""
SELECT soon.* FROM catalog_product p CROSS JOIN LATERAL ({EXPECTED}) AS soon WHERE p.id = %(product)s::bigint
"""
LOW = """
SELECT id, sku, name, base_unit, on_hand, free FROM (
    SELECT p.id, p.sku, p.name, p.base_unit, COALESCE(sum(s.on_hand), 0) AS on_hand,
        COALESCE(sum(s.on_hand - s.reserved), 0) AS free
    FROM catalog_product p LEFT JOIN inventory_stock_item s ON s.product_id = p.id
    WHERE p.seller_id = %(seller)s AND p.status = 'active' AND p.kind = 'goods' GROUP BY p.id
    UNION ALL
    SELECT p.id, p.sku, p.name, p.base_unit, NULL, inventory_kit_free(p.id)
    FROM catalog_product p WHERE p.seller_id = %(seller)s AND p.status = 'active' AND p.kind = 'kit'
) AS on_sale WHERE free <= %(most)s
ORDER BY free, sku LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class WarehouseStock:
    """A product in one warehouse, in base units."""

    stock_item_id: int
    warehouse_id: int
    code: str
    name: str
    on_hand: Decimal
    reserved: Decimal
    available: Decimal
    bin: str


@dataclass(frozen=True, slots=True)
class Expected:
    """Base units that are to arrive in a warehouse on a day."""

    warehouse: str
    due_on: date
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class LowStock:
    """A product of which little is free, over all warehouses, in base units; a kit itself is not `on_hand` (None)."""

    product_id: int
    sku: str
    name: str
    unit: str
    on_hand: Decimal | None
    available: Decimal


def available(product_ids: Sequence[int]) -> dict[int, Decimal]:
    """What may be promised of each product, over all warehouses, in base units; 0 where nothing was ever stocked.

    Of a kit it is what the free stock of its components gives, whole kits only.
    """
    free = dict.fromkeys(product_ids, ZERO)
    if free:
        with connection.cursor() as cursor:
            cursor.execute(AVAILABLE, {"products": list(free)})
            free.update(cursor.fetchall())
    return free


def stock_by_warehouse(product_id: int) -> list[WarehouseStock]:
    """Where a product lies, in the order in which warehouses are asked."""
    with connection.cursor() as cursor:
        cursor.execute(BY_WAREHOUSE, [product_id])
        return [WarehouseStock(*row) for row in cursor.fetchall()]


def expected_of(product_id: int) -> list[Expected]:
    """What is on its way of a product, the earliest first; what is overdue is left out: nobody can rely on its day."""
    with connection.cursor() as cursor:
        cursor.execute(EXPECTED_OF, {"product": product_id, "today": clock.today()})
        return [Expected(*row) for row in cursor.fetchall()]


def expected_receipts(actor: Actor) -> QuerySet[ExpectedReceipt]:
    """What is still on its way to the actor's own warehouses, with product and warehouse."""
    rows = ExpectedReceipt.objects.filter(remaining__gt=0).select_related(
        "stock_item__product", "stock_item__warehouse"
    )
    return rows if actor.is_system else rows.filter(stock_item__warehouse__seller_id=actor.company_id)


def low_stock(seller_id: int, *, at_most: Decimal = ZERO, limit: int = 50) -> list[LowStock]:
    """Goods and kits on sale of which no more than `at_most` base units are free, scarcest first."""
    with connection.cursor() as cursor:
        cursor.execute(LOW, {"seller": seller_id, "most": at_most, "limit": limit})
        return [LowStock(*row) for row in cursor.fetchall()]


def reservations_of(order_line_ids: Sequence[int]) -> dict[int, list[Reservation]]:
    """The active reservations of each order line, with stock item and warehouse loaded; oldest first."""
    found: dict[int, list[Reservation]] = {}
    rows = Reservation.objects.filter(
        order_line_id__in=list(order_line_ids), status=Reservation.Status.ACTIVE
    ).select_related("stock_item__warehouse")
    for reservation in rows.order_by("id"):
        found.setdefault(reservation.order_line_id, []).append(reservation)
    return found


def stock_items(actor: Actor) -> QuerySet[StockItem]:
    """The stock of the actor's own warehouses, with product and warehouse; `free` is what may be promised."""
    own = StockItem.objects.select_related("product", "warehouse").annotate(free=F("on_hand") - F("reserved"))
    return own if actor.is_system else own.filter(warehouse__seller_id=actor.company_id)


def movements_of(stock_item_id: int) -> QuerySet[StockMovement]:
    """What happened to a stock item, newest first; the caller has checked that the item may be seen."""
    return StockMovement.objects.filter(stock_item_id=stock_item_id).order_by("-id")
