"""What was typed into the cells of a price grid: figures, formulas, nothing; read against what stands there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from kontor.backoffice.price_rows import is_on_request, price_as_input
from kontor.kernel.money import minor_units
from kontor.pricing.formulas import WrongFormula, is_formula, work_out
from kontor.pricing.models import Price
from kontor.pricing.operations import PriceRow
from kontor.pricing.rules import MAX_AMOUNT
from kontor.web.asked import key_of
from kontor.web.forms import changed_meanwhile, number_problem, rows_of
from kontor.web.numbers import decimal_sign, number_from

Place = tuple[int, Decimal]
"""A product and from which quantity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a grid shows before anybody types: its prices, and what formulas may name, per base unit."""

    currency: str
    quantities: Sequence[Decimal]
    prices: Mapping[Place, Price]
    bases: Mapping[int, Decimal]
    list_prices: Mapping[Place, Decimal]
    costs: Mapping[int, Decimal]

    def amount(self, place: Place) -> Decimal | None:
        """The price for the base quantity of its row, however it is stored."""
        price = self.prices.get(place)
        if price is None or price.amount is None:
            return None
        return round(price.amount * self.bases[place[0]] / price.price_base, 6)

    def text(self, place: Place) -> str:
        """What stands in a cell."""
        return price_as_input(self.amount(place), self.currency) if place in self.prices else ""


class Target(NamedTuple):
    """A cell: its field, and the row that it becomes."""

    name: str
    row: PriceRow


@dataclass(slots=True)
class Typed:
    """What is to be written, what is to go, what is wrong at which field, and the figures that formulas came to."""

    targets: list[Target] = field(default_factory=list)
    gone: list[tuple[str, int]] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    worked_out: dict[str, str] = field(default_factory=dict)


def columns_in(form: QueryDict) -> list[Decimal | None]:
    """From which quantity the prices of each column count; None where none stands, or no number above 0."""
    read = [number_from(text) if text.strip() else None for text in form.getlist("columns")]
    return [one if one is not None and one > 0 else None for one in read]


def seen_in(form: QueryDict) -> dict[str, list[str]]:
    """What stood in the cells of each row when the page was loaded."""
    return {key: row.get("all", "").split("|") for key, row in rows_of(form, "seen").items()}


def typed_texts(form: QueryDict) -> dict[str, str]:
    """What was typed, by field, but for cells that are as the page showed them."""
    seen = seen_in(form)
    return {
        f"cells/{key}/{name}": text
        for key, cells in rows_of(form, "cells").items()
        for name, text in cells.items()
        if (name, text.strip()) not in {(f"c{at}", was) for at, was in enumerate(seen.get(key, ()))}
    }


def read_cells(form: QueryDict, standing: Standing) -> Typed:
    """The cells that were changed. What somebody else changed meanwhile is left alone where nobody typed, and told
    where somebody did."""
    found = Typed()
    quantities = columns_in(form)
    seen = seen_in(form)
    for key_text, cells in rows_of(form, "cells").items():
        key = key_of(key_text)
        if key is None or key not in standing.bases:
            continue
        before = seen.get(key_text, [])
        base = number_from(cells.get("base", ""))
        if base is None or base <= 0:
            found.wrong[f"cells/{key}/base"] = _("Enter the quantity that the price is for, above 0.")
            continue
        rebased = base != standing.bases[key]
        for at, quantity in enumerate(quantities):
            text = cells.get(f"c{at}", "").strip()
            was = before[at] if at < len(before) else ""
            if text == was and not (rebased and text):
                continue
            name = f"cells/{key}/c{at}"
            if quantity is None:
                found.wrong[name] = _("Enter above from which quantity these prices count.")
                continue
            place = (key, quantity)
            if at < len(before) and was != standing.text(place):
                found.wrong[name] = changed_meanwhile(standing.text(place))
                continue
            try:
                _take(found, name, text, standing, place, base)
            except ValueError as problem:
                found.wrong[name] = str(problem)
    return found


def _take(found: Typed, name: str, text: str, standing: Standing, place: Place, base: Decimal) -> None:
    price = standing.prices.get(place)
    if not text:
        if price is not None:
            found.gone.append((name, price.pk))
        return
    amount = None if is_on_request(text) else _amount(text, standing, place, base)
    if is_formula(text):
        found.worked_out[name] = price_as_input(amount, standing.currency)
    found.targets.append(Target(name, PriceRow(place[0], amount, place[1], base)))


def _amount(text: str, standing: Standing, place: Place, base: Decimal) -> Decimal:
    """The figure in a cell, for `base` units; a formula is rounded as finely as what it starts from."""
    if not is_formula(text):
        value = number_from(text)
        if value is None:
            raise ValueError(number_problem(text))
        return value
    old, product_id = standing.amount(place), place[0]
    per_unit = {"list": standing.list_prices.get(place), "cost": standing.costs.get(product_id)}
    names = {name: None if value is None else value * base for name, value in per_unit.items()}
    names["old"] = None if old is None else old * base / standing.bases[product_id]
    names |= {str(_("list")): names["list"], str(_("cost")): names["cost"], str(_("old")): names["old"]}
    try:
        value = work_out(text.replace(decimal_sign(), "."), names)
    except WrongFormula as problem:
        if problem.name:
            raise ValueError(_("“%(name)s” has no value here.") % {"name": problem.name}) from None
        raise ValueError(_("This formula cannot be read. Write it as =list*0.95.")) from None
    if abs(value) >= MAX_AMOUNT:
        raise ValueError(_("Enter a price of 0 or more with at most six decimals."))
    places = max(
        minor_units(standing.currency), *(_decimals(one) for one in names.values() if one is not None)
    )
    return value.quantize(Decimal(1).scaleb(-min(places, 6)), ROUND_HALF_UP)


def _decimals(value: Decimal) -> int:
    exponent = round(value, 6).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
