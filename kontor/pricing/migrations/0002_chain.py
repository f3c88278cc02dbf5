from django.db import migrations

CHAIN = """
CREATE FUNCTION pricing_chain(buyer bigint) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    WITH account AS (
        SELECT a.id, a.seller_id, COALESCE(
            (SELECT l.currency FROM pricing_assignment x JOIN pricing_price_list l ON l.id = x.price_list_id
             WHERE x.account_id = a.id ORDER BY x.position LIMIT 1),
            (SELECT l.currency FROM pricing_price_list l JOIN companies_company b ON b.id = a.buyer_id
             WHERE l.seller_id = a.seller_id AND l.is_public AND l.currency = b.currency),
            s.currency) AS currency
        FROM companies_customer_account a
        JOIN companies_company s ON s.id = a.seller_id AND s.status = 'active'
        WHERE a.buyer_id = buyer AND a.status = 'active'
    ), asked AS (
        SELECT x.price_list_id AS id, 0 AS part, x.account_id AS owner, x.position::int AS position
        FROM pricing_assignment x JOIN account ON account.id = x.account_id
        UNION ALL
        SELECT l.id, 1, account.id, 0
        FROM account
        JOIN pricing_price_list l
            ON l.seller_id = account.seller_id AND l.is_public AND l.currency = account.currency
        UNION ALL
        SELECT l.id, 2, s.id, 0
        FROM companies_company s
        JOIN pricing_price_list l ON l.seller_id = s.id AND l.is_public AND l.currency = s.currency
        WHERE s.is_seller AND s.status = 'active' AND s.prices_for_guests
            AND NOT EXISTS (SELECT FROM account WHERE account.seller_id = s.id)
    ), first_mention AS (
        SELECT DISTINCT ON (id) id, part, owner, position FROM asked ORDER BY id, part, owner, position
    )
    SELECT COALESCE(array_agg(id ORDER BY part, owner, position, id), '{}') FROM first_mention
$$;
"""


class Migration(migrations.Migration):
    """The price lists of a buyer (or, for NULL, of visitors) in the order in which they are asked.

    A buyer sees the visitors' prices of sellers whose customer it is not (yet). In SQL, because the query that
    identifies each request needs it beside session and company.
    """

    dependencies = [("pricing", "0001_initial")]
    operations = [migrations.RunSQL(CHAIN, "DROP FUNCTION pricing_chain(bigint)")]
