"""What must be true of files on their way in and out."""

from kontor.kernel.invariants import invariant

invariant(
    "a schedule has to do only with what is its company's own",
    tried="SELECT count(*) FROM exchange_schedule",
    bad="""
        SELECT s.id, s.name FROM exchange_schedule s JOIN companies_company c ON c.id = s.company_id
        LEFT JOIN exchange_mapping m ON m.id = s.mapping_id LEFT JOIN exchange_feed f ON f.id = s.feed_id
        WHERE COALESCE(m.seller_id, f.seller_id, s.company_id) <> s.company_id
            OR NOT (CASE WHEN s.kind = 'prices' THEN c.is_buyer ELSE c.is_seller END)
    """,
)
invariant(
    "a product feed has a schedule",
    tried="SELECT count(*) FROM exchange_feed",
    bad="""
        SELECT f.id, f.language FROM exchange_feed f
        WHERE NOT EXISTS (SELECT FROM exchange_schedule s WHERE s.feed_id = f.id)
    """,
)
