"""What may be promised of a product, as SQL for statements that have the product's row at hand.

The rule of a kit is the SQL function `inventory_kit_free`; whoever knows only a product's id asks `queries.available`.
"""

FREE = """CASE p.kind
        WHEN 'goods' THEN COALESCE(
            (SELECT sum(i.on_hand - i.reserved) FROM inventory_stock_item i WHERE i.product_id = p.id), 0)
        WHEN 'kit' THEN inventory_kit_free(p.id) END"""
"""Base units of the product `p` over all warehouses; NULL for what has no stock: services and models."""

ANY_FREE = """(EXISTS (
            SELECT FROM inventory_stock_item i WHERE i.product_id = p.id AND i.on_hand > i.reserved)
        OR p.kind = 'kit' AND inventory_kit_free(p.id) > 0)"""
"""Whether anything of the goods or the kit `p` may be promised."""
