"""Hot reads for storefront and API: one hand-written statement each, plain rows, prices and stock always live."""

from kontor.search.queries.browsing import browse
from kontor.search.queries.cards import Card, Filters, Listing, Window
from kontor.search.queries.counted import (
    AttributeFacet,
    Facets,
    FacetValue,
    PriceBand,
    Segment,
    SuggestedProduct,
    Suggestions,
)
from kontor.search.queries.lookup import LookedUp, lookup_skus
from kontor.search.queries.product import DetailUnit, Document, ProductDetail, product_detail
from kontor.search.queries.searching import find
from kontor.search.queries.selection import cards_of
from kontor.search.queries.suggesting import suggest
from kontor.search.queries.viewer import Viewer, viewer_for

__all__ = [
    "AttributeFacet",
    "Card",
    "DetailUnit",
    "Document",
    "FacetValue",
    "Facets",
    "Filters",
    "Listing",
    "LookedUp",
    "PriceBand",
    "ProductDetail",
    "Segment",
    "SuggestedProduct",
    "Suggestions",
    "Viewer",
    "Window",
    "browse",
    "cards_of",
    "find",
    "lookup_skus",
    "product_detail",
    "suggest",
    "viewer_for",
]
