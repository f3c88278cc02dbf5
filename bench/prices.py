"""How prices behave when there are many: `python -m bench.prices 10000x10 1000000x20000` (products x companies).

For each pair an installation of its own below var/, with the production settings of its database: list prices for all
goods, breaks for a third of them, fifty lists that derive from these with exceptions, and a contract for each company;
a million products and twenty thousand companies have five million rows. Then prices are asked for as pages, carts and
orders do, each time for another company and other goods.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import orjson
from rich.console import Console
from rich.table import Table

from bench import house
from kontor.kernel import embedded_postgres


def measured(products: int, companies: int) -> dict[str, list[float]]:
    """Milliseconds by what was asked, in a process of its own."""
    house.HOME = house.ROOT / "var" / f"bench-prices-{products}x{companies}"
    embedded_postgres.ensure(house.HOME / "pg", "kontor")
    try:
        subprocess.run(
            [house.KONTOR, "migrate"], env=house.environment(), check=True, stdout=subprocess.DEVNULL
        )
        report: Path = house.HOME / "prices.json"
        command = [sys.executable, "-m", "bench.price_lists", str(products), str(companies), str(report)]
        subprocess.run(command, env=house.environment(), check=True, cwd=house.ROOT)
        found: dict[str, list[float]] = orjson.loads(report.read_bytes())
        return found
    finally:
        embedded_postgres.stop(house.HOME / "pg")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("sizes", nargs="+", help="products x companies, such as 10000x10")
    console = Console()
    columns = {}
    for size in arguments.parse_args().sizes:
        products, companies = map(int, size.split("x"))
        columns[f"{products:,} x {companies:,}"] = measured(products, companies)
    around = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d')}"
    table = Table(title=f"Prices, p50 / p99 ms, {around}")
    table.add_column("what")
    for size in columns:
        table.add_column(size)
    for what in next(iter(columns.values())):
        table.add_row(what, *(_told(found[what]) for found in columns.values()))
    console.print(table)


def _told(times: list[float]) -> str:
    if len(times) == 1:
        return f"{times[0]:,.0f}"
    ordered = sorted(times)
    return f"{ordered[len(ordered) // 2]:.2f} / {ordered[int(len(ordered) * 0.99)]:.2f}"


if __name__ == "__main__":
    main()
