"""One product with everything its page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson
from django.db import connection

from kontor.inventory.free import FREE
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.pricing.queries import Break
from kontor.search.queries.viewer import Viewer

# JSON carries decimals as texts: as numbers they would become binary fractions on the way.
UNITS = """(
    SELECT json_agg(json_build_array(u.unit, u.is_agreed, u.factor::text, u.minimum::text, u.multiple::text,
        u.maximum::text) ORDER BY u.place) FROM catalog_units_for(p.id, %(company)s::bigint) u)::text"""
DETAIL = f"""
    p.id, p.revision, p.seller_id, COALESCE(NULLIF(s.trade_name, ''), s.legal_name), s.slug, p.sku, p.name, p.slug,
    p.summary, p.description, p.brand, p.manufacturer_part_number, p.gtin, p.kind, p.status, p.base_unit,
    p.tax_category, p.weight_grams, p.lead_days, COALESCE(c.path, ''), p.updated_at,
    {FREE},
    p.specifications::text,
    {UNITS},
    (SELECT json_agg(json_build_array(m.id, m.kind, m.title, m.file, m.media_type, m.byte_size, m.url,
        m.language, m.valid_until)
        ORDER BY m.position, m.id)
     FROM catalog_medium m WHERE m.product_id = p.id AND COALESCE(m.valid_from <= %(today)s, true)
        AND COALESCE(m.valid_until >= %(today)s, true))::text,
    (SELECT json_agg(json_build_array(b.min_quantity::text, b.amount::text, b.price_base::text, l.currency)
        ORDER BY b.min_quantity)
     FROM pricing_breaks(%(chain)s::pricing_step[], p.id, COALESCE((
        SELECT unit FROM catalog_units_for(p.id, %(company)s::bigint) ORDER BY place LIMIT 1), '')) AS b
     JOIN pricing_price_list l ON l.id = b.price_list_id)::text
"""
GOODS = """
catalog_product p
JOIN companies_company s ON s.id = p.seller_id
LEFT JOIN catalog_category c ON c.id = p.category_id
"""
SEEN = """(p.status = 'active' AND s.status = 'active' AND p.assortments && %(assortments)s::bigint[]
    OR p.seller_id = %(own)s::bigint)"""
BY_ID, BY_SKU = "p.id = %(id)s::bigint", "p.seller_id = %(seller)s::bigint AND p.sku = %(sku)s::text"
SOLD = f"SELECT p.name, p.seller_id FROM {GOODS} WHERE {BY_ID} AND {SEEN}"
LARGEST_ID = 2**63 - 1
DETAILS = {which: f"SELECT {DETAIL} FROM {GOODS} WHERE {which} AND {SEEN}" for which in (BY_ID, BY_SKU)}


@dataclass(frozen=True, slots=True)
class DetailUnit:
    """A unit in which the product is sold; `factor` base units make one, the rest counts in the unit.

    The rules are those that count for the viewer; `is_agreed` says that they were agreed with it, or with its group.
    """

    unit: str
    is_agreed: bool
    factor: Decimal
    minimum: Decimal
    multiple: Decimal
    maximum: Decimal | None


@dataclass(frozen=True, slots=True)
class Document:
    """A picture, a document or a video that counts today, the last time on `valid_until` (an ISO date).

    `file` is below `media/` of the store; "" is a data sheet made from the product's data, or a video at `url`.
    """

    id: int
    kind: str
    title: str
    file: str
    media_type: str
    byte_size: int
    url: str = ""
    language: str = ""
    valid_until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDetail:
    """A product as its page shows it to one company. `available` is in base units, None for services.

    `breaks` are those of the list that prices the product for this company, lowest first; empty: no price.
    """

    product_id: int
    revision: int
    seller_id: int
    seller_name: str
    seller_slug: str
    sku: str
    name: str
    slug: str
    summary: str
    description: str
    brand: str
    manufacturer_part_number: str
    gtin: str
    kind: str
    status: str
    unit: str
    tax_category: str
    weight_grams: int | None
    lead_days: int
    category_path: str
    updated_at: Any
    available: Decimal | None
    specifications: list[dict[str, Any]]
    units: tuple[DetailUnit, ...]
    pictures: tuple[Document, ...]
    documents: tuple[Document, ...]
    breaks: tuple[Break, ...]

    def price_at(self, base_quantity: Decimal) -> Break | None:
        """The break that counts for a quantity in base units, by the rule of the resolver."""
        reached = [one for one in self.breaks if one.min_quantity <= base_quantity]
        return reached[-1] if reached else next(iter(self.breaks), None)

    @property
    def price(self) -> Break | None:
        """The price at the smallest quantity of the unit offered first."""
        return self.price_at(self.units[0].minimum * self.units[0].factor)


_PLAIN = (
    "product_id", "revision", "seller_id", "seller_name", "seller_slug", "sku", "name", "slug", "summary",
    "description", "brand", "manufacturer_part_number", "gtin", "kind", "status", "unit", "tax_category",
    "weight_grams", "lead_days", "category_path", "updated_at", "available",
)  # fmt: skip
MEDIA = len(_PLAIN) + 2
"""The column of DETAIL with pictures and documents; `read_media` reads it."""


def product_detail(
    viewer: Viewer,
    product_id: int | None = None,
    *,
    seller_id: int | None = None,
    sku: str = "",
    actor: Actor | None = None,
) -> ProductDetail | None:
    """A product by id, or by a seller's SKU, with this viewer's breaks and the stock of now. One statement.

    None when it may not be seen: visitors and buyers see what is on sale for them, a seller's people also their own
    drafts and what was discontinued.
    """
    parameters = asked_by(viewer, actor, product_id)
    which = BY_ID
    if product_id is None:
        which = BY_SKU
        parameters |= {"seller": seller_id, "sku": sku}
    with connection.cursor() as cursor:
        cursor.execute(DETAILS[which], parameters)
        row = cursor.fetchone()
    return None if row is None else read_detail(row)


def name_and_seller(viewer: Viewer, product_id: int, actor: Actor) -> tuple[str, int] | None:
    """What a product is called and who sells it; None as for `product_detail`. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(SOLD, asked_by(viewer, actor, product_id))
        return cursor.fetchone()


def asked_by(viewer: Viewer, actor: Actor | None, product_id: int | None) -> dict[str, Any]:
    """The parameters of DETAIL and SEEN: a seller's people see all that is their own, unless they act for a buyer.

    A number of an address may be longer than any id.
    """
    at_own_desk = actor is not None and actor.is_seller and actor.acting_for_id is None
    own = actor.company_id if actor is not None and at_own_desk else None
    which = None if product_id is None else min(product_id, LARGEST_ID)
    return viewer.parameters | {"id": which, "own": own, "today": clock.today()}


def read_detail(row: Sequence[Any]) -> ProductDetail:
    """A row of DETAIL."""
    *plain, specifications, units, media, breaks = row
    facts = dict(zip(_PLAIN, plain, strict=True))
    pictures, documents = read_media(media)
    return ProductDetail(
        **facts,
        specifications=orjson.loads(specifications),
        units=units_of(units, facts["unit"]),
        pictures=pictures,
        documents=documents,
        breaks=tuple(
            Break(Decimal(minimum), Decimal(amount), Decimal(base), currency)
            for minimum, amount, base, currency in orjson.loads(breaks or "[]")
        ),
    )


def read_media(media: str | None) -> tuple[tuple[Document, ...], tuple[Document, ...]]:
    """Pictures and documents from their JSON."""
    known = [Document(*one) for one in orjson.loads(media or "[]")]
    pictures = tuple(one for one in known if one.kind == "picture")
    return pictures, tuple(one for one in known if one.kind != "picture")


@lru_cache(maxsize=4096)
def units_of(units: str | None, base_unit: str) -> tuple[DetailUnit, ...]:
    """Sales units from their JSON; a product without any is sold in its base unit."""
    one = Decimal(1)
    if not units:
        return (DetailUnit(base_unit, False, one, one, one, None),)
    return tuple(
        DetailUnit(unit, agreed, Decimal(factor), Decimal(minimum), Decimal(multiple), most and Decimal(most))
        for unit, agreed, factor, minimum, multiple, most in orjson.loads(units)
    )
