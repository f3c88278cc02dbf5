"""Filters as SQL, for tables that know category, brand and seller."""

from typing import Any

from kontor.search.queries.cards import Filters


def narrowed(alias: str, filters: Filters) -> tuple[str, dict[str, Any]]:
    """Conditions for `alias` (each begins with AND), and their parameters; the category is not among them."""
    sql = ""
    parameters: dict[str, Any] = {}
    if filters.brands:
        sql += f" AND {alias}.brand = ANY (%(brands)s::text[])"
        parameters["brands"] = list(filters.brands)
    if filters.seller_id is not None:
        sql += f" AND {alias}.seller_id = %(seller)s::bigint"
        parameters["seller"] = filters.seller_id
    if filters.in_stock:
        sql += (
            f" AND EXISTS (SELECT FROM inventory_stock_item i WHERE i.product_id = {alias}.product_id"
            " AND i.on_hand > i.reserved)"
        )
    return sql, parameters
