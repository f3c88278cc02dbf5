"""What the warehouse does when an app below it reports something."""

from django.db import connection

from kontor.kernel.events import on
from kontor.orders.events import OrderCancelled

# A list or packed parcel that holds more of a line than is still to be shipped cannot leave any more.
DROP = """
WITH wanted AS (
    SELECT id, NULL::bigint AS part, base_quantity - cancelled - shipped AS open
    FROM orders_line WHERE order_id = %(order)s
    UNION ALL
    SELECT l.id, x.id, x.quantity * (l.base_quantity - l.cancelled) - x.shipped
    FROM orders_line l JOIN orders_line_part x ON x.line_id = l.id WHERE l.order_id = %(order)s
), lists AS (
    UPDATE fulfilment_pick_list k SET status = 'cancelled'
    WHERE k.order_id = %(order)s AND (k.status IN ('open', 'picked') OR (k.status = 'packed' AND EXISTS (
        SELECT 1 FROM fulfilment_shipment s WHERE s.pick_list_id = k.id AND s.status = 'packed')))
      AND EXISTS (
        SELECT 1 FROM fulfilment_pick_line p JOIN wanted ON wanted.id = p.order_line_id
            AND wanted.part IS NOT DISTINCT FROM p.part_id
        WHERE p.pick_list_id = k.id AND p.quantity > wanted.open)
)
UPDATE fulfilment_shipment s SET status = 'cancelled'
WHERE s.order_id = %(order)s AND s.status = 'packed' AND EXISTS (
    SELECT 1 FROM fulfilment_shipment_line sl JOIN wanted ON wanted.id = sl.order_line_id
        AND wanted.part IS NOT DISTINCT FROM sl.part_id
    WHERE sl.shipment_id = s.id AND sl.quantity > wanted.open)
"""


@on(OrderCancelled)
def drop_what_was_cancelled(event: OrderCancelled) -> None:
    """Pick lists and packed parcels with cancelled goods are dropped; what else was on them can be released again."""
    with connection.cursor() as cursor:
        cursor.execute(DROP, {"order": event.order_id})
