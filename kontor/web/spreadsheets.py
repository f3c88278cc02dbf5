"""Rows of a list as a file for spreadsheets."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.http import StreamingHttpResponse

from kontor.kernel.entrances.csv_rows import Cell, write
from kontor.kernel.money import minor_units

MOST_ROWS = 100_000


def cents(amount: Decimal, currency: str) -> Decimal:
    """An amount with the decimals of its currency: columns of a file look alike."""
    return amount.quantize(Decimal(1).scaleb(-minor_units(currency)))


def plain(number: Decimal) -> Decimal:
    """A quantity or unit price without empty decimals."""
    return Decimal(f"{number.normalize():f}")


def spreadsheet(name: str, columns: Sequence[Any], rows: Iterable[Sequence[Cell]]) -> StreamingHttpResponse:
    """The rows as a CSV file that is sent while it is read."""
    response = StreamingHttpResponse(
        write([str(column) for column in columns], rows), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
