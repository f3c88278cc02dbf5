"""The listing of a category, of a seller, or of the whole shop."""

import base64
import binascii
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
from django.db import connection

from kontor.goods.wording import Wording
from kontor.search.engine.port import Engine, Question
from kontor.search.engine.reader import node
from kontor.search.models import UNPRICED
from kontor.search.queries.cards import (
    EVERYTHING,
    FIRST_PAGE,
    Filters,
    Hits,
    Listing,
    Window,
    bounds,
    read_cards,
)
from kontor.search.queries.counted import Facets
from kontor.search.queries.curated import Curation
from kontor.search.queries.faceting import facets_of
from kontor.search.queries.kept import Kept
from kontor.search.queries.narrowing import Sellers, list_price, narrowed
from kontor.search.queries.own_prices import sellers_listed
from kontor.search.queries.searching import by_engine
from kontor.search.queries.viewer import Viewer

STOCKED_CAP = 1000
FAR = 480
"""A walk past more products than this takes longer than the search index, which has the same order by popularity."""
LIST_PRICE = "{list_price}"
"""Stands for what the viewer may know of it."""


@dataclass(frozen=True, slots=True)
class Sort:
    """An order that is one walk along one index; `kind` is the type of its value in SQL."""

    value: str
    kind: str
    down: bool = False


SORTS = {
    "name": Sort("s.sort_key", "text"),
    "popular": Sort("s.popularity", "int", down=True),
    "newest": Sort("s.listed_at", "timestamptz", down=True),
    "price": Sort(LIST_PRICE, "numeric"),
    # What has no public price comes last here too; this order alone has no index of its own.
    "-price": Sort(f"{LIST_PRICE} >= {UNPRICED}, -({LIST_PRICE})", ""),
}
HITS = """
SELECT s.product_id, {place} AS place, NULL::bigint AS total, row_number() OVER (ORDER BY {order}) AS no
FROM search_shelf s WHERE {where} ORDER BY {order} LIMIT {limit} OFFSET {offset}
"""
COUNT = "SELECT count(*) FROM (SELECT FROM search_shelf s WHERE {where} LIMIT %(cap)s::int) AS listed"
BRANDS = """
SELECT s.brand, count(*) FROM search_shelf s WHERE {where} AND s.brand <> ''
GROUP BY s.brand ORDER BY 2 DESC, 1 LIMIT 40
"""
_totals: Kept[int] = Kept()
_facets: Kept[Facets] = Kept()


def browse(
    viewer: Viewer,
    category_path: str = "",
    *,
    window: Window = FIRST_PAGE,
    filters: Filters = EVERYTHING,
) -> Listing:
    """A page of what stands on a shelf ("" is the whole shop) for this viewer, with its prices and the stock of now.

    One statement. A shelf is walked along an index; what is narrowed is found by this node's search index, as a walk
    would pass by most of the shelf, and so are far pages and the order of a company's own prices. That counts as well;
    without one, counts are made once per half minute. An unknown category is empty.
    """
    filters = replace(filters, category_path=category_path)
    engine = node.engine()
    own_order = window.sort in ("price", "-price") and bool(viewer.chain)
    is_far = window.skipped >= FAR and not window.after and window.sort in ("", "popular")
    if engine is not None and window.facets and (own_order or is_far or _is_narrow(viewer, filters)):
        sorted_so = replace(window, sort=window.sort if window.sort in SORTS else "popular")
        return by_engine(engine, viewer, Wording(), sorted_so, filters, Curation())
    sellers = sellers_listed(viewer, window.sort, filters)
    hits = _hits(viewer, window, filters, sellers)
    cards, places = hits.cards[: window.size], hits.places[: window.size]
    listing = Listing(cards, page=max(window.page, 1), per_page=window.size, revision=hits.revision)
    _count_in(listing, engine, viewer, filters, sellers)
    if len(hits.cards) > window.size and places[-1] is not None:
        listing.next_after = _cursor(window.sort, places[-1], cards[-1].product_id)
    if window.facets:
        listing.facets = _facets_of(engine, viewer, filters, hits.revision, sellers)
    return listing


def _is_narrow(viewer: Viewer, filters: Filters) -> bool:
    """Whether a walk along the shelf may pass by many products before it has a page."""
    return viewer.assortments != (0,) or filters != Filters(category_path=filters.category_path)


def _count_in(
    listing: Listing, engine: Engine | None, viewer: Viewer, filters: Filters, sellers: Sellers
) -> None:
    if engine is not None:
        question = Question(Wording(), viewer.assortments, filters, order="popular", size=1)
        listing.total = max(engine.find(question).total, len(listing.cards))
        return
    key = (viewer.assortments, filters, sellers)
    listing.total = _totals.get(key, listing.revision, lambda: _count(viewer, filters, sellers))
    if filters.in_stock and listing.total > STOCKED_CAP:
        listing.total, listing.total_is_capped = STOCKED_CAP, True


def _facets_of(
    engine: Engine | None, viewer: Viewer, filters: Filters, revision: int, sellers: Sellers
) -> Facets:
    """All facets from this node's index; without one the brands, from the database."""
    if engine is not None:
        return facets_of(engine, viewer, Question(Wording(), viewer.assortments, filters), revision)
    unbranded = replace(filters, brands=(), in_stock=False)
    key = (viewer.assortments, unbranded, sellers)
    return _facets.get(key, revision, lambda: Facets(brands=_brands(viewer, unbranded, sellers)))


def _hits(viewer: Viewer, window: Window, filters: Filters, sellers: Sellers) -> Hits:
    sort = SORTS.get(window.sort, SORTS["popular"])
    sort = replace(sort, value=sort.value.replace(LIST_PRICE, list_price("s", sellers)))
    where, parameters = _where(viewer, filters, sellers)
    by = " DESC" if sort.down else ""
    order = f"{sort.value}{by}, s.product_id{by}"
    place = sort.value if sort.kind else "NULL::text"
    after = _place_of(window.after, window.sort) if sort.kind else None
    if after is not None:
        where += (
            f" AND ({sort.value}, s.product_id) {'<' if sort.down else '>'}"
            f" (%(place)s::text::{sort.kind}, %(last)s::bigint)"
        )
        parameters |= {"place": after[0], "last": after[1]}
        window = replace(window, page=1)
    hits = HITS.format(place=place, order=order, where=where, **bounds(window, parameters))
    return read_cards(viewer, hits, parameters)


def _where(viewer: Viewer, filters: Filters, sellers: Sellers) -> tuple[str, dict[str, Any]]:
    sql, parameters = narrowed("s", viewer, filters, sellers)
    if not filters.category_path:
        return f"s.shelf = 0{sql}", parameters
    category = "s.shelf = (SELECT id FROM catalog_category WHERE path = %(path)s::text)"
    return category + sql, parameters | {"path": filters.category_path}


def _count(viewer: Viewer, filters: Filters, sellers: Sellers) -> int:
    where, parameters = _where(viewer, filters, sellers)
    with connection.cursor() as cursor:
        cap = STOCKED_CAP + 1 if filters.in_stock else None
        cursor.execute(COUNT.format(where=where), parameters | {"cap": cap})
        (total,) = cursor.fetchone() or (0,)
    return int(total)


def _brands(viewer: Viewer, filters: Filters, sellers: Sellers) -> tuple[tuple[str, int], ...]:
    where, parameters = _where(viewer, filters, sellers)
    with connection.cursor() as cursor:
        cursor.execute(BRANDS.format(where=where), parameters)
        return tuple(cursor.fetchall())


def _cursor(sort: str, place: str | int | Decimal | datetime, product_id: int) -> str:
    text = place.isoformat() if isinstance(place, datetime) else str(place)
    return base64.urlsafe_b64encode(orjson.dumps([sort, text, product_id])).decode().rstrip("=")


def _place_of(cursor: str, sort: str) -> tuple[str, int] | None:
    """What a cursor stands for; None (the first page) when it is broken, or from a list that was sorted otherwise."""
    if not cursor or len(cursor) > 400:
        return None
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        return None
    fits = isinstance(values, list) and [type(value) for value in values] == [str, str, int]
    return (values[1], values[2]) if fits and values[0] == sort else None
