"""Run and print the table: `python -m bench [--seconds 5] [--only "add to cart"] [--out FILE]`."""

import argparse
import json
import os
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import house, scenarios
from bench.client import Buyer
from bench.meter import Figure, measure
from kontor.kernel import embedded_postgres

WORDS = (
    "hex bolt",
    "m8",
    "stainless",
    "led panel",
    "cable",
    "glove",
    "box",
    "drill",
    "washer m10",
    "socket ip44",
)
PASTED = "500 pasted lines"
AIMS = {
    "category page": "400/s per core", "product page": "400/s per core", "search": "300/s per core",
    "add to cart": "200/s", "whole order of 5 lines": "70/s", "500 pasted lines": "400 ms",
}  # fmt: skip


def pgbench(seconds: int) -> float:
    """Transactions a second of pgbench's own workload at 8 clients on the same server."""
    tool = embedded_postgres.bindir() / "pgbench"
    dsn = embedded_postgres.dsn(house.HOME / "pg", "bench")
    embedded_postgres.ensure(house.HOME / "pg", "bench")
    subprocess.run([tool, "-i", "-q", "-s", "5", dsn], check=True, capture_output=True)
    done = subprocess.run(
        [tool, "-c", "8", "-j", "2", "-T", str(seconds), dsn], check=True, capture_output=True, text=True
    )
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None:
        raise SystemExit(done.stdout)
    return float(found[1])


def run(seconds: float, console: Console, only: str = "") -> dict[str, object]:
    """All figures, or those whose name begins with `only`."""
    house.prepare()
    console.print("  The demo is there")
    embedded_postgres.ensure(house.HOME / "pg", "kontor")
    tps = pgbench(int(seconds))
    bare = house.start_bare()
    try:
        reads = scenarios.reading(Buyer(bare.port), ["/"], 8)
        hello = measure("bare page", reads, seconds=seconds, app=bare.processes, pg=list)
    finally:
        bare.stop()
    shop = scenarios.look_around()
    server, first_page = house.start_product()
    try:
        figures = [hello, *_figures(server, shop, seconds, console, only)]
        memory = server.memory()
    finally:
        server.stop()
    return {"figures": figures, "pgbench": tps, "first_page": first_page, "memory": memory}


def _figures(
    server: house.Server, shop: scenarios.Shop, seconds: float, console: Console, only: str
) -> list[Figure]:
    buyer = Buyer(server.port)
    buyer.sign_in(scenarios.BUYER, scenarios.PASSWORD)
    shelves = [f"/catalog/{path}/" for path in shop.shelves]
    products = [f"/products/{product}/{slug}/" for product, slug, *_rest in shop.products[:400]]
    words = [f"/search/?q={word.replace(' ', '+')}" for word in WORDS]
    makers: dict[str, Callable[[int], list[scenarios.Act]]] = {
        "category page": lambda parallel: scenarios.reading(buyer, shelves, parallel),
        "product page": lambda parallel: scenarios.reading(buyer, products, parallel),
        "search": lambda parallel: scenarios.reading(buyer, words, parallel),
        "add to cart": lambda parallel: scenarios.adding(buyer, shop, parallel),
        "whole order of 5 lines": lambda parallel: scenarios.ordering(server.port, shop, parallel),
    }
    figures = []
    for name, make in makers.items():
        for parallel in (1, 8) if name.startswith(only) else ():
            figures.append(
                measure(name, make(parallel), seconds=seconds, app=server.processes, pg=house.postgres)
            )
            console.print(f"  {name}, {parallel} parallel: {figures[-1].per_second:,.0f}/s")
    if PASTED.startswith(only):
        paste = scenarios.pasting(buyer, shop)
        figures.append(measure(PASTED, paste, seconds=seconds, app=server.processes, pg=house.postgres))
    return figures


def show(result: dict[str, object], console: Console) -> None:
    """The table."""
    figures: list[Figure] = result["figures"]  # type: ignore[assignment]  # put there by run()
    hello = figures[0]
    table = Table(title=f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for head in (
        "what",
        "parallel",
        "req/s",
        "p50 ms",
        "p99 ms",
        "app ms",
        "pg ms",
        "req/s per core",
        "bare page x",
        "aim",
    ):
        table.add_column(head, justify="left" if head in ("what", "aim") else "right")
    for one in figures:
        slower = (one.app_ms + one.pg_ms) / max(hello.app_ms, 0.0001)
        table.add_row(
            one.name,
            str(one.parallel),
            f"{one.per_second:,.0f}",
            f"{one.p50:.1f}",
            f"{one.p99:.1f}",
            f"{one.app_ms:.2f}",
            f"{one.pg_ms:.2f}",
            f"{one.per_core:,.0f}",
            f"{slower:,.0f}",
            AIMS.get(one.name, ""),
        )
    console.print(table)
    console.print(f"pgbench, 8 clients, same server: {result['pgbench']:,.0f} transactions/s")
    console.print(
        f"start to first page: {result['first_page']:.2f} s; "
        f"web process after load: {int(str(result['memory'])) / 2**20:.0f} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--only", default="", help="the beginning of a scenario's name")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    console = Console(width=150)
    result = run(given.seconds, console, given.only)
    show(result, console)
    if given.out:
        plain = result | {"figures": [vars(one) for one in result["figures"]]}  # type: ignore[attr-defined]  # as above
        given.out.write_text(json.dumps(plain, indent=1))


if __name__ == "__main__":
    main()
