from django.db import migrations

CHAIN = """
CREATE FUNCTION pricing_chain(buyer bigint) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN buyer IS NULL THEN
        (SELECT array_agg(l.id ORDER BY l.id)
         FROM pricing_price_list l JOIN companies_company s ON s.id = l.seller_id
         WHERE l.is_public AND s.prices_for_guests AND s.status = 'active' AND l.currency = s.currency)
    ELSE
        (SELECT array_agg(chain.list_id ORDER BY chain.account_id, chain.position)
         FROM (
            SELECT a.id AS account_id, p.price_list_id AS list_id, p.position::int AS position
            FROM companies_customer_account a JOIN pricing_assignment p ON p.account_id = a.id
            WHERE a.buyer_id = buyer AND a.status = 'active'
            UNION ALL
            SELECT a.id, l.id, 1000000
            FROM companies_customer_account a JOIN pricing_price_list l ON l.seller_id = a.seller_id AND l.is_public
            JOIN companies_company b ON b.id = a.buyer_id
            WHERE a.buyer_id = buyer AND a.status = 'active'
              AND l.currency = COALESCE(
                  (SELECT ol.currency FROM pricing_assignment o JOIN pricing_price_list ol ON ol.id = o.price_list_id
                   WHERE o.account_id = a.id ORDER BY o.position LIMIT 1), b.currency)
            UNION ALL
            SELECT 9223372036854775807, l.id, 0
            FROM pricing_price_list l JOIN companies_company s ON s.id = l.seller_id
            WHERE l.is_public AND s.prices_for_guests AND s.status = 'active' AND l.currency = s.currency
              AND NOT EXISTS (SELECT 1 FROM companies_customer_account a
                  WHERE a.buyer_id = buyer AND a.seller_id = l.seller_id AND a.status = 'active')
         ) chain)
    END
$$;
"""


class Migration(migrations.Migration):
    """The price lists of a buyer (or, for NULL, of visitors) in the order in which they are asked.

    A buyer sees the visitors' prices of sellers whose customer it is not (yet). In SQL, because the query that identifies each request needs it beside session and company.
    """

    dependencies = [("pricing", "0001_initial")]
    operations = [migrations.RunSQL(CHAIN, "DROP FUNCTION pricing_chain(bigint)")]
