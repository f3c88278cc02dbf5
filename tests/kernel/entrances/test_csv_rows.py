"""CSV comes in whatever its encoding and delimiter, and goes out with nothing that a spreadsheet would run."""

import io
import json
import tarfile
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontor.kernel.entrances import EntranceProblem
from kontor.kernel.entrances.csv_rows import CsvLimits, CsvRow, inert, read, read_rows, write
from tests.shared_files import shared

pytestmark = pytest.mark.covers("R3.33")


def code(document: bytes, **limits: int) -> tuple[str, int | None]:
    with pytest.raises(EntranceProblem) as problem:
        read(document, CsvLimits(**limits))
    return problem.value.code, problem.value.position


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_finds_encoding_delimiter_and_line_ends(encoding, delimiter, newline):
    lines = [
        delimiter.join(cells)
        for cells in (("sku", "größe", "note"), ("B-1", "8", "für A"), ("B-2", "10", ""))
    ]
    content = read(newline.join(lines).encode(encoding))
    assert content.delimiter == delimiter
    assert content.rows == [
        CsvRow(2, {"sku": "B-1", "größe": "8", "note": "für A"}),
        CsvRow(3, {"sku": "B-2", "größe": "10", "note": ""}),
    ]
    assert content.problems == []


def test_one_column_needs_no_delimiter():
    assert read(b"sku\nB-1\nB-2\n").rows == [CsvRow(2, {"sku": "B-1"}), CsvRow(3, {"sku": "B-2"})]


def test_a_spreadsheet_may_name_its_delimiter():
    content = read(b"sep=;\r\na,b;c\r\n1,5;2\r\n")
    assert content.rows == [CsvRow(2, {"a,b": "1,5", "c": "2"})]


def test_blank_lines_count_but_are_no_rows():
    assert read(b"a,b\n\n1,2\n,\n3,4\n").rows == [
        CsvRow(3, {"a": "1", "b": "2"}),
        CsvRow(5, {"a": "3", "b": "4"}),
    ]


def test_cells_may_hold_line_breaks_and_quotes():
    assert read(b'a,b\n"1\n2","say ""x"""\n').rows == [CsvRow(2, {"a": "1\n2", "b": 'say "x"'})]


def test_a_row_with_other_cells_than_the_header_is_listed_and_the_others_are_read():
    content = read(b"a,b\n1\n2,3\n4,5,6\n7,8,,\n")
    assert [row.number for row in content.rows] == [3, 5]
    assert [(one.code, one.position, one.message) for one in content.problems] == [
        ("cells", 2, "Row 2 has 1 cells, the header has 2."),
        ("cells", 4, "Row 4 has 3 cells, the header has 2."),
    ]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (b"", ("empty", None)),
        (b"\n , \n", ("empty", None)),
        (b"a,b\n1,\x002\n", ("nul", None)),
        (b"\xff\xfea\x00,\x00b", ("encoding", None)),
        (b"a,b\n\x81\x8d,1\n", ("encoding", None)),
        (b'a,b\n1,2\n"3,4\n5,6\n', ("quotes", 3)),
        (b'a,b\n"1"x,2\n', ("quotes", 2)),
        (b"a,a\n1,2\n", ("header", 1)),
        (b"a,,b\n1,2,3\n", ("header", 1)),
    ],
)
def test_what_nobody_can_read_is_refused_with_its_row(document, expected):
    assert code(document) == expected


def test_limits_are_kept():
    assert code(b"a,b\n" + b"1,2\n" * 10, size=20) == ("too_big", None)
    assert code(b"a,b\n" + b"1" * 100, line=50) == ("line_too_long", 2)
    assert code(b"a,b\n" + b"1,2\n" * 10, rows=5) == ("too_many_rows", None)
    assert code(b"a,b,c\n", columns=2) == ("too_many_columns", 1)
    assert len(read(b"a,b\n" + b"1,2\n" * 5, CsvLimits(rows=5)).rows) == 5
    assert code(b"a\n" + b'"' + b"1" * 99_000 + b"\n" + b"1" * 99_000) == ("quotes", 2)


def test_a_large_file_is_read_row_by_row():
    file = io.BytesIO(b'\xef\xbb\xbfsku,note\n"B-1","two\nlines"\nB-2,"\'=1"\n')
    assert list(read_rows(file)) == [["sku", "note"], ["B-1", "two\nlines"], ["B-2", "=1"]]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (b"a,b\n\xff,2\n", ("encoding", 2)),
        (b"a,b\n1,2\n\0,2\n", ("nul", 3)),
        (b'a,b\n"1"2,2\n', ("quotes", 2)),
        (b'a,b\n"1,2\n', ("quotes", 2)),
        (b"a,b\n" + b"1" * 401, ("line_too_long", 2)),
    ],
)
def test_a_large_file_stops_at_the_line_that_nobody_can_read(document, expected):
    with pytest.raises(EntranceProblem) as problem:
        list(read_rows(io.BytesIO(document), limits=CsvLimits(line=100)))
    assert (problem.value.code, problem.value.position) == expected


FORMULAS = ["=1+1", "+49 30 1", "-5", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "'=1", "''=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_an_apostrophe_and_loses_it_again(text):
    assert inert(text) == f"'{text}"
    document = b"".join(write(["a", "b"], [[text, "x"]]))
    assert read(document).rows == [CsvRow(2, {"a": text, "b": "x"})]


@pytest.mark.parametrize("text", ["", "bolt", "1-2", "'quoted'", "'", "a=b", " =1"])
def test_other_texts_are_left_alone(text):
    assert inert(text) == text


def test_numbers_are_written_as_numbers_and_texts_in_quotes():
    document = b"".join(write(["sku", "net"], [["B;=1", Decimal("-12.40")], ["B-2", None]]))
    assert document == '\ufeff"sku","net"\r\n"B;=1",-12.40\r\n"B-2",""\r\n'.encode()


@given(
    st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.text("=+-@'\t\r\n, ;\"x")))
)
def test_every_text_comes_back_as_it_went_out(cells):
    rows = [("#", *pair) for pair in cells]
    content = read(b"".join(write(["mark", "a", "b"], rows)))
    assert [tuple(row.cells.values()) for row in content.rows] == rows


@pytest.mark.shared
def test_every_known_payload_goes_out_inert_and_comes_back():
    payloads = shared("security/csv-injection/payloads.txt").read_text().splitlines()
    document = b"".join(write(["a"], [[payload] for payload in payloads]))
    lines = document.decode("utf-8-sig").split("\r\n")[1:-1]
    for line in lines:
        assert line[1] not in "=+-@\t\r–"
    assert [row.cells["a"] for row in read(document).rows] == payloads


@pytest.mark.shared
def test_naughty_strings_come_back_unchanged():
    strings = [
        one for one in json.loads(shared("security/naughty-strings/blns.json").read_text()) if "\0" not in one
    ]
    document = b"".join(write(["mark", "text"], [["#", one] for one in strings]))
    assert [row.cells["text"] for row in read(document).rows] == strings


@pytest.mark.shared
def test_thousands_of_broken_files_are_read_or_refused_but_never_crash():
    """Of one 84-row table broken in 2,290 ways, most files still give most rows; the others say why."""
    read_rows, refused = [], []
    with tarfile.open(shared("csv/pollock_polluted_files.tar.xz")) as archive:
        for member in archive:
            if "/csv/" not in member.name or not member.isfile():
                continue
            file = archive.extractfile(member)
            assert file is not None
            try:
                content = read(file.read())
            except EntranceProblem as problem:
                refused.append((member.name, problem.code))
            else:
                read_rows.append(len(content.rows))
    assert len(read_rows) + len(refused) > 2_000
    assert len(refused) < 900
    assert sum(1 for count in read_rows if count >= 80) > 1_300
