"""Form fields that read what people type: numbers in their own language, and rows that come as lines/3/quantity."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kontor.kernel.money import MAX_QUANTITY, QUANTITY_DECIMALS, UNIT_PRICE_DECIMALS
from kontor.web.asked import key_of
from kontor.web.numbers import as_input, number, number_from


class NumberField(forms.DecimalField):
    """A number as the reader's language writes it; the plain form with a point is read as well."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs inherit from whole numbers
        if value in self.empty_values:
            return None
        found = value if isinstance(value, Decimal) else number_from(str(value))
        if found is None:
            example = as_input(Decimal("12.5"))
            raise ValidationError(
                _("Enter a number, such as %(example)s.") % {"example": example}, code="invalid"
            )
        return found


class QuantityField(NumberField):
    """A quantity of at least nothing, with up to three decimals."""

    def __init__(self, **options: Any) -> None:
        given: dict[str, Any] = {
            "min_value": 0,
            "max_value": MAX_QUANTITY,
            "decimal_places": QUANTITY_DECIMALS,
        } | options
        super().__init__(**given)


class PriceField(NumberField):
    """A unit price of at least nothing, with up to six decimals."""

    def __init__(self, **options: Any) -> None:
        given: dict[str, Any] = {
            "min_value": 0,
            "max_digits": 18,
            "decimal_places": UNIT_PRICE_DECIMALS,
        } | options
        super().__init__(**given)


def rows_of(posted: Mapping[str, Any], prefix: str) -> dict[str, dict[str, str]]:
    """Fields named prefix/key/field as {key: {field: text}}, in the order in which they were sent.

    >>> rows_of({"lines/7/quantity": "2", "lines/7/note": "", "other": "x"}, "lines")
    {'7': {'quantity': '2', 'note': ''}}
    """
    rows: dict[str, dict[str, str]] = {}
    pattern = re.compile(rf"{re.escape(prefix)}/([^/]{{1,60}})/([\w-]{{1,60}})")
    for name in posted:
        if match := pattern.fullmatch(name):
            rows.setdefault(match[1], {})[match[2]] = str(posted[name])
    return rows


def touched_rows(posted: Mapping[str, Any], prefix: str, names: Iterable[str]) -> dict[int, dict[str, str]]:
    """Rows, by their keys, in which somebody typed: not those that are what the page showed and sends as `seen`.

    What somebody else has changed since the page was loaded is thus left alone where nobody typed.

    >>> posted = {"prices/7/amount": "2", "prices/7/seen": "2", "prices/8/amount": "3", "prices/8/seen": "2"}
    >>> touched_rows(posted, "prices", ["amount"])
    {8: {'amount': '3', 'seen': '2'}}
    """
    asked = list(names)
    return {
        key: row
        for text, row in rows_of(posted, prefix).items()
        if (key := key_of(text)) is not None
        and row.get("seen") != "|".join(row.get(name, "").strip() for name in asked)
    }


def changed_meanwhile(now: str) -> str:
    """The sentence beside a field that somebody else has changed since the page was loaded; `now` stands there."""
    told = {"now": " / ".join(part or "–" for part in now.split("|"))}
    return _("Somebody else has changed this meanwhile: %(now)s. Save again to replace it.") % told


def number_problem(text: str) -> str:
    """The sentence beside a field whose text is not a number."""
    return _("“%(text)s” is not a number. Write it as %(example)s.") % {
        "text": text[:40],
        "example": number(Decimal("1250.5")),
    }
