"""Quantities as people type them, and what a cart line says about itself. No ORM, no clock."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, localcontext
from enum import StrEnum

from kontor.kernel.money import MAX_QUANTITY, QUANTITY_DECIMALS, ZERO

SMALLEST = Decimal(1).scaleb(-QUANTITY_DECIMALS)
MAX_LINES = 5000
"""Lines of one cart, and lines pasted at once."""

_PLAIN = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,' ])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d+)?", re.ASCII)
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_BLANKS = str.maketrans("\u00a0\u202f\u2009\u2019", "   '")


class BadQuantity(StrEnum):
    """Why something is no quantity."""

    MISSING = "quantity_missing"
    NOT_A_NUMBER = "not_a_number"
    AMBIGUOUS = "ambiguous_number"
    NOT_POSITIVE = "not_positive"
    TOO_PRECISE = "too_precise"
    TOO_LARGE = "too_large"


class LineProblem(StrEnum):
    """Why a cart line cannot be ordered as it stands."""

    DISCONTINUED = "discontinued"
    NOT_AVAILABLE = "not_available"
    BELOW_MINIMUM = "below_minimum"
    ABOVE_MAXIMUM = "above_maximum"
    NOT_A_MULTIPLE = "not_a_multiple"
    NO_FRACTIONS = "no_fractions"
    NO_PRICE = "no_price"
    NOT_ENOUGH_STOCK = "not_enough_stock"
    NOT_CONFIGURED = "not_configured"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTerms:
    """In which steps a product is sold in one unit; `factor` base units make one."""

    unit: str
    factor: Decimal
    minimum: Decimal
    multiple: Decimal
    maximum: Decimal | None = None


def number_of(text: str) -> Decimal | BadQuantity:
    """A number as typed or pasted, with point or comma, grouped or not. Never guesses.

    ``1,000`` is a thousand to one reader and one to another, so it is refused; ``1.234,5``, ``12,5`` and ``1000``
    mean the same to everybody. Exponents and digits of other scripts are refused.

    >>> number_of("12,5"), number_of("1.234,50"), number_of("1 000")
    (Decimal('12.5'), Decimal('1234.50'), Decimal('1000'))
    >>> [number_of(text).value for text in ("1,000", "1e3", "")]
    ['ambiguous_number', 'not_a_number', 'quantity_missing']
    """
    text = text.translate(_BLANKS).strip()
    if not text:
        return BadQuantity.MISSING
    if len(text) > 40:
        return BadQuantity.NOT_A_NUMBER
    if _AMBIGUOUS.fullmatch(text):
        return BadQuantity.AMBIGUOUS
    if _PLAIN.fullmatch(text):
        return Decimal(text.replace(",", "."))
    grouped = _GROUPED.fullmatch(text)
    if grouped:
        plain = text.replace(grouped[1], "").replace(",", ".")
        return Decimal(plain)
    return BadQuantity.NOT_A_NUMBER


def read_quantity(value: Decimal | int | str | None) -> Decimal | BadQuantity:
    """A quantity that can be stored: above 0, at most 999,999,999, at most three decimals.

    >>> read_quantity("2,5"), read_quantity(Decimal("1E+3"))
    (Decimal('2.5'), Decimal('1000'))
    >>> [read_quantity(bad).value for bad in ("-1", "0", "0.0001", "1000000000", Decimal("1E+400"), Decimal("NaN"))]
    ['not_positive', 'not_positive', 'too_precise', 'too_large', 'too_large', 'not_a_number']
    """
    if value is None:
        return BadQuantity.MISSING
    number = number_of(value) if isinstance(value, str) else Decimal(value)
    if isinstance(number, BadQuantity):
        return number
    if not number.is_finite():
        return BadQuantity.NOT_A_NUMBER
    if number <= 0:
        return BadQuantity.NOT_POSITIVE
    if number > MAX_QUANTITY:
        return BadQuantity.TOO_LARGE
    try:
        stored = number.quantize(SMALLEST)
    except InvalidOperation:  # more digits than the context holds: 1.000…0001
        return BadQuantity.TOO_PRECISE
    if stored != number:
        return BadQuantity.TOO_PRECISE
    return plain(stored)


def plain(quantity: Decimal) -> Decimal:
    """The same number without needless zeros and without an exponent.

    >>> plain(Decimal("1200.000"))
    Decimal('1200')
    """
    text = f"{quantity:f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def in_base_units(quantity: Decimal, factor: Decimal) -> Decimal:
    """The quantity in base units, exactly."""
    with localcontext(prec=50):
        return quantity * factor


def base_problem(quantity: Decimal, factor: Decimal) -> BadQuantity | None:
    """Whether the quantity still can be kept once it is counted in base units."""
    base = in_base_units(quantity, factor)
    with localcontext(prec=50):
        if base != base.quantize(SMALLEST):
            return BadQuantity.TOO_PRECISE
    return BadQuantity.TOO_LARGE if base > MAX_QUANTITY else None


def short_of(wanted: dict[int, Decimal], available: dict[int, Decimal]) -> set[int]:
    """Products of which the cart, over all its lines, wants more than is there; unknown stock counts as none."""
    return {product for product, quantity in wanted.items() if quantity > available.get(product, ZERO)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedLine:
    """One line of pasted text, or one row from elsewhere; `quantity` holds the reason when it could not be read.

    A row that knows its product says `product_id`; then of `sku` only the code of a configuration counts.
    """

    no: int
    sku: str
    quantity: Decimal | BadQuantity
    unit: str = ""
    raw: str = ""
    note: str = ""
    product_id: int | None = None


_HEADER = """
sku article artikel articlenumber artikelnummer artikelnr item itemnumber itemno part partnumber partno product
productcode code material materialnummer bestellnummer qty quantity amount pieces menge anzahl stück stueck unit einheit
"""
_HEADER_WORDS = frozenset(_HEADER.split())


def parse_pasted(text: str) -> list[PastedLine]:
    """Read ``SKU quantity [unit]`` lines as people paste them from spreadsheets, mails and lists.

    Fields are split by tab, else semicolon, else a comma when the line has no blank, else blanks (then a SKU may hold
    blanks). With tabs or semicolons a fourth field is the line's note. Empty lines and a header are skipped; every
    other line gives exactly one `PastedLine` with its number.

    >>> text = "SKU;Menge\\nA-1;2,5;MTR\\n\\nB 2\\t7"
    >>> [(line.no, line.sku, line.quantity, line.unit) for line in parse_pasted(text)]
    [(2, 'A-1', Decimal('2.5'), 'MTR'), (4, 'B 2', Decimal('7'), '')]
    """
    lines = []
    may_be_header = True
    for no, raw in enumerate(_LINE_BREAK.split(text.removeprefix("\ufeff")), start=1):
        if not raw.strip():
            continue
        sku, quantity, unit, note = _fields(raw)
        header = may_be_header and _is_header(sku, quantity)
        may_be_header = False
        if not header:
            read = read_quantity(quantity)
            lines.append(PastedLine(no=no, sku=sku, quantity=read, unit=unit, raw=raw.strip(), note=note))
    return lines


def _fields(raw: str) -> tuple[str, str, str, str]:
    """SKU, quantity, unit and note of a line; what is missing is empty, further columns belong to the note."""
    for separator in ("\t", ";"):
        if separator in raw:
            parts = [part.strip().strip('"').strip() for part in raw.strip(" ").split(separator)]
            sku, quantity, unit, *notes = [*parts, "", ""]
            return sku, quantity, unit, " ".join(note for note in notes if note)
    words = raw.split()
    if len(words) == 1:
        sku, _comma, quantity = words[0].partition(",")
        return sku.strip('"'), quantity.strip('"'), "", ""
    if len(words) > 2 and not _starts_number(words[-1]) and _starts_number(words[-2]):
        return " ".join(words[:-2]), words[-2], words[-1], ""
    return " ".join(words[:-1]), words[-1], "", ""


def _starts_number(word: str) -> bool:
    return word.lstrip("+-")[:1].isdigit()


def _is_header(sku: str, quantity: str) -> bool:
    words = {re.sub(r"[\W_]", "", word).lower() for word in (sku, quantity, *sku.split())}
    return bool(words & _HEADER_WORDS) and not any(c.isdigit() for c in quantity)
