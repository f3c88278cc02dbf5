"""What must be true of prices."""

from kontor.kernel.invariants import invariant

invariant(
    "all price lists that a customer or a group is given are in one currency",
    tried="SELECT count(*) FROM pricing_scope",
    bad="""
        SELECT a.scope_id, array_agg(DISTINCT l.currency)
        FROM pricing_assignment a JOIN pricing_price_list l ON l.id = a.price_list_id
        GROUP BY a.scope_id HAVING count(DISTINCT l.currency) > 1
    """,
)
invariant(
    "a customer has price lists of its own seller only",
    tried="SELECT count(*) FROM pricing_assignment",
    bad="""
        SELECT a.scope_id, a.price_list_id FROM pricing_assignment a
        JOIN pricing_price_list l ON l.id = a.price_list_id
        JOIN pricing_scope s ON s.id = a.scope_id
        WHERE s.seller_id <> l.seller_id
    """,
)
invariant(
    "who is given price lists is a customer or a group of their seller",
    tried="SELECT count(*) FROM pricing_scope",
    bad="""
        SELECT s.id FROM pricing_scope s
        LEFT JOIN companies_customer_account a ON a.id = s.account_id
        LEFT JOIN companies_customer_group g ON g.id = s.group_id
        WHERE COALESCE(a.seller_id, g.seller_id, s.seller_id) <> s.seller_id
    """,
)
invariant(
    "a list prices its own seller's products only",
    tried="SELECT count(*) FROM pricing_price",
    bad="""
        SELECT x.id, x.price_list_id, x.product_id FROM pricing_price x
        JOIN pricing_price_list l ON l.id = x.price_list_id
        JOIN catalog_product p ON p.id = x.product_id
        WHERE p.seller_id <> l.seller_id
    """,
)
invariant(
    "costs are known of articles that can be priced only",
    tried="SELECT count(*) FROM pricing_cost",
    bad="""
        SELECT c.id, c.product_id FROM pricing_cost c JOIN catalog_product p ON p.id = c.product_id
        WHERE p.kind = 'model'
    """,
)
invariant(
    "a price round changes prices of its own seller's lists and products only",
    tried="SELECT count(*) FROM pricing_round_price",
    bad="""
        SELECT x.id, x.price_round_id FROM pricing_round_price x
        JOIN pricing_round r ON r.id = x.price_round_id
        JOIN pricing_price_list l ON l.id = x.price_list_id
        JOIN catalog_product p ON p.id = x.product_id
        WHERE l.seller_id <> r.seller_id OR p.seller_id <> r.seller_id
    """,
)
