"""A product as it is now, whole, as a version."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from kontor.kernel import clock
from kontor.kernel.actors import Actor

# Decimals as texts: as JSON numbers they would become binary fractions when they are read. What is text goes through
# `jsonb_object`, which takes a third of the time of `jsonb_build_object`;
# the parts of all products are grouped at once.
KEEP = """
WITH units AS (
    SELECT u.product_id, jsonb_agg(jsonb_object('{unit, factor, minimum, multiple, maximum, package, gtin}', ARRAY[
        u.unit, u.factor::text, u.minimum::text, u.multiple::text, u.maximum::text, u.package, u.gtin])
        ORDER BY u.position) AS facts
    FROM catalog_sales_unit u WHERE u.product_id = ANY(%(products)s::bigint[]) GROUP BY 1
), texts AS (
    SELECT t.product_id, jsonb_object_agg(t.language,
        jsonb_object('{name, summary, description}', ARRAY[t.name, t.summary, t.description])) AS facts
    FROM catalog_text t WHERE t.product_id = ANY(%(products)s::bigint[]) GROUP BY 1
), classes AS (
    SELECT k.product_id, jsonb_agg(jsonb_object('{system, version, code}', ARRAY[k.system, k.version, k.code])
        ORDER BY k.system, k.version) AS facts
    FROM catalog_classification k WHERE k.product_id = ANY(%(products)s::bigint[]) GROUP BY 1
), relations AS (
    SELECT r.product_id, jsonb_agg(jsonb_object('{kind, sku}', ARRAY[r.kind, o.sku])
        ORDER BY r.kind, r.position, r.id) AS facts
    FROM catalog_relation r JOIN catalog_product o ON o.id = r.other_id
    WHERE r.product_id = ANY(%(products)s::bigint[]) GROUP BY 1
), components AS (
    SELECT k.kit_id AS product_id, jsonb_agg(jsonb_object('{sku, quantity}', ARRAY[o.sku, k.quantity::text])
        ORDER BY k.position, k.id) AS facts
    FROM catalog_kit_component k JOIN catalog_product o ON o.id = k.component_id
    WHERE k.kit_id = ANY(%(products)s::bigint[]) GROUP BY 1
)
INSERT INTO catalog_version (product_id, revision, at, actor_name, door, facts)
SELECT p.id, p.revision, %(now)s, %(actor)s, %(door)s, jsonb_object(
    '{sku, name, summary, description, brand, manufacturer_part_number, gtin, kind, status, base_unit, tax_category,
        origin, customs_code, category, family, variant_of}',
    ARRAY[p.sku, p.name, p.summary, p.description, p.brand, p.manufacturer_part_number, p.gtin, p.kind, p.status,
        p.base_unit, p.tax_category, p.origin, p.customs_code, COALESCE(c.path, ''), COALESCE(f.code, ''),
        COALESCE(m.sku, '')]
) || jsonb_build_object(
    'weight_grams', p.weight_grams, 'lead_days', p.lead_days,
    'on_sale_from', p.on_sale_from, 'on_sale_until', p.on_sale_until,
    'attributes', p.attributes, 'specifications', p.specifications,
    'units', COALESCE(units.facts, '[]'), 'texts', COALESCE(texts.facts, '{}'),
    'classifications', COALESCE(classes.facts, '[]'), 'relations', COALESCE(relations.facts, '[]'),
    'components', COALESCE(components.facts, '[]'),
    'options', (SELECT o.document FROM catalog_options o WHERE o.product_id = p.id),
    'hazard', CASE WHEN h.product_id IS NOT NULL THEN jsonb_build_object('un_number', h.un_number,
        'hazard_class', h.hazard_class, 'packing_group', h.packing_group, 'signal_word', h.signal_word,
        'statements', h.statements) END)
FROM catalog_product p
LEFT JOIN catalog_category c ON c.id = p.category_id
LEFT JOIN catalog_family f ON f.id = p.family_id
LEFT JOIN catalog_product m ON m.id = p.variant_of_id
LEFT JOIN units ON units.product_id = p.id
LEFT JOIN texts ON texts.product_id = p.id
LEFT JOIN classes ON classes.product_id = p.id
LEFT JOIN relations ON relations.product_id = p.id
LEFT JOIN components ON components.product_id = p.id
LEFT JOIN catalog_hazard h ON h.product_id = p.id
WHERE p.id = ANY(%(products)s::bigint[])
ON CONFLICT (product_id, revision) DO UPDATE
SET facts = excluded.facts, at = excluded.at, actor_name = excluded.actor_name, door = excluded.door
"""


def keep_versions(actor: Actor, product_ids: Sequence[int]) -> None:
    """Keep these products as they are now, each under its revision. One statement; call it after the last write."""
    about: dict[str, Any] = {
        "now": clock.now(),
        "actor": actor.name[:150],
        "door": actor.door[:20],
        "products": list(product_ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(KEEP, about)
