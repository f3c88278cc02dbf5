"""What may be promised of a product, as SQL for statements that have the product's row at hand.

The rule of a kit is the SQL function `inventory_kit_free`; whoever knows only a product's id asks `queries.available`.
"""

FREE = """CASE p.kind
        WHEN 'goods' THEN COALESCE(
            (SELECT sum(i.on_hand - i.reserved) FROM inventory_stock_item i WHERE i.product_id = p.id), 0)
        WHEN 'kit' THEN inventory_kit_free(p.id) END"""
"""Base units of the product `p` over all warehouses; NULL for what has no stock: services and models."""

PLACES = """CASE p.kind
        WHEN 'goods' THEN (
            SELECT json_agg(json_build_array(w.name, (i.on_hand - i.reserved)::text) ORDER BY w.position, w.id)
            FROM inventory_stock_item i JOIN inventory_warehouse w ON w.id = i.warehouse_id
            WHERE i.product_id = p.id)
        WHEN 'kit' THEN (
            SELECT json_agg(json_build_array(name, free::text) ORDER BY position, id)
            FROM (SELECT w.id, w.position, w.name, inventory_kit_free(p.id, w.id) AS free
                  FROM inventory_warehouse w WHERE w.seller_id = p.seller_id) AS place
            WHERE free > 0) END::text"""
"""The same by warehouse as JSON of (name, base units), in the order in which warehouses are asked.

Of a kit it is how many each warehouse can put together alone. Together warehouses may have more: parts of one kit may
come from several.
"""

EXPECTED = """
SELECT w.name, e.due_on, sum(e.remaining) AS quantity FROM inventory_expected_receipt e
JOIN inventory_stock_item i ON i.id = e.stock_item_id JOIN inventory_warehouse w ON w.id = i.warehouse_id
WHERE i.product_id = p.id AND e.remaining > 0 AND e.due_on >= %(today)s::date
GROUP BY w.name, e.due_on ORDER BY e.due_on, w.name LIMIT 5"""
"""What is on its way of the product `p`: warehouse, day, base units.

The earliest first; what is overdue is left out: nobody can rely on its day.
"""

ANY_FREE = """(EXISTS (
            SELECT FROM inventory_stock_item i WHERE i.product_id = p.id AND i.on_hand > i.reserved)
        OR p.kind = 'kit' AND inventory_kit_free(p.id) > 0)"""
"""Whether anything of the goods or the kit `p` may be promised."""
