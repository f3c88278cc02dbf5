from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import chain
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson

from kontor.catalog.events import ProductsChanged
from kontor.catalog.models import SalesUnit
from kontor.catalog.snapshots import keep_versions
from kontor.catalog.visibility import has_rules, place
from kontor.exchange.bulk.components import kits_differ, write_components
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.events import publish
from kontor.kernel.staging import copy, ids, next_ids, refresh_statistics, run, stage


class Stored(NamedTuple):
    """A column of a product: its type, what a new one has, and what in a row stands for "empty it" (None: nothing)."""

    kind: str
    new: Any = None
    empty: str | int | None = None


FIELDS = {
    "name": Stored("text", ""),
    "slug": Stored("text", ""),
    "summary": Stored("text", ""),
    "description": Stored("text", ""),
    "brand": Stored("text", ""),
    "manufacturer_part_number": Stored("text", ""),
    "gtin": Stored("text", ""),
    "category_id": Stored("bigint", empty=0),
    "family_id": Stored("bigint", empty=0),
    "kind": Stored("text", "goods"),
    "status": Stored("text", "draft"),
    "base_unit": Stored("text", "C62"),
    "tax_category": Stored("text", "standard"),
    "weight_grams": Stored("int", empty=-1),
    "lead_days": Stored("int", 2),
    "origin": Stored("text", ""),
    "customs_code": Stored("text", ""),
    "on_sale_from": Stored("timestamptz", empty="infinity"),
    "on_sale_until": Stored("timestamptz", empty="infinity"),
}
WHEN_NEW = [(name, one.new, one.empty) for name, one in FIELDS.items()]
PLAIN = (*FIELDS, "specifications")
NEW = ("id", "seller_id", "sku", *PLAIN, "attributes", "assortments", "revision", "created_at", "updated_at")
STAGE = "exchange_product"
COLUMNS = (
    {"id": "bigint"}
    | {name: field.kind for name, field in FIELDS.items()}
    | {"specifications": "jsonb", "attributes": "jsonb", "whole": "boolean"}
)
PARTS = "exchange_part"
PART_COLUMNS = {"id": "bigint", "units": "jsonb", "texts": "jsonb", "classes": "jsonb"}
UNIT_COLUMNS = (
    "product_id",
    "position",
    "unit",
    "factor",
    "minimum",
    "multiple",
    "maximum",
    "package",
    "gtin",
)


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
    """What came of a batch: ids of new and of changed products."""

    new: list[int]
    changed: list[int]


def _kept(name: str) -> str:
    """A column after an update: from the row where it gives something, else as it was."""
    empty = FIELDS[name].empty if name in FIELDS else None
    given = f"COALESCE(s.{name}, p.{name})"
    return given if empty is None else f"CASE WHEN s.{name} = '{empty}' THEN NULL ELSE {given} END"


_KEPT = ", ".join(map(_kept, PLAIN))
_ATTRIBUTES = """CASE WHEN s.attributes IS NULL THEN p.attributes
    WHEN s.whole THEN jsonb_strip_nulls(s.attributes) ELSE jsonb_strip_nulls(p.attributes || s.attributes) END"""
_DIFFERS = (
    f"({', '.join(f'p.{name}' for name in PLAIN)}, p.attributes) IS DISTINCT FROM ({_KEPT}, {_ATTRIBUTES})"
)
DIFFERING = f"SELECT p.id FROM catalog_product p JOIN {STAGE} s ON s.id = p.id WHERE {_DIFFERS}"
UPDATE = f"""
UPDATE catalog_product p SET ({", ".join(PLAIN)}, attributes) = ROW({_KEPT}, {_ATTRIBUTES}),
    revision = p.revision + 1, updated_at = %(now)s
FROM {STAGE} s WHERE p.id = s.id AND {_DIFFERS} RETURNING p.id
"""
UNITS = f"""
WITH wanted AS (SELECT id, units FROM {PARTS} WHERE units IS NOT NULL
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
TEXTS_DIFFER = f"""
SELECT s.id, e.key, COALESCE(e.value ->> 'name', kept.name, ''), COALESCE(e.value ->> 'summary', kept.summary, ''),
    COALESCE(e.value ->> 'description', kept.description, '')
FROM {PARTS} s CROSS JOIN LATERAL jsonb_each(s.texts) AS e
LEFT JOIN catalog_text kept ON kept.product_id = s.id AND kept.language = e.key
WHERE s.texts IS NOT NULL AND EXISTS (
    SELECT FROM (VALUES ('name', kept.name), ('summary', kept.summary), ('description', kept.description))
        AS t (key, was) WHERE e.value ->> t.key <> COALESCE(t.was, ''))
"""
TEXTS = f"""
INSERT INTO catalog_text (product_id, language, name, summary, description) {TEXTS_DIFFER}
ON CONFLICT (product_id, language) DO UPDATE
SET name = excluded.name, summary = excluded.summary, description = excluded.description
RETURNING product_id
"""
FORGET_TEXTS = """
DELETE FROM catalog_text WHERE product_id = ANY (%(ids)s::bigint[]) AND name = '' AND summary = '' AND description = ''
"""
CLASSES_DIFFER = f"""
SELECT w.* FROM (
    SELECT DISTINCT ON (s.id, e.one ->> 0, e.one ->> 1)
        s.id, e.one ->> 0 AS system, e.one ->> 1 AS version, e.one ->> 2 AS code
    FROM {PARTS} s, jsonb_array_elements(s.classes) AS e (one) WHERE s.classes IS NOT NULL) AS w
LEFT JOIN catalog_classification kept
    ON kept.product_id = w.id AND kept.system = w.system AND kept.version = w.version
WHERE kept.code IS DISTINCT FROM w.code
"""
CLASSES = f"""
INSERT INTO catalog_classification (product_id, system, version, code) {CLASSES_DIFFER}
ON CONFLICT (product_id, system, version) DO UPDATE SET code = excluded.code RETURNING product_id
"""
RAISE_REVISION = """
UPDATE catalog_product SET revision = revision + 1, updated_at = %(now)s WHERE id = ANY (%(ids)s::bigint[])
"""


def write_products(actor: Actor, seller_id: int, rows: Sequence[ProductRow]) -> Written:
    """Add and change products of one seller, as `save_product` does; a SKU stands in `rows` once.

    The caller has called `hold_rules` and judged the rows. New rows get their id. Rows that say nothing new touch
    nothing. Keeps versions, places what changed into assortments and publishes one ProductsChanged. Raises
    IntegrityError when somebody else has added one of the SKUs since.
    """
    now = clock.now()
    known = [row for row in rows if row.product_id is not None]
    new = _add(seller_id, now, [row for row in rows if row.product_id is None])
    changed: set[int] = set()
    if known:
        stage(STAGE, COLUMNS, map(_staged, known))
        changed.update(ids(UPDATE, {"now": now}))
    further = _write_parts(rows, known)
    kits = {row.sku: row.components for row in rows if row.components is not None}
    further.update(write_components(seller_id, kits))
    further.difference_update(changed, new)
    if further:
        run(RAISE_REVISION, {"now": now, "ids": sorted(further)})
    touched = sorted(changed.union(further, new))
    if touched:
        moved = touched if new and has_rules(seller_id) else sorted(changed | further)
        if moved:
            place(seller_id, moved)
        keep_versions(actor, touched)
        publish(ProductsChanged(tuple(touched)))
    return Written(new, sorted(changed | further))


def products_differ(seller_id: int, rows: Sequence[ProductRow]) -> set[int]:
    """Which products that are there these rows would change. Writes and locks nothing."""
    known = [row for row in rows if row.product_id is not None]
    if not known:
        return set()
    stage(STAGE, COLUMNS, map(_staged, known))
    differing = set(ids(DIFFERING, {}))
    if _stage_parts(known, known):
        for sql in (UNITS, TEXTS_DIFFER, CLASSES_DIFFER):
            differing.update(ids(sql, {}))
    kits = {row.sku: row.components for row in known if row.components is not None}
    return differing.union(kits_differ(seller_id, kits).values())


def _add(seller_id: int, now: datetime, rows: Sequence[ProductRow]) -> list[int]:
    """Add new products with their sales units; their ids."""
    if not rows:
        return []
    refresh_statistics("catalog_product", "catalog_sales_unit")
    new = next_ids("catalog_product", len(rows))
    for row, product_id in zip(rows, new, strict=True):
        row.product_id = product_id
    copy("catalog_product", NEW, (_new(seller_id, now, row) for row in rows))
    copy("catalog_sales_unit", UNIT_COLUMNS, chain.from_iterable(map(_units, rows)))
    return new


def _write_parts(rows: Sequence[ProductRow], known: Sequence[ProductRow]) -> set[int]:
    """What has tables of its own: texts and classes of these rows, sales units of the known ones; whose differ."""
    if not _stage_parts(rows, known):
        return set()
    units = {row.product_id: row for row in known if row.units is not None}
    differing = ids(UNITS, {}) if units else []
    if differing:
        marks = _marks(differing)
        run(FORGET_UNITS, {"ids": differing})
        rewritten = chain.from_iterable(_units(units[one], marks) for one in differing)
        copy("catalog_sales_unit", UNIT_COLUMNS, rewritten)
    texts = ids(TEXTS, {})
    if texts:
        run(FORGET_TEXTS, {"ids": texts})
    return set(differing).union(texts, ids(CLASSES, {}))


def _stage_parts(rows: Sequence[ProductRow], known: Sequence[ProductRow]) -> bool:
    """Whether there are any."""
    units = {row.product_id for row in known if row.units is not None}
    parts = [row for row in rows if row.texts or row.classes or row.product_id in units]
    if parts:
        stage(PARTS, PART_COLUMNS, map(_part, parts))
    return bool(parts)


def _new(seller_id: int, now: datetime, row: ProductRow) -> list[Any]:
    values = row.values
    plain = [
        new if (value := values.get(name)) is None or value == empty else value
        for name, new, empty in WHEN_NEW
    ]
    attributes = {code: value for code, value in row.attributes.items() if value is not None}
    parts = _json(values.get("specifications") or []), _json(attributes)
    return [row.product_id, seller_id, row.sku, *plain, *parts, "{0}", 1, now, now]


def _staged(row: ProductRow) -> list[Any]:
    get = row.values.get
    specifications, attributes = (
        get("specifications"),
        row.attributes if row.whole else row.attributes or None,
    )
    return [row.product_id, *map(get, FIELDS), _json(specifications), _json(attributes), row.whole]


def _part(row: ProductRow) -> list[Any]:
    return [row.product_id, _json(row.units), _json(row.texts or None), _json(row.classes or None)]


def _marks(product_ids: Sequence[int]) -> Mapping[tuple[int | None, str], tuple[str, str]]:
    """Package and GTIN by product and unit. Files do not have them, so they stay with their unit."""
    marked = SalesUnit.objects.filter(product__in=product_ids).exclude(package="", gtin="")
    return {(one.product_id, one.unit): (one.package, one.gtin) for one in marked}


def _units(
    row: ProductRow, marks: Mapping[tuple[int | None, str], tuple[str, str]] = MappingProxyType({})
) -> Iterator[tuple[Any, ...]]:
    """The sales units as rows of their table; without any, one of the base unit."""
    for position, one in enumerate(row.units or [{"unit": row.values.get("base_unit") or "C62"}]):
        least = (one.get("factor", 1), one.get("minimum", 1), one.get("multiple", 1), one.get("maximum"))
        mark = marks.get((row.product_id, one["unit"]), ("", ""))
        yield row.product_id, position, one["unit"], *least, *mark


def _json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()
