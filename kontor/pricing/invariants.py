"""What must be true of prices."""

from kontor.kernel.invariants import invariant

invariant(
    "all price lists of a customer are in one currency",
    tried="SELECT count(DISTINCT account_id) FROM pricing_assignment",
    bad="""
        SELECT a.account_id, array_agg(DISTINCT l.currency)
        FROM pricing_assignment a JOIN pricing_price_list l ON l.id = a.price_list_id
        GROUP BY a.account_id HAVING count(DISTINCT l.currency) > 1
    """,
)
invariant(
    "a customer has price lists of its own seller only",
    tried="SELECT count(*) FROM pricing_assignment",
    bad="""
        SELECT a.account_id, a.price_list_id FROM pricing_assignment a
        JOIN pricing_price_list l ON l.id = a.price_list_id
        JOIN companies_customer_account c ON c.id = a.account_id
        WHERE c.seller_id <> l.seller_id
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
