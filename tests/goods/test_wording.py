"""What is meant by what is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontor.goods.wording import (
    distance,
    heads,
    joined_readings,
    loose_key,
    splits,
    synonyms_of,
    tokens,
    tolerance,
    understood,
    with_alternatives,
)


def asked(query: str) -> list[tuple[str, ...]]:
    return [chunk.typed for chunk in understood(query).chunks]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("M8x40", "m8 x 40"), ("M8×40", "M8 X 40"), ("230V", "230 V"), ("2.5 mm", "2,5mm"), ('17"', "17 in"),
        ("1/2″", "1/2 in"), ("Schläuche", "schlauche"), ("STRAẞE", "strasse"), ("TN-2110", "tn 2110"), ("½ inch", "1/2 inch"),
    ],
)  # fmt: skip
def test_what_is_written_together_or_apart_is_the_same(one: str, other: str):
    assert tokens(one) == tokens(other)


@pytest.mark.parametrize("typed", ["TN-02110", "tn 2110", "TN2110", "tn-2110", "Tn.2110", "TN 02110"])
def test_a_number_is_found_without_dashes_blanks_and_leading_zeros(typed: str):
    assert understood(typed).key == loose_key("TN-2110") == "TN2110"


def test_figures_stand_with_their_units_and_with_each_other():
    assert asked("bolt m8 x 40") == [("bolt",), ("m", "8", "x", "40")]
    assert asked("relay 230 V") == [("relay",), ("230", "v")]
    assert asked("pipe 1/2 in") == [("pipe",), ("1", "2", "in")]
    assert asked("2 boxes") == [("2",), ("boxes",)]


def test_a_unit_is_found_by_its_other_signs():
    (chunk,) = understood("5 inch").chunks
    assert {one.tokens for one in chunk.alternatives} == {
        ("5", "inch"),
        ("5", "in"),
        ("5", "inches"),
        ("5", "zoll"),
    }


def test_words_in_quotation_marks_stand_together_and_a_minus_leaves_out():
    wording = understood('"hex bolt" steel -zinc -"hot dip"')
    assert [chunk.typed for chunk in wording.chunks] == [("hex", "bolt"), ("steel",)]
    assert wording.unwanted == (("zinc",), ("hot", "dip"))
    assert wording.key == ""


def test_synonyms_stand_for_words_and_for_groups_of_words():
    table = synonyms_of([["laptop", "notebook"], ["USB stick", "flash drive"]])
    (laptops,) = understood("laptops", table).chunks
    assert [one.tokens for one in laptops.alternatives] == [("laptops",), ("notebook",)]
    (drive,) = understood("flash drives", table).chunks
    assert [one.tokens for one in drive.alternatives] == [("flash", "drives"), ("usb", "stick")]
    assert drive.alternatives[0].apart


def test_a_word_reads_as_two_and_two_as_one():
    assert joined_readings(understood("flash light m8")) == [(0, "flashlight")]
    assert ("flash", "light") in splits("flashlight")


@pytest.mark.parametrize(
    ("name", "brand", "things"),
    [
        ("Kensington Gel Mouse Pad Blue", "Kensington", ["pad"]),
        ("Dell 1700n Laser Printer with duplex", "Dell", ["printer"]),
        ("Case for iPhone 11", "", ["case"]),
        ("Bohrhammer, 18 V, mit Koffer", "", ["bohrhammer", "v"]),
    ],
)
def test_what_a_thing_is_stands_before_figures_and_additions(name: str, brand: str, things: list[str]):
    assert heads(name, brand) == things


def test_mistakes_are_forgiven_by_length():
    assert [tolerance(word) for word in ("bit", "bolt", "schraube", "m8")] == [0, 1, 2, 0]
    assert distance("schruabe", "schraube") == 1
    assert distance("", "abcdef") == 4


def test_only_words_get_further_words():
    wording = with_alternatives(understood("boltt m8"), {"boltt": ["bolt"], "m": ["x"]})
    assert [len(chunk.alternatives) for chunk in wording.chunks] == [2, 1]


@given(st.text(max_size=300))
def test_whatever_is_typed_is_read(query: str):
    wording = understood(query)
    assert len(wording.chunks) <= 8
    assert tokens(wording.text) == wording.text.split()


@given(st.text(max_size=12), st.text(max_size=12))
def test_distance_is_the_same_both_ways(one: str, other: str):
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
