from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import orjson
from django.db import connection

from kontor.catalog.events import ProductsChanged
from kontor.catalog.snapshots import keep_versions
from kontor.catalog.visibility import place
from kontor.exchange.bulk.components import write_components
from kontor.exchange.bulk.staging import ids, run, stage
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.events import publish

# What a product's column gets: from the row where it gives something, else as it was, else the default of a new one.
# The last entry is what stands for "empty it" where NULL means "not given".
PLAIN = {
    "name": ("text", "''", ""),
    "slug": ("text", "''", ""),
    "summary": ("text", "''", ""),
    "description": ("text", "''", ""),
    "brand": ("text", "''", ""),
    "manufacturer_part_number": ("text", "''", ""),
    "gtin": ("text", "''", ""),
    "category_id": ("bigint", "NULL", "0"),
    "family_id": ("bigint", "NULL", "0"),
    "kind": ("text", "'goods'", ""),
    "status": ("text", "'draft'", ""),
    "base_unit": ("text", "'C62'", ""),
    "tax_category": ("text", "'standard'", ""),
    "weight_grams": ("int", "NULL", "-1"),
    "lead_days": ("int", "2", ""),
    "origin": ("text", "''", ""),
    "customs_code": ("text", "''", ""),
    "on_sale_from": ("timestamptz", "NULL", "'infinity'"),
    "on_sale_until": ("timestamptz", "NULL", "'infinity'"),
    "specifications": ("jsonb", "'[]'", ""),
}
STAGE = "exchange_product"
FURTHER = {"attributes": "jsonb", "whole": "boolean", "units": "jsonb", "texts": "jsonb", "classes": "jsonb"}
COLUMNS = {"id": "bigint", "sku": "text"} | {name: kind for name, (kind, *_r) in PLAIN.items()} | FURTHER


@dataclass(slots=True)
class ProductRow:
    """A judged row. `values` are the product's columns that it gives; `attributes` parsed values, None takes one away.

    With `whole` the attributes are all that the product has from now on. `units` are sales units in their
    order, `components` (SKU, quantity) what is in a kit.
    """

    product_id: int | None
    sku: str
    values: dict[str, Any]
    attributes: dict[str, Any] = field(default_factory=dict)
    whole: bool = False
    units: list[dict[str, str]] | None = None
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    classes: list[tuple[str, str, str]] = field(default_factory=list)
    components: list[tuple[str, Decimal]] | None = None


@dataclass(slots=True)
class Written:
    """What came of a batch: ids of new and of changed products, and the id of every SKU."""

    new: list[int]
    changed: list[int]
    by_sku: dict[str, int]


def _value(name: str, empties: str, old: str) -> str:
    if not empties:
        return f"COALESCE(s.{name}, {old})"
    return f"CASE WHEN s.{name} = {empties} THEN NULL ELSE COALESCE(s.{name}, {old}) END"


_NEW = ", ".join(_value(name, empties, default) for name, (_k, default, empties) in PLAIN.items())
_KEPT = ", ".join(_value(name, empties, f"p.{name}") for name, (_k, _d, empties) in PLAIN.items())
_ATTRIBUTES = """CASE WHEN s.attributes IS NULL THEN p.attributes
    WHEN s.whole THEN jsonb_strip_nulls(s.attributes) ELSE jsonb_strip_nulls(p.attributes || s.attributes) END"""
INSERT = f"""
WITH added AS (
    INSERT INTO catalog_product (seller_id, sku, {", ".join(PLAIN)}, attributes, assortments, revision,
        created_at, updated_at)
    SELECT %(seller)s, s.sku, {_NEW}, COALESCE(jsonb_strip_nulls(s.attributes), '{{}}'), '{{0}}', 1, %(now)s, %(now)s
    FROM {STAGE} s WHERE s.id IS NULL
    ON CONFLICT (seller_id, sku) DO NOTHING RETURNING id, sku
)
UPDATE {STAGE} s SET id = added.id FROM added WHERE s.sku = added.sku RETURNING s.id
"""
UPDATE = f"""
UPDATE catalog_product p SET ({", ".join(PLAIN)}, attributes) = ROW({_KEPT}, {_ATTRIBUTES}),
    revision = p.revision + 1, updated_at = %(now)s
FROM {STAGE} s WHERE p.id = s.id AND NOT p.id = ANY (%(new)s::bigint[])
    AND ({", ".join(f"p.{name}" for name in PLAIN)}, p.attributes) IS DISTINCT FROM ({_KEPT}, {_ATTRIBUTES})
RETURNING p.id
"""
FIRST_UNITS = f"""
INSERT INTO catalog_sales_unit (product_id, unit, factor, minimum, multiple, package, gtin, position)
SELECT s.id, COALESCE(s.base_unit, 'C62'), 1, 1, 1, '', '', 0
FROM {STAGE} s WHERE s.id = ANY (%(new)s::bigint[]) AND s.units IS NULL
"""
UNITS = f"""
WITH wanted AS (SELECT id, units FROM {STAGE} WHERE units IS NOT NULL AND id IS NOT NULL
), kept AS (
    SELECT u.product_id, jsonb_agg(jsonb_strip_nulls(jsonb_build_object('unit', u.unit,
        'factor', trim_scale(u.factor)::text, 'minimum', trim_scale(u.minimum)::text,
        'multiple', trim_scale(u.multiple)::text, 'maximum', trim_scale(u.maximum)::text))
        ORDER BY u.position, u.id) AS units
    FROM catalog_sales_unit u JOIN wanted ON wanted.id = u.product_id GROUP BY u.product_id
)
SELECT wanted.id FROM wanted LEFT JOIN kept ON kept.product_id = wanted.id
WHERE kept.units IS DISTINCT FROM wanted.units
"""
FORGET_UNITS = "DELETE FROM catalog_sales_unit WHERE product_id = ANY (%(ids)s::bigint[])"
ADD_UNITS = f"""
INSERT INTO catalog_sales_unit (product_id, unit, factor, minimum, multiple, maximum, package, gtin, position)
SELECT s.id, u.one ->> 'unit', (u.one ->> 'factor')::numeric, (u.one ->> 'minimum')::numeric,
    (u.one ->> 'multiple')::numeric, (u.one ->> 'maximum')::numeric, '', '', u.place - 1
FROM {STAGE} s, jsonb_array_elements(s.units) WITH ORDINALITY AS u (one, place)
WHERE s.id = ANY (%(ids)s::bigint[])
"""
TEXTS = f"""
INSERT INTO catalog_text AS t (product_id, language, name, summary, description)
SELECT s.id, e.key, COALESCE(e.value ->> 'name', kept.name, ''), COALESCE(e.value ->> 'summary', kept.summary, ''),
    COALESCE(e.value ->> 'description', kept.description, '')
FROM {STAGE} s CROSS JOIN LATERAL jsonb_each(s.texts) AS e
LEFT JOIN catalog_text kept ON kept.product_id = s.id AND kept.language = e.key
WHERE s.texts IS NOT NULL AND s.id IS NOT NULL
    AND (e.value ->> 'name' <> '' OR e.value ->> 'summary' <> '' OR e.value ->> 'description' <> ''
        OR kept.product_id IS NOT NULL)
ON CONFLICT (product_id, language) DO UPDATE
SET name = excluded.name, summary = excluded.summary, description = excluded.description
WHERE (t.name, t.summary, t.description) IS DISTINCT FROM (excluded.name, excluded.summary, excluded.description)
RETURNING product_id
"""
FORGET_TEXTS = """
DELETE FROM catalog_text WHERE product_id = ANY (%(ids)s::bigint[]) AND name = '' AND summary = '' AND description = ''
"""
CLASSES = f"""
INSERT INTO catalog_classification AS c (product_id, system, version, code)
SELECT DISTINCT ON (s.id, e.one ->> 0, e.one ->> 1) s.id, e.one ->> 0, e.one ->> 1, e.one ->> 2
FROM {STAGE} s, jsonb_array_elements(s.classes) AS e (one) WHERE s.classes IS NOT NULL AND s.id IS NOT NULL
ON CONFLICT (product_id, system, version) DO UPDATE SET code = excluded.code WHERE c.code <> excluded.code
RETURNING product_id
"""
RAISE_REVISION = """
UPDATE catalog_product SET revision = revision + 1, updated_at = %(now)s WHERE id = ANY (%(ids)s::bigint[])
"""
BY_SKU = f"SELECT sku, id FROM {STAGE} WHERE id IS NOT NULL"


def write_products(actor: Actor, seller_id: int, rows: Sequence[ProductRow]) -> Written:
    """Add and change products of one seller, as `save_product` does; a SKU stands in `rows` once.

    The caller has called `hold_rules` and judged the rows. Rows that say nothing new touch nothing. Keeps versions,
    places what changed into assortments and publishes one ProductsChanged.
    """
    stage(STAGE, COLUMNS, map(_staged, rows))
    about: dict[str, Any] = {"seller": seller_id, "now": clock.now()}
    has_new = any(row.product_id is None for row in rows)
    new = ids(INSERT, about) if has_new else []
    changed = set(ids(UPDATE, about | {"new": new})) if len(new) < len(rows) else set()
    if new:
        run(FIRST_UNITS, {"new": new})
    further: set[int] = set()
    if any(row.units is not None for row in rows) and (differing := ids(UNITS, {})):
        run(FORGET_UNITS, {"ids": differing})
        run(ADD_UNITS, {"ids": differing})
        further.update(differing)
    if any(row.texts for row in rows) and (differing := ids(TEXTS, {})):
        run(FORGET_TEXTS, {"ids": differing})
        further.update(differing)
    if any(row.classes for row in rows):
        further.update(ids(CLASSES, {}))
    kits = {row.sku: row.components for row in rows if row.components is not None}
    further.update(write_components(seller_id, kits))
    further -= changed | set(new)
    if further:
        run(RAISE_REVISION, about | {"ids": sorted(further)})
    touched = sorted(changed | further | set(new))
    if touched:
        place(seller_id, touched)
        keep_versions(actor, touched)
        publish(ProductsChanged(tuple(touched)))
    return Written(new, sorted(changed | further), _by_sku())


def _by_sku() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(BY_SKU)
        return dict(cursor.fetchall())


def _staged(row: ProductRow) -> list[Any]:
    values = row.values
    specifications = values.get("specifications")
    staged: list[Any] = [row.product_id, row.sku]
    staged += [values.get(name) for name in _BEFORE_JSON]
    staged.append(None if specifications is None else orjson.dumps(specifications).decode())
    staged.append(orjson.dumps(row.attributes).decode() if row.attributes or row.whole else None)
    staged.append(row.whole)
    staged.append(None if row.units is None else orjson.dumps(row.units).decode())
    staged.append(orjson.dumps(row.texts).decode() if row.texts else None)
    staged.append(orjson.dumps(row.classes).decode() if row.classes else None)
    return staged


_BEFORE_JSON = tuple(name for name in PLAIN if name != "specifications")
