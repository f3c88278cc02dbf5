"""The one entrance and the one exit for CSV.

Reading finds encoding and delimiter by itself. What makes the whole file unreadable raises EntranceProblem; a single
row with too few or too many cells is listed with its number, and the others are still there.

Writing makes formulas inert. A text that begins with = + - @, a tab, a line break, or one of their look-alikes gets an
apostrophe in front, as does a text that begins with apostrophes followed by one of these; reading takes one such
apostrophe away again, so every text comes back unchanged. Numbers are written as numbers, negative ones too. All texts
are quoted, so that a program which splits at another delimiter finds no formula in the middle of a cell either.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import BinaryIO

from django.utils.translation import gettext as _

from kontor.kernel.entrances.problem import EntranceProblem

DELIMITERS = ",;\t|"
DANGEROUS = (
    "=+\\-@\t\r\n–−＝＋－＠"  # the last six are look-alikes that some spreadsheets take for the real ones
)
NEEDS_APOSTROPHE = re.compile(f"^'*[{DANGEROUS}]")
HAS_APOSTROPHE = re.compile(f"^'+[{DANGEROUS}]")
SAMPLE_ROWS = 30

Cell = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class CsvLimits:
    """`size` in bytes, `line` in characters."""

    size: int = 20_000_000
    line: int = 100_000
    rows: int = 200_000
    columns: int = 500


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row; `number` counts from 1 as a spreadsheet does, the header being row 1."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class CsvContent:
    """A file as read. `problems` has the rows that do not fit the header, each with its number as position."""

    encoding: str
    delimiter: str
    columns: list[str]
    rows: list[CsvRow]
    problems: list[EntranceProblem]


def read(document: bytes, limits: CsvLimits = CsvLimits()) -> CsvContent:
    """Read a file with a header row.

    Raises EntranceProblem: too_big, encoding, nul, line_too_long, too_many_rows, too_many_columns, quotes, empty or
    header.
    """
    if len(document) > limits.size:
        raise EntranceProblem(
            "too_big", _("The file is larger than %(most)s MB.") % {"most": limits.size // 1_000_000}
        )
    encoding, text = decode(document)
    delimiter, text = _named_delimiter(text)
    _check_lines(text, limits)
    delimiter = delimiter or find_delimiter(text)
    records = _records(text, delimiter, limits)
    first, header = next(records, (1, []))
    columns = _columns(header, first, limits)
    rows, problems = [], []
    for number, cells in records:
        while len(cells) > len(columns) and not cells[-1].strip():
            cells.pop()
        if len(cells) == len(columns):
            rows.append(CsvRow(number, dict(zip(columns, map(without_apostrophe, cells), strict=True))))
        else:
            counts = {"row": number, "cells": len(cells), "columns": len(columns)}
            message = _("Row %(row)s has %(cells)s cells, the header has %(columns)s.") % counts
            problems.append(EntranceProblem("cells", message, number))
    return CsvContent(encoding, delimiter, columns, rows, problems)


def read_rows(file: BinaryIO, delimiter: str = ",", limits: CsvLimits = CsvLimits()) -> Iterator[list[str]]:
    """The rows of a large file in UTF-8 one after the other, the header first, as they stand; only lines are limited.

    Raises EntranceProblem with the line as position: encoding, nul, line_too_long, quotes.
    """
    reader = csv.reader(_lines(file, limits), delimiter=delimiter, strict=True)
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            message = _("The quotes in line %(line)s do not match.") % {"line": reader.line_num}
            raise EntranceProblem("quotes", message, reader.line_num) from None
        if row is None:
            return
        yield [without_apostrophe(cell) for cell in row]


def _lines(file: BinaryIO, limits: CsvLimits) -> Iterator[str]:
    most = limits.line * 4  # the longest character in UTF-8 has four bytes
    number, encoding = 0, "utf-8-sig"
    while line := file.readline(most + 1):
        number += 1
        if len(line) > most:
            raise _line_too_long(number, limits)
        if b"\0" in line:
            raise EntranceProblem("nul", _("Line %(line)s has NUL bytes in it.") % {"line": number}, number)
        try:
            yield line.decode(encoding)
        except UnicodeDecodeError:
            message = _("Line %(line)s is not in UTF-8. Save the file as CSV in UTF-8.") % {"line": number}
            raise EntranceProblem("encoding", message, number) from None
        encoding = "utf-8"


def decode(document: bytes) -> tuple[str, str]:
    """(encoding, text) by byte order mark, then UTF-8, then the encoding of Western Windows."""
    if document.startswith((b"\xff\xfe", b"\xfe\xff")):
        guesses = ["utf-16"]
    elif document.startswith(b"\xef\xbb\xbf"):
        guesses = ["utf-8-sig"]
    elif b"\0" in document:
        guesses = _unmarked_utf_16(document[:4096])
    else:
        guesses = ["utf-8", "cp1252"]
    for encoding in guesses:
        try:
            text = document.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return encoding, text
    if b"\0" in document and "utf-16" not in guesses:
        raise EntranceProblem(
            "nul", _("The file has NUL bytes; it is not a text file. Export it as CSV again.")
        )
    raise EntranceProblem("encoding", _("The file is in an unknown encoding. Save it as CSV in UTF-8."))


def _unmarked_utf_16(start: bytes) -> list[str]:
    """In Western texts of two bytes per character, nearly every second byte is zero."""
    half = max(len(start) // 2, 1)
    if start[1::2].count(0) > half * 7 // 10:
        return ["utf-16-le"]
    if start[0::2].count(0) > half * 7 // 10:
        return ["utf-16-be"]
    return []


def find_delimiter(text: str) -> str:
    """The one that splits the first rows most evenly, then into most columns; a comma when there is one column.

    A delimiter with which the quotes make no sense comes last.
    """

    def merit(delimiter: str) -> tuple[bool, int, int]:
        try:
            return True, *_evenness(text, delimiter, strict=True)
        except csv.Error:
            pass
        try:
            return False, *_evenness(text, delimiter, strict=False)
        except csv.Error:
            return False, 0, 0

    return max(DELIMITERS, key=merit)


def _evenness(text: str, delimiter: str, *, strict: bool) -> tuple[int, int]:
    """How many of the first rows have the most frequent number of cells, and that number. Raises csv.Error."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    counts = [len(row) for row in islice(reader, SAMPLE_ROWS) if row]
    most_frequent = max(set(counts), key=lambda count: (counts.count(count), count), default=1)
    return (counts.count(most_frequent), most_frequent) if most_frequent > 1 else (0, 0)


def _named_delimiter(text: str) -> tuple[str, str]:
    """Spreadsheets may name it in a first line, as sep=; ."""
    named = re.match(r"sep=([,;\t|])\r?\n", text)
    return (named[1], text[named.end() :]) if named else ("", text)


def _check_lines(text: str, limits: CsvLimits) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > limits.line:
            raise _line_too_long(number, limits)


def _line_too_long(number: int, limits: CsvLimits) -> EntranceProblem:
    counts = {"line": number, "most": limits.line}
    message = _("Line %(line)s is longer than %(most)s characters.") % counts
    return EntranceProblem("line_too_long", message, number)


def _records(text: str, delimiter: str, limits: CsvLimits) -> Iterator[tuple[int, list[str]]]:
    """(number, cells) of the rows that are not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error:
            message = _("The quotes in row %(row)s do not match.") % {"row": number}
            raise EntranceProblem("quotes", message, number) from None
        if cells is None:
            return
        if number > limits.rows + 1:
            raise EntranceProblem(
                "too_many_rows", _("The file has more than %(most)s rows.") % {"most": limits.rows}
            )
        if any(cell.strip() for cell in cells):
            yield number, cells


def _columns(header: list[str], row: int, limits: CsvLimits) -> list[str]:
    columns = [without_apostrophe(cell.strip()) for cell in header]
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        raise EntranceProblem("empty", _("The file is empty."))
    if len(columns) > limits.columns:
        most = {"most": limits.columns}
        raise EntranceProblem("too_many_columns", _("The file has more than %(most)s columns.") % most, row)
    twice = next((name for name in columns if columns.count(name) > 1), None)
    if twice == "":
        raise EntranceProblem("header", _("A column has no name in the header row."), row)
    if twice is not None or "" in columns:
        names = {"name": twice or ""}
        raise EntranceProblem("header", _("The column “%(name)s” is there more than once.") % names, row)
    return columns


def write(columns: Sequence[str], rows: Iterable[Sequence[Cell]], delimiter: str = ",") -> Iterator[bytes]:
    """The file piece by piece, in UTF-8 with a mark by which spreadsheets know it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([inert(name) for name in columns])
    for row in rows:
        writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in row])
        if buffer.tell() > 65_536:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def line_of(cells: Sequence[Cell], delimiter: str = ",") -> bytes:
    """One more row for a file that `write` began."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in cells])
    return buffer.getvalue().encode()


def inert(text: str) -> str:
    """The text as no spreadsheet takes for a formula; `read` gives the text back."""
    return f"'{text}" if NEEDS_APOSTROPHE.match(text) else text


def without_apostrophe(text: str) -> str:
    return text[1:] if HAS_APOSTROPHE.match(text) else text
