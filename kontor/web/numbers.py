"""Numbers, amounts and quantities as the reader's language writes them, fast enough for every cell of a table.

Babel says how a locale writes one number; that pattern is kept, and each further number costs two string
operations. The results equal Babel's (tests/web/test_numbers.py compares them over random numbers and locales).
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency, format_decimal, get_decimal_symbol, get_group_symbol
from django.utils.translation import get_language, to_locale

from kontor.kernel.money import decimal_of, minor_units, round_amount

MOST_DECIMALS = 6
_IGNORED = re.compile("[\\s\u00a0\u202f\u2009'\u2019\u061c\u200e\u200f]")
_REGIONS = {"en": "en_GB"}
"""English without a region is written with the day before the month, which every English reader understands."""


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """The Babel locale of a Django language code."""
    return Locale.parse(_REGIONS.get(language) or to_locale(language))


def active_locale() -> Locale:
    """The locale of the language of this request."""
    return locale_of(get_language() or "en")


@dataclass(frozen=True, slots=True)
class Written:
    """An amount in parts, so that a page can set the currency quietly beside the figures."""

    before: str
    figures: str
    after: str

    def __str__(self) -> str:
        return self.before + self.figures + self.after


@dataclass(frozen=True, slots=True)
class _Pattern:
    """How one locale writes a number, and what surrounds it (a currency, a minus)."""

    group: str
    point: str
    sizes: tuple[int, int]
    around: tuple[str, str]
    around_negative: tuple[str, str]

    def write(self, value: Decimal, decimals: int) -> Written:
        text = f"{abs(value):,.{decimals}f}"
        if self.sizes != (3, 3):
            text = _regroup(text, self.sizes)
        if (self.group, self.point) != (",", "."):
            text = text.translate({0x2C: self.group, 0x2E: self.point})
        before, after = self.around_negative if value < 0 else self.around
        return Written(before, text, after)


def _regroup(text: str, sizes: tuple[int, int]) -> str:
    """Group digits as 12,34,567 (first group of `sizes[0]`, then of `sizes[1]`)."""
    whole, _dot, fraction = text.replace(",", "").partition(".")
    head, tail = whole[: -sizes[0]], whole[-sizes[0] :]
    groups = []
    while head:
        groups.append(head[-sizes[1] :])
        head = head[: -sizes[1]]
    joined = ",".join([*reversed(groups), tail])
    return f"{joined}.{fraction}" if fraction else joined


@lru_cache(maxsize=1024)
def _pattern(locale: Locale, currency: str) -> _Pattern:
    if currency:
        one, minus = (format_currency(Decimal(n), currency, locale=locale) for n in (1, -1))
        grouping = locale.currency_formats["standard"].grouping
        figure = f"{Decimal(1):.{minor_units(currency)}f}".replace(".", get_decimal_symbol(locale))
    else:
        one, minus = (format_decimal(Decimal(n), locale=locale) for n in (1, -1))
        grouping, figure = locale.decimal_formats[None].grouping, "1"
    return _Pattern(
        group=get_group_symbol(locale),
        point=get_decimal_symbol(locale),
        sizes=grouping,
        around=_around(one, figure),
        around_negative=_around(minus, figure),
    )


@lru_cache(maxsize=1024)
def _pattern_in(language: str, currency: str) -> _Pattern:
    """As `_pattern`, found by the language code, which hashes faster than a locale."""
    return _pattern(locale_of(language), currency)


def _pattern_for(locale: Locale | None, currency: str) -> _Pattern:
    return _pattern(locale, currency) if locale else _pattern_in(get_language() or "en", currency)


def _around(text: str, figure: str) -> tuple[str, str]:
    before, found, after = text.partition(figure)
    if not found:
        raise ValueError(f"{text!r} does not contain {figure!r}")
    return before, after


def _rounded(value: Decimal, decimals: int) -> Decimal:
    with localcontext(prec=50):
        return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def written_amount(amount: Decimal, currency: str, locale: Locale | None = None) -> Written:
    """An amount in the currency's minor unit, in parts."""
    digits = minor_units(currency)
    if _decimals(amount) > digits:
        amount = round_amount(amount, currency)
    return _pattern_for(locale, currency).write(amount, digits)


def written_price(amount: Decimal, currency: str, locale: Locale | None = None) -> Written:
    """A unit price: at least the currency's minor unit, at most six decimals, no needless zeros."""
    shown = min(max(_decimals(amount.normalize()), minor_units(currency)), MOST_DECIMALS)
    if _decimals(amount) > shown:
        amount = _rounded(amount, shown)
    return _pattern_for(locale, currency).write(amount, shown)


def number(value: Decimal | int, decimals: int | None = None, locale: Locale | None = None) -> str:
    """A number; with `decimals` exactly so many, without as many as it needs (at most six)."""
    exact = Decimal(value)
    shown = min(_decimals(exact.normalize()), MOST_DECIMALS) if decimals is None else decimals
    if _decimals(exact) > shown:
        exact = _rounded(exact, shown)
    return str(_pattern_for(locale, "").write(exact, shown))


def decimal_sign() -> str:
    """The decimal sign of the active language."""
    return get_decimal_symbol(active_locale())


def as_input(value: Decimal | int | str | None) -> str:
    """A number as the value of an input: the reader's decimal sign, no grouping, no needless zeros."""
    if isinstance(value, str):
        return value
    return machine(value).replace(".", decimal_sign())


def machine(value: Decimal | int | str | None) -> str:
    """A number for a machine (a data attribute): plain digits and a point."""
    if value is None or value == "":
        return ""
    return f"{Decimal(value).normalize():f}"


def number_from(text: str, locale: Locale | None = None) -> Decimal | None:
    """What a person typed or pasted, read in their language; None when it is not one number.

    Thousands may be grouped as the locale does, or by (narrow, no-break) spaces or apostrophes. A sign that is not
    the locale's grouping is read as the decimal sign, so "12.5" is twelve and a half in German as well.
    """
    locale = locale or active_locale()
    group, point = get_group_symbol(locale), get_decimal_symbol(locale)
    text = _IGNORED.sub("", text).replace("\u2212", "-")
    grouped = (
        rf"[-+]?\d{{1,3}}({re.escape(group)}\d{{2,3}})*{re.escape(group)}\d{{3}}({re.escape(point)}\d*)?"
    )
    if group in ",." and re.fullmatch(grouped, text):
        text = text.replace(group, "")
    if text.count(point) == 1 and point in ",." and not ({",", "."} - {point}) & set(text):
        text = text.replace(point, ".")
    elif text.count(",") == 1 and "." not in text and group == ",":
        return None
    return decimal_of(text)
