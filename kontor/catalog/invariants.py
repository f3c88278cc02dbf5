"""What must be true of the catalog."""

from kontor.kernel.invariants import invariant

invariant(
    "a category's path is its parent's path and its own name",
    tried="SELECT count(*) FROM catalog_category",
    bad="""
        SELECT c.id, c.path FROM catalog_category c LEFT JOIN catalog_category p ON p.id = c.parent_id
        WHERE c.path <> COALESCE(p.path || '/', '') || c.slug
    """,
)
invariant(
    "every product on sale has a unit to be sold in",
    tried="SELECT count(*) FROM catalog_product WHERE status = 'active'",
    bad="""
        SELECT p.id, p.sku FROM catalog_product p WHERE p.status = 'active'
        AND NOT EXISTS (SELECT FROM catalog_sales_unit u WHERE u.product_id = p.id)
    """,
)
invariant(
    "a product is in the assortments that their rules give it",
    tried="SELECT count(*) FROM catalog_product",
    bad="""
        SELECT p.id, p.sku, p.assortments, due.assortments FROM companies_company s
        CROSS JOIN LATERAL catalog_assortments_due(s.id) AS due
        JOIN catalog_product p ON p.id = due.product_id AND p.assortments IS DISTINCT FROM due.assortments
        WHERE s.is_seller
    """,
)
invariant(
    "a seller with assortments has one standard, and all it has to do with them is its own",
    tried="SELECT count(*) FROM catalog_assortment",
    bad="""
        SELECT r.seller_id, 'no standard' FROM catalog_assortment r
        GROUP BY r.seller_id HAVING count(*) FILTER (WHERE r.is_standard) <> 1
        UNION ALL
        SELECT r.id, 'extends another seller''s' FROM catalog_assortment r
        JOIN catalog_assortment above ON above.id = r.extends_id WHERE above.seller_id <> r.seller_id
        UNION ALL
        SELECT r.id, 'names another seller''s product' FROM catalog_assortment_rule x
        JOIN catalog_assortment r ON r.id = x.assortment_id
        JOIN catalog_product p ON p.id = x.product_id WHERE p.seller_id <> r.seller_id
        UNION ALL
        SELECT r.id, 'given to another seller''s customer' FROM catalog_assortment_assignment x
        JOIN catalog_assortment r ON r.id = x.assortment_id
        LEFT JOIN companies_customer_account a ON a.id = x.account_id
        LEFT JOIN companies_customer_group g ON g.id = x.group_id
        WHERE COALESCE(a.seller_id, g.seller_id, r.seller_id) <> r.seller_id
    """,
)
invariant(
    "a buyer's part number is kept as it is compared",
    tried="SELECT count(*) FROM catalog_buyer_part_number",
    bad="SELECT id, number, key FROM catalog_buyer_part_number WHERE key <> upper(key) OR key ~ '[-_ ./]'",
)
invariant(
    "every value of a product has an attribute of its seller",
    tried="SELECT count(*) FROM catalog_product WHERE attributes <> '{}'",
    bad="""
        SELECT p.id, p.sku, code FROM catalog_product p, LATERAL jsonb_object_keys(p.attributes) AS code
        WHERE NOT EXISTS (SELECT FROM catalog_attribute a WHERE a.seller_id = p.seller_id AND a.code = code)
    """,
)
invariant(
    "a variant has the seller and the family of its model",
    tried="SELECT count(*) FROM catalog_product WHERE variant_of_id IS NOT NULL",
    bad="""
        SELECT v.id, v.sku, m.sku FROM catalog_product v JOIN catalog_product m ON m.id = v.variant_of_id
        WHERE m.kind <> 'model' OR m.seller_id <> v.seller_id OR m.family_id IS DISTINCT FROM v.family_id
    """,
)
invariant(
    "a kit consists of goods and services of its own seller, and on sale of some goods",
    tried="SELECT count(*) FROM catalog_product WHERE kind = 'kit'",
    bad="""
        SELECT k.sku, c.sku FROM catalog_kit_component x
        JOIN catalog_product k ON k.id = x.kit_id JOIN catalog_product c ON c.id = x.component_id
        WHERE k.kind <> 'kit' OR c.kind NOT IN ('goods', 'service') OR c.seller_id <> k.seller_id
        UNION ALL
        SELECT k.sku, NULL FROM catalog_product k
        WHERE k.kind = 'kit' AND k.status IN ('approved', 'active') AND NOT EXISTS (
            SELECT FROM catalog_kit_component x JOIN catalog_product c ON c.id = x.component_id
            WHERE x.kit_id = k.id AND c.kind = 'goods')
    """,
)
invariant(
    "what is configurable has options once it is on sale, and nothing else has any",
    tried="SELECT count(*) FROM catalog_product WHERE kind = 'configurable'",
    bad="""
        SELECT p.sku, p.kind, p.status FROM catalog_product p LEFT JOIN catalog_options o ON o.product_id = p.id
        WHERE CASE WHEN p.kind = 'configurable' THEN o.product_id IS NULL AND p.status IN ('approved', 'active')
            ELSE o.product_id IS NOT NULL END
    """,
)
invariant(
    "quantities are agreed about a seller's goods with its own customers",
    tried="SELECT count(*) FROM catalog_agreed_quantity",
    bad="""
        SELECT q.id, p.sku, q.account_id, q.group_id FROM catalog_agreed_quantity q
        JOIN catalog_product p ON p.id = q.product_id
        LEFT JOIN companies_customer_account a ON a.id = q.account_id
        LEFT JOIN companies_customer_group g ON g.id = q.group_id
        WHERE COALESCE(a.seller_id, g.seller_id) IS DISTINCT FROM p.seller_id
    """,
)
