"""What must be true of files that come and go by themselves."""

from kontor.kernel.invariants import invariant

invariant(
    "a schedule has to do only with what is its company's own",
    tried="SELECT count(*) FROM publishing_schedule",
    bad="""
        SELECT s.id, s.name FROM publishing_schedule s JOIN companies_company c ON c.id = s.company_id
        LEFT JOIN exchange_mapping m ON m.id = s.mapping_id LEFT JOIN publishing_feed f ON f.id = s.feed_id
        WHERE COALESCE(m.seller_id, f.seller_id, s.company_id) <> s.company_id
            OR NOT (CASE WHEN s.kind = 'prices' THEN c.is_buyer ELSE c.is_seller END)
    """,
)
invariant(
    "a product feed has a schedule",
    tried="SELECT count(*) FROM publishing_feed",
    bad="""
        SELECT f.id, f.language FROM publishing_feed f
        WHERE NOT EXISTS (SELECT FROM publishing_schedule s WHERE s.feed_id = f.id)
    """,
)
