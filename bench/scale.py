"""How the catalog behaves when it is large: `python -m bench.scale 10000 100000 1000000`.

For each size an installation of its own below var/: a seller, a buyer with own prices for a tenth of the goods, and
that many products, made inside the database from a fixed seed: names from 330 words of which few are frequent, 240
makers, 300 categories, 10 families that offer 10 attributes each as filters. Then the index is built as a node builds
it, and the production server is asked for pages one after the other, each search a different one.
"""

import argparse
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import quote_plus

import orjson
from rich.console import Console
from rich.table import Table

from bench import house
from bench.client import Buyer
from bench.meter import Figure, measure
from bench.scale_catalog import BUYER, PASSWORD
from bench.scenarios import reading
from kontor.kernel import embedded_postgres

MANY = 400
SUGGESTED = 3


def installation(size: int) -> Path:
    """Where the catalog of that size lives; the house's functions work on it from now on."""
    house.HOME = house.ROOT / "var" / f"bench-scale-{size}"
    return house.HOME


def fill(size: int) -> dict[str, float]:
    """Products and index, in a process of its own, where they are missing. Returns the index's seconds and bytes."""
    embedded_postgres.ensure(house.HOME / "pg", "kontor")
    subprocess.run([house.KONTOR, "migrate"], env=house.environment(), check=True, stdout=subprocess.DEVNULL)
    kept = house.HOME / "scale.json"
    command = [sys.executable, "-m", "bench.scale_catalog", str(size), str(kept)]
    subprocess.run(command, env=house.environment(), check=True, cwd=house.ROOT)
    found: dict[str, float] = orjson.loads(kept.read_bytes())
    return found


def addresses() -> dict[str, list[str]]:
    """Pages to ask for: many different ones of each kind."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.scale_catalog", "--addresses"],
        env=house.environment(), check=True, capture_output=True, cwd=house.ROOT,
    )  # fmt: skip
    facts: dict[str, list[str]] = orjson.loads(done.stdout)
    chance = random.Random(7)
    words = facts["words"]
    pairs = [f"{chance.choice(words[:40])} {chance.choice(words)}" for _ in range(MANY)]
    begun = [word[: chance.randint(2, 5)] for word in chance.choices(words, k=MANY)]
    return {
        "search, one word": [f"/search/?q={quote_plus(word)}" for word in words],
        "search, two words": [f"/search/?q={quote_plus(pair)}" for pair in pairs],
        "suggestion": [f"/search/suggest/?q={quote_plus(one)}" for one in begun],
        "part number": [f"/search/?q={quote_plus(sku)}" for sku in facts["numbers"]],
        "category page": [f"/catalog/{path}/" for path in facts["shelves"]],
        "product page": facts["products"],
    }


def figures(seconds: float, console: Console) -> tuple[list[Figure], int]:
    """Every kind of page by one client, category pages by eight as well; and the web process's memory."""
    pages = addresses()
    server, _first = house.start_product()
    try:
        buyer = Buyer(server.port)
        buyer.sign_in(BUYER, PASSWORD)
        found = []
        for name, where in pages.items():
            for parallel in (1, 8) if name == "category page" else (1,):
                acts = _patient(reading(buyer, where, parallel, htmx=name == "suggestion"))
                found.append(measure(name, acts, seconds=seconds, app=server.processes, pg=house.postgres))
                console.print(f"  {name}: p50 {found[-1].p50:.1f} ms, p99 {found[-1].p99:.1f} ms")
        return found, server.memory()
    finally:
        server.stop()


def _patient(acts: list[Callable[[], None]]) -> list[Callable[[], None]]:
    """A part number leads on to its product: that answer counts as well."""

    def patient(act: Callable[[], None]) -> None:
        try:
            act()
        except RuntimeError as answer:
            if ": 302 " not in str(answer) and ": 301 " not in str(answer):
                raise

    return [partial(patient, act) for act in acts]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("sizes", type=int, nargs="+")
    arguments.add_argument("--seconds", type=float, default=8)
    asked = arguments.parse_args()
    console = Console()
    for size in asked.sizes:
        installation(size)
        built = fill(size)
        embedded_postgres.ensure(house.HOME / "pg", "kontor")
        found, memory = figures(asked.seconds, console)
        around = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d')}"
        table = Table(title=f"{size:,} products, {around}")
        for head in ("what", "parallel", "p50 ms", "p99 ms", "app ms", "pg ms", "req/s per core"):
            table.add_column(head)
        for one in found:
            table.add_row(
                one.name, str(one.parallel), f"{one.p50:.1f}", f"{one.p99:.1f}", f"{one.app_ms:.2f}",
                f"{one.pg_ms:.2f}", f"{one.per_core:,.0f}",
            )  # fmt: skip
        console.print(table)
        console.print(
            f"index: {built['products'] / built['seconds']:,.0f} products/s ({built['products'] / built['cpu']:,.0f} a"
            f" second of CPU), {built['bytes'] / 1e6:.0f} MB; web process {memory / 1e6:.0f} MB"
        )
        embedded_postgres.stop(house.HOME / "pg")


if __name__ == "__main__":
    main()
