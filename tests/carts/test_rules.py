from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontor.carts.rules import BadQuantity, PastedLine, number_of, parse_pasted, read_quantity
from kontor.kernel.money import MAX_QUANTITY

ABSURD = {
    "": "quantity_missing",
    "  ": "quantity_missing",
    "-1": "not_positive",
    "0": "not_positive",
    "0,000": "not_positive",
    "0.0001": "too_precise",
    "1000000000": "too_large",
    "1e400": "not_a_number",
    "1e3": "not_a_number",
    "NaN": "not_a_number",
    "Infinity": "not_a_number",
    "-Infinity": "not_a_number",
    "٣": "not_a_number",
    "１２": "not_a_number",
    "9223372036854775808": "too_large",
    "0x10": "not_a_number",
    "1_000": "not_a_number",
    "12 pieces": "not_a_number",
    "1,000": "ambiguous_number",
    "12.500": "ambiguous_number",
    "1,2,3": "not_a_number",
    "1.0000000000000000000000000000000000001": "too_precise",
    "9" * 4000: "not_a_number",
    "\x00": "not_a_number",
}


@pytest.mark.parametrize(("text", "code"), ABSURD.items())
def test_an_absurd_quantity_has_a_name(text, code):
    assert read_quantity(text) == BadQuantity(code)


@pytest.mark.parametrize(
    "number", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+400", "-1", "0", "1E-400", "0.0001"]
)
def test_an_absurd_decimal_is_refused_as_an_absurd_text_is(number):
    assert isinstance(read_quantity(Decimal(number)), BadQuantity)


@pytest.mark.parametrize(
    ("text", "number"),
    {
        "12": "12", "12,5": "12.5", "12.5": "12.5", "0,125": "0.125", "1.234,5": "1234.5", "1,234.5": "1234.5",
        "1.000.000": "1000000", "1 000": "1000", "1\u202f000": "1000", "1'000": "1000", "+7": "7", " 7 ": "7",
        "007": "7", "999999999": "999999999", "2.50": "2.5",
    }.items(),
)  # fmt: skip
def test_what_means_the_same_to_everybody_is_read(text, number):
    assert read_quantity(text) == Decimal(number)


@given(st.decimals(min_value=Decimal("0.001"), max_value=MAX_QUANTITY, places=3))
def test_any_quantity_that_can_be_stored_is_read_from_a_decimal_unchanged(number):
    assert read_quantity(number) == number


@given(st.integers(1, 10**9 - 1), st.sampled_from([".", ","]), st.integers(0, 99))
def test_point_and_comma_are_the_same_sign(whole, sign, hundredths):
    assert number_of(f"{whole}{sign}{hundredths:02}") == Decimal(f"{whole}.{hundredths:02}")


@given(st.text(max_size=60))
def test_any_text_is_a_quantity_or_a_reason(text):
    read = read_quantity(text)

    assert isinstance(read, BadQuantity) or Decimal("0.001") <= read <= MAX_QUANTITY


def lines(text: str) -> list[tuple[int, str, Decimal | BadQuantity, str]]:
    return [(line.no, line.sku, line.quantity, line.unit) for line in parse_pasted(text)]


def test_tabs_semicolons_commas_and_blanks_separate():
    text = "BOLT-M8 200\nBOLT-M8\t200\nBOLT-M8;200\nBOLT-M8,200\nBOLT-M8  2,5  XBX\nBOLT-M8;2,5;XBX"

    assert lines(text) == [
        (1, "BOLT-M8", Decimal(200), ""),
        (2, "BOLT-M8", Decimal(200), ""),
        (3, "BOLT-M8", Decimal(200), ""),
        (4, "BOLT-M8", Decimal(200), ""),
        (5, "BOLT-M8", Decimal("2.5"), "XBX"),
        (6, "BOLT-M8", Decimal("2.5"), "XBX"),
    ]


def test_a_header_and_empty_lines_are_skipped_but_counted():
    assert lines("\ufeffArtikelnummer;Menge\r\n\r\nA-1;5\r\n") == [(3, "A-1", Decimal(5), "")]


def test_only_the_first_line_can_be_a_header():
    assert lines("A-1 5\nsku quantity") == [
        (1, "A-1", Decimal(5), ""),
        (2, "sku", BadQuantity.NOT_A_NUMBER, ""),
    ]


def test_a_sku_may_hold_blanks():
    assert lines("Bolt M8 x 40 200") == [(1, "Bolt M8 x 40", Decimal(200), "")]


def test_a_line_without_a_quantity_says_so():
    assert lines("A-1") == [(1, "A-1", BadQuantity.MISSING, "")]


def test_a_fourth_column_is_the_note():
    (line,) = parse_pasted("A-1\t5\tXBX\tfor plant 2")

    assert line == PastedLine(
        no=1, sku="A-1", quantity=Decimal(5), unit="XBX", raw="A-1\t5\tXBX\tfor plant 2", note="for plant 2"
    )


@given(st.text(max_size=300))
def test_no_line_of_any_text_is_lost(text):
    filled = [
        line
        for line in text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if line.strip()
    ]

    assert len(filled) - len(parse_pasted(text)) in (0, 1)  # the header


SKUS = st.from_regex(r"[A-Z][A-Z0-9-]{0,15}", fullmatch=True)
QUANTITIES = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(999999), places=2)


@given(
    st.lists(st.tuples(SKUS, QUANTITIES, st.sampled_from(["\t", ";", " ", "   "]), st.booleans()), min_size=1)
)
def test_what_is_written_as_sku_and_quantity_is_read_back(rows):
    text = "\n".join(
        f"{sku}{separator}{str(quantity).replace('.', ',') if comma else quantity}"
        for sku, quantity, separator, comma in rows
    )

    assert [(line.no, line.sku, line.quantity) for line in parse_pasted(text)] == [
        (no, sku, quantity) for no, (sku, quantity, _, _) in enumerate(rows, start=1)
    ]
