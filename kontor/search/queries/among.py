"""A listing among products that somebody else chose, in their order: what a company bought, last bought first."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from kontor.search.models import UNPRICED
from kontor.search.queries.cards import (
    EVERYTHING,
    FIRST_PAGE,
    Filters,
    Listing,
    Window,
    bounds,
    read_cards,
)
from kontor.search.queries.counted import Facets
from kontor.search.queries.narrowing import list_price, narrowed
from kontor.search.queries.own_prices import sellers_listed
from kontor.search.queries.viewer import Viewer
from kontor.search.rules import terms_of

MOST = 5000
CHOSEN = """
SELECT d.product_id, NULL AS place, count(*) OVER () AS total, row_number() OVER (ORDER BY {order}) AS no
{found} ORDER BY {order} LIMIT {limit} OFFSET {offset}
"""
FOUND = """
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS chosen (id, place)
JOIN search_document d ON d.product_id = chosen.id
JOIN catalog_product here ON here.id = d.product_id
WHERE concat_ws(' ', here.name, here.sku, here.brand, here.manufacturer_part_number) ILIKE ALL (%(words)s::text[])
"""
FACETS = """
(SELECT 'brand', d.brand, '', count(*) {found} AND d.brand <> '' GROUP BY d.brand ORDER BY 4 DESC, 2 LIMIT 40)
UNION ALL
(SELECT 'category', c.path, c.name, count(*) {joined} GROUP BY c.path, c.name ORDER BY 4 DESC, 2 LIMIT 40)
"""
ORDERS = {
    "": "chosen.place",
    "name": "d.sort_key, d.product_id",
    "popular": "d.popularity DESC, d.product_id DESC",
    "newest": "d.listed_at DESC, d.product_id DESC",
    "price": "{price}, d.product_id",
    "-price": f"{{price}} >= {UNPRICED}, {{price}} DESC, d.product_id",
}


def among(
    viewer: Viewer,
    product_ids: Sequence[int],
    words: str = "",
    *,
    window: Window = FIRST_PAGE,
    filters: Filters = EVERYTHING,
) -> Listing:
    """The listing of those of these products (at most 5,000) that hold all words and fit; "" sorts as they were given.

    One statement, one more for the counts.
    """
    sellers = sellers_listed(viewer, window.sort, filters)
    where, parameters = narrowed("d", viewer, filters, sellers)
    parameters |= {"ids": list(dict.fromkeys(product_ids))[:MOST], "words": _patterns(words)}
    if filters.category_path:
        where += " AND (d.category_path = %(path)s::text OR starts_with(d.category_path, %(below)s::text))"
        parameters |= {"path": filters.category_path, "below": f"{filters.category_path}/"}
    found = FOUND + where
    order = ORDERS.get(window.sort, ORDERS[""]).format(price=list_price("d", sellers))
    chosen = CHOSEN.format(found=found, order=order, **bounds(window, parameters))
    hits = read_cards(viewer, chosen, parameters)
    listing = Listing(
        hits.cards[: window.size], hits.total or 0, page=max(window.page, 1), per_page=window.size
    )
    listing.revision = hits.revision
    if len(hits.cards) > window.size:
        listing.next_after = str(listing.page + 1)
    if window.facets and hits.cards:
        listing.facets = _facets(found, parameters)
    return listing


def _patterns(words: str) -> list[str]:
    return [f"%{_literal(word)}%" for word in terms_of(words).wanted] or ["%"]


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _facets(found: str, parameters: dict[str, Any]) -> Facets:
    joined = found.replace(
        "WHERE concat_ws", "JOIN catalog_category c ON c.path = d.category_path\nWHERE concat_ws"
    )
    with connection.cursor() as cursor:
        cursor.execute(FACETS.format(found=found, joined=joined), parameters)
        rows = cursor.fetchall()
    return Facets(
        brands=tuple((value, count) for kind, value, _name, count in rows if kind == "brand"),
        categories=tuple((path, name, count) for kind, path, name, count in rows if kind == "category"),
    )
