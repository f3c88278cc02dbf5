"""What must be true of the catalog."""

from kontor.kernel.invariants import invariant

invariant(
    "a category's path is its parent's path and its own name",
    tried="SELECT count(*) FROM catalog_category",
    bad="""
        SELECT c.id, c.path FROM catalog_category c LEFT JOIN catalog_category p ON p.id = c.parent_id
        WHERE c.path <> COALESCE(p.path || '/', '') || c.slug
    """,
)
invariant(
    "every product on sale has a unit to be sold in",
    tried="SELECT count(*) FROM catalog_product WHERE status = 'active'",
    bad="""
        SELECT p.id, p.sku FROM catalog_product p WHERE p.status = 'active'
        AND NOT EXISTS (SELECT FROM catalog_sales_unit u WHERE u.product_id = p.id)
    """,
)
