from decimal import Decimal

import pytest
from babel.numbers import format_currency, format_decimal
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kontor.kernel.money import minor_units, round_amount
from kontor.web.numbers import (
    as_input,
    locale_of,
    machine,
    number,
    number_from,
    written_amount,
    written_price,
)

LANGUAGES = ("en", "de", "fr", "es", "it", "sv", "pl", "ar", "hi", "de-ch", "en-in", "pt-br", "zh-hans", "he")
CURRENCIES = ("EUR", "USD", "CHF", "JPY", "KWD", "INR", "SEK")
languages = st.sampled_from(LANGUAGES)
numbers = st.decimals(min_value=-(10**12), max_value=10**12, places=6, allow_nan=False)


@given(value=numbers, currency=st.sampled_from(CURRENCIES), language=languages)
def test_amounts_are_written_as_babel_writes_them(value: Decimal, currency: str, language: str) -> None:
    amount, locale = round_amount(value, currency) + 0, locale_of(language)  # no minus zero

    assert str(written_amount(amount, currency, locale)) == format_currency(amount, currency, locale=locale)


@given(value=numbers, decimals=st.integers(0, 6), language=languages)
def test_numbers_are_written_as_babel_writes_them(value: Decimal, decimals: int, language: str) -> None:
    exact, locale = value.quantize(Decimal(1).scaleb(-decimals)) + 0, locale_of(language)
    pattern = locale.decimal_formats[None].pattern.split(";")[0].split(".")[0]
    fixed = f"{pattern}.{'0' * decimals}" if decimals else pattern

    assert number(exact, decimals, locale) == format_decimal(exact, fixed, locale)
    assert number(exact, None, locale) == format_decimal(exact, pattern + ".######", locale)


@given(value=numbers, language=languages)
def test_what_stands_in_an_input_is_read_back_as_the_same_number(value: Decimal, language: str) -> None:
    with translation.override(language):
        assert number_from(as_input(value)) == value
        assert number_from(number(value)) == value


@given(text=st.text(max_size=40))
def test_whatever_is_typed_gives_a_finite_number_or_none(text: str) -> None:
    for language in ("en", "de", "fr"):
        found = number_from(text, locale_of(language))
        assert found is None or found.is_finite()


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("en", "1,250.5", "1250.5"),
        ("en", "1250", "1250"),
        ("en", "12,5", None),
        ("de", "1.250,5", "1250.5"),
        ("de", "12.5", "12.5"),
        ("de", "1.250", "1250"),
        ("de", "12,5", "12.5"),
        ("fr", "1\u202f250,5", "1250.5"),
        ("de-ch", "1\u2019250.50", "1250.50"),
        ("en", "1e3", None),
        ("en", "", None),
        ("en", "12 pc", None),
        ("en", "1.2.3", None),
        ("en", "\u22125", "-5"),
        ("hi", "12,34,567.5", "1234567.5"),
    ],
)
def test_numbers_are_read_as_the_language_writes_them(language: str, typed: str, meant: str | None) -> None:
    assert number_from(typed, locale_of(language)) == (None if meant is None else Decimal(meant))


def test_a_unit_price_shows_all_its_decimals_but_no_needless_ones() -> None:
    en = locale_of("en")

    assert str(written_price(Decimal("0.098700"), "EUR", en)) == "€0.0987"
    assert str(written_price(Decimal("12.4"), "EUR", en)) == "€12.40"
    assert str(written_price(Decimal("150"), "JPY", en)) == "JP¥150"
    assert str(written_price(Decimal("0.12345678"), "EUR", en)) == "€0.123457"


def test_english_without_a_region_uses_the_pound_for_pounds_and_the_euro_sign_in_front() -> None:
    assert str(written_amount(Decimal("-1234.5"), "GBP", locale_of("en"))) == "-£1,234.50"
    assert str(written_amount(Decimal("1234.5"), "EUR", locale_of("de"))) == "1.234,50\xa0€"


def test_an_amount_with_too_many_decimals_is_rounded_half_away_from_zero() -> None:
    assert str(written_amount(Decimal("0.125"), "EUR", locale_of("en"))) == "€0.13"
    assert minor_units("EUR") == 2


def test_a_machine_gets_plain_digits() -> None:
    assert [machine(value) for value in (Decimal("1200.500"), 24, None, "")] == ["1200.5", "24", "", ""]
    assert machine(Decimal("1E+3")) == "1000"
