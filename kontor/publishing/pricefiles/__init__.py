"""Price and stock files: what one customer may buy, at its own prices, under its own part numbers."""

from kontor.publishing.pricefiles.kept import kept_run
from kontor.publishing.pricefiles.rows import Offer, mark_of, offers
from kontor.publishing.pricefiles.writing import FORMS, PriceFile, write_prices

__all__ = ["FORMS", "Offer", "PriceFile", "kept_run", "mark_of", "offers", "write_prices"]
