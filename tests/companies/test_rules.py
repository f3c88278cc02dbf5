"""VAT ids, bank numbers, slugs, moves."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontor.companies.countries import COUNTRIES, EU
from kontor.companies.rules import ACCOUNT_MOVES, bic_of, free_slug, iban_of, may_move, slug_of, vat_id_of
from tests.shared_files import shared


def numbers(kind: str) -> list[tuple[str, bool]]:
    with shared("ids/stdnum_numbers.csv").open(encoding="utf-8", newline="") as file:
        return [
            (row["number"], row["validity"] == "valid") for row in csv.DictReader(file) if row["type"] == kind
        ]


@pytest.mark.shared
@pytest.mark.covers("R0.38")
def test_every_listed_vat_id_of_the_union_is_judged_right():
    tried = numbers("eu.vat")
    assert len(tried) > 700
    assert [number for number, valid in tried if (vat_id_of(number, "DE") is not None) != valid] == []


@pytest.mark.shared
@pytest.mark.parametrize(("kind", "country"), [("ch.vat", "CH"), ("gb.vat", "GB"), ("no.mva", "NO")])
def test_vat_ids_beside_the_union_are_judged_right(kind, country):
    tried = numbers(kind)
    assert tried
    assert [number for number, valid in tried if (vat_id_of(number, country) is not None) != valid] == []


@pytest.mark.shared
def test_vat_ids_with_a_right_check_digit_from_another_collection_are_taken():
    with shared("ids/valvat_vat_numbers.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            row for row in csv.DictReader(file) if (row["check"], row["validity"]) == ("checksum", "valid")
        ]
    assert len(rows) > 100
    assert [
        row["vat_number"] for row in rows if vat_id_of(row["vat_number"], _country(row["vat_number"])) is None
    ] == []


def _country(vat_id: str) -> str:
    return {"EL": "GR", "XI": "IE"}.get(vat_id[:2], vat_id[:2])


@pytest.mark.shared
def test_ibans_are_judged_right():
    tried = numbers("iban")
    assert tried
    assert [number for number, valid in tried if (iban_of(number) is not None) != valid] == []


@pytest.mark.parametrize(
    ("entered", "country", "kept"),
    [
        ("de 136.695-976", "DE", "DE136695976"),
        ("136695976", "DE", "DE136695976"),
        ("B96400429", "ES", "ESB96400429"),
        ("FR40303265045", "DE", "FR40303265045"),  # registered in a neighbour's country
        ("GR094259216", "GR", "EL094259216"),
        ("12-3456789", "US", "123456789"),
        ("000000000", "DE", None),
        ("DE136695976; DROP", "DE", None),
        ("١٣٦٦٩٥٩٧٦", "DE", None),
        ("", "DE", None),
        ("x" * 500, "US", None),
        ("\x00DE136695976", "DE", None),
    ],
)
def test_what_is_kept_of_an_entered_vat_id(entered, country, kept):
    assert vat_id_of(entered, country) == kept


@given(st.text(max_size=60), st.sampled_from(sorted(COUNTRIES)))
def test_no_entry_breaks_the_check_and_what_is_kept_fits_the_column(entered, country):
    kept = vat_id_of(entered, country)
    assert kept is None or (
        kept.isascii() and kept.isalnum() and kept == kept.upper() and 0 < len(kept) <= 20
    )
    if kept and country in EU:
        assert vat_id_of(kept, country) == kept


@given(st.text(max_size=300))
def test_a_slug_is_short_and_plain(name):
    slug = slug_of(name)
    assert 1 <= len(slug) <= 70
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slug.strip("-") == slug


def test_a_taken_slug_gets_a_number():
    assert free_slug("acme", set()) == "acme"
    assert free_slug("acme", {"acme"}) == "acme-2"
    assert free_slug("acme", {"acme", "acme-2", "acme-4"}) == "acme-3"


def test_bank_codes():
    assert bic_of(" DEUTDEFF ") == "DEUTDEFF"
    assert bic_of("DEUTDEF") is None
    assert iban_of("") is None


def test_no_account_moves_but_along_the_table():
    statuses = set(ACCOUNT_MOVES)
    moves = {(a, b) for a in statuses for b in statuses if may_move(a, b)}
    assert moves == {
        ("requested", "active"),
        ("requested", "declined"),
        ("declined", "requested"),
        ("declined", "active"),
        ("active", "blocked"),
        ("blocked", "active"),
    }
