from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db import connection

from kontor.exchange.bulk.staging import refresh_statistics, run, stage
from kontor.inventory.models import StockMovement
from kontor.kernel import clock
from kontor.kernel.actors import Actor

STAGE = "exchange_stock"
COLUMNS = {"product_id": "bigint", "on_hand": "numeric", "bin": "text"}
# Locks what will change, in the order in which orders lock; a figure that falls below what is reserved comes back.
HOLD = """
SELECT product_id, reserved FROM (
    SELECT i.product_id, i.reserved, t.on_hand FROM inventory_stock_item i
    JOIN unnest(%s::bigint[], %s::numeric[]) AS t (product_id, on_hand) ON t.product_id = i.product_id
    WHERE i.warehouse_id = %s AND i.on_hand <> t.on_hand ORDER BY i.id FOR NO KEY UPDATE OF i
) AS held WHERE reserved > on_hand
"""
WRITE = f"""
WITH wanted AS (
    SELECT s.product_id, i.id, COALESCE(i.on_hand, 0) AS before, COALESCE(s.on_hand, i.on_hand, 0) AS on_hand,
        COALESCE(s.bin, i.bin, '') AS bin
    FROM {STAGE} s
    LEFT JOIN inventory_stock_item i ON i.product_id = s.product_id AND i.warehouse_id = %(warehouse)s
    WHERE i.id IS NULL OR s.on_hand <> i.on_hand OR s.bin <> i.bin
), changed AS (
    UPDATE inventory_stock_item i SET on_hand = w.on_hand, bin = w.bin FROM wanted w WHERE i.id = w.id
), added AS (
    INSERT INTO inventory_stock_item (product_id, warehouse_id, on_hand, reserved, bin)
    SELECT product_id, %(warehouse)s, on_hand, 0, bin FROM wanted WHERE id IS NULL ORDER BY product_id
    RETURNING id, on_hand
)
INSERT INTO inventory_stock_movement (stock_item_id, kind, quantity, reference, reason, actor_name, at)
SELECT id, %(kind)s, moved, %(reference)s, %(reason)s, %(actor)s, %(now)s FROM (
    SELECT id, on_hand - before AS moved FROM wanted WHERE id IS NOT NULL
    UNION ALL
    SELECT id, on_hand FROM added
) AS m WHERE moved <> 0
"""

StockTuple = tuple[int, Decimal | None, str | None]
"""Product, base units on the shelf, bin; None leaves it as it is."""


def hold_stock(warehouse_id: int, wanted: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Lock what these figures change until the transaction ends; what is reserved where a figure is below that."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [list(wanted), list(wanted.values()), warehouse_id])
        return dict(cursor.fetchall())


def write_stock(
    actor: Actor, warehouse_id: int, rows: Iterable[StockTuple], *, reference: str, reason: str
) -> int:
    """Set what lies in a warehouse, as `adjust_stock` does: the difference becomes a movement, so that stock balances.

    The caller has asked `hold_stock`. How many figures changed.
    """
    refresh_statistics("inventory_stock_item")
    stage(STAGE, COLUMNS, rows)
    about = {
        "warehouse": warehouse_id,
        "kind": StockMovement.Kind.ADJUSTMENT.value,
        "reference": reference,
        "reason": reason,
        "actor": actor.name,
        "now": clock.now(),
    }
    return run(WRITE, about)
