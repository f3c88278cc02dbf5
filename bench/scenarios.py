"""What is measured: pages of a signed-in buyer with own prices, whole orders, 500 pasted lines."""

import itertools
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import orjson

from bench import house
from bench.client import Buyer

BUYER, PASSWORD = "einkauf@globex.example", "kontor-demo-2026"
Act = Callable[[], None]
Good = tuple[int, str, str, str, str]
"""Product id, slug, SKU, smallest quantity and its unit."""


@dataclass(frozen=True)
class Shop:
    """What the scenarios need to know of the demo."""

    shelves: list[str]
    products: list[Good]
    key: str


def look_around() -> Shop:
    """Read shelves and articles, make stock plentiful, and a key for the API."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.facts", BUYER],
        env=house.environment(),
        check=True,
        capture_output=True,
        cwd=house.ROOT,
    )
    facts = orjson.loads(done.stdout)
    return Shop(facts["shelves"], [tuple(one) for one in facts["products"]], facts["key"])


def endless(values: list[str], seed: int) -> Iterator[str]:
    """The values in a mixed order, again and again."""
    mixed = list(values)
    random.Random(seed).shuffle(mixed)
    return itertools.cycle(mixed)


def reading(buyer: Buyer, addresses: list[str], parallel: int, *, htmx: bool = False) -> list[Act]:
    """Clients that read pages, or (`htmx`) the fragments that pages load."""

    def read(twin: Buyer, where: Iterator[str]) -> None:
        twin.get(next(where), htmx=htmx)

    return [partial(read, buyer.again(), endless(addresses, number)) for number in range(parallel)]


def adding(buyer: Buyer, shop: Shop, parallel: int) -> list[Act]:
    """Clients that put articles into one shared cart."""

    def add(twin: Buyer, goods: Iterator[Good]) -> None:
        product, _slug, _sku, minimum, unit = next(goods)
        twin.post("/cart/add/", {"product": str(product), "quantity": minimum, "unit": unit}, htmx=True)

    mixed = [itertools.cycle(random.Random(number).sample(shop.products, 300)) for number in range(parallel)]
    return [partial(add, buyer.again(), goods) for goods in mixed]


def ordering(port: int, shop: Shop, parallel: int) -> list[Act]:
    """Clients that each fill a cart of their own with five lines and order it, through the API."""

    def order(buyer: Buyer, chance: random.Random) -> None:
        lines = [
            {"sku": sku, "quantity": minimum, "unit": unit}
            for _id, _slug, sku, minimum, unit in chance.sample(shop.products, 5)
        ]
        cart = buyer.call("POST", "/api/v1/carts", {"start_new": True, "name": "bench"})
        buyer.call("POST", f"/api/v1/carts/{cart['id']}/paste", {"lines": lines})
        buyer.call("POST", "/api/v1/orders", {"cart_id": cart["id"]})

    return [partial(order, Buyer(port, key=shop.key), random.Random(number)) for number in range(parallel)]


def pasting(buyer: Buyer, shop: Shop) -> list[Act]:
    """500 pasted lines into an empty cart, in one request; the cart is emptied without being measured apart."""
    buyer = buyer.again()  # the first connection has been idle for too long
    text = "\n".join(f"{sku}\t{minimum}" for _id, _slug, sku, minimum, _unit in shop.products[:500])

    def paste() -> None:
        status, headers, _content = buyer.post("/carts/new/", {"name": ""})
        address = headers.get("Location") or headers.get("HX-Redirect")
        if status not in (204, 303) or not address:
            raise RuntimeError(f"no new cart: {status}")
        buyer.post(f"{address}paste/", {"lines": text}, htmx=True)

    return [paste]
