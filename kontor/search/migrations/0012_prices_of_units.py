from django.db import migrations

# Of goods that have a price for a sales unit of its own, or variants with one.
PRICES = """
WITH due AS (
    SELECT product_id AS id FROM pricing_price WHERE unit <> ''
    UNION SELECT p.variant_of_id FROM pricing_price b JOIN catalog_product p ON p.id = b.product_id WHERE b.unit <> ''
), listed AS (
    SELECT d.product_id, COALESCE(lowest.price, 999999999999)::numeric(18, 6) AS price
    FROM due JOIN search_document d ON d.product_id = due.id
    JOIN catalog_product p ON p.id = d.product_id
    JOIN companies_company s ON s.id = d.seller_id
    JOIN pricing_price_list l ON l.seller_id = s.id AND l.is_public AND l.currency = s.currency
    CROSS JOIN LATERAL (SELECT pricing_steps(ARRAY[l.id], now()) AS chain) AS public
    CROSS JOIN LATERAL (
        SELECT min(r.amount / r.price_base) AS price
        FROM (
            SELECT p.id UNION ALL
            SELECT v.id FROM catalog_product v
            WHERE p.kind = 'model' AND v.variant_of_id = p.id AND v.status = 'active'
        ) AS priced
        LEFT JOIN LATERAL (
            SELECT unit, minimum, factor FROM catalog_sales_unit
            WHERE product_id = priced.id ORDER BY position LIMIT 1
        ) AS u ON true
        CROSS JOIN LATERAL pricing_resolve(
            public.chain, priced.id, COALESCE(u.minimum * u.factor, 1), COALESCE(u.unit, '')) AS r
    ) AS lowest
), documents AS (
    UPDATE search_document d SET list_price = listed.price
    FROM listed WHERE d.product_id = listed.product_id AND d.list_price <> listed.price
)
UPDATE search_shelf s SET list_price = listed.price
FROM listed WHERE s.product_id = listed.product_id AND s.list_price <> listed.price
"""


class Migration(migrations.Migration):
    """The list price by which the search sorts is that of the unit which is offered first."""

    dependencies = [("pricing", "0006_steps"), ("search", "0011_prices_followed")]
    operations = [migrations.RunSQL(PRICES, migrations.RunSQL.noop)]
