"""How values travel: amounts and quantities as decimal text, bodies that refuse what they do not know."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from kontor.kernel import clock
from kontor.kernel.money import MAX_QUANTITY, minor_units

_NUMBER = re.compile(r"-?([0-9]+)(\.[0-9]{1,9})?")
_MOST_DIGITS = 12
_LONGEST = 1000
MOST_UNITS = int(MAX_QUANTITY)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class In(BaseModel):
    """A request body: unknown fields are refused, text is not read as a number, numbers not as text."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True, frozen=True)


class Out(BaseModel):
    """An answer. Fields may be added to it, so clients must pass over those that they do not know."""

    model_config = ConfigDict(frozen=True)


def _decimal(value: Any, *, decimals: int, positive: bool, largest: int = 10**_MOST_DIGITS - 1) -> Decimal:
    """The number in `value`. Raises PydanticCustomError for floats, exponents, NaN, and what is too long or large."""
    written = _NUMBER.fullmatch(value) if isinstance(value, str) and len(value) <= _LONGEST else None
    if written is None:
        raise PydanticCustomError("not_a_decimal", _('Give a plain decimal number as text, such as "12.5".'))
    if len(written[1].lstrip("0")) > _MOST_DIGITS:
        raise _too_large(largest)
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > decimals:
        raise PydanticCustomError(
            "too_many_decimals", _("At most {decimals} decimals are possible here."), {"decimals": decimals}
        )
    if number < 0 or (positive and number == 0):
        raise PydanticCustomError(
            "not_positive", _("Give a number above zero.") if positive else _("Not below zero.")
        )
    if number > largest:
        raise _too_large(largest)
    return number


def _too_large(largest: int) -> PydanticCustomError:
    return PydanticCustomError("too_large", _("At most {largest} is possible."), {"largest": str(largest)})


def _quantity(value: Any) -> Decimal:
    return _decimal(value, decimals=3, positive=True, largest=MOST_UNITS)


def _count(value: Any) -> Decimal:
    return _decimal(value, decimals=3, positive=False, largest=MOST_UNITS)


def _change(value: Any) -> Decimal:
    """A unit price that may be negative."""
    below = isinstance(value, str) and value.startswith("-")
    figure = _decimal(value[1:] if below else value, decimals=6, positive=False)
    return -figure if below else figure


def _day(value: Any) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = date.min
        if day.year in clock.USUAL_YEARS:
            return day
    raise PydanticCustomError("not_a_date", _("Give a day as YYYY-MM-DD."))


def _moment(value: Any) -> datetime:
    if isinstance(value, str) and len(value) <= 40 and "T" in value:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = datetime.min  # noqa: DTZ901  # without a zone, so refused below
        if moment.tzinfo is not None and moment.year in clock.USUAL_YEARS:
            return moment.astimezone(UTC)
    raise PydanticCustomError("not_a_moment", _("Give a moment with its time zone, as 2026-11-22T10:00:00Z."))


def _number_schema(decimals: int, example: str, description: str) -> WithJsonSchema:
    pattern = rf"^[0-9]{{1,12}}(\.[0-9]{{1,{decimals}}})?$"
    return WithJsonSchema(
        {"type": "string", "pattern": pattern, "examples": [example], "description": description}
    )


Quantity = Annotated[
    Decimal, PlainValidator(_quantity), _number_schema(3, "12.5", "A number of units above zero, as text.")
]
"""A number of units above zero, at most three decimals."""

Count = Annotated[
    Decimal, PlainValidator(_count), _number_schema(3, "0", "A number of units, zero or more, as text.")
]
"""A number of units, zero allowed."""

UnitPrice = Annotated[
    Decimal,
    PlainValidator(lambda value: _decimal(value, decimals=6, positive=False)),
    _number_schema(6, "0.1240", "A price per price base, up to six decimals, as text."),
]
PriceChange = Annotated[
    Decimal,
    PlainValidator(_change),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$", "examples": ["-0.05"]}),
]
"""What is added to a price or, below zero, taken off."""
Amount = Annotated[
    Decimal,
    PlainValidator(lambda value: _decimal(value, decimals=3, positive=False)),
    _number_schema(3, "1250.00", "An amount in the currency beside it, as text."),
]
Day = Annotated[date, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[
    datetime, PlainValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]
Id = Annotated[int, Field(gt=0, lt=2**63)]

AmountText = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", examples=["31.00"])]
"""An amount with exactly the decimals of its currency."""
QuantityText = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]{1,3})?$", examples=["12.5"])]
"""A number of units without trailing zeros."""


def amount_text(amount: Decimal, currency: str) -> str:
    """An amount with the decimals of its currency.

    >>> amount_text(Decimal("31.000"), "EUR"), amount_text(Decimal("31.000"), "JPY")
    ('31.00', '31')
    """
    return f"{amount:.{minor_units(currency)}f}"


def quantity_text(quantity: Decimal) -> str:
    """A quantity without trailing zeros.

    >>> quantity_text(Decimal("12.500")), quantity_text(Decimal("100.000"))
    ('12.5', '100')
    """
    text = f"{quantity:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def price_text(price: Decimal, currency: str) -> str:
    """A unit price: at least the decimals of the currency, more only where they say something.

    >>> price_text(Decimal("12.400000"), "EUR"), price_text(Decimal("0.012450"), "EUR")
    ('12.40', '0.01245')
    """
    whole, _dot, rest = f"{price:.6f}".partition(".")
    rest = rest.rstrip("0").ljust(minor_units(currency), "0")
    return f"{whole}.{rest}" if rest else whole


def maybe_amount(amount: Decimal | None, currency: str) -> str | None:
    """`amount_text`, or None when there is no amount."""
    return None if amount is None else amount_text(amount, currency)


def maybe_price(price: Decimal | None, currency: str) -> str | None:
    """`price_text`, or None when there is no price."""
    return None if price is None else price_text(price, currency)


def maybe_quantity(quantity: Decimal | None) -> str | None:
    """`quantity_text`, or None when it is not known."""
    return None if quantity is None else quantity_text(quantity)
