from collections.abc import Sequence

from django.db import connection, transaction

from kontor.kernel import clock

LOCK = """
SELECT s.id FROM inventory_stock_item s
WHERE s.id IN (SELECT r.stock_item_id FROM inventory_reservation r
               WHERE r.order_line_id = ANY (%s::bigint[]) AND r.status = 'active')
ORDER BY s.id FOR NO KEY UPDATE
"""
RELEASE = """
WITH freed AS (
    UPDATE inventory_reservation SET status = 'released', closed_at = %s
    WHERE order_line_id = ANY (%s::bigint[]) AND status = 'active'
    RETURNING stock_item_id, quantity
)
UPDATE inventory_stock_item s SET reserved = s.reserved - freed.quantity
FROM (SELECT stock_item_id, sum(quantity) AS quantity FROM freed GROUP BY stock_item_id) freed
WHERE s.id = freed.stock_item_id
"""


@transaction.atomic
def release(order_line_ids: Sequence[int]) -> None:
    """Give back what is still held for these order lines. What was issued stays issued; twice does no harm."""
    if not order_line_ids:
        return
    lines = list(order_line_ids)
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [lines])
        if cursor.fetchall():
            cursor.execute(RELEASE, [clock.now(), lines])
