"""Rows of a list as a file for spreadsheets."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.http import StreamingHttpResponse

from kontor.kernel.entrances.csv_rows import Cell, write
from kontor.kernel.entrances.xlsx_stream import write_workbook
from kontor.kernel.money import minor_units

MOST_ROWS = 100_000
CHUNK = 1 << 16
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def cents(amount: Decimal, currency: str) -> Decimal:
    """An amount with the decimals of its currency: columns of a file look alike."""
    return amount.quantize(Decimal(1).scaleb(-minor_units(currency)))


def plain(number: Decimal) -> Decimal:
    """A quantity or unit price without empty decimals."""
    return Decimal(f"{number.normalize():f}")


def spreadsheet(
    name: str, columns: Sequence[Any], rows: Iterable[Sequence[Cell]], *, form: str = "csv"
) -> StreamingHttpResponse:
    """The rows as a CSV file that is sent while it is read; as a workbook for the form ``xlsx``."""
    heads = [str(column) for column in columns]
    if form == "xlsx":
        response = StreamingHttpResponse(_workbook(heads, rows), content_type=XLSX)
    else:
        form = "csv"
        response = StreamingHttpResponse(write(heads, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _workbook(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        write_workbook(file, columns, rows)
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece
