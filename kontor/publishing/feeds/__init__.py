"""Product feeds: what visitors may see of a seller's goods, for search engines and shopping portals."""

from kontor.publishing.feeds.items import KEEPS_OUT, POORER, Item
from kontor.publishing.feeds.making import TSV, XML, items_of, make_feed, preview_of, public_feed

__all__ = ["KEEPS_OUT", "POORER", "TSV", "XML", "Item", "items_of", "make_feed", "preview_of", "public_feed"]
