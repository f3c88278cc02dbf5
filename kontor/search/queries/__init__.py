"""Hot reads for storefront and API: one hand-written statement each, plain rows, prices and stock always live."""

from kontor.search.queries.browsing import browse
from kontor.search.queries.cards import Card, Facets, Filters, Listing, Window
from kontor.search.queries.finding import find
from kontor.search.queries.lookup import LookedUp, lookup_skus
from kontor.search.queries.product import DetailUnit, Document, ProductDetail, product_detail
from kontor.search.queries.selection import cards_of

__all__ = [
    "Card",
    "DetailUnit",
    "Document",
    "Facets",
    "Filters",
    "Listing",
    "LookedUp",
    "ProductDetail",
    "Window",
    "browse",
    "cards_of",
    "find",
    "lookup_skus",
    "product_detail",
]
