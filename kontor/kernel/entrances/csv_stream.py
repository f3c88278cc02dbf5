"""CSV files of any size, a row at a time: encoding, delimiter, quotes and header are found in the file itself.

Made for what people really send: Excel's code pages, sep= lines, titles above the header, several header rows, a quote
too many. Memory stays flat: no line, no cell and no row may grow beyond the limits. What the cells mean is the
caller's matter; a row with too few or too many cells is handed on as it is.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from django.utils.translation import gettext as _

from kontor.kernel.entrances.csv_rows import without_apostrophe
from kontor.kernel.entrances.problem import EntranceProblem

SAMPLE = 262_144
"""Bytes that are looked at to find the dialect."""
SAMPLE_ROWS = 200
DELIMITERS = (",", ";", "\t", "|", " ")
QUOTES = ('"', "'")
CHUNK = 1_048_576
_NAMED = re.compile(r"sep=([,;\t|])\r?\n?")
csv.field_size_limit(max(csv.field_size_limit(), 1_000_000))  # of the whole process, as the module has it


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """`size` in bytes, `line` in characters."""

    size: int = 2_000_000_000
    line: int = 1_000_000
    columns: int = 10_000


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written. An `escape` is empty where quotes within quotes are doubled."""

    encoding: str
    delimiter: str
    quote: str = '"'
    escape: str = ""
    skips_blanks: bool = False

    def reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            doublequote=not self.escape,
            escapechar=self.escape or None,
            skipinitialspace=self.skips_blanks,
        )


def find_dialect(file: BinaryIO, limits: StreamLimits = StreamLimits()) -> Dialect:
    """Look at the beginning for the signs, and at every byte for the encoding.

    Raises EntranceProblem: too_big, empty, nul, encoding.
    """
    size = file.seek(0, io.SEEK_END)
    if size > limits.size:
        raise EntranceProblem(
            "too_big", _("The file is larger than %(most)s MB.") % {"most": limits.size // 1_000_000}
        )
    file.seek(0)
    start = file.read(SAMPLE)
    if not start.strip():
        raise EntranceProblem("empty", _("The file is empty."))
    encoding = _encoding(start, file)
    text = start.decode(encoding, "ignore")
    if len(start) == SAMPLE:
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text
    named = _NAMED.match(text)
    text = text[named.end() :] if named else text
    return _signs(encoding, text.replace('\0"', '""'), named[1] if named else "")


def rows_of(
    file: BinaryIO, dialect: Dialect, limits: StreamLimits = StreamLimits()
) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each row that is not blank; the line counts from 1, as an editor does.

    Raises EntranceProblem with the line as position: line_too_long, too_many_columns, nul, encoding, quotes.
    """
    file.seek(0)
    lines = _Lines(file, dialect.encoding, limits)
    reader = dialect.reader(iter(lines))
    while True:
        line = lines.number + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            message = _("A quote that is opened in line %(line)s is never closed.") % {"line": line}
            raise EntranceProblem("quotes", message, line) from None
        if cells is None:
            return
        if len(cells) > limits.columns:
            most = {"line": line, "most": limits.columns}
            message = _("Line %(line)s has more than %(most)s cells.") % most
            raise EntranceProblem("too_many_columns", message, line)
        text = "".join(cells)  # asked once for the row, not once for each cell
        if text and not text.isspace():
            yield line, [*map(without_apostrophe, cells)] if "'" in text else cells


def header_line(rows: Iterator[tuple[int, list[str]]]) -> tuple[int, int]:
    """(line of the header, width of most rows): the first row that fills most of that width, a title does not."""
    first = list(islice(rows, SAMPLE_ROWS))
    if not first:
        return 1, 0
    widths = Counter(len(cells) for _line, cells in first)
    width = max(widths, key=lambda one: (widths[one], one))
    for line, cells in first:
        if sum(1 for cell in cells if cell.strip()) > width * 6 // 10:
            return line, width
    return first[0][0], width


class _Lines:
    """The lines of a file as text, none longer than the limit; `number` is that of the last one."""

    def __init__(self, file: BinaryIO, encoding: str, limits: StreamLimits) -> None:
        self.number = 0
        self._encoding, self._limits = encoding, limits
        self._file = file

    def __iter__(self) -> Iterator[str]:
        most = self._limits.line
        text = io.TextIOWrapper(_Unclosed(self._file), encoding=self._encoding, newline="")
        try:
            while line := text.readline(most + 1):
                self.number += 1
                if len(line) > most:
                    counts = {"line": self.number, "most": most}
                    message = _("Line %(line)s is longer than %(most)s characters.") % counts
                    raise EntranceProblem("line_too_long", message, self.number)
                if self.number == 1 and _NAMED.fullmatch(line):
                    continue
                yield _without_nul(line, self.number) if "\0" in line else line
        except UnicodeDecodeError:
            raise _wrong_encoding(self.number + 1) from None


class _Unclosed(io.BufferedReader):
    """Leaves the file open when the text around it is thrown away."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file, CHUNK)  # type: ignore[arg-type]  # a binary file is what it reads from

    def close(self) -> None:
        if not self.closed:
            self.detach()


def _without_nul(line: str, number: int) -> str:
    """Some programs write a NUL in front of a quote within quotes; anywhere else it is a damaged file."""
    line = line.replace('\0"', '""')
    if "\0" in line:
        message = _("Line %(line)s has NUL bytes in it: the file is damaged. Export it again.")
        raise EntranceProblem("nul", message % {"line": number}, number)
    return line


def _encoding(start: bytes, file: BinaryIO) -> str:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if start.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    half = max(len(start[:4096]) // 2, 1)
    if start[1:4096:2].count(0) > half * 7 // 10:
        return "utf-16-le"
    if start[0:4096:2].count(0) > half * 7 // 10:
        return "utf-16-be"
    if _decodes(file, "utf-8"):
        return "utf-8"
    if _decodes(file, "cp1252"):
        return "cp1252"
    raise _wrong_encoding(1)


def _decodes(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(CHUNK):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _wrong_encoding(line: int) -> EntranceProblem:
    message = _("The file is in an unknown encoding. Save it as CSV in UTF-8.")
    return EntranceProblem("encoding", message, line)


def _signs(encoding: str, text: str, delimiter: str) -> Dialect:
    quote = _quote(text)
    # A cell that ends in a backslash looks like a quote within quotes: both are tried, and the rows tell.
    is_escaped = text.count(f"\\{quote}") > text.count(quote * 2) // 4
    found = [
        Dialect(encoding, one, quote, escape, _blanks_follow(text, one))
        for one in ([delimiter] if delimiter else DELIMITERS)
        for escape in (("\\", "") if is_escaped else ("",))
    ]
    return max(found, key=lambda one: _merit(text, one))


def _quote(text: str) -> str:
    """The one that more often stands at a cell's edge."""
    edges = {quote: len(re.findall(rf"[,;\t|]\s?{quote}|{quote}[,;\t|\r\n]", text)) for quote in QUOTES}
    return "'" if edges["'"] > 2 * edges['"'] and edges["'"] > 3 else '"'


def _blanks_follow(text: str, delimiter: str) -> bool:
    """Whether nearly every delimiter has a blank behind it."""
    count = text.count(delimiter)
    return delimiter != " " and count > 0 and text.count(f"{delimiter} ") > count * 9 // 10


def _merit(text: str, dialect: Dialect) -> tuple[bool, bool, int, int]:
    """How evenly the rows are split, then into how many cells. Blanks divide only where nothing else does."""
    try:
        rows = [row for row in islice(dialect.reader(io.StringIO(text, newline="")), SAMPLE_ROWS) if row]
    except csv.Error:
        return False, False, 0, 0
    widths = Counter(len(row) for row in rows)
    width = max(widths, key=lambda one: (widths[one], one), default=1)
    if width < 2:
        return False, False, 0, 0
    even = widths[width] * 100 // len(rows)
    return even >= 60, dialect.delimiter != " ", even, width
