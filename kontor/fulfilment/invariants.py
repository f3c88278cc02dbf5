"""What must always be true of shipments and returns (`kontor check`)."""

from kontor.kernel.invariants import invariant

LINES = "SELECT count(*) FROM orders_line"

invariant(
    "Shipped quantities are those of the shipments that left",
    tried=LINES,
    bad="""
    SELECT l.id, l.order_id, l.shipped, COALESCE(s.shipped, 0) AS by_shipments, l.delivered,
        COALESCE(s.delivered, 0) AS by_deliveries
    FROM orders_line l LEFT JOIN (
        SELECT sl.order_line_id, sum(sl.quantity) AS shipped,
            COALESCE(sum(sl.quantity) FILTER (WHERE s.status = 'delivered'), 0) AS delivered
        FROM fulfilment_shipment_line sl JOIN fulfilment_shipment s ON s.id = sl.shipment_id
        WHERE s.status IN ('shipped', 'delivered') AND sl.part_id IS NULL GROUP BY sl.order_line_id
    ) s ON s.order_line_id = l.id
    WHERE l.shipped <> COALESCE(s.shipped, 0) OR l.delivered <> COALESCE(s.delivered, 0)
    """,
)
invariant(
    "Returned quantities are those that were received",
    tried="SELECT count(*) FROM fulfilment_return_line",
    bad="""
    SELECT l.id, l.order_id, l.returned, COALESCE(sum(r.received), 0) AS received
    FROM orders_line l LEFT JOIN fulfilment_return_line r ON r.order_line_id = l.id
    GROUP BY l.id HAVING l.returned <> COALESCE(sum(r.received), 0)
    """,
)
invariant(
    "Nothing is announced or returned that was not shipped",
    tried="SELECT count(*) FROM fulfilment_return_line",
    bad="""
    SELECT l.id, l.order_id, l.shipped, l.returned, sum(r.quantity) AS announced
    FROM orders_line l JOIN fulfilment_return_line r ON r.order_line_id = l.id
    JOIN fulfilment_return t ON t.id = r.return_order_id
    GROUP BY l.id
    HAVING l.returned + COALESCE(sum(r.quantity) FILTER (WHERE t.status IN ('requested', 'accepted')), 0) > l.shipped
    """,
)
invariant(
    "Lines belong to the order of their shipment, pick list or return",
    tried="SELECT count(*) FROM fulfilment_shipment_line",
    bad="""
    SELECT 'shipment' AS what, x.id FROM fulfilment_shipment_line x JOIN fulfilment_shipment h ON h.id = x.shipment_id
    JOIN orders_line l ON l.id = x.order_line_id WHERE l.order_id <> h.order_id
    UNION ALL
    SELECT 'pick list', x.id FROM fulfilment_pick_line x JOIN fulfilment_pick_list h ON h.id = x.pick_list_id
    JOIN orders_line l ON l.id = x.order_line_id WHERE l.order_id <> h.order_id
    UNION ALL
    SELECT 'return', x.id FROM fulfilment_return_line x JOIN fulfilment_return h ON h.id = x.return_order_id
    JOIN orders_line l ON l.id = x.order_line_id WHERE l.order_id <> h.order_id
    """,
)
invariant(
    "Every shipment that left took its goods out of stock",
    tried="SELECT count(*) FROM fulfilment_shipment WHERE status IN ('shipped', 'delivered')",
    bad="""
    SELECT s.id, s.number, shipped.stock_item_id, shipped.quantity, moved.quantity AS moved
    FROM fulfilment_shipment s
    JOIN (SELECT shipment_id, stock_item_id, sum(quantity) AS quantity FROM fulfilment_shipment_line
          WHERE stock_item_id IS NOT NULL GROUP BY shipment_id, stock_item_id) shipped ON shipped.shipment_id = s.id
    LEFT JOIN (SELECT reference, stock_item_id, -sum(quantity) AS quantity FROM inventory_stock_movement
          WHERE kind = 'issue' GROUP BY reference, stock_item_id) moved
        ON moved.reference = 'shipment:' || s.id AND moved.stock_item_id = shipped.stock_item_id
    WHERE s.status IN ('shipped', 'delivered') AND moved.quantity IS DISTINCT FROM shipped.quantity
    """,
)
invariant(
    "Shipped parts of kits are those of the shipments that left, and each is a part of its line",
    tried="SELECT count(*) FROM orders_line_part",
    bad="""
    SELECT x.id, x.line_id, x.shipped, COALESCE(sum(sl.quantity), 0) AS by_shipments
    FROM orders_line_part x LEFT JOIN (fulfilment_shipment_line sl
        JOIN fulfilment_shipment s ON s.id = sl.shipment_id AND s.status IN ('shipped', 'delivered'))
        ON sl.part_id = x.id AND sl.order_line_id = x.line_id
    GROUP BY x.id HAVING x.shipped <> COALESCE(sum(sl.quantity), 0)
    """,
)
