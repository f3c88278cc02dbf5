"""The file into the staging table, by COPY. A line that cannot be read stops the replay there, before any trade."""

import gzip
import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.db import connection, transaction

from kontor.kernel.entrances.csv_rows import read_rows
from kontor.replay.models import Run
from kontor.replay.rules import ZONE

HEADER = [
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
]
COPY = """
COPY replay_line (run_id, line_number, invoice, stock_code, description, quantity, invoiced_at, unit_price, customer,
    country, outcome, reason) FROM STDIN
"""
Report = Callable[[str, int], None]


class Unreadable(Exception):
    """The file is not what it should be; the message names the line."""


def fingerprint(path: Path) -> str:
    """SHA-256 of the file's bytes: which file a run belongs to."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def stage(path: Path, report: Report) -> Run:
    """Bring the file's lines into `replay_line`, or find the run that has done so. Raises Unreadable."""
    sha256 = fingerprint(path)
    run = Run.objects.filter(sha256=sha256).first()
    if run is not None and run.stage != Run.Stage.READING:
        return run
    with transaction.atomic():
        run, _created = Run.objects.get_or_create(sha256=sha256, defaults={"file_name": path.name})
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            for count, row in enumerate(_rows(path), start=1):
                copy.write_row([run.pk, *row, "", ""])
                if count % 10_000 == 0:
                    report("Reading the file", count)
        run.stage = Run.Stage.TRADING
        run.save(update_fields=["stage"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE replay_line")
    return run


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def _rows(path: Path) -> Iterator[list[Any]]:
    with _open(path) as file:
        rows = iter(read_rows(file))
        if next(rows, None) != HEADER:
            raise Unreadable(f"line 1: the columns must be {', '.join(HEADER)}")
        for number, row in enumerate(rows, start=2):
            if len(row) != len(HEADER):
                raise Unreadable(f"line {number}: {len(row)} columns instead of {len(HEADER)}")
            yield [number, *_typed(number, row)]


def _typed(number: int, row: list[str]) -> list[Any]:
    invoice, code, description, quantity, at, price, customer, country = row
    try:
        moment = datetime.strptime(at, "%Y-%m-%d %H:%M:%S").replace(tzinfo=ZONE)
        # Customers are written as 17850.0
        who = customer.partition(".")[0]
        return [invoice, code, description[:200], int(quantity), moment, Decimal(price), who, country]
    except (ValueError, InvalidOperation) as problem:
        raise Unreadable(f"line {number}: {problem}") from None
