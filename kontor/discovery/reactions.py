"""Remembers where categories stood and since when products are on sale."""

from kontor.catalog.events import CategoryChanged, ProductChanged, ProductsChanged
from kontor.discovery.operations import note_category_addresses, note_first_listings
from kontor.kernel.events import on


@on(CategoryChanged)
def remember_addresses(event: CategoryChanged) -> None:
    note_category_addresses(event.category_id)


@on(ProductChanged)
def remember_first_listing(event: ProductChanged) -> None:
    note_first_listings([event.product_id])


@on(ProductsChanged)
def remember_first_listings(event: ProductsChanged) -> None:
    note_first_listings(list(event.product_ids))
