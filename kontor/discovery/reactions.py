"""Remembers since when products are on sale."""

from kontor.catalog.events import ProductChanged, ProductsChanged
from kontor.discovery.operations import note_first_listings
from kontor.kernel.events import on


@on(ProductChanged)
def remember_first_listing(event: ProductChanged) -> None:
    note_first_listings([event.product_id])


@on(ProductsChanged)
def remember_first_listings(event: ProductsChanged) -> None:
    note_first_listings(list(event.product_ids))
