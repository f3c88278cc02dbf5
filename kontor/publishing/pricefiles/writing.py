"""A price file as CSV, Excel or JSON lines, sent while it is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import orjson

from kontor.exchange.writers import FORMS as ALL_FORMS
from kontor.exchange.writers import write_file
from kontor.publishing.pricefiles.rows import Offer, offers
from kontor.search.queries import Viewer
from kontor.tables.bmecat_writing import BmecatFacts

FORMS = {key: ALL_FORMS[key] for key in ("csv", "xlsx", "jsonl")}
MOST_STEPS = 10
PLAIN = (
    "own_number", "sku", "name", "brand", "manufacturer_part_number", "gtin", "seller", "unit",
    "unit_holds", "base_unit", "minimum", "multiple", "available", "lead_days", "currency", "valid_until",
)  # fmt: skip


def _names(place: int) -> tuple[str, str, str]:
    """The columns of a step: from how many base units, the price, for how many base units."""
    behind = f"_{place}" if place > 1 else ""
    return f"from{behind}", f"price{behind}", f"per{behind}"


COLUMNS = (*PLAIN, *(name for place in range(1, MOST_STEPS + 1) for name in _names(place)))
"""Of more steps than ten only JSON lines have room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceFile:
    """A file for a buying company: of one seller's goods, or of all that it may order."""

    form: str
    viewer: Viewer
    seller_id: int | None = None

    @property
    def ending(self) -> str:
        return FORMS[self.form].ending


def write_prices(file: PriceFile) -> Iterator[bytes]:
    """The file piece by piece. Texts that a spreadsheet would run are inert."""
    rows = offers(file.viewer, seller_id=file.seller_id)
    if file.form == "jsonl":
        return (orjson.dumps(_object(one), option=orjson.OPT_APPEND_NEWLINE) for one in rows)
    return write_file(file.form, COLUMNS, map(_cells, rows), BmecatFacts())


def _cells(offer: Offer) -> Mapping[str, str]:
    cells = _facts(offer)
    for place, step in enumerate(offer.steps[:MOST_STEPS], 1):
        figures = (step.least, step.amount, step.base)
        cells |= {name: _plain(figure) for name, figure in zip(_names(place), figures, strict=True)}
    return cells


def _object(offer: Offer) -> Mapping[str, object]:
    """A line of JSON; amounts and quantities are texts, so that nobody reads them as binary fractions."""
    steps = [
        {"from": _plain(one.least), "price": _plain(one.amount), "per": _plain(one.base)}
        for one in offer.steps
    ]
    return _facts(offer) | {"lead_days": offer.lead_days, "prices": steps}


def _facts(offer: Offer) -> dict[str, str]:
    facts = {
        "own_number": offer.own_number, "sku": offer.sku, "name": offer.name, "brand": offer.brand,
        "manufacturer_part_number": offer.manufacturer_part_number, "gtin": offer.gtin, "seller": offer.seller,
        "unit": offer.unit, "unit_holds": _plain(offer.factor), "base_unit": offer.base_unit,
        "minimum": _plain(offer.minimum), "multiple": _plain(offer.multiple), "currency": offer.currency,
        "available": "" if offer.available is None else _plain(max(offer.available, Decimal())),
        "lead_days": str(offer.lead_days),
        "valid_until": offer.changes_at.isoformat(timespec="minutes") if offer.changes_at else "",
    }  # fmt: skip
    return {name: text for name, text in facts.items() if text}


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
