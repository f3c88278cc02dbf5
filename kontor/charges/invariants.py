"""What must be true of charges."""

from kontor.kernel.invariants import invariant

invariant(
    "a charge is for customers, groups and goods of its own seller, at an index of its own",
    tried="SELECT count(*) FROM charges_tariff",
    bad="""
        SELECT r.id, r.name FROM charges_rule r
        LEFT JOIN charges_tariff t ON t.rule_id = r.id
        LEFT JOIN companies_customer_account a ON a.id = t.account_id
        LEFT JOIN companies_customer_group g ON g.id = t.group_id
        LEFT JOIN charges_rule_product x ON x.rule_id = r.id
        LEFT JOIN catalog_product p ON p.id = x.product_id
        LEFT JOIN charges_index i ON i.id = r.index_id
        WHERE COALESCE(a.seller_id, g.seller_id, r.seller_id) <> r.seller_id
            OR COALESCE(p.seller_id, r.seller_id) <> r.seller_id
            OR COALESCE(i.seller_id, r.seller_id) <> r.seller_id
    """,
)
invariant(
    "a surcharge by content is in the currency of its index",
    tried="SELECT count(*) FROM charges_tariff",
    bad="""
        SELECT t.id, r.name, t.currency, i.currency FROM charges_tariff t
        JOIN charges_rule r ON r.id = t.rule_id AND r.measure = 'content'
        JOIN charges_index i ON i.id = r.index_id
        WHERE i.currency <> t.currency AND NOT t.is_none
    """,
)
invariant(
    "a tariff that charges something has steps, unless it follows the content",
    tried="SELECT count(*) FROM charges_tariff",
    bad="""
        SELECT t.id, r.name FROM charges_tariff t JOIN charges_rule r ON r.id = t.rule_id
        WHERE (t.is_none OR r.measure = 'content')
            = EXISTS (SELECT FROM charges_step s WHERE s.tariff_id = t.id)
    """,
)
