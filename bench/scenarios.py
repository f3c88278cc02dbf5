"""What is measured: pages of a signed-in buyer with own prices, whole orders, 500 pasted lines."""

import itertools
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import orjson

from bench import house
from bench.client import Buyer

BUYER, PASSWORD = "einkauf@globex.example", "kontor-demo-2026"
Act = Callable[[], None]


@dataclass(frozen=True)
class Shop:
    """What the scenarios need to know of the demo."""

    shelves: list[str]
    products: list[tuple[int, str, str, str, str]]
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


def reading(buyer: Buyer, addresses: list[str], parallel: int) -> list[Act]:
    """Clients that read pages."""
    acts = []
    for number in range(parallel):
        twin, where = buyer.again(), endless(addresses, number)
        acts.append(lambda twin=twin, where=where: twin.get(next(where)))
    return acts  # type: ignore[return-value]  # the answer is not looked at


def adding(buyer: Buyer, shop: Shop, parallel: int) -> list[Act]:
    """Clients that put articles into one shared cart."""
    acts = []
    for number in range(parallel):
        twin = buyer.again()
        goods = itertools.cycle(random.Random(number).sample(shop.products, 300))

        def add(twin: Buyer = twin, goods: "itertools.cycle[tuple[int, str, str, str, str]]" = goods) -> None:
            product, _slug, _sku, minimum, unit = next(goods)
            twin.post("/cart/add/", {"product": str(product), "quantity": minimum, "unit": unit}, htmx=True)

        acts.append(add)
    return acts


def ordering(port: int, shop: Shop, parallel: int) -> list[Act]:
    """Clients that each fill a cart of their own with five lines and order it, through the API."""
    acts = []
    for number in range(parallel):
        buyer = Buyer(port, key=shop.key)
        chance = random.Random(number)

        def order(buyer: Buyer = buyer, chance: random.Random = chance) -> None:
            lines = [
                {"sku": sku, "quantity": minimum, "unit": unit}
                for _id, _slug, sku, minimum, unit in chance.sample(shop.products, 5)
            ]
            cart = buyer.call("POST", "/api/v1/carts", {"start_new": True, "name": "bench"})
            buyer.call("POST", f"/api/v1/carts/{cart['id']}/paste", {"lines": lines})
            buyer.call("POST", "/api/v1/orders", {"cart_id": cart["id"]})

        acts.append(order)
    return acts


def pasting(buyer: Buyer, shop: Shop) -> list[Act]:
    """500 pasted lines into an empty cart, in one request; the cart is emptied without being measured apart."""
    text = "\n".join(f"{sku}\t{minimum}" for _id, _slug, sku, minimum, _unit in shop.products[:500])

    def paste() -> None:
        status, headers, _content = buyer.post("/carts/new/", {"name": ""})
        address = headers.get("Location") or headers.get("HX-Redirect")
        if status not in (204, 303) or not address:
            raise RuntimeError(f"no new cart: {status}")
        buyer.post(f"{address}paste/", {"lines": text}, htmx=True)

    return [paste]
