"""Companies and visitors read in turns what all of them may read: nobody is ever shown another's price."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.conf import settings

from kontor.companies.models import Company
from kontor.pricing.models import Price, PriceAssignment, PriceList, PriceScope
from kontor.search.engine import indexer, reader
from kontor.search.operations import rebuild_all
from tests.proof.doorway import Door, content, undone
from tests.proof.permission_table import EXAMPLES, ROLES, Route, routes

pytestmark = pytest.mark.django_db
READERS = {"guest": "1333.37", "company admin": "7111.19", "rival company admin": "8222.23"}
"""Who reads, and the price that nobody else has. The public one is the lowest: a higher one is told to customers."""
QUERIES = ("", "?q=drill", "?q=drill&sort=price", "?sort=-price&price_from=1&price_to=9000")
SEARCHED = ("/search/", "/catalog/", "/brands/", "/api/v1/products")
FOR_ALL = re.compile("public, max-age=(300|900|3600)(, immutable)?")
PUBLIC_ROUTES = {
    "feed_xml", "feed_tsv", "sitemap", "sitemap_pages", "sitemap_products", "robots", "openapi", "docs", "reference",
    "guide", "medium", "manifest",
}  # fmt: skip
"""What a cache may keep for everybody: it says what visitors see, whoever asks."""


@pytest.fixture(params=["engine", "database"])
def priced(
    door: Door, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Door]:
    """Each reader with a price of its own for the drill; searched in an index of the node's own, or without one."""
    monkeypatch.setattr(settings, "SEARCH_FOLDER", tmp_path / "search")
    monkeypatch.setattr(reader, "LOOK_EVERY", -1.0)
    fresh = reader.Node()
    for module in ("browsing", "searching", "suggesting"):
        monkeypatch.setattr(f"kontor.search.queries.{module}.node", fresh)
    with undone():
        hansa, drill = door.cast.companies["hansa"], door.cast.products["drill"]
        Company.objects.filter(pk=hansa.pk).update(prices_for_guests=True)
        Price.objects.filter(product=drill).delete()
        of_globex = PriceList.objects.create(seller=hansa, code="globex-own", name="Own", currency="EUR")
        scope = PriceScope.objects.create(seller=hansa, account=door.cast.accounts["globex"])
        PriceAssignment.objects.create(scope=scope, price_list=of_globex)
        lists = (door.cast.price_lists["public"], door.cast.price_lists["acme"], of_globex)
        for price_list, amount in zip(lists, READERS.values(), strict=True):
            Price.objects.create(price_list=price_list, product=drill, amount=Decimal(amount))
        rebuild_all()
        if request.param == "engine":
            indexer.build()
        yield door


def addresses(door: Door, route: Route, role: Any) -> list[str]:
    """The route with ids that this role may name; the drill for all."""
    drill = door.cast.products["drill"]
    own = door.trades[role.trade or "acme"].ids | {
        "product_id": drill.pk,
        "sku": drill.sku,
        "slug": drill.slug,
    }
    if route.name == "product":
        own["slug"] = drill.slug
    known = {name: own.get(name, EXAMPLES.get(name)) for name in route.parameters}
    known |= {name: value for name, value in EXAMPLES.items() if name in route.parameters and name != "slug"}
    if "category_path" in known:
        known["category_path"] = "power-tools"
    plain = re.sub(r"\{(\w+)\}", lambda part: str(known[part[1]]), route.address)
    return [plain + query for query in QUERIES] if plain.startswith(SEARCHED) else [plain]


def read(door: Door, role: Any, address: str) -> Any:
    return door.clients[role.name].get(address)


def figures_in(response: Any) -> str:
    """What can be read in it, without markup and without what parts thousands."""
    text = content(response).decode(errors="replace")
    return re.sub(r"<[^>]+>|(?<=\d),(?=\d{3})", "", text)


def price_query(door: Door, role: Any) -> Any:
    body = orjson.dumps({"lines": [{"product_id": door.cast.products["drill"].pk, "quantity": "1"}]})
    return door.clients[role.name].post("/api/v1/prices/query", body, content_type="application/json")


def said_of_keeping(route: Route, role: Any, response: Any) -> str:
    """What is wrong with what caches are told."""
    told, varies = response.headers.get("Cache-Control", ""), response.headers.get("Vary", "")
    if FOR_ALL.fullmatch(told):
        return "" if route.name in PUBLIC_ROUTES else f"may be kept by everybody: {told}"
    if role.person:
        return "" if told in ("private, no-store", "no-store") else f"says {told!r}"
    allowed = {"private, no-cache", "private, no-store", "no-store"}
    if told == "private, no-cache" and "Cookie" not in varies:
        return f"varies by {varies!r} alone"
    return "" if told in allowed or route.name in PUBLIC_ROUTES else f"says {told!r}"


@pytest.mark.covers("R0.5", "R0.18")
def test_nobody_is_shown_the_price_of_another(priced: Door, capsys: pytest.CaptureFixture[str]) -> None:
    door = priced
    roles = [next(one for one in ROLES if one.name == name) for name in READERS]
    for role in roles:
        client = door.clients[role.name]
        client.cookies.clear()
        if role.name in door.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = door.sessions[role.name]
    pages = [
        one
        for one in routes()[0]
        if one.method == "GET" and one.kind in ("page", "api") and one.name != "mail"
    ]
    wrong, told, tried = [], Counter[str](), 0
    for route in pages:
        allowed = [one for one in roles if route.admits(one)]
        if len(allowed) < 2 or route.name in ("ready", "health", "metrics", "events"):
            continue
        of_each = {one.name: addresses(door, route, one) for one in allowed}
        for number in range(max(map(len, of_each.values()))):
            for role in (*allowed, *allowed[-2::-1]):  # each before and after each other
                with undone():
                    response = read(door, role, of_each[role.name][number])
                    text = figures_in(response)
                tried += 1
                if response.status_code != 200:
                    continue
                about = f"{role.name}: {route.name} {of_each[role.name][number]}"
                told[role.name] += READERS[role.name] in text
                others = [name for name, price in READERS.items() if name != role.name and price in text]
                if others and not (route.name in PUBLIC_ROUTES and others == ["guest"]):
                    wrong.append(f"{about} shows the price of {others}")
                if keeping := said_of_keeping(route, role, response):
                    wrong.append(f"{about} {keeping}")
    for role in [*roles, *reversed(roles)]:
        (item,) = price_query(door, role).json()["items"]
        if item["amount"] != READERS[role.name]:
            wrong.append(f"{role.name}: is told {item['amount']} by the API's prices")
    with capsys.disabled():
        print(f"\nprices of others: {tried} reads of {len(pages)} addresses, own prices shown {dict(told)}")
    assert wrong == [], "\n" + "\n".join(wrong)
    assert min(told[name] for name in READERS) >= 10, told
