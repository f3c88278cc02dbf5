"""Goods for the search, and what it found of them."""

from kontor.catalog.models import Product
from kontor.search.operations import index_products
from kontor.search.queries import Listing
from tests.cast import Cast


def add(cast: Cast, sku: str, name: str, **facts: object) -> Product:
    product = Product.objects.create(
        seller=cast.companies["hansa"], sku=sku, name=name, slug=sku.lower(), status="active", **facts
    )
    index_products([product.pk])
    return product


def skus(listing: Listing) -> list[str]:
    return [card.sku for card in listing.cards]
