"""The goods of a feed: what visitors may see of a seller, read in batches by number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson
from django.db import connection

from kontor.catalog.queries import attributes_of_families
from kontor.catalog.queries.texts import Told, texts_of
from kontor.goods.attributes import Trait, shown_value
from kontor.inventory.free import FREE
from kontor.pricing.queries import NO_STEPS
from kontor.publishing.sight import VISIBLE
from kontor.search.queries import Viewer

BATCH = 1_000
MOST_PICTURES = 11
ROWS = f"""
SELECT p.id, p.sku, p.slug, p.brand, p.manufacturer_part_number, p.gtin, p.kind, p.base_unit, p.tax_category,
    p.weight_grams, p.lead_days, p.family_id, p.attributes::text, p.specifications::text, COALESCE(m.sku, ''),
    COALESCE(u.factor, 1) * COALESCE(u.minimum, 1), price.amount, price.price_base, l.currency, {FREE},
    COALESCE((SELECT string_agg(a.name, ' > ' ORDER BY length(a.path)) FROM catalog_category a
        WHERE a.id = c.id OR c.path LIKE a.path || '/%%'), ''),
    ARRAY(SELECT file FROM catalog_medium WHERE product_id = p.id AND kind = 'picture' AND file <> ''
        ORDER BY position, id LIMIT {MOST_PICTURES})
FROM catalog_product p
LEFT JOIN catalog_category c ON c.id = p.category_id
LEFT JOIN catalog_product m ON m.id = p.variant_of_id
LEFT JOIN LATERAL (SELECT unit, factor, minimum FROM catalog_sales_unit WHERE product_id = p.id
    ORDER BY position LIMIT 1) AS u ON true
LEFT JOIN LATERAL pricing_resolve(
    %(chain)s::pricing_step[], p.id, COALESCE(u.factor * u.minimum, 1), COALESCE(u.unit, '')) AS price ON true
LEFT JOIN pricing_price_list l ON l.id = price.price_list_id
WHERE p.seller_id = %(seller)s AND p.kind <> 'service' AND {VISIBLE} AND p.id > %(after)s
ORDER BY p.id LIMIT %(size)s
"""
Detail = tuple[str, str, str]
"""Heading, name, value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """An article as visitors see it. `quantity` is the least that can be bought, in base units, at `amount` for
    `price_base` of them; `available` is None where stock is not counted."""

    id: int
    sku: str
    slug: str
    brand: str
    manufacturer_part_number: str
    gtin: str
    kind: str
    unit: str
    tax_category: str
    weight_grams: int | None
    lead_days: int
    group: str
    quantity: Decimal
    amount: Decimal | None
    price_base: Decimal | None
    currency: str | None
    available: Decimal | None
    category: str
    pictures: Sequence[str]
    told: Told
    details: Sequence[Detail]


_COLUMNS = (
    "id", "sku", "slug", "brand", "manufacturer_part_number", "gtin", "kind", "unit", "tax_category", "weight_grams",
    "lead_days", "family_id", "attributes", "specifications", "group", "quantity", "amount", "price_base", "currency",
    "available", "category", "pictures",
)  # fmt: skip


def public_goods(
    seller_id: int, language: str, viewer: Viewer, *, most: int | None = None
) -> Iterator[Goods]:
    """All of them in the order of their numbers, or the first `most`. Three statements a batch, flat memory."""
    after, left = 0, most
    while left is None or left > 0:
        size = BATCH if left is None else min(BATCH, left)
        about: dict[str, Any] = {
            "seller": seller_id, "after": after, "size": size, "chain": viewer.chain or NO_STEPS,
            "assortments": list(viewer.assortments),
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(ROWS, about)
            rows = [dict(zip(_COLUMNS, row, strict=True)) for row in cursor.fetchall()]
        yield from _batch(rows, language)
        if len(rows) < size:
            return
        after, left = rows[-1]["id"], None if left is None else left - size


def _batch(rows: list[dict[str, Any]], language: str) -> Iterator[Goods]:
    told = texts_of([row["id"] for row in rows], language)
    traits = attributes_of_families(row["family_id"] for row in rows)
    for row in rows:
        values = orjson.loads(row.pop("attributes"))
        specifications = orjson.loads(row.pop("specifications"))
        family = traits.get(row.pop("family_id") or 0, [])
        details = [*_of_family(family, values, language), *_free(specifications)]
        yield Goods(**row, told=told[row["id"]], details=details)


def _of_family(family: Sequence[Trait], values: Mapping[str, Any], language: str) -> Iterator[Detail]:
    for trait in family:
        value = values.get(trait.code)
        if value is not None and trait.kind != "file":
            shown, sign = shown_value(trait, value, language)
            yield trait.group, trait.label(language), f"{shown} {sign}".strip()


def _free(specifications: Sequence[Mapping[str, str]]) -> Iterator[Detail]:
    for one in specifications:
        yield "", one["name"], f"{one['value']} {one.get('unit') or ''}".strip()
