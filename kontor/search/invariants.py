"""What must be true of the search, once every event is delivered."""

from kontor.kernel.invariants import invariant

invariant(
    "every product on sale can be found, and nothing else",
    tried="SELECT count(*) FROM catalog_product WHERE status = 'active'",
    bad="""
        SELECT COALESCE(p.id, d.product_id), p.sku, d.product_id IS NOT NULL AS is_found
        FROM (SELECT id, sku FROM catalog_product WHERE status = 'active') p
        FULL JOIN search_document d ON d.product_id = p.id
        WHERE p.id IS NULL OR d.product_id IS NULL
    """,
)
invariant(
    "every product on sale stands in its category, in each one above and in the whole shop",
    tried="SELECT count(*) FROM search_document",
    bad="""
        WITH due AS (
            SELECT d.product_id, 0::bigint AS shelf FROM search_document d
            UNION ALL
            SELECT p.id, above.id FROM search_document d JOIN catalog_product p ON p.id = d.product_id
            JOIN catalog_category c ON c.id = p.category_id
            JOIN catalog_category above ON c.path = above.path OR starts_with(c.path, above.path || '/')
        )
        (SELECT * FROM due EXCEPT ALL SELECT product_id, shelf FROM search_shelf)
        UNION ALL
        (SELECT product_id, shelf FROM search_shelf EXCEPT ALL SELECT * FROM due)
    """,
)
invariant(
    "what the search says of who may see a product is what the product says",
    tried="SELECT count(*) FROM search_document",
    bad="""
        SELECT p.id, p.assortments, d.assortments FROM search_document d JOIN catalog_product p ON p.id = d.product_id
        WHERE d.assortments <> p.assortments
        UNION ALL
        SELECT p.id, p.assortments, s.assortments FROM search_shelf s JOIN catalog_product p ON p.id = s.product_id
        WHERE s.assortments <> p.assortments
    """,
)
