"""Product feeds: what visitors may see of a seller's goods, for search engines and shopping portals."""

from kontor.exchange.feeds.items import KEEPS_OUT, POORER, Item
from kontor.exchange.feeds.making import TSV, XML, items_of, make_feed, preview_of

__all__ = ["KEEPS_OUT", "POORER", "TSV", "XML", "Item", "items_of", "make_feed", "preview_of"]
