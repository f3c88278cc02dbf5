"""Tables with a header: CSV files and Excel sheets."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from kontor.kernel.entrances import EntranceProblem, csv_stream, xlsx_stream
from kontor.kernel.entrances.csv_stream import header_line
from kontor.tables.report_columns import report_columns_in_any_language
from kontor.tables.table import Column, Row, Table

LOOKED_AT = 300
Lines = Iterator[tuple[int, list[str]]]


def read_csv(file: Path, header: int = 0) -> Table:
    """Raises EntranceProblem, also while rows are read: what `csv_stream` raises, and header."""
    with file.open("rb") as opened:
        dialect = csv_stream.find_dialect(opened)

    def lines() -> Lines:
        with file.open("rb") as opened:
            yield from csv_stream.rows_of(opened, dialect)

    shown = {"\t": _("tab"), " ": _("blank")}.get(dialect.delimiter, dialect.delimiter)
    about = {"encoding": dialect.encoding, "delimiter": shown, "quote": dialect.quote}
    return _table("csv", about, lines, header)


def read_workbook(file: Path, sheet: str = "", header: int = 0) -> Table:
    """A sheet of a workbook: the one that is named, else the one with the widest table near its top."""
    with file.open("rb") as opened:
        names = xlsx_stream.sheet_names(opened)
        sheet = sheet or _fullest(file, names)

    def lines() -> Lines:
        with file.open("rb") as opened:
            yield from xlsx_stream.rows_of(opened, sheet)

    return _table("xlsx", {"sheet": sheet, "sheets": "\n".join(names)}, lines, header)


def _fullest(file: Path, names: list[str]) -> str:
    """People put a cover sheet in front: the table is where the most cells are."""
    if len(names) == 1:
        return names[0]
    cells = {}
    for name in names[:20]:
        with file.open("rb") as opened:
            rows = islice(xlsx_stream.rows_of(opened, name), 50)
            cells[name] = sum(1 for _row, row in rows for cell in row if cell)
    return max(cells, key=lambda one: cells[one])


def _table(form: str, about: dict[str, str], lines: Callable[[], Lines], header: int) -> Table:
    line, _width = (header, 0) if header else header_line(lines())
    found = next((cells for number, cells in lines() if number >= line), None)
    if found is None:
        raise EntranceProblem("empty", _("The file is empty."))
    names = _names(found)
    columns = [Column(name) for name in names if name not in report_columns_in_any_language()]
    for row in islice(_rows(form, lines, line, names), LOOKED_AT):
        for column in columns:
            column.note(row.cells.get(column.name, ""))
    about = about | {"header": str(line)}
    return Table(form=form, about=about, columns=columns, rows=lambda: _rows(form, lines, line, names))


def _names(cells: list[str]) -> list[str]:
    """The header's cells as names: an empty one is called by its place, a second one of the same name numbered."""
    cells = [" ".join(cell.split()) for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    names: list[str] = []
    seen: Counter[str] = Counter()
    for place, cell in enumerate(cells, 1):
        name = cell or _("Column %(place)s") % {"place": place}
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def _rows(form: str, lines: Callable[[], Lines], header: int, names: list[str]) -> Iterator[Row]:
    count = len(names)
    for line, cells in lines():
        if line <= header:
            continue
        if len(cells) == count:
            yield Row(line, dict(zip(names, cells, strict=True)))
            continue
        while len(cells) > count and not cells[-1].strip():
            cells.pop()
        # Excel keeps no empty cells at the end of a row; CSV has them, so there a short row is a broken one.
        if len(cells) > count or (form == "csv" and count - len(cells) > 1):
            counts = {"cells": len(cells), "columns": count}
            problem = _("The row has %(cells)s cells, the header has %(columns)s.") % counts
            yield Row(line, dict(zip(names, cells, strict=False)), problem)
        else:
            cells += [""] * (count - len(cells))
            yield Row(line, dict(zip(names, cells, strict=True)))
