"""What makes a product complete: checks without a database."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol, TypeVar

from stdnum import ean

MAX_SPECIFICATIONS = 100


def gtin_problem(gtin: str) -> bool:
    """Whether a GTIN is wrong: not 8, 12, 13 or 14 digits, or its check digit does not fit.

    >>> gtin_problem("4006381333931"), gtin_problem("4006381333932"), gtin_problem("")
    (False, True, False)
    """
    return bool(gtin) and (not gtin.isascii() or not gtin.isdigit() or not ean.is_valid(gtin))


def clean_specifications(rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Specifications as they are kept: empty rows dropped, texts trimmed and cut.

    >>> clean_specifications([{"name": " Length ", "value": "40", "unit": "mm"}, {"name": "", "value": ""}])
    [{'name': 'Length', 'value': '40', 'unit': 'mm'}]
    """
    cleaned = []
    for row in rows:
        name, value, unit = (str(row.get(part, "")).strip() for part in ("name", "value", "unit"))
        if name and value:
            cleaned.append({"name": name[:80], "value": value[:300], "unit": unit[:20]})
    return cleaned[:MAX_SPECIFICATIONS]


def fits_thousandths(quantity: Decimal) -> bool:
    """Whether a quantity can be kept: positive, at most three decimals, below a billion."""
    return quantity.is_finite() and 0 < quantity <= 999_999_999 and quantity == round(quantity, 3)


class InLanguage(Protocol):
    """A picture or document: of a kind, and in a language or "" for all."""

    @property
    def kind(self) -> str: ...

    @property
    def language(self) -> str: ...


Told = TypeVar("Told", bound=InLanguage)


def for_reader(media: Sequence[Told], language: str) -> tuple[list[Told], list[Told]]:
    """What a reader of a language is shown, and what there is in other languages.

    Of each kind counts what is for all languages, and what is in the reader's; where there is nothing of a kind in the
    reader's, what is in the language that the seller put first.
    """
    wanted = (language, language.partition("-")[0])
    chosen: dict[str, str] = {}
    for kind in dict.fromkeys(one.kind for one in media):
        there = [one.language for one in media if one.kind == kind and one.language]
        chosen[kind] = next((one for one in (*wanted, *there) if one in there), "")
    shown = [one for one in media if one.language in ("", chosen[one.kind])]
    return shown, [one for one in media if one.language not in ("", chosen[one.kind])]
