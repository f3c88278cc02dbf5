from collections.abc import Sequence
from decimal import Decimal

from django.db import connection

from kontor.exchange.bulk.staging import ids, run, stage
from kontor.inventory.models import StockMovement
from kontor.kernel import clock
from kontor.kernel.actors import Actor

STAGE = "exchange_stock"
COLUMNS = {"product_id": "bigint", "on_hand": "numeric", "bin": "text"}
CREATE = f"""
INSERT INTO inventory_stock_item (product_id, warehouse_id, on_hand, reserved, bin)
SELECT s.product_id, %(warehouse)s, 0, 0, '' FROM {STAGE} s ORDER BY s.product_id
ON CONFLICT (product_id, warehouse_id) DO NOTHING
"""
LOCK = f"""
SELECT i.id FROM inventory_stock_item i JOIN {STAGE} s ON s.product_id = i.product_id
WHERE i.warehouse_id = %(warehouse)s ORDER BY i.id FOR NO KEY UPDATE OF i
"""
TOO_LOW = f"""
SELECT i.product_id, i.reserved FROM inventory_stock_item i JOIN {STAGE} s ON s.product_id = i.product_id
WHERE i.warehouse_id = %(warehouse)s AND s.on_hand < i.reserved
"""
COUNT = f"""
WITH differing AS (
    SELECT i.id, s.on_hand, s.on_hand - i.on_hand AS moved FROM inventory_stock_item i
    JOIN {STAGE} s ON s.product_id = i.product_id
    WHERE i.warehouse_id = %(warehouse)s AND s.on_hand IS NOT NULL AND s.on_hand <> i.on_hand
        AND s.on_hand >= i.reserved
), counted AS (
    UPDATE inventory_stock_item i SET on_hand = d.on_hand FROM differing d WHERE i.id = d.id
)
INSERT INTO inventory_stock_movement (stock_item_id, kind, quantity, reference, reason, actor_name, at)
SELECT id, %(kind)s, moved, %(reference)s, %(reason)s, %(actor)s, %(now)s FROM differing ORDER BY id
"""
BINS = f"""
UPDATE inventory_stock_item i SET bin = s.bin FROM {STAGE} s
WHERE s.product_id = i.product_id AND i.warehouse_id = %(warehouse)s AND s.bin IS NOT NULL AND i.bin <> s.bin
"""

StockTuple = tuple[int, Decimal | None, str | None]
"""Product, base units on the shelf, bin; None leaves it as it is."""


def write_stock(
    actor: Actor, warehouse_id: int, rows: Sequence[StockTuple], *, reference: str, reason: str
) -> tuple[int, dict[int, Decimal]]:
    """Set what lies in a warehouse, as `adjust_stock` does: the difference becomes a movement, so that stock balances.

    How many changed, and by product what is reserved where the new figure would be below; those are left alone.
    """
    if not rows:
        return 0, {}
    stage(STAGE, COLUMNS, rows)
    about = {
        "warehouse": warehouse_id,
        "kind": StockMovement.Kind.ADJUSTMENT.value,
        "reference": reference,
        "reason": reason,
        "actor": actor.name,
        "now": clock.now(),
    }
    run(CREATE, {"warehouse": warehouse_id})
    ids(LOCK, {"warehouse": warehouse_id})
    with connection.cursor() as cursor:
        cursor.execute(TOO_LOW, {"warehouse": warehouse_id})
        too_low = dict(cursor.fetchall())
    changed = run(COUNT, about)
    run(BINS, {"warehouse": warehouse_id})
    return changed, too_low
