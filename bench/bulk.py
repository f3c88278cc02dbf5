"""Goods, prices and stock in bulk into a database that already holds many: what a row costs, and the memory it takes.

`python -m bench.bulk --held 100000 --rows 50000` on the database of the settings (KONTOR_HOME or KONTOR_DATABASE_URL).
Use one that is good for nothing else: what is imported stays there. The rows are made by a fixed seed.

The clock says little while others use the machine, so CPU time is told as well, of this process and of its connection
to PostgreSQL, and what a bare COPY of the same file into a table of texts without an index takes at the same moment.
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
import psutil

from bench.meter import cpu_of
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

PRICE_COLUMNS = ["sku", "price_list", "from_quantity", "price", "per", "unit", "valid_from", "valid_until"]


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


def prices(start: int, count: int, seed: int) -> Iterator[list[object]]:
    """Rows of a file of prices, two breaks of an article each, every tenth with dates."""
    random = Random(seed)
    for place in range(count):
        begins, ends = ("2030-03-01 06:00", "2030-04-01 00:00") if place % 10 == 9 else ("", "")
        amount = f"{random.randint(1, 99_999) / 100:.2f}"
        yield [f"B-{start + place // 2:07}", "public", 100 if place % 2 else 1, amount, 1, "", begins, ends]


def write(columns: list[str], rows: Iterator[list[object]], file: Path) -> None:
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(columns)
        writer.writerows(rows)


def pieces(file: Path) -> Iterator[bytes]:
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
    from bench.bulk_seller import backend, copied, imported, seller

    company = seller()
    own, pg = psutil.Process(), psutil.Process(backend())
    print(
        f"{'':32} {'rows/s':>8} {'process µs':>11} {'PostgreSQL µs':>14} {'× bare COPY':>12} {'peak MB':>8}"
    )
    with TemporaryDirectory() as folder:

        def measure(what: str, columns: list[str], rows: Iterator[list[object]]) -> None:
            file = Path(folder) / "rows.csv"
            write(columns, rows, file)
            begun, before = time.perf_counter(), (cpu_of([own]), cpu_of([pg]))
            counts = imported(company, pieces(file))
            took, after = time.perf_counter() - begun, (cpu_of([own]), cpu_of([pg]))
            copied(file, len(columns))
            bare = max(cpu_of([pg]) - after[1], 0.01)
            count = counts["rows"]
            costs = [(end - start) / count * 1e6 for start, end in zip(before, after, strict=True)]
            most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            times = sum(costs) * count / bare / 1e6
            print(
                f"{what:32} {count / took:>8,.0f} {costs[0]:>11.1f} {costs[1]:>14.1f} {times:>12.0f} {most:>8}  ",
                counts,
                flush=True,
            )

        if asked.held:
            measure("filling the database", COLUMNS, goods(0, asked.held))
        measure("new products", COLUMNS, goods(asked.held, asked.rows))
        measure("products, every second differs", COLUMNS, goods(asked.held, asked.rows, " B"))
        measure("products, none differs", COLUMNS, goods(asked.held, asked.rows, " B"))
        for what in ("price", "stock"):
            for kind, seed in (("new", 1), ("changed", 2), ("the same", 2)):
                measure(f"{kind} {what} figures", ["sku", what], figures(asked.held, asked.rows, seed))
        for kind, seed in (("new", 3), ("changed", 4), ("the same", 4)):
            measure(f"{kind} prices in full", PRICE_COLUMNS, prices(0, asked.rows, seed))


if __name__ == "__main__":
    main()
