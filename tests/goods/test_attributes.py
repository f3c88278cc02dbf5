from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontor.goods.attributes import (
    Choice,
    Trait,
    as_typed,
    parse_value,
    shown_number,
    shown_value,
)
from kontor.kernel.refusal import Refused

RED = Choice("red", "Red", {"de": "Rot"})
BLUE = Choice("blue", "Blue, dark", {"de": "Blau, dunkel"})


def trait(kind: str, **how: Any) -> Trait:
    return Trait(id=1, code="x", name="Width", kind=kind, names={"de": "Breite"}, **how)


LENGTH = trait("number", unit="MMT")
COLOUR = trait("choices", choices=(RED, BLUE))


@pytest.mark.covers("R0.9", "R3.57")
@pytest.mark.parametrize(
    ("raw", "language", "kept"),
    [
        ("12.7", "en", "12.7"),
        ("12,7", "de", "12.7"),
        ("1.250,5", "de", "1250.5"),
        ("1,250.5 mm", "en", "1250.5"),
        ("1/2 in", "en", "12.7"),
        ('1 1/4"', "en", "31.75"),
        ("½ Zoll", "de", "12.7"),
        ("0.5 m", "", "500"),
        ("−3", "en", "-3"),
        (12, "", "12"),
        (Decimal("1.50"), "", "1.5"),
        ("", "en", None),
        (None, "", None),
    ],
)
def test_numbers_are_kept_in_the_unit_of_the_attribute(raw: Any, language: str, kept: str | None):
    assert parse_value(LENGTH, raw, language) == kept


@pytest.mark.parametrize(
    ("given_trait", "raw", "sentence"),
    [
        (LENGTH, "M8", "“M8” is not a number. Write it as 12.5."),
        (LENGTH, True, "“True” is not a number. Write it as 12.5."),
        (LENGTH, "5 kg", "“kg” cannot be converted to mm."),
        (LENGTH, "9e99", "“e99” cannot be converted to mm."),
        (LENGTH, "9" * 17, "This number is too large."),
        (trait("number"), "5 kg", "This number has no unit. Leave “kg” out."),
        (trait("range", unit="CEL"), "9 … 3", "The first number of a range is the smaller one."),
        (trait("range"), "1 … 2 … 3", "Write a range as 5 … 10."),
        (trait("choice", choices=(RED,)), "green", "“green” is not among the choices: Red."),
        (trait("boolean"), "perhaps", "Write yes or no."),
        (trait("date"), "2026-02-30", "“2026-02-30” is not a day. Write it as 2026-11-22."),
        (trait("file"), "../../etc/passwd", "Choose one of the product’s files."),
        (trait("text"), "x" * 401, "At most 400 characters."),
        (trait("text"), {"en": "x"}, "One text is needed here."),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(given_trait: Trait, raw: Any, sentence: str):
    with pytest.raises(Refused) as refusal:
        parse_value(given_trait, raw, "en")

    assert (refusal.value.code, refusal.value.message) == ("wrong_value", sentence)


@pytest.mark.parametrize(
    "raw", ["-20 … 60", "-20 to +60 °C", "-20..60", ["-20", "60"], "-4 – 140 °F", "-20 - 60"]
)
def test_a_range_is_read_in_many_ways(raw: Any):
    assert parse_value(trait("range", unit="CEL"), raw, "en") == ["-20", "60"]


def test_choices_are_read_by_code_and_by_label_in_any_language_and_kept_in_their_order():
    assert parse_value(COLOUR, "Blau, dunkel; rot", "de") == ["red", "blue"]
    assert parse_value(COLOUR, "Blue, dark", "en") == ["blue"]
    assert parse_value(COLOUR, ["blue", "red", "blue"]) == ["red", "blue"]


@pytest.mark.parametrize(
    ("given_trait", "kept", "english", "german"),
    [
        (LENGTH, "12500.5", ("12,500.5", "mm"), ("12.500,5", "mm")),
        (LENGTH, "2700", ("2700", "mm"), ("2700", "mm")),
        (trait("number", unit="INH"), "1.25", ("1 1/4", "in"), ("1 1/4", "in")),
        (trait("range", unit="CEL"), ["-20", "60"], ("-20 – 60", "°C"), ("-20 – 60", "°C")),
        (COLOUR, ["red", "blue"], ("Red, Blue, dark", ""), ("Rot, Blau, dunkel", "")),
        (trait("boolean"), True, ("Yes", ""), ("Ja", "")),
        (trait("date"), "2026-11-22", ("22 Nov 2026", ""), ("22.11.2026", "")),
        (trait("text", is_localised=True), {"en": "ash", "de": "Esche"}, ("ash", ""), ("Esche", "")),
        (trait("text", is_localised=True), {"en": "ash"}, ("ash", ""), ("ash", "")),
    ],
)
def test_values_are_shown_in_the_language_of_the_reader(
    given_trait: Trait, kept: Any, english: tuple[str, str], german: tuple[str, str]
):
    assert shown_value(given_trait, kept, "en") == english
    assert shown_value(given_trait, kept, "de") == german


@given(st.decimals(min_value=-1_000_000, max_value=1_000_000, places=4), st.sampled_from(["en", "de", ""]))
def test_a_number_in_a_form_is_read_back_as_it_was(value: Decimal, language: str):
    kept = parse_value(LENGTH, value)

    assert parse_value(LENGTH, as_typed(LENGTH, kept, language), language) == kept
    assert parse_value(LENGTH, shown_number(Decimal(kept), "MMT", language or "en"), language or "en") == kept


@given(st.lists(st.decimals(min_value=-9999, max_value=9999, places=2), min_size=2, max_size=2).map(sorted))
def test_a_range_in_a_form_is_read_back_as_it_was(bounds: list[Decimal]):
    pressure = trait("range", unit="BAR")
    kept = parse_value(pressure, bounds)

    assert parse_value(pressure, as_typed(pressure, kept, "de"), "de") == kept


@given(st.dates())
def test_a_day_is_read_back_as_it_was(day: date):
    when = trait("date")

    assert parse_value(when, as_typed(when, parse_value(when, day), "de"), "de") == day.isoformat()


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str):
    for kind in ("text", "number", "range", "choice", "choices", "boolean", "date", "file"):
        with suppress(Refused):
            parse_value(trait(kind, choices=(RED,)), text, "de")
