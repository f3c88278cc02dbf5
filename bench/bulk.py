"""Goods, prices and stock in bulk into a database that already holds many: rows per second, and the memory it took.

`python -m bench.bulk --held 100000 --rows 50000` on the database of the settings (KONTOR_HOME or KONTOR_DATABASE_URL).
Use one that is good for nothing else: what is imported stays there. The rows are made by a fixed seed.
"""

import argparse
import csv
import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import django

from kontor.commands.prepare import migrate
from kontor.commands.start import configuration, start_database

BRANDS = ["Elbwerk", "Nordschraube", "Hafenlicht", "Kontora", "Deichmann Tools"]
THINGS = [
    "Hexagon bolt",
    "Work lamp",
    "Cordless drill",
    "Cable drum",
    "Safety glove",
    "Ball valve",
    "Ring spanner",
]
COLUMNS = ["sku", "name", "summary", "description", "brand", "manufacturer_part_number", "category", "status",
           "base_unit", "weight_grams", "lead_days", "origin", "specifications"]  # fmt: skip


def goods(start: int, count: int, mark: str = "") -> Iterator[list[object]]:
    """Products with what a distributor's file has; `mark` makes every second one differ."""
    random = Random(start)
    for number in range(start, start + count):
        thing, size = random.choice(THINGS), random.randint(3, 400)
        yield [
            f"B-{number:07}", f"{thing} {size} mm, type {number}{mark if number % 2 else ''}",
            f"{thing} for daily use",
            f"{thing} of {size} mm. " * 4, random.choice(BRANDS), f"MP{number}",
            f"Bulk > Shelf {number % 40}", "active",
            "C62", random.randint(5, 9000), random.randint(1, 20), "DE",
            f"Length: {size} [mm]\nThread: M{random.randint(3, 30)}",
        ]  # fmt: skip


def figures(start: int, count: int, seed: int) -> Iterator[list[object]]:
    random = Random(seed)
    for number in range(start, start + count):
        yield [f"B-{number:07}", random.randint(1, 99_999)]


def pieces(columns: list[str], rows: Iterator[list[object]], file: Path) -> Iterator[bytes]:
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(columns)
        writer.writerows(rows)
    with file.open("rb") as written:
        while piece := written.read(1 << 20):
            yield piece


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=50_000)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kontor.settings")
    config = configuration()
    start_database(config)
    django.setup()
    migrate(config)
    from bench.bulk_seller import imported, seller

    company = seller()
    with TemporaryDirectory() as folder:

        def measure(what: str, columns: list[str], rows: Iterator[list[object]], count: int) -> None:
            given = pieces(columns, rows, Path(folder) / "rows.csv")
            begun = time.perf_counter()
            counts = imported(company, given)
            took = time.perf_counter() - begun
            most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(
                f"{what:34} {count / took:>10,.0f} rows/s   {took:7.1f} s   {most} MB   {counts}", flush=True
            )

        measure("filling the database", COLUMNS, goods(0, asked.held), asked.held)
        measure("new products", COLUMNS, goods(asked.held, asked.rows), asked.rows)
        measure("products, every second differs", COLUMNS, goods(asked.held, asked.rows, " B"), asked.rows)
        measure("products, none differs", COLUMNS, goods(asked.held, asked.rows, " B"), asked.rows)
        for what in ("price", "stock"):
            measure(f"new {what} figures", ["sku", what], figures(0, asked.held, 1), asked.held)
            measure(f"changed {what} figures", ["sku", what], figures(0, asked.held, 2), asked.held)
            measure(f"{what} figures, none differs", ["sku", what], figures(0, asked.held, 2), asked.held)


if __name__ == "__main__":
    main()
