"""Prices as they stand in a spreadsheet: article, from which quantity, price, what the price is for, unit, dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.catalog.models import Product
from kontor.kernel.actors import Actor
from kontor.kernel.money import minor_units
from kontor.kernel.refusal import Refused
from kontor.pricing.models import Price
from kontor.pricing.operations import PriceRow
from kontor.pricing.rules import is_price_quantity, is_unit_price
from kontor.web.dates import as_moment_field, moment_from
from kontor.web.forms import number_problem
from kontor.web.numbers import as_input, decimal_sign, number_from

MOST_LINES = 20_000
ON_REQUEST = "on request"
COLUMNS = {
    "sku": gettext_lazy("SKU"),
    "from_quantity": gettext_lazy("From"),
    "price": gettext_lazy("Price"),
    "per": gettext_lazy("Per"),
    "unit": gettext_lazy("Unit"),
    "valid_from": gettext_lazy("Valid from"),
    "valid_until": gettext_lazy("Valid until"),
}
"""The columns in the order in which they stand where no heading names them, and as a heading may call them."""


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A line that cannot be taken, its number in what was pasted, and why."""

    number: int
    text: str
    problem: str


class WrongCell(Exception):
    """A cell of a price that cannot be taken: its column, and why."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column, self.sentence = column, sentence


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was pasted: the prices, the (number, text) of the line of each, and the lines that cannot be taken."""

    rows: list[PriceRow] = field(default_factory=list)
    lines: list[tuple[int, str]] = field(default_factory=list)
    wrong: list[WrongLine] = field(default_factory=list)

    def refused(self, refusal: Refused) -> list[WrongLine]:
        """The lines that an operation does not take, by its fields ``rows/<i>/…``."""
        found = []
        for name, sentence in refusal.fields.items():
            place = name.split("/")
            if place[0] == "rows" and len(place) == 3 and place[1].isdigit():
                found.append(WrongLine(*self.lines[int(place[1])], sentence))
        return found


def is_on_request(text: str) -> bool:
    """Whether a cell for a price says that there is none to be told."""
    return text.strip().casefold() in (ON_REQUEST, _("on request").casefold())


def price_as_input(amount: Decimal | None, currency: str) -> str:
    """A price as the value of an input: the decimals of its currency at least, or that it is on request."""
    if amount is None:
        return _("on request")
    least = minor_units(currency)
    text = f"{amount:.{least}f}"
    return text.replace(".", decimal_sign()) if Decimal(text) == amount else as_input(amount)


TYPED = ("amount", "price_base", "valid_until")
"""The fields of a price that are changed in place."""


def price_as_shown(price: Price, currency: str) -> str:
    """All of a price that can be changed in place, as its fields show it."""
    ends = as_moment_field(price.valid_until) if price.valid_from else ""
    return f"{price_as_input(price.amount, currency)}|{as_input(price.price_base)}|{ends}"


def cells_of(line: str) -> list[str]:
    """The cells of a pasted line: split by tabs, else by semicolons, else by blanks."""
    for sign in ("\t", ";"):
        if sign in line:
            return [cell.strip() for cell in line.split(sign)]
    return line.split()


def read_prices(text: str, actor: Actor) -> Pasted:
    """``SKU price``, or the columns of COLUMNS, the last ones left out, or those that a heading names. One query,
    however many lines.

    The same article, quantity, unit and beginning twice is wrong; nothing is guessed.
    """
    lines = [(n, line.strip("\r\n ")) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    names = _heading(cells_of(lines[0][1])) if lines else None
    if names is not None:
        lines = lines[1:]
    if len(lines) > MOST_LINES:
        problem = _("At most %(most)s lines at once.") % {"most": MOST_LINES}
        return Pasted(wrong=[WrongLine(*lines[MOST_LINES], problem)])
    typed = [(n, line, _named(cells_of(line), names)) for n, line in lines]
    known = ids_by_sku(actor, [cells["sku"] for _n, _line, cells in typed])
    found = Pasted()
    seen: set[tuple[Any, ...]] = set()
    for n, line, cells in typed:
        try:
            row = read_price(cells, known)
            if _key(row) in seen:
                raise WrongCell("sku", _("This article and quantity stands here twice."))
        except WrongCell as problem:
            found.wrong.append(WrongLine(n, line[:120], problem.sentence))
        else:
            seen.add(_key(row))
            found.rows.append(row)
            found.lines.append((n, line[:120]))
    return found


def ids_by_sku(actor: Actor, skus: Sequence[str]) -> dict[str, int]:
    """The articles of the actor's company among these. One query."""
    own = Product.objects.visible_to(actor).filter(seller_id=actor.company_id, sku__in=set(skus))
    return dict(own.values_list("sku", "pk"))


def _key(row: PriceRow) -> tuple[Any, ...]:
    return row.product_id, row.min_quantity, row.unit, row.valid_from


def _heading(cells: Sequence[str]) -> list[str] | None:
    """The columns that a first line names, "" for those that say nothing here; None for a line of prices."""
    called = {name: name for name in COLUMNS} | {
        str(label).casefold(): name for name, label in COLUMNS.items()
    }
    names = [called.get(cell.casefold(), "") for cell in cells]
    if "sku" in names and "price" in names:
        return names
    figures = [cell for cell in cells[1:] if number_from(cell) is not None or is_on_request(cell)]
    return None if figures else []


def _named(cells: Sequence[str], names: Sequence[str] | None) -> dict[str, str]:
    """The cells by column. An article with one figure alone is that with its price."""
    if not names:
        said = [cell for cell in cells if cell]
        names = ("sku", "price") if len(said) == 2 else tuple(COLUMNS)
        cells = said if len(said) == 2 else cells
    found = dict(zip(names, cells, strict=False))
    return {name: found.get(name, "").replace("\x00", "") for name in COLUMNS}


def read_price(cells: Mapping[str, str], known: Mapping[str, int]) -> PriceRow:
    """The price that the cells of COLUMNS name; `known` are the ids of articles. Raises WrongCell."""
    if cells["sku"] not in known:
        raise WrongCell("sku", _("%(sku)s is not one of your articles.") % {"sku": cells["sku"][:40]})
    if not cells["price"]:
        raise WrongCell("price", _("The price is missing. Write “on request” where there is none."))
    amount = None if is_on_request(cells["price"]) else _figure(cells, "price")
    if amount is not None and not is_unit_price(amount):
        raise WrongCell("price", _("Enter a price of 0 or more with at most six decimals."))
    least, base = _figure(cells, "from_quantity"), _figure(cells, "per")
    for name, quantity in (("from_quantity", least), ("per", base)):
        if not is_price_quantity(quantity):
            raise WrongCell(name, _("Quantities must be above 0, with at most three decimals."))
    dates = [_moment(cells, name) for name in ("valid_from", "valid_until")]
    return PriceRow(known[cells["sku"]], amount, least, base, cells["unit"].upper(), *dates)


def _figure(cells: Mapping[str, str], name: str) -> Decimal:
    value = number_from(cells[name]) if cells[name] else Decimal(1)
    if value is None:
        raise WrongCell(name, number_problem(cells[name]))
    return value


def _moment(cells: Mapping[str, str], name: str) -> datetime | None:
    try:
        return moment_from(cells[name])
    except ValueError:
        raise WrongCell(name, _("Write days as 2026-11-22 or 2026-11-22 14:00.")) from None
