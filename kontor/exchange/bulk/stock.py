from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from kontor.inventory.models import StockMovement
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.staging import amount, copy, define, refresh_statistics, run, stage

STAGE, WHOLE = "exchange_stock", "exchange_stock_whole"
COLUMNS = {"product_id": "bigint", "on_hand": "numeric", "bin": "text"}
DIFFER = """
FROM {stage} s LEFT JOIN inventory_stock_item i ON i.product_id = s.product_id AND i.warehouse_id = %(warehouse)s
WHERE (i.id IS NULL OR s.on_hand <> i.on_hand OR s.bin <> i.bin)
"""
COUNT = f"SELECT count(*) {DIFFER} AND COALESCE(s.on_hand, i.on_hand, 0) <> COALESCE(i.on_hand, 0)"
SET_ASIDE = f"INSERT INTO {WHOLE} SELECT s.product_id, s.on_hand, s.bin {DIFFER}"
LOW = f"SELECT s.product_id, i.reserved {DIFFER} AND i.reserved > s.on_hand"
# Orders lock in the order of ids too. The filter stands outside of a materialised part, or only what it lets through
# would be locked.
HOLD = f"""
WITH held AS MATERIALIZED (
    SELECT i.product_id, i.reserved, s.on_hand {DIFFER.replace("LEFT JOIN", "JOIN")}
    ORDER BY i.id FOR NO KEY UPDATE OF i
)
SELECT product_id, reserved FROM held WHERE reserved > on_hand
"""
WRITE = f"""
WITH wanted AS MATERIALIZED (
    SELECT s.product_id, i.id, COALESCE(i.on_hand, 0) AS before, COALESCE(s.on_hand, i.on_hand, 0) AS on_hand,
        COALESCE(s.bin, i.bin, '') AS bin {DIFFER}
), changed AS (
    UPDATE inventory_stock_item i SET on_hand = w.on_hand, bin = w.bin FROM wanted w WHERE i.id = w.id
), added AS (
    INSERT INTO inventory_stock_item (product_id, warehouse_id, on_hand, reserved, bin)
    SELECT product_id, %(warehouse)s, on_hand, 0, bin FROM wanted WHERE id IS NULL ORDER BY product_id
    ON CONFLICT (product_id, warehouse_id) DO NOTHING RETURNING id, on_hand
), moved AS (
    INSERT INTO inventory_stock_movement (stock_item_id, kind, quantity, reference, reason, actor_name, at)
    SELECT id, %(kind)s, moved, %(reference)s, %(reason)s, %(actor)s, %(now)s FROM (
        SELECT id, on_hand - before AS moved FROM wanted WHERE id IS NOT NULL
        UNION ALL
        SELECT id, on_hand FROM added
    ) AS m WHERE moved <> 0 RETURNING 1
)
SELECT (SELECT count(*) FROM moved),
    (SELECT count(*) FROM wanted WHERE id IS NULL) - (SELECT count(*) FROM added)
"""
LEAVE_OUT = f"DELETE FROM {STAGE} WHERE product_id = ANY (%(products)s::bigint[])"

StockTuple = tuple[int, Decimal | None, str | None]
"""Product, base units on the shelf, bin; None leaves it as it is."""


def stage_stock(rows: Iterable[StockTuple]) -> None:
    """Begin a batch with figures of goods that are there."""
    refresh_statistics("inventory_stock_item")
    stage(STAGE, COLUMNS, rows)


def too_low(warehouse_id: int, *, holds: bool) -> dict[int, Decimal]:
    """What is reserved where a figure of the batch is below that.

    With `holds`, what the batch changes is locked until the transaction ends.
    """
    return _low(warehouse_id, HOLD if holds else LOW, STAGE)


def stock_differs(warehouse_id: int) -> int:
    """How many figures of the batch make a difference. Locks nothing."""
    return amount(COUNT.format(stage=STAGE), {"warehouse": warehouse_id})


def add_stock(rows: Iterable[StockTuple], *, without: Sequence[int]) -> None:
    """Add figures of goods that were new to the batch; leave out those of some others."""
    copy(STAGE, COLUMNS, rows)
    if without:
        run(LEAVE_OUT, {"products": list(without)})


def set_stock_aside(warehouse_id: int) -> int:
    """Keep what differs in the batch for `write_set_aside`; how many figures will change."""
    define(WHOLE, COLUMNS)
    about = {"warehouse": warehouse_id}
    run(SET_ASIDE.format(stage=STAGE), about)
    return amount(COUNT.format(stage=STAGE), about)


def write_stock(actor: Actor, warehouse_id: int, *, reference: str, reason: str, table: str = STAGE) -> int:
    """Set what lies in a warehouse, as `adjust_stock` does: the difference becomes a movement, so that stock balances.

    The caller holds what changes. How many figures changed.
    """
    about: dict[str, Any] = {
        "warehouse": warehouse_id,
        "kind": StockMovement.Kind.ADJUSTMENT.value,
        "reference": reference,
        "reason": reason,
        "actor": actor.name,
        "now": clock.now(),
    }
    written, missed = 0, 1
    while missed:  # shelves that a goods receipt has just made were left alone; now they are there
        with connection.cursor() as cursor:
            cursor.execute(WRITE.format(stage=table), about)
            moved, missed = cursor.fetchall()[0]
        written += moved
    return written


def write_set_aside(actor: Actor, warehouse_id: int, *, reference: str, reason: str) -> list[int]:
    """Lock what a whole file changes, in the order of ids, and write it.

    Where too much was reserved since it was looked at, nothing is written and the products come back.
    """
    run(f"ANALYZE {WHOLE} (product_id)", {})
    low = _low(warehouse_id, HOLD, WHOLE)
    if not low:
        write_stock(actor, warehouse_id, reference=reference, reason=reason, table=WHOLE)
    return list(low)


def _low(warehouse_id: int, sql: str, table: str) -> dict[int, Decimal]:
    with connection.cursor() as cursor:
        cursor.execute(sql.format(stage=table), {"warehouse": warehouse_id})
        return dict(cursor.fetchall())
