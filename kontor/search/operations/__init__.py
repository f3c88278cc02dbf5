"""Keeps what the search sees equal to the catalog."""

from kontor.search.operations.assortments import refresh_assortments
from kontor.search.operations.index import index_products, rebuild_all
from kontor.search.operations.rank import follow_price_dates, note_popularity, refresh_list_prices

__all__ = [
    "follow_price_dates",
    "index_products",
    "note_popularity",
    "rebuild_all",
    "refresh_assortments",
    "refresh_list_prices",
]
