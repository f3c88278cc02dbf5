"""Price and stock files: what one customer may buy, at its own prices, under its own part numbers."""

from kontor.exchange.pricefiles.rows import Offer, offers
from kontor.exchange.pricefiles.writing import FORMS, PriceFile, write_prices

__all__ = ["FORMS", "Offer", "PriceFile", "offers", "write_prices"]
