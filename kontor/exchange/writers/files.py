import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import orjson

from kontor.exchange.fields import ERROR_OF_SHEET
from kontor.kernel.entrances import csv_rows
from kontor.kernel.entrances.xlsx_stream import write_workbook
from kontor.tables.bmecat_writing import BmecatFacts, write_bmecat

Cells = Mapping[str, str]
CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file: its ending, its media type, and its name for people."""

    key: str
    ending: str
    media_type: str
    name: str


FORMS = {
    one.key: one
    for one in (
        Form("csv", "csv", "text/csv; charset=utf-8", "CSV"),
        Form("xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel (.xlsx)"),
        Form("jsonl", "jsonl", "application/x-ndjson", "JSON lines"),
        Form("bmecat", "xml", "application/xml", "BMEcat 2005"),
    )
}  # fmt: skip


def write_file(
    form: str, columns: Sequence[str], rows: Iterable[Cells], bmecat: BmecatFacts
) -> Iterator[bytes]:
    """The file piece by piece. Texts that a spreadsheet would run are inert in CSV and Excel.

    A text that reads as an error of a spreadsheet has an apostrophe in front, which the import takes away.
    """
    rows = (
        {name: f"'{text}" if ERROR_OF_SHEET.fullmatch(text) else text for name, text in row.items()}
        for row in rows
    )
    return _WRITERS[form](columns, rows) if form in _WRITERS else write_bmecat(rows, bmecat)


def _csv(columns: Sequence[str], rows: Iterable[Cells]) -> Iterator[bytes]:
    return csv_rows.write(columns, ([row.get(name, "") for name in columns] for row in rows))


def _json_lines(_columns: Sequence[str], rows: Iterable[Cells]) -> Iterator[bytes]:
    for row in rows:
        yield orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


def _workbook(columns: Sequence[str], rows: Iterable[Cells]) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        write_workbook(file, columns, ([row.get(name, "") for name in columns] for row in rows))
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece


_WRITERS: dict[str, Callable[[Sequence[str], Iterable[Cells]], Iterator[bytes]]] = {
    "csv": _csv,
    "jsonl": _json_lines,
    "xlsx": _workbook,
}
