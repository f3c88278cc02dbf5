"""Visibility and filters as SQL, for tables that know category, brand, seller and assortments."""

from typing import Any

from kontor.search.models import UNPRICED
from kontor.search.queries.cards import Filters
from kontor.search.queries.viewer import Viewer

Sellers = tuple[int, ...] | None
"""Those whose list prices count for a viewer; None: all."""

# A value is a text, a list of choices, or a text per language.
HAS_VALUE = """EXISTS (
    SELECT FROM catalog_product x, LATERAL (SELECT x.attributes -> %(code{no})s::text AS v) AS a
    WHERE x.id = {alias}.product_id AND CASE jsonb_typeof(a.v)
        WHEN 'array' THEN a.v ?| %(values{no})s::text[]
        WHEN 'object' THEN EXISTS (SELECT FROM jsonb_each_text(a.v) t WHERE t.value = ANY (%(values{no})s::text[]))
        ELSE a.v #>> '{{}}' = ANY (%(values{no})s::text[]) END)"""
# A range counts when it overlaps what is asked for.
IN_RANGE = """EXISTS (
    SELECT FROM catalog_product x, LATERAL (SELECT x.attributes -> %(measure{no})s::text AS v) AS a
    WHERE x.id = {alias}.product_id AND CASE jsonb_typeof(a.v)
        WHEN 'array' THEN numrange((a.v ->> 0)::numeric, (a.v ->> 1)::numeric, '[]')
        WHEN 'string' THEN CASE WHEN a.v #>> '{{}}' ~ '^-?[0-9]+([.][0-9]+)?$'
            THEN numrange((a.v #>> '{{}}')::numeric, (a.v #>> '{{}}')::numeric, '[]') END END
        && numrange(%(low{no})s::numeric, %(high{no})s::numeric, '[]'))"""


def list_price(alias: str, sellers: Sellers) -> str:
    """The list price of `alias` for one to whom only these sellers' count; to all others' goods it is not known."""
    if sellers is None:
        return f"{alias}.list_price"
    known = f"ARRAY[{', '.join(map(str, sellers))}]::bigint[]"
    return f"CASE WHEN {alias}.seller_id = ANY ({known}) THEN {alias}.list_price ELSE {UNPRICED} END"


def narrowed(
    alias: str, viewer: Viewer, filters: Filters, sellers: Sellers = None
) -> tuple[str, dict[str, Any]]:
    """Conditions for `alias` (each begins with AND), and their parameters; the category is not among them.

    The first is that the viewer may see the product. `sellers` are those whose list prices count.
    """
    # What nearly everybody sees stands in the statement itself: only then can PostgreSQL tell, without planning it anew
    # each time, that a walk along an index soon has a page together.
    seen = "ARRAY[0]::bigint[]" if viewer.assortments == (0,) else "%(assortments)s::bigint[]"
    sql = f" AND {alias}.assortments && {seen}"
    parameters: dict[str, Any] = {"assortments": list(viewer.assortments)}
    if filters.brands:
        sql += f" AND {alias}.brand = ANY (%(brands)s::text[])"
        parameters["brands"] = list(filters.brands)
    if filters.seller_id is not None:
        sql += f" AND {alias}.seller_id = %(seller)s::bigint"
        parameters["seller"] = filters.seller_id
    if filters.in_stock:
        sql += (
            f" AND (EXISTS (SELECT FROM inventory_stock_item i WHERE i.product_id = {alias}.product_id"
            f" AND i.on_hand > i.reserved) OR EXISTS (SELECT FROM catalog_kit_component k"
            f" WHERE k.kit_id = {alias}.product_id) AND inventory_kit_free({alias}.product_id) > 0)"
        )
    for no, (code, values) in enumerate(filters.attributes):
        sql += f" AND {HAS_VALUE.format(alias=alias, no=no)}"
        parameters |= {f"code{no}": code, f"values{no}": list(values)}
    for no, (code, lowest, highest) in enumerate(filters.ranges):
        sql += f" AND {IN_RANGE.format(alias=alias, no=no)}"
        parameters |= {f"measure{no}": code, f"low{no}": lowest, f"high{no}": highest}
    if filters.price is not None:
        sql += (
            f" AND {list_price(alias, sellers)} BETWEEN COALESCE(%(cheapest)s::numeric, 0)"
            f" AND COALESCE(%(dearest)s::numeric, {UNPRICED - 1})"
        )
        parameters |= {"cheapest": filters.price[0], "dearest": filters.price[1]}
    return sql, parameters
