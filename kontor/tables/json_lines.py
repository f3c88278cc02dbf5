"""JSON lines: one object a line. Values in values become ``outer.inner``; a list is written with bars between."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from django.utils.translation import gettext as _

from kontor.kernel.entrances import EntranceProblem
from kontor.tables.table import Column, Row, Table

LONGEST = 4_000_000
"""Bytes of one line."""
MOST_COLUMNS = 20_000
LOOKED_AT = 2_000
BETWEEN = " | "


def read_json_lines(file: Path) -> Table:
    """Raises EntranceProblem, also while rows are read: line_too_long, not_json, too_many_columns."""
    columns: dict[str, Column] = {}
    for row in _rows(file):
        for name, value in row.cells.items():
            column = columns.get(name)
            if column is None:
                if len(columns) == MOST_COLUMNS:
                    most = {"most": MOST_COLUMNS}
                    message = _("The objects have more than %(most)s different keys.") % most
                    raise EntranceProblem("too_many_columns", message, row.line)
                column = columns[name] = Column(name)
            if len(column.samples) < 5:
                column.note(value)
    if not columns:
        raise EntranceProblem("empty", _("The file is empty."))
    return Table(form="jsonl", about={}, columns=list(columns.values()), rows=lambda: _rows(file))


def _rows(file: Path) -> Iterator[Row]:
    with file.open("rb") as opened:
        number = 0
        while line := opened.readline(LONGEST + 1):
            number += 1
            if len(line) > LONGEST:
                counts = {"line": number, "most": LONGEST // 1_000_000}
                message = _("Line %(line)s is longer than %(most)s MB.") % counts
                raise EntranceProblem("line_too_long", message, number)
            line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if line.strip():
                yield _row(number, line)


def _row(number: int, line: bytes) -> Row:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as problem:
        if number == 1:
            message = _("Line %(line)s is not a JSON object: %(why)s.") % {"line": 1, "why": problem.msg}
            raise EntranceProblem("not_json", message, 1) from None
        return Row(number, {}, _("This line is not JSON: %(why)s.") % {"why": problem.msg})
    if not isinstance(value, dict):
        return Row(number, {}, _("This line is not a JSON object in braces."))
    cells: dict[str, str] = {}
    _flatten(value, "", cells, 0)
    return Row(number, cells)


def _flatten(value: dict[str, Any], before: str, cells: dict[str, str], depth: int) -> None:
    for key, one in islice(value.items(), MOST_COLUMNS):
        name = f"{before}{key}"
        if isinstance(one, str):
            cells[name] = one
        elif one is None:
            cells[name] = ""
        elif isinstance(one, dict) and depth < 5:
            _flatten(one, f"{name}.", cells, depth + 1)
        else:
            cells[name] = text_of(one)


def text_of(value: Any) -> str:
    """A JSON value as text: ``true``, ``12.4``, ``a | b``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and not any(isinstance(one, list | dict) for one in value):
        return BETWEEN.join(one if isinstance(one, str) else text_of(one) for one in value)
    return orjson.dumps(value).decode() if isinstance(value, list | dict) else str(value)
