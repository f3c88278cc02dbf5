"""Prices as they stand in a spreadsheet: article, from which quantity, price, what the price is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from kontor.catalog.models import Product
from kontor.kernel.actors import Actor
from kontor.pricing.operations import PriceRow
from kontor.pricing.rules import is_price_quantity, is_unit_price
from kontor.web.forms import number_problem
from kontor.web.numbers import number_from

MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A line that cannot be taken, its number in what was pasted, and why."""

    number: int
    text: str
    problem: str


def cells_of(line: str) -> list[str]:
    """The cells of a pasted line: split by tabs, else by semicolons, else by blanks."""
    for sign in ("\t", ";"):
        if sign in line:
            return [cell.strip() for cell in line.split(sign)]
    return line.split()


def read_prices(text: str, actor: Actor) -> tuple[list[PriceRow], list[WrongLine]]:
    """``SKU price``, ``SKU from price`` or ``SKU from price per`` a line. One query, however many lines.

    A first line without a number is a heading. The same article and quantity twice is wrong; nothing is guessed.
    """
    lines = [(n, line.strip()) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if lines and not any(number_from(cell) is not None for cell in cells_of(lines[0][1])[1:]):
        lines = lines[1:]
    if len(lines) > MOST_LINES:
        problem = _("At most %(most)s lines at once.") % {"most": MOST_LINES}
        return [], [WrongLine(lines[MOST_LINES][0], lines[MOST_LINES][1], problem)]
    skus = {cells_of(line)[0] for _n, line in lines}
    known = dict(
        Product.objects.visible_to(actor)
        .filter(seller_id=actor.company_id, sku__in=skus)
        .values_list("sku", "pk")
    )
    rows: list[PriceRow] = []
    wrong: list[WrongLine] = []
    seen: set[tuple[int, Decimal]] = set()
    for n, line in lines:
        row = _read(cells_of(line), known)
        if isinstance(row, PriceRow) and (row.product_id, row.min_quantity) in seen:
            row = _("This article and quantity stands here twice.")
        if isinstance(row, str):
            wrong.append(WrongLine(n, line[:120], row))
        else:
            seen.add((row.product_id, row.min_quantity))
            rows.append(row)
    return rows, wrong


def _read(cells: Sequence[str], known: dict[str, int]) -> PriceRow | str:
    """The price of a line, or what is wrong with it."""
    sku, *figures = [cell for cell in cells if cell] or [""]
    if sku not in known:
        return _("%(sku)s is not one of your articles.") % {"sku": sku[:40]}
    if not 1 <= len(figures) <= 3:
        return _("Write article, quantity, price and what the price is for.")
    numbers = []
    for text in figures:
        value = number_from(text)
        if value is None:
            return number_problem(text)
        numbers.append(value)
    if len(numbers) == 1:
        numbers.insert(0, Decimal(1))
    least, amount, *base = numbers
    row = PriceRow(known[sku], amount=amount, min_quantity=least, price_base=base[0] if base else Decimal(1))
    if not is_unit_price(amount):
        return _("Enter a price of 0 or more with at most six decimals.")
    if not is_price_quantity(row.min_quantity) or not is_price_quantity(row.price_base):
        return _("Quantities must be above 0, with at most three decimals.")
    return row
