"""What must be true of agreements."""

from kontor.kernel.invariants import invariant

invariant(
    "what is used of a commitment is the sum of its draws",
    tried="SELECT count(*) FROM agreements_commitment",
    bad="""
        SELECT c.id, c.used, d.drawn FROM agreements_commitment c
        CROSS JOIN LATERAL (
            SELECT COALESCE(sum(CASE c.measure WHEN 'quantity' THEN base_quantity ELSE net END), 0) AS drawn
            FROM agreements_draw WHERE commitment_id = c.id
        ) AS d
        WHERE c.used <> d.drawn
    """,
)
invariant(
    "an agreement is with a customer or a group of its seller, and has a price list of the seller in its currency",
    tried="SELECT count(*) FROM agreements_agreement",
    bad="""
        SELECT g.id, g.number FROM agreements_agreement g
        LEFT JOIN companies_customer_account a ON a.id = g.account_id
        LEFT JOIN companies_customer_group x ON x.id = g.group_id
        LEFT JOIN pricing_price_list l ON l.id = g.price_list_id
        WHERE COALESCE(a.seller_id, x.seller_id) <> g.seller_id
            OR l.seller_id <> g.seller_id OR l.currency <> g.currency
    """,
)
invariant(
    "a commitment is on goods of the agreement’s seller",
    tried="SELECT count(*) FROM agreements_commitment",
    bad="""
        SELECT c.id, c.product_id FROM agreements_commitment c
        JOIN agreements_agreement g ON g.id = c.agreement_id
        JOIN catalog_product p ON p.id = c.product_id
        WHERE p.seller_id <> g.seller_id
    """,
)
