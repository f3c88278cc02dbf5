from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
from django.db import connection

from kontor.tables.texts import spec_line

BATCH = 2_000
PLAIN = (
    "sku", "name", "summary", "description", "brand", "manufacturer_part_number", "gtin", "category", "family", "kind",
    "status", "base_unit", "units", "components", "tax_category", "weight_grams", "lead_days", "origin", "customs_code",
    "on_sale_from", "on_sale_until", "specifications",
)  # fmt: skip
WHERE = """p.seller_id = %(seller)s AND (%(status)s = '' OR p.status = %(status)s)
    AND (%(category)s::bigint[] IS NULL OR p.category_id = ANY (%(category)s::bigint[]))
    AND (%(family)s::bigint IS NULL OR p.family_id = %(family)s)
    AND (%(brand)s = '' OR lower(p.brand) = lower(%(brand)s))
    AND (%(since)s::timestamptz IS NULL OR p.updated_at >= %(since)s)"""
KEYS = f"""
SELECT 'attribute:' || key FROM catalog_product p, jsonb_object_keys(p.attributes) AS key WHERE {WHERE} GROUP BY key
UNION ALL
SELECT 'class:' || k.system FROM catalog_classification k JOIN catalog_product p ON p.id = k.product_id
WHERE {WHERE} AND k.system <> 'other' GROUP BY k.system
UNION ALL
SELECT 'text:' || t.language FROM catalog_text t JOIN catalog_product p ON p.id = t.product_id
WHERE {WHERE} GROUP BY t.language
ORDER BY 1
"""
ROWS = f"""
SELECT p.id, p.sku, p.name, p.summary, p.description, p.brand, p.manufacturer_part_number, p.gtin,
    COALESCE(c.path, ''), COALESCE(f.code, ''), p.kind, p.status, p.base_unit,
    (SELECT string_agg(u.unit || '=' || concat_ws('/', trim_scale(u.factor), trim_scale(u.minimum),
        trim_scale(u.multiple), trim_scale(u.maximum)), ' ' ORDER BY u.position, u.id)
     FROM catalog_sales_unit u WHERE u.product_id = p.id),
    (SELECT string_agg(o.sku || ' x ' || trim_scale(k.quantity), '; ' ORDER BY k.position, k.id)
     FROM catalog_kit_component k JOIN catalog_product o ON o.id = k.component_id WHERE k.kit_id = p.id),
    p.tax_category, p.weight_grams, p.lead_days, p.origin, p.customs_code, p.on_sale_from, p.on_sale_until,
    p.specifications::text, p.attributes::text,
    (SELECT json_agg(json_build_array(k.system, k.version, k.code) ORDER BY k.system, k.version)
     FROM catalog_classification k WHERE k.product_id = p.id)::text,
    (SELECT json_object_agg(t.language, json_build_array(t.name, t.summary, t.description))
     FROM catalog_text t WHERE t.product_id = p.id)::text,
    (SELECT json_agg(json_build_array(trim_scale(r.min_quantity)::text, trim_scale(r.amount)::text,
        trim_scale(r.price_base)::text) ORDER BY r.min_quantity)
     FROM pricing_price r WHERE r.product_id = p.id AND r.price_list_id = %(price_list)s
        AND r.unit = '' AND r.valid_from IS NULL)::text,
    (SELECT trim_scale(s.on_hand)::text FROM inventory_stock_item s
     WHERE s.product_id = p.id AND s.warehouse_id = %(warehouse)s)
FROM catalog_product p
LEFT JOIN catalog_category c ON c.id = p.category_id LEFT JOIN catalog_family f ON f.id = p.family_id
WHERE {WHERE} AND (p.kind = 'kit') = %(kits)s AND p.id > %(after)s ORDER BY p.id LIMIT {BATCH}
"""
BREAKS = """
SELECT DISTINCT trim_scale(r.min_quantity)::text FROM pricing_price r JOIN catalog_product p ON p.id = r.product_id
WHERE r.price_list_id = %(price_list)s AND r.min_quantity <> 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which goods of a seller go out, and with which prices and stock. `categories` are ids with all below."""

    seller_id: int
    status: str = ""
    categories: Sequence[int] | None = None
    family_id: int | None = None
    brand: str = ""
    since: datetime | None = None
    price_list_id: int | None = None
    warehouse_id: int | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "seller": self.seller_id,
            "status": self.status,
            "category": None if self.categories is None else list(self.categories),
            "family": self.family_id,
            "brand": self.brand,
            "since": self.since,
            "price_list": self.price_list_id,
            "warehouse": self.warehouse_id,
        }


def columns_of(selection: Selection) -> list[str]:
    """The columns of an export: the fields, then languages, classes, attributes and prices that these goods have."""
    columns = list(PLAIN)
    with connection.cursor() as cursor:
        cursor.execute(KEYS, selection.parameters)
        found = [row[0] for row in cursor.fetchall()]
        breaks: list[str] = []
        if selection.price_list_id is not None:
            cursor.execute(BREAKS, selection.parameters)
            breaks = sorted((row[0] for row in cursor.fetchall()), key=Decimal)
    for key in found:
        kind, _colon, rest = key.partition(":")
        columns += (
            [f"{name}:{rest}" for name in ("name", "summary", "description")] if kind == "text" else [key]
        )
    if selection.price_list_id is not None:
        columns += ["price", *(f"price:{least}" for least in breaks), "price_base"]
    return [*columns, "stock"] if selection.warehouse_id is not None else columns


def exported_rows(selection: Selection) -> Iterator[dict[str, str]]:
    """The goods in the order in which they were added, then kits, read in batches; only cells with something in them.

    So a file can be read again from its top: what a kit consists of stands above it.
    """
    for kits in (False, True):
        after, more = 0, True
        while more:
            with connection.cursor() as cursor:
                cursor.execute(ROWS, selection.parameters | {"after": after, "kits": kits})
                rows = cursor.fetchall()
            for row in rows:
                yield _cells(row[1:])
            more = len(rows) == BATCH
            after = rows[-1][0] if rows else after


def _cells(row: Sequence[Any]) -> dict[str, str]:
    *plain, specifications, attributes, classes, texts, prices, stock = row
    cells = {name: _text(value) for name, value in zip(PLAIN, plain, strict=False) if value not in (None, "")}
    lines = [
        spec_line(one["name"], one["value"], one.get("unit") or "") for one in orjson.loads(specifications)
    ]
    if lines:
        cells["specifications"] = "\n".join(lines)
    for system, version, code in orjson.loads(classes or "[]"):
        cells[f"class:{system}"] = f"{system.upper()}-{version} {code}" if version else code
    for language, three in orjson.loads(texts or "{}").items():
        cells |= {
            f"{name}:{language}": text
            for name, text in zip(("name", "summary", "description"), three, strict=True)
            if text
        }
    cells |= {f"attribute:{code}": value_text(value) for code, value in orjson.loads(attributes).items()}
    listed = orjson.loads(prices or "[]")
    if len({base for _least, _amount, base in listed}) == 1:  # other prices do not fit into one row
        cells |= {"price" if least == "1" else f"price:{least}": amount for least, amount, _base in listed}
        cells["price_base"] = listed[0][2]
    if stock is not None:
        cells["stock"] = stock
    return cells


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def value_text(value: Any) -> str:
    """A kept attribute value as an import reads it back."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    if isinstance(value, list):
        return " | ".join(map(str, value))
    return str(value)
