from django.db import migrations

PRICES = """
WITH listed AS (
    SELECT d.product_id, COALESCE(lowest.price, 999999999999)::numeric(18, 6) AS price
    FROM search_document d
    JOIN catalog_product p ON p.id = d.product_id
    JOIN companies_company s ON s.id = d.seller_id
    CROSS JOIN LATERAL (
        SELECT min(r.amount / r.price_base) AS price
        FROM (
            SELECT p.id UNION ALL
            SELECT v.id FROM catalog_product v
            WHERE p.kind = 'model' AND v.variant_of_id = p.id AND v.status = 'active'
        ) AS priced
        CROSS JOIN LATERAL pricing_resolve(
            ARRAY(SELECT id FROM pricing_price_list
                  WHERE seller_id = d.seller_id AND is_public AND currency = s.currency),
            priced.id,
            COALESCE((SELECT u.minimum * u.factor FROM catalog_sales_unit u
                      WHERE u.product_id = priced.id ORDER BY u.position LIMIT 1), 1)) AS r
    ) AS lowest
), documents AS (
    UPDATE search_document d SET list_price = listed.price
    FROM listed WHERE d.product_id = listed.product_id AND d.list_price <> listed.price
)
UPDATE search_shelf s SET list_price = listed.price
FROM listed WHERE s.product_id = listed.product_id AND s.list_price <> listed.price
"""


class Migration(migrations.Migration):
    """The list price by which the search sorts is that of the smallest quantity, of a model that of its cheapest
    variant. The indexes of the nodes hear of what differs as of any change."""

    dependencies = [
        ("search", "0007_new_stock_at_once"),
        ("catalog", "0011_no_index_twice"),
        ("pricing", "0005_no_index_twice"),
        ("companies", "0001_initial"),
    ]
    operations = [migrations.RunSQL(PRICES, migrations.RunSQL.noop)]
