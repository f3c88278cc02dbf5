from django.db import migrations

VIEWER = """
CREATE FUNCTION catalog_assortments_of(buyer bigint) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    WITH account AS (
        SELECT a.id, a.seller_id, a.group_id FROM companies_customer_account a
        WHERE a.buyer_id = buyer AND a.status = 'active'
    ), closed AS (
        SELECT s.seller_id FROM catalog_settings s WHERE s.guest_mode = 'sign_in'
    ), assigned AS (
        SELECT r.seller_id, r.id,
            CASE WHEN x.account_id IS NOT NULL THEN 0 WHEN x.group_id IS NOT NULL THEN 1 ELSE 2 END AS rank
        FROM catalog_assortment_assignment x
        JOIN catalog_assortment r ON r.id = x.assortment_id
        LEFT JOIN account ON account.seller_id = r.seller_id
        WHERE x.account_id = account.id OR x.group_id = account.group_id
            OR buyer IS NULL AND x.account_id IS NULL AND x.group_id IS NULL
        UNION ALL
        SELECT r.seller_id, r.id, 3 FROM catalog_assortment r WHERE r.is_standard
    ), nearest AS (
        SELECT id, seller_id, rank = min(rank) OVER (PARTITION BY seller_id) AS counts FROM assigned
    ), found AS (
        SELECT 0::bigint AS id
        UNION
        SELECT n.id FROM nearest n
        WHERE n.counts AND (buyer IS NOT NULL OR n.seller_id NOT IN (SELECT seller_id FROM closed))
        UNION
        SELECT -c.seller_id FROM closed c
        WHERE buyer IS NOT NULL AND NOT EXISTS (SELECT FROM catalog_assortment r WHERE r.seller_id = c.seller_id)
        UNION
        SELECT -c.id FROM companies_company c WHERE c.id = buyer AND c.is_seller
    )
    SELECT array_agg(id ORDER BY id) FROM found
$$;
"""
DUE = """
CREATE FUNCTION catalog_assortments_due(of_seller bigint, only_products bigint[] DEFAULT NULL)
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
    ), goods AS MATERIALIZED (
        SELECT p.id, COALESCE(p.category_id, 0) AS shelf, lower(p.brand) AS brand,
            CASE WHEN EXISTS (SELECT FROM rule WHERE rule.product_id = p.id) THEN p.id ELSE 0 END AS own
        FROM catalog_product p
        WHERE p.seller_id = of_seller AND (only_products IS NULL OR p.id = ANY (only_products))
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
    )
    SELECT g.id, CASE
        WHEN EXISTS (SELECT FROM beginning) THEN -of_seller || COALESCE(due.ids, '{}')
        WHEN EXISTS (SELECT FROM catalog_settings s WHERE s.seller_id = of_seller AND s.guest_mode = 'sign_in')
        THEN ARRAY[-of_seller]
        ELSE ARRAY[0::bigint] END
    FROM goods g
    LEFT JOIN due ON due.shelf = g.shelf AND due.brand = g.brand AND due.own = g.own
$$;
"""


class Migration(migrations.Migration):
    """Who may see what, as two functions of the database.

    `catalog_assortments_of` says which assortments a buying company (NULL: a visitor) has; the query that identifies
    each request asks it. `catalog_assortments_due` says what stands in `Product.assortments` by the rules of now: a
    product of a seller without assortments has 0, for everybody; one of a seller with assortments has the seller's own
    mark (its id, negative: the seller sees all it has) and the ids of those that it is in. A seller that shows nothing
    without sign-in and has no assortments marks its goods with its own mark alone, which each company then has.

    Rules are judged per kind of goods (category and brand), not per product: there are few kinds.
    """

    dependencies = [("catalog", "0004_families_kinship_assortments"), ("companies", "0002_customer_group")]
    operations = [
        migrations.RunSQL(VIEWER, "DROP FUNCTION catalog_assortments_of(bigint)"),
        migrations.RunSQL(DUE, "DROP FUNCTION catalog_assortments_due(bigint, bigint[])"),
    ]
