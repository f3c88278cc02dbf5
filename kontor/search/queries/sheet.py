"""What is known of products beyond their card: attributes, trade codes, relations, the reader's own number."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson
from django.db import connection

from kontor.search.queries.product import SEEN
from kontor.search.queries.viewer import Viewer

# What goes with a product is the same seller's.
SOLD = """(s.status = 'active' AND other.status = 'active' AND other.assortments && %(assortments)s::bigint[]
        OR other.seller_id = %(own)s::bigint)"""
SHEET = f"""
    p.id, p.family_id, p.attributes::text, p.specifications::text, p.manufacturer_part_number, p.gtin, p.origin,
    p.customs_code, p.weight_grams, p.lead_days, COALESCE(NULLIF(s.trade_name, ''), s.legal_name),
    (SELECT json_agg(json_build_array(c.system, c.version, c.code) ORDER BY c.system, c.version)
     FROM catalog_classification c WHERE c.product_id = p.id)::text,
    (SELECT json_build_array(h.un_number, h.hazard_class, h.packing_group, h.signal_word, h.statements)
     FROM catalog_hazard h WHERE h.product_id = p.id)::text,
    COALESCE((SELECT b.number FROM catalog_buyer_part_number b
        WHERE b.product_id = p.id AND b.buyer_id = %(company)s::bigint), ''),
    (SELECT json_agg(json_build_array(r.kind, r.other_id) ORDER BY r.position, r.id)
     FROM catalog_relation r JOIN catalog_product other ON other.id = r.other_id AND {SOLD}
     WHERE r.product_id = p.id)::text,
    (SELECT json_agg(other.id ORDER BY other.name, other.id) FROM catalog_product other
     WHERE other.variant_of_id = COALESCE(p.variant_of_id, p.id) AND other.id <> p.id AND {SOLD})::text,
    (SELECT json_agg(json_build_array(c.id, c.sku, c.name, c.slug, c.base_unit, k.quantity::text,
        c.status = 'active' AND s.status = 'active' AND c.assortments && %(assortments)s::bigint[]
            OR c.seller_id IS NOT DISTINCT FROM %(own)s::bigint) ORDER BY k.position, k.id)
     FROM catalog_kit_component k JOIN catalog_product c ON c.id = k.component_id WHERE k.kit_id = p.id)::text,
    (SELECT json_agg(q.id ORDER BY q.id) FROM catalog_kit_component k JOIN catalog_product q ON q.id = k.kit_id
     WHERE k.component_id = p.id AND q.status = 'active' AND q.assortments && %(assortments)s::bigint[])::text
"""
SHEETS = f"""
SELECT {SHEET} FROM catalog_product p JOIN companies_company s ON s.id = p.seller_id
WHERE p.id = ANY (%(ids)s::bigint[]) AND {SEEN}
"""


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a kit; one that the viewer may not see is named all the same, because it is part of what is bought."""

    product_id: int
    sku: str
    name: str
    slug: str
    base_unit: str
    quantity: Decimal
    is_seen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A product's facts. `attributes` are values of its family's, `specifications` what no attribute stands for.

    `own_number` is the reader's own part number. `classes` are (system, version, code); `hazard` UN number, class,
    packing group, signal word and statements; `related` (kind, product) as in `ProductRelation`. `components` are
    those of a kit, `kits` those on sale that it is part of.
    """

    product_id: int
    family_id: int | None
    attributes: dict[str, Any]
    specifications: list[dict[str, Any]]
    manufacturer_part_number: str
    gtin: str
    origin: str
    customs_code: str
    weight_grams: int | None
    lead_days: int
    seller_name: str
    own_number: str
    classes: list[tuple[str, str, str]]
    hazard: list[str]
    related: list[tuple[str, int]]
    variants: list[int]
    components: list[Component]
    kits: list[int]


COLUMNS = (
    "product_id", "family_id", "attributes", "specifications", "manufacturer_part_number", "gtin", "origin",
    "customs_code", "weight_grams", "lead_days", "seller_name", "classes", "hazard", "own_number", "related",
    "variants", "components", "kits",
)  # fmt: skip
FOR_ALL = COLUMNS.index("own_number")
"""Columns before this one are the same for every reader."""
JSON = ("attributes", "specifications", "classes", "hazard", "related", "variants", "components", "kits")


def sheets_of(
    viewer: Viewer, product_ids: Sequence[int], *, own_seller: int | None = None
) -> dict[int, Sheet]:
    """The sheets of those of these products that the viewer may see, or that `own_seller` sells. One statement."""
    parameters = {
        "ids": list(product_ids),
        "company": viewer.company_id,
        "assortments": list(viewer.assortments),
        "own": own_seller,
    }
    with connection.cursor() as cursor:
        cursor.execute(SHEETS, parameters)
        return {row[0]: read_sheet(row) for row in cursor.fetchall()}


def read_sheet(row: Sequence[Any]) -> Sheet:
    """A row of SHEET."""
    facts = dict(zip(COLUMNS, row, strict=True))
    facts |= {name: orjson.loads(facts[name] or "[]") for name in JSON}
    facts["attributes"] = facts["attributes"] or {}
    facts["classes"] = [tuple(one) for one in facts["classes"]]
    facts["components"] = [
        Component(product, sku, name, slug, unit, Decimal(each), seen)
        for product, sku, name, slug, unit, each, seen in facts["components"]
    ]
    facts["related"] = [tuple(one) for one in facts["related"]]
    return Sheet(**facts)
