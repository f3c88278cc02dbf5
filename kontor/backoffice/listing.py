"""What the lists of the back office have in common: days and numbers asked for in the address, rows as a file."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse

from kontor.kernel.entrances.csv_rows import Cell, write

MOST_ROWS = 100_000
LONGEST_KEY = 18


def day_of(text: str) -> date | None:
    """A day as a date field sends it, or None when there is none or it is no day."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def day_asked(request: HttpRequest, name: str) -> date | None:
    """The day in the address, or None."""
    return day_of(request.GET.get(name, ""))


def key_of(text: str) -> int | None:
    """A row's key as an address or a form names it, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY else None


def spreadsheet(name: str, columns: Sequence[Any], rows: Iterable[Sequence[Cell]]) -> StreamingHttpResponse:
    """The rows as a CSV file that is sent while it is read."""
    response = StreamingHttpResponse(
        write([str(column) for column in columns], rows), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
