"""What a column can mean, and how the text in its cells is read. Readers raise CellProblem with a sentence."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.catalog.operations.facts import TAX_CATEGORIES, TEXTS
from kontor.goods import units
from kontor.goods.codes import class_code_problem, customs_code_problem, is_country
from kontor.goods.rules import clean_specifications, gtin_problem
from kontor.goods.unit_names import unit_code
from kontor.kernel import clock
from kontor.kernel.money import MAX_QUANTITY, decimal_of
from kontor.kernel.texts import printable
from kontor.tables.texts import spec_of

GTIN_LENGTHS = (8, 12, 13, 14)
ERROR_OF_SHEET = re.compile(r"'*#(?:N/A|NV|REF!|VALUE!|WERT!|DIV/0!|NAME\?|NUM!|NULL!)")
"""What a spreadsheet shows for a formula that failed; with an apostrophe in front it is a text that only reads so."""
_MONEY_SIGNS = re.compile(r"[€$£¥]|\b(?:EUR|USD|GBP|CHF)\b|[\s\u00a0\u202f']")

_PLAIN_NUMBER = {sign: re.compile(rf"-?[0-9]{{1,15}}(?:{re.escape(sign)}[0-9]{{1,6}})?") for sign in ".,"}


class CellProblem(Exception):
    """What is wrong with a cell, as a sentence."""


@dataclass(frozen=True, slots=True)
class Signs:
    """How numbers are written in a file: the decimal sign is ``.`` or ``,``."""

    decimal: str = "."


Read = Callable[[str, Signs], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """Something that a column can mean. `group` is the part of the data that it changes."""

    key: str
    label: Promise
    group: str
    read: Read
    takes: str = ""
    """What follows the key behind a colon, such as the code of an attribute."""


def number_from(text: str, signs: Signs) -> Decimal:
    """A number as people and programs write it, with currency and groups of three. Raises CellProblem."""
    if _PLAIN_NUMBER[signs.decimal].fullmatch(text):
        return Decimal(text.replace(",", "."))
    plain = _MONEY_SIGNS.sub("", text)
    other = "," if signs.decimal == "." else "."
    if (
        plain.count(other) == 1
        and signs.decimal not in plain
        and not re.fullmatch(rf"-?\d{{1,3}}\{other}\d{{3}}", plain)
    ):
        plain = plain.replace(other, ".")  # the other sign, where it cannot divide thousands
    else:
        if other in plain and not re.fullmatch(
            rf"-?\d{{1,3}}(\{other}\d{{3}})+(\{signs.decimal}\d*)?", plain
        ):
            raise CellProblem(_("“%(text)s” is not a number.") % {"text": text[:40]})
        plain = plain.replace(other, "").replace(signs.decimal, ".")
    found = decimal_of(plain)
    if found is None:
        raise CellProblem(_("“%(text)s” is not a number.") % {"text": text[:40]})
    return found


def _text(key: str) -> Read:
    most = TEXTS[key]

    def read(text: str, _signs: Signs) -> str:
        text = printable(text)
        if len(text) > most:
            raise CellProblem(
                _("At most %(most)s characters; these are %(n)s.") % {"most": most, "n": len(text)}
            )
        return text

    return read


def _gtin(text: str, _signs: Signs) -> str:
    """The first of several; zeros that a spreadsheet took off in front are put back."""
    first = re.split(r"[|;,\s]+", text.strip())[0]
    if re.fullmatch(r"\d+\.0+", first):
        first = first.partition(".")[0]
    if first.isdigit() and len(first) <= 14:
        for length in GTIN_LENGTHS:
            if length >= len(first) and not gtin_problem(first.zfill(length)) and first.strip("0"):
                return first.zfill(length) if len(first) < 8 or length > len(first) else first
    message = _("“%(text)s” is not a GTIN: 8, 12, 13 or 14 digits with a fitting check digit.")
    raise CellProblem(message % {"text": text[:30]})


def one_of(known: dict[str, tuple[str, ...]]) -> Read:
    """A reader of codes, by the code or one of its names."""
    by_name = {name: code for code, names in known.items() for name in (code, *names)}

    def read(text: str, _signs: Signs) -> str:
        found = by_name.get(text.strip().casefold())
        if found is None:
            listed = {"text": text[:40], "known": ", ".join(known)}
            raise CellProblem(_("“%(text)s” is not known here. Use one of: %(known)s.") % listed)
        return found

    return read


def unit_from(text: str, _signs: Signs) -> str:
    """The code of a unit. Raises CellProblem."""
    found = unit_code(text)
    if not found:
        message = _("The unit “%(text)s” is not known. Use a UN/ECE code such as C62, MTR or KGM.")
        raise CellProblem(message % {"text": text[:20]})
    return found


def whole_from(least: int, most: int) -> Read:
    """A reader of whole numbers in these bounds."""

    def read(text: str, signs: Signs) -> int:
        value = number_from(text, signs)
        if value != value.to_integral_value() or not least <= value <= most:
            counts = {"text": text[:20], "least": least, "most": most}
            raise CellProblem(_("“%(text)s” is not a whole number from %(least)s to %(most)s.") % counts)
        return int(value)

    return read


def _days(text: str, signs: Signs) -> int:
    """``2``, ``2 Tage``, ``1-2`` (the longer one counts)."""
    figures = re.findall(r"\d+(?:[.,]\d+)?", text)
    if not figures:
        raise CellProblem(_("“%(text)s” is not a number of days.") % {"text": text[:20]})
    return int(whole_from(0, 999)(figures[-1].partition(".")[0].partition(",")[0], signs))


def _kilograms(text: str, signs: Signs) -> int:
    value = number_from(re.sub(r"\s*kg$", "", text.strip(), flags=re.IGNORECASE), signs)
    if not 0 <= value <= 2_000_000:
        raise CellProblem(_("“%(text)s” is not a weight in kilograms.") % {"text": text[:20]})
    return int((value * 1000).to_integral_value())


def _country(text: str, _signs: Signs) -> str:
    code = text.strip().upper()
    if not is_country(code):
        raise CellProblem(_("“%(text)s” is not a country code such as DE.") % {"text": text[:20]})
    return code


def _customs(text: str, _signs: Signs) -> str:
    code = re.sub(r"[\s.]", "", text)
    if customs_code_problem(code):
        raise CellProblem(_("“%(text)s” is not a customs code of 6 to 12 digits.") % {"text": text[:20]})
    return code


def price_from(text: str, signs: Signs) -> Decimal:
    """An amount of money for a unit. Raises CellProblem."""
    value = number_from(text, signs)
    if value < 0 or value != round(value, 6) or value >= 10**12:
        message = _("“%(text)s” is not a price of 0 or more with at most six decimals.")
        raise CellProblem(message % {"text": text[:20]})
    return value


def quantity_from(text: str, signs: Signs) -> Decimal:
    """A quantity above 0. Raises CellProblem."""
    value = number_from(text, signs)
    if not 0 < value <= MAX_QUANTITY or value != round(value, 3):
        message = _("“%(text)s” is not a quantity above 0 with at most three decimals.")
        raise CellProblem(message % {"text": text[:20]})
    return value


def _stock(text: str, signs: Signs) -> Decimal:
    value = number_from(text, signs)
    if not 0 <= value <= MAX_QUANTITY or value != round(value, 3):
        message = _("“%(text)s” is not a quantity of 0 or more with at most three decimals.")
        raise CellProblem(message % {"text": text[:20]})
    return value


def moment_from(text: str, _signs: Signs) -> datetime:
    """A moment, in the zone in which a file is read. Raises CellProblem."""
    try:
        found = clock.read_moment(text.strip(), timezone.get_current_timezone())
    except ValueError:
        found = datetime.min.replace(tzinfo=UTC)
    if not 1970 <= found.year < 3000:
        raise CellProblem(
            _("“%(text)s” is no moment. Write it as 2026-11-22 or 2026-11-22 14:00.") % {"text": text[:20]}
        )
    return found


def _specifications(text: str, _signs: Signs) -> list[dict[str, str]]:
    lines = text.splitlines()
    if len(lines) == 1 and "; " in text:
        lines = re.split(r"(?<!\\); ", text)
    rows = []
    for line in lines:
        if line.strip():
            found = spec_of(line.strip())
            if found is None:
                raise CellProblem(_("Write specifications as “Length: 40 [mm]”, one a line."))
            rows.append(found)
    return clean_specifications(rows)


def _units(text: str, signs: Signs) -> list[dict[str, str]]:
    """``C62=1 XBX=100``: sales units with what they hold, then ``/minimum/multiple/maximum``."""
    found: list[dict[str, str]] = []
    for part in text.split():
        unit, equals, figures = part.partition("=")
        numbers = [number_from(one, Signs(".")) for one in figures.split("/")] if equals else [Decimal(1)]
        if not units.is_known(unit) or not 1 <= len(numbers) <= 4 or min(numbers) <= 0:
            raise CellProblem(_("Write sales units as “C62=1 XBX=100”: the unit and what it holds."))
        if any(number != round(number, 3) for number in numbers):
            raise CellProblem(_("Write sales units as “C62=1 XBX=100”: the unit and what it holds."))
        numbers += [Decimal(1)] * (3 - len(numbers))
        names = ("factor", "minimum", "multiple", "maximum")
        row = {"unit": unit} | {
            name: f"{one.normalize():f}" for name, one in zip(names, numbers, strict=False)
        }
        if unit in {one["unit"] for one in found}:
            raise CellProblem(_("The unit %(unit)s stands there twice.") % {"unit": unit})
        found.append(row)
    return found


def _components(text: str, _signs: Signs) -> list[tuple[str, Decimal]]:
    """``SHELF-90 x 1; BRACKET x 4``: what is in a kit; an article alone is in it once."""
    found = []
    for part in re.split(r"[;\n]", text):
        if part.strip():
            match = re.fullmatch(r"(?P<sku>.+?)(?:\s+[x×*]\s*(?P<figure>[\d.,]+))?", part.strip())
            if match is None or len(match["sku"]) > TEXTS["sku"]:
                raise CellProblem(_("Write what is in a kit as “SHELF-90 x 1; BRACKET x 4”."))
            found.append((match["sku"], quantity_from(match["figure"] or "1", Signs("."))))
    return found


def _addresses(text: str, _signs: Signs) -> list[str]:
    found = [one for one in re.split(r"[|\s]+", text.strip()) if one]
    return [one for one in found if re.match(r"https?://", one) and len(one) <= 500]


def _class_code(text: str, _signs: Signs) -> str:
    return text.strip()


def class_from(system: str, text: str) -> tuple[str, str, str]:
    """(system, version, code) of ``27141137``, ``ECLASS-9.0 27141137`` or ``ECLASS 9.0: 27-14-11-37``."""
    match = re.fullmatch(
        r"(?:(?P<name>[A-Za-z][\w-]*?)[\s_-]*(?P<version>\d[\d.]*)?[\s:]+)?(?P<code>\S+)", text.strip()
    )
    if match is None:
        raise CellProblem(_("“%(text)s” is not a class code.") % {"text": text[:30]})
    name = (match["name"] or system).lower()
    found = next((one for one in ("unspsc", "etim", "eclass") if one in name.replace("@", "")), "other")
    wrong = class_code_problem(found, match["code"])
    if wrong:
        raise CellProblem(wrong)
    return found, (match["version"] or "")[:20], match["code"]


def plain_from(text: str, _signs: Signs) -> str:
    """A text of any length."""
    return printable(text)


_STATUSES = {
    "draft": ("entwurf",), "review": ("in prüfung", "in review"), "approved": ("freigegeben",),
    "active": ("aktiv", "on sale", "im verkauf", "online"),
    "discontinued": ("ausgelaufen", "eingestellt", "inactive", "inaktiv"),
}  # fmt: skip
_KINDS = {
    "goods": ("ware", "artikel", "product"), "service": ("dienstleistung", "leistung"),
    "model": ("modell",), "kit": ("set", "bausatz"), "configurable": ("konfigurierbar",),
}  # fmt: skip
_TAXES = dict.fromkeys(TAX_CATEGORIES, ()) | {
    "standard": ("voll", "normal", "19"),
    "reduced": ("ermäßigt", "7"),
    "zero": ("frei", "0"),
    "exempt": ("steuerbefreit",),
}

FIELDS = {
    one.key: one
    for one in (
        Field("sku", gettext_lazy("SKU"), "product", _text("sku")),
        Field("name", gettext_lazy("Name"), "product", _text("name"), "language"),
        Field("summary", gettext_lazy("Summary"), "product", _text("summary"), "language"),
        Field("description", gettext_lazy("Description"), "product", _text("description"), "language"),
        Field("brand", gettext_lazy("Brand"), "product", _text("brand")),
        Field("manufacturer_part_number", gettext_lazy("Manufacturer part number"), "product",
              _text("manufacturer_part_number")),
        Field("gtin", gettext_lazy("GTIN (EAN)"), "product", _gtin),
        Field("category", gettext_lazy("Category"), "product", plain_from),
        Field("family", gettext_lazy("Family"), "product", plain_from),
        Field("attribute", gettext_lazy("Attribute"), "product", plain_from, "attribute"),
        Field("specifications", gettext_lazy("Specifications"), "product", _specifications),
        Field("specification", gettext_lazy("One specification"), "product", plain_from, "name"),
        Field("kind", gettext_lazy("Kind"), "product", one_of(_KINDS)),
        Field("status", gettext_lazy("Status"), "product", one_of(_STATUSES)),
        Field("base_unit", gettext_lazy("Base unit"), "product", unit_from),
        Field("units", gettext_lazy("Sales units"), "product", _units),
        Field("components", gettext_lazy("What is in a kit"), "product", _components),
        Field("tax_category", gettext_lazy("Tax category"), "product", one_of(_TAXES)),
        Field("weight_grams", gettext_lazy("Weight in grams"), "product", whole_from(0, 2_000_000_000)),
        Field("weight_kg", gettext_lazy("Weight in kilograms"), "product", _kilograms),
        Field("lead_days", gettext_lazy("Lead time in working days"), "product", _days),
        Field("origin", gettext_lazy("Country of origin"), "product", _country),
        Field("customs_code", gettext_lazy("Customs code"), "product", _customs),
        Field("on_sale_from", gettext_lazy("On sale from"), "product", moment_from),
        Field("on_sale_until", gettext_lazy("On sale until"), "product", moment_from),
        Field("class", gettext_lazy("Class code"), "product", _class_code, "system"),
        Field("picture", gettext_lazy("Address of a picture"), "picture", _addresses),
        Field("price", gettext_lazy("Price"), "price", price_from, "quantity"),
        Field("price_from", gettext_lazy("Price from quantity"), "price", quantity_from),
        Field("price_base", gettext_lazy("Price is for (quantity)"), "price", quantity_from),
        Field("price_currency", gettext_lazy("Currency of the price"), "price", plain_from),
        Field("stock", gettext_lazy("Stock on hand"), "stock", _stock),
        Field("bin", gettext_lazy("Bin in the warehouse"), "stock", plain_from),
    )
}  # fmt: skip


def split_target(target: str) -> tuple[str, str]:
    """``attribute:voltage`` -> (``attribute``, ``voltage``)."""
    key, _colon, rest = target.partition(":")
    return key, rest
