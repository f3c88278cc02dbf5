"""What the buyer's lists have in common: days asked for in the address, and the rows as a file for spreadsheets."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, QueryDict, StreamingHttpResponse

from kontor.kernel.entrances.csv_rows import Cell, write
from kontor.kernel.money import minor_units

MOST_ROWS = 100_000


def ticked(data: QueryDict, name: str) -> bool:
    """Whether a box is ticked; browsers send "on", addresses that people write say 1."""
    return data.get(name, "") not in ("", "0")


def day_asked(request: HttpRequest, name: str) -> date | None:
    """The day in the address, or None when there is none or it is no day."""
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


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
