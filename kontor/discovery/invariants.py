"""What must be true of discovery, once every event is delivered."""

from kontor.kernel.invariants import invariant

invariant(
    "every category is known under its address",
    tried="SELECT count(*) FROM catalog_category",
    bad="""
        SELECT c.id, c.path, a.category_id FROM catalog_category c
        LEFT JOIN discovery_category_address a ON a.path = c.path
        WHERE a.category_id IS DISTINCT FROM c.id
    """,
)
invariant(
    "a question is put to the seller of its product",
    tried="SELECT count(*) FROM discovery_inquiry WHERE product_id IS NOT NULL",
    bad="""
        SELECT i.id, i.seller_id, p.seller_id FROM discovery_inquiry i JOIN catalog_product p ON p.id = i.product_id
        WHERE p.seller_id <> i.seller_id
    """,
)
