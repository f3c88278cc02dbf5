"""A product as it is now, whole, as a version."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from kontor.kernel import clock
from kontor.kernel.actors import Actor

# Decimals as texts: as JSON numbers they would become binary fractions when they are read.
KEEP = """
INSERT INTO catalog_version (product_id, revision, at, actor_name, door, facts)
SELECT p.id, p.revision, %(now)s, %(actor)s, %(door)s, jsonb_build_object(
    'sku', p.sku, 'name', p.name, 'summary', p.summary, 'description', p.description, 'brand', p.brand,
    'manufacturer_part_number', p.manufacturer_part_number, 'gtin', p.gtin, 'kind', p.kind, 'status', p.status,
    'base_unit', p.base_unit, 'tax_category', p.tax_category, 'weight_grams', p.weight_grams,
    'lead_days', p.lead_days, 'origin', p.origin, 'customs_code', p.customs_code,
    'on_sale_from', p.on_sale_from, 'on_sale_until', p.on_sale_until,
    'category', COALESCE(c.path, ''), 'family', COALESCE(f.code, ''), 'variant_of', COALESCE(m.sku, ''),
    'attributes', p.attributes, 'specifications', p.specifications,
    'units', COALESCE((SELECT jsonb_agg(jsonb_build_object('unit', u.unit, 'factor', u.factor::text,
            'minimum', u.minimum::text, 'multiple', u.multiple::text, 'maximum', u.maximum::text,
            'package', u.package, 'gtin', u.gtin) ORDER BY u.position)
        FROM catalog_sales_unit u WHERE u.product_id = p.id), '[]'),
    'texts', COALESCE((SELECT jsonb_object_agg(t.language,
            jsonb_build_object('name', t.name, 'summary', t.summary, 'description', t.description))
        FROM catalog_text t WHERE t.product_id = p.id), '{}'),
    'classifications', COALESCE((SELECT jsonb_agg(
            jsonb_build_object('system', k.system, 'version', k.version, 'code', k.code) ORDER BY k.system, k.version)
        FROM catalog_classification k WHERE k.product_id = p.id), '[]'),
    'options', (SELECT o.document FROM catalog_options o WHERE o.product_id = p.id),
    'hazard', (SELECT jsonb_build_object('un_number', h.un_number, 'hazard_class', h.hazard_class,
            'packing_group', h.packing_group, 'signal_word', h.signal_word, 'statements', h.statements)
        FROM catalog_hazard h WHERE h.product_id = p.id),
    'relations', COALESCE((SELECT jsonb_agg(jsonb_build_object('kind', r.kind, 'sku', o.sku)
            ORDER BY r.kind, r.position, r.id)
        FROM catalog_relation r JOIN catalog_product o ON o.id = r.other_id WHERE r.product_id = p.id), '[]'),
    'components', COALESCE((SELECT jsonb_agg(jsonb_build_object('sku', o.sku, 'quantity', k.quantity::text)
            ORDER BY k.position, k.id)
        FROM catalog_kit_component k JOIN catalog_product o ON o.id = k.component_id WHERE k.kit_id = p.id), '[]'))
FROM catalog_product p
LEFT JOIN catalog_category c ON c.id = p.category_id
LEFT JOIN catalog_family f ON f.id = p.family_id
LEFT JOIN catalog_product m ON m.id = p.variant_of_id
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
