from importlib import import_module

from django.db import migrations

EARLIER = import_module("kontor.catalog.migrations.0005_assort_functions").DUE.replace(
    "CREATE", "CREATE OR REPLACE", 1
)
DUE = """
CREATE OR REPLACE FUNCTION catalog_assortments_due(of_seller bigint, only_products bigint[] DEFAULT NULL)
RETURNS TABLE (product_id bigint, assortments bigint[]) LANGUAGE sql STABLE AS $$
    WITH RECURSIVE lineage AS (
        SELECT r.id AS root, r.id, r.extends_id, r.start, 0 AS depth
        FROM catalog_assortment r WHERE r.seller_id = of_seller
        UNION ALL
        SELECT l.root, r.id, r.extends_id, r.start, l.depth + 1
        FROM lineage l JOIN catalog_assortment r ON r.id = l.extends_id WHERE l.depth < 20
    ), beginning AS (
        SELECT DISTINCT ON (root) root, start = 'all' AS allows FROM lineage ORDER BY root, depth DESC
    ), rule AS MATERIALIZED (
        SELECT l.root, l.depth, x.allows, x.product_id, lower(x.brand) AS brand, c.path
        FROM lineage l JOIN catalog_assortment_rule x ON x.assortment_id = l.id
        LEFT JOIN catalog_category c ON c.id = x.category_id
    ), asked AS (
        SELECT id FROM catalog_product WHERE id = ANY (only_products)
        UNION
        SELECT variant_of_id FROM catalog_product WHERE id = ANY (only_products) AND variant_of_id IS NOT NULL
    ), needed AS (
        SELECT id FROM asked
        UNION
        SELECT v.id FROM asked JOIN catalog_product v ON v.variant_of_id = asked.id
        UNION
        SELECT id FROM catalog_product WHERE seller_id = of_seller AND only_products IS NULL
    ), goods AS MATERIALIZED (
        SELECT p.id, p.kind = 'model' AS is_model, p.variant_of_id, p.status, COALESCE(p.category_id, 0) AS shelf,
            lower(p.brand) AS brand,
            CASE WHEN EXISTS (SELECT FROM rule WHERE rule.product_id = p.id) THEN p.id ELSE 0 END AS own
        FROM needed JOIN catalog_product p ON p.id = needed.id
        WHERE p.seller_id = of_seller
    ), kind AS (
        SELECT g.shelf, g.brand, g.own, COALESCE(c.path, '') AS path
        FROM (SELECT DISTINCT shelf, brand, own FROM goods) g
        LEFT JOIN catalog_category c ON c.id = g.shelf
    ), due AS MATERIALIZED (
        SELECT kind.shelf, kind.brand, kind.own,
            array_agg(b.root ORDER BY b.root) FILTER (WHERE COALESCE(nearest.allows, b.allows)) AS ids
        FROM kind CROSS JOIN beginning b
        LEFT JOIN LATERAL (
            SELECT r.allows FROM rule r
            WHERE r.root = b.root AND (r.product_id = kind.own OR r.brand = kind.brand AND r.brand <> ''
                OR kind.path = r.path OR starts_with(kind.path, r.path || '/'))
            ORDER BY r.depth, r.product_id IS NOT NULL DESC, r.brand <> '' DESC, length(r.path) DESC, r.allows
            LIMIT 1
        ) nearest ON true
        GROUP BY kind.shelf, kind.brand, kind.own
    ), placed AS MATERIALIZED (
        SELECT g.id, g.is_model, g.variant_of_id, g.status, CASE
            WHEN EXISTS (SELECT FROM beginning) THEN -of_seller || COALESCE(due.ids, '{}')
            WHEN EXISTS (SELECT FROM catalog_settings s WHERE s.seller_id = of_seller AND s.guest_mode = 'sign_in')
            THEN ARRAY[-of_seller]
            ELSE ARRAY[0::bigint] END AS ids
        FROM goods g
        LEFT JOIN due ON due.shelf = g.shelf AND due.brand = g.brand AND due.own = g.own
    ), gathered AS (
        SELECT v.variant_of_id AS id, array_agg(DISTINCT one ORDER BY one) AS ids
        FROM placed v CROSS JOIN LATERAL unnest(v.ids) AS one
        WHERE v.variant_of_id IS NOT NULL AND v.status = 'active'
        GROUP BY v.variant_of_id
    )
    SELECT p.id, CASE WHEN p.is_model THEN COALESCE(gathered.ids, ARRAY[-of_seller]) ELSE p.ids END
    FROM placed p LEFT JOIN gathered ON gathered.id = p.id
    WHERE only_products IS NULL OR p.id IN (SELECT id FROM asked)
$$;
"""
PLACE = """
UPDATE catalog_product p SET assortments = due.assortments
FROM companies_company s CROSS JOIN LATERAL catalog_assortments_due(s.id) AS due
WHERE s.is_seller AND p.id = due.product_id AND p.kind = 'model' AND p.assortments IS DISTINCT FROM due.assortments
"""


class Migration(migrations.Migration):
    """A model is seen where one of its variants on sale is: it is in their assortments, whatever rules say of itself.

    So a model without anything to buy stands in no listing, and is in no count. Asked for single products, the function
    answers for their models as well.
    """

    dependencies = [("catalog", "0007_agreed_quantities_channels_headings")]
    operations = [
        migrations.RunSQL(DUE, EARLIER),
        migrations.RunSQL(PLACE, migrations.RunSQL.noop),
    ]
