"""What must be true of stock."""

from kontor.kernel.invariants import invariant

STOCK = "SELECT count(*) FROM inventory_stock_item"

invariant(
    "reserved stock equals the sum of its active reservations",
    tried=STOCK,
    bad="""
        SELECT s.id, s.reserved, COALESCE(r.quantity, 0) AS held
        FROM inventory_stock_item s LEFT JOIN (
            SELECT stock_item_id, sum(quantity) AS quantity FROM inventory_reservation
            WHERE status = 'active' GROUP BY stock_item_id) r ON r.stock_item_id = s.id
        WHERE s.reserved <> COALESCE(r.quantity, 0)
    """,
)
invariant(
    "stock on hand equals the sum of its movements",
    tried=STOCK,
    bad="""
        SELECT s.id, s.on_hand, COALESCE(m.quantity, 0) AS moved
        FROM inventory_stock_item s LEFT JOIN (
            SELECT stock_item_id, sum(quantity) AS quantity FROM inventory_stock_movement
            GROUP BY stock_item_id) m ON m.stock_item_id = s.id
        WHERE s.on_hand <> COALESCE(m.quantity, 0)
    """,
)
invariant(
    "nothing is promised that is not there",
    tried=STOCK,
    bad="SELECT id, on_hand, reserved FROM inventory_stock_item WHERE on_hand - reserved < 0 OR reserved < 0",
)
invariant(
    "a closed reservation says when it was closed, and an active one does not",
    tried="SELECT count(*) FROM inventory_reservation",
    bad="""
        SELECT id, status, closed_at FROM inventory_reservation
        WHERE (status = 'active') <> (closed_at IS NULL)
    """,
)
invariant(
    "products lie in warehouses of their own seller, and services in none",
    tried=STOCK,
    bad="""
        SELECT s.id, p.sku, w.code FROM inventory_stock_item s
        JOIN catalog_product p ON p.id = s.product_id JOIN inventory_warehouse w ON w.id = s.warehouse_id
        WHERE p.seller_id <> w.seller_id OR p.kind <> 'goods'
    """,
)
