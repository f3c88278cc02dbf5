"""The page of a product: all that it tells of the product itself and of its reader's alerts, by one statement."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
from django.db import connection

from kontor.catalog.queries.families import TRAITS
from kontor.catalog.queries.texts import READER, TOLD, spoken
from kontor.discovery.permissions import may_watch
from kontor.goods.variants import MOST, Sister
from kontor.inventory.free import EXPECTED, PLACES
from kontor.inventory.queries import Expected
from kontor.kernel.actors import Actor
from kontor.search.queries.product import (
    BY_ID,
    DETAIL,
    GOODS,
    MEDIA,
    SEEN,
    ProductDetail,
    asked_by,
    read_detail,
)
from kontor.search.queries.sheet import COLUMNS, FOR_ALL, SHEET, Sheet, read_sheet
from kontor.search.queries.viewer import Viewer

SISTERS = f"""(
    SELECT json_agg(json_build_array(id, sku, slug, name, status, attributes)) FROM (
        SELECT v.id, v.sku, v.slug, v.name, v.status, v.attributes FROM catalog_product v
        WHERE v.variant_of_id = COALESCE(p.variant_of_id, p.id) AND v.status = 'active'
            AND (s.status = 'active' AND v.assortments && %(assortments)s::bigint[] OR v.seller_id = %(own)s::bigint)
        ORDER BY v.sku, v.id LIMIT {MOST}) AS sister)::text"""
PAGE = f"""
SELECT {DETAIL}, {SHEET}, {TOLD}, {TRAITS}, {SISTERS}, {PLACES},
    (SELECT json_agg(json_build_array(name, due_on, quantity::text)) FROM ({EXPECTED}) AS soon)::text,
    ARRAY(SELECT kind FROM discovery_watch WHERE product_id = p.id AND membership_id = %(member)s::bigint),
    (SELECT last_value FROM catalog_revision)
FROM {GOODS} {READER} WHERE {BY_ID} AND {SEEN}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a product as the database wrote it: no price, no stock, nothing that is a company's own.

    What is drawn of it alone can be kept by it. `variants` are those that the reader may buy, with the product itself.
    """

    product_id: int
    kind: str
    name: str
    description: str
    media: str | None
    facts: tuple[Any, ...]
    traits: str | None
    variants: str | None

    @property
    def sheet(self) -> Sheet:
        """The facts; what differs from reader to reader is empty."""
        return read_sheet([*self.facts, "", *[None] * (len(COLUMNS) - len(self.facts) - 1)])

    @property
    def sisters(self) -> list[Sister]:
        return [Sister(*one) for one in orjson.loads(self.variants or "[]")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPage:
    """A product in the reader's language. `places` are (warehouse, base units) of what is stocked, `expected` what is
    on its way, `watched` the kinds of alerts that the reader has for it. `revision` is that of the catalog: hand it to
    `catalog.queries.category_tree`.
    """

    detail: ProductDetail
    known: Known
    sheet: Sheet
    places: list[tuple[str, Decimal]]
    expected: list[Expected]
    watched: list[str]
    revision: int


def product_page(
    viewer: Viewer, product_id: int, *, actor: Actor | None, language: str
) -> ProductPage | None:
    """A product with its sheet, texts in this language, variants and stock. One statement.

    None when it may not be seen, as for `product_detail`.
    """
    member = actor.membership_id if actor is not None and may_watch(actor) else None
    parameters = asked_by(viewer, actor, product_id) | spoken(language) | {"member": member}
    with connection.cursor() as cursor:
        cursor.execute(PAGE, parameters)
        row: tuple[Any, ...] | None = cursor.fetchone()
    if row is None:
        return None
    *facts, name, summary, description, traits, variants, places, expected, watched, revision = row
    detail, sheet = read_detail(facts[: -len(COLUMNS)]), facts[-len(COLUMNS) :]
    return ProductPage(
        detail=replace(detail, name=name, summary=summary, description=description),
        known=Known(
            product_id=product_id,
            kind=detail.kind,
            name=name,
            description=description,
            media=facts[MEDIA],
            facts=tuple(sheet[:FOR_ALL]),
            traits=traits,
            variants=variants,
        ),
        sheet=read_sheet(sheet),
        places=[(place, Decimal(free)) for place, free in orjson.loads(places or "[]")],
        expected=[
            Expected(place, date.fromisoformat(day), Decimal(quantity))
            for place, day, quantity in orjson.loads(expected or "[]")
        ],
        watched=watched,
        revision=revision,
    )
