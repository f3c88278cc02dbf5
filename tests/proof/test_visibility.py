"""A product that a company may not see is not there for it: on no page, in no count, by no number, through no door.

Worlds at random against a naive model (`tests.proof.sights`); each surface says which goods it lets through.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.test import Client
from django.urls import reverse

from kontor.carts.models import Cart, CartLine
from kontor.carts.operations import add_lines, add_to_cart
from kontor.carts.queries import cart_view
from kontor.catalog.models import BuyerPartNumber, Product
from kontor.catalog.operations import keep_part_numbers
from kontor.catalog.queries import category_tree, sight_of
from kontor.companies.models import Membership
from kontor.discovery.models import Digest, Finding, Watch
from kontor.discovery.queries import digest_of
from kontor.kernel.actors import Actor
from kontor.kernel.invariants import check_all
from kontor.kernel.refusal import Refused
from kontor.orders.intake import OrderDetails
from kontor.orders.operations import place_order
from kontor.pricing.queries import chain_for
from kontor.quotes.operations import request_quote
from kontor.search.engine import indexer, reader
from kontor.search.operations import rebuild_all
from kontor.search.queries import (
    Window,
    browse,
    cards_of,
    find,
    lookup_skus,
    product_detail,
    suggest,
    viewer_for,
)
from kontor.search.queries.brands import brands_of
from tests.assembly import Cast
from tests.proof.sights import GOODS, World, random_world

SKU = re.compile(r"\bG-1\d\d\b")
VIEWERS = {"visitor": None, "acme": "ana", "globex": "gil", "hansa": "store_admin"}
BUYERS = ("acme", "globex")
WORLDS = [("engine", 1), ("engine", 2), ("engine", 3), ("database", 2)]


class Eyes:
    """One viewer with a browser: each method says which SKUs one surface lets through."""

    def __init__(self, world: World, name: str) -> None:
        first = VIEWERS[name]
        self.world, self.name = world, name
        self.member: Membership | None = world.cast.people[first] if first else None
        self.actor: Actor | None = self.member.as_actor("page") if self.member else None
        self.company_id = self.member.company_id if self.member else None
        self.viewer = viewer_for(self.company_id)
        self.client = Client()
        if self.member:
            self.client.force_login(self.member.user)
        self.ids = {sku: product.pk for sku, product in world.goods.items()}

    def each(self, lets_in: Callable[[Product], bool]) -> set[str]:
        return {sku for sku, product in self.world.goods.items() if lets_in(product)}

    def shown(self, address: str, **query: Any) -> set[str]:
        """The SKUs in a page, leaving out what the reader has typed."""
        return set(SKU.findall(self.client.get(address, query).content.decode()))

    def ok(self, address: str) -> bool:
        return self.client.get(address).status_code == 200

    def api(self, path: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.get(f"/api/v1/{path}").json()
        return answer


def branded(eyes: Eyes) -> set[str]:
    """What has no brand stands on none of these pages, so it is taken from the rows."""
    rows = Product.objects.visible_to(eyes.actor).filter(sku__startswith="G-", brand="")
    unbranded = set(rows.values_list("sku", flat=True))
    return unbranded | eyes.shown("/brands/axon/") | eyes.shown("/brands/brix/")


Surface = Callable[[Eyes], set[str]]
EVERYBODYS: dict[str, Surface] = {
    "the rows": lambda eyes: set(
        Product.objects.visible_to(eyes.actor).filter(sku__startswith="G-").values_list("sku", flat=True)
    ),
    "a listing": lambda eyes: {one.sku for one in browse(eyes.viewer, window=Window(per_page=100)).cards},
    "words in the engine or the database": lambda eyes: {
        one.sku for one in find(eyes.viewer, "gizmo", window=Window(per_page=100)).cards
    },
    "chosen cards": lambda eyes: {one.sku for one in cards_of(eyes.viewer, list(eyes.ids.values()))},
    "all of a product": lambda eyes: eyes.each(
        lambda one: product_detail(eyes.viewer, one.pk, actor=eyes.actor) is not None
    ),
    "the lookup of numbers": lambda eyes: {
        one.sku for one in lookup_skus(eyes.viewer, list(eyes.ids)).values()
    },
    "suggested numbers": lambda eyes: {
        one.sku for sku in eyes.ids for _number, one in suggest(eyes.viewer, sku).part_numbers
    },
    "suggested products": lambda eyes: eyes.each(
        lambda one: any(hit.sku == one.sku for hit in suggest(eyes.viewer, one.name).products)
    ),
    "the suggestions of the page": lambda eyes: eyes.each(
        lambda one: one.sku in eyes.shown("/search/suggest/", q=one.name.split()[1])
    ),
    "a category's page": lambda eyes: eyes.shown("/catalog/gadgets/") | eyes.shown("/catalog/widgets/"),
    "the search page": lambda eyes: eyes.shown("/search/", q="gizmo"),
    "the product's page": lambda eyes: eyes.each(
        lambda one: eyes.ok(reverse("storefront:product", args=[one.pk, one.slug]))
    ),
    "the data sheet": lambda eyes: eyes.each(
        lambda one: eyes.ok(reverse("storefront:datasheet", args=[one.pk]))
    ),
    "the documents": lambda eyes: eyes.each(lambda one: eyes.ok(f"/media/{eyes.world.papers[one.sku]}")),
    "the pages of products, with what goes with them": lambda eyes: {
        sku
        for one in eyes.world.goods.values()
        for sku in eyes.shown(reverse("storefront:product", args=[one.pk, one.slug]))
    },
    "the comparison": lambda eyes: (
        eyes.shown("/compare/", p=list(eyes.ids.values())[:4])
        | eyes.shown("/compare/", p=list(eyes.ids.values())[4:])
    ),
    "the pages of brands": branded,
    "the API's list": lambda eyes: {one["sku"] for one in eyes.api("products?limit=100")["items"]},
    "the API's search": lambda eyes: {one["sku"] for one in eyes.api("products?limit=100&q=gizmo")["items"]},
    "the API's product": lambda eyes: eyes.each(lambda one: eyes.ok(f"/api/v1/products/{one.pk}")),
    "the API's product by number": lambda eyes: eyes.each(
        lambda one: eyes.ok(f"/api/v1/products/by-sku/{one.sku}?seller_id={one.seller_id}")
    ),
    "the API's prices by number": lambda eyes: priced(eyes, "sku"),
    "the API's prices by id": lambda eyes: priced(eyes, "product_id"),
}


def priced(eyes: Eyes, by: str) -> set[str]:
    named = {"sku": list(eyes.ids), "product_id": list(eyes.ids.values())}[by]
    body = orjson.dumps({"lines": [{by: one, "quantity": "1"} for one in named]})
    answer = eyes.client.post("/api/v1/prices/query", body, content_type="application/json").json()
    return {
        sku
        for sku, one in zip(eyes.ids, answer["items"], strict=True)
        if one["problem"] != "unknown_article" or one["available"] is not None
    }


def cart_of(eyes: Eyes, *products: Product) -> Cart:
    cart = Cart.objects.create(
        buyer_id=eyes.company_id, seller=eyes.world.cast.companies["hansa"], name="", created_by=eyes.member,
        is_current=False,
    )  # fmt: skip
    CartLine.objects.bulk_create(
        CartLine(cart=cart, product=one, quantity=Decimal(1), unit="C62", position=n)
        for n, one in enumerate(products)
    )
    return cart


def pasted(eyes: Eyes) -> set[str]:
    assert eyes.actor is not None
    text = "\n".join(f"{sku} 1" for sku in eyes.ids)
    return {one.sku for one in add_lines(actor=eyes.actor, cart=cart_of(eyes), text_or_rows=text).taken}


def refused(act: Callable[[], object], *codes: str) -> bool:
    """Whether it is refused as what nobody sells is refused."""
    try:
        act()
    except Refused as refusal:
        if refusal.code not in codes:
            raise
        return True
    return False


def added(eyes: Eyes, one: Product) -> bool:
    actor, cart = eyes.actor, cart_of(eyes)
    assert actor is not None
    return not refused(
        lambda: add_to_cart(actor=actor, cart=cart, product_id=one.pk, quantity=1, unit="C62"),
        "not_available",
    )


def in_cart(eyes: Eyes) -> set[str]:
    assert eyes.actor is not None
    view = cart_view(eyes.actor, cart_of(eyes, *eyes.world.goods.values()), chain_for(eyes.company_id))
    return {one.sku for one in view.lines if one.amount is not None or one.available is not None}


def ordered(eyes: Eyes, one: Product) -> bool:
    actor, cart = eyes.actor, cart_of(eyes, one)
    assert actor is not None
    details = OrderDetails(po_number=f"PO-{cart.pk}")
    return not refused(lambda: place_order(actor=actor, cart=cart, details=details), "lines_not_orderable")


def requested(eyes: Eyes, one: Product) -> bool:
    actor, cart = eyes.actor, cart_of(eyes, one)
    assert actor is not None
    return not refused(lambda: request_quote(actor=actor, cart=cart, targets={}), "not_available")


def kept(eyes: Eyes, one: Product) -> bool:
    actor = eyes.actor
    assert actor is not None
    return not refused(lambda: keep_part_numbers(actor=actor, numbers={one.pk: "X-1"}), "unknown_article")


def with_own_numbers(eyes: Eyes) -> list[str]:
    """Numbers kept for everything, as if it had been seen once."""
    BuyerPartNumber.objects.filter(buyer_id=eyes.company_id).delete()
    BuyerPartNumber.objects.bulk_create(
        BuyerPartNumber(buyer_id=eyes.company_id, product_id=pk, number=f"OWN-{pk}", key=f"OWN{pk}")
        for pk in eyes.ids.values()
    )
    return [f"own {pk}" for pk in eyes.ids.values()]


def numbered(eyes: Eyes) -> set[str]:
    with_own_numbers(eyes)
    return eyes.shown(reverse("storefront:part_numbers"))


def alerted(eyes: Eyes) -> set[str]:
    """The page of alerts of somebody who watches everything, as if it had been seen once, and was told of it."""
    assert eyes.member is not None
    Watch.objects.bulk_create(
        Watch(membership=eyes.member, product_id=pk, kind="price") for pk in eyes.ids.values()
    )
    digest = Digest.objects.create(membership=eyes.member)
    Finding.objects.bulk_create(
        Finding(digest=digest, product_id=pk, kind="price") for pk in eyes.ids.values()
    )
    told = digest_of(digest.pk)
    shown = eyes.shown(reverse("storefront:alerts"))
    assert told is not None
    assert {one.product.sku for one in told[1]} == shown
    Watch.objects.all().delete()
    return shown


COMPANYS: dict[str, Surface] = {
    "pasted lines": pasted,
    "adding by id": lambda eyes: eyes.each(lambda one: added(eyes, one)),
    "adding on a page": lambda eyes: eyes.each(
        lambda one: (
            eyes.client.post(
                reverse("storefront:cart_add"), {"product": one.pk, "quantity": "1", "unit": "C62"}
            ).status_code
            in (200, 303)
        )
    ),
    "the price in the cart": in_cart,
    "an order": lambda eyes: eyes.each(lambda one: ordered(eyes, one)),
    "a request for prices": lambda eyes: eyes.each(lambda one: requested(eyes, one)),
    "watching": lambda eyes: eyes.each(
        lambda one: (
            eyes.client.post("/alerts/watches/new/", {"product": one.pk, "kind": "stock"}).status_code == 303
        )
    ),
    "the page of alerts": alerted,
    "asking the seller": lambda eyes: eyes.each(
        lambda one: (
            eyes.client.post("/inquiries/new/", {"product": one.pk, "body": "How long?"}).status_code == 303
        )
    ),
    "keeping an own number": lambda eyes: eyes.each(lambda one: kept(eyes, one)),
    "own numbers in pasted lines": lambda eyes: {
        one.sku for one in lookup_skus(eyes.viewer, with_own_numbers(eyes)).values()
    },
    "own numbers as words": lambda eyes: {
        one.sku for number in with_own_numbers(eyes) for one in find(eyes.viewer, number).cards
    },
    "the page of own numbers": numbered,
}


@pytest.fixture(params=WORLDS, ids=lambda one: f"{one[0]} {one[1]}")
def searched(
    request: pytest.FixtureRequest, tmp_path: Path, settings: Any, monkeypatch: Any
) -> tuple[int, Callable[[], None]]:
    """A world's number, and what brings the search up to date: the index of the node, or the database where a node has none."""
    settings.SEARCH_FOLDER = tmp_path / "search"
    settings.FILES_FOLDER = tmp_path
    fresh = reader.Node()
    for module in ("browsing", "searching", "suggesting"):
        monkeypatch.setattr(f"kontor.search.queries.{module}.node", fresh)

    def bring_up_to_date() -> None:
        rebuild_all()
        if request.param[0] == "engine":
            indexer.build()
            assert fresh.engine() is not None

    return request.param[1], bring_up_to_date


@pytest.fixture
def world(cast: Cast, searched: tuple[int, Callable[[], None]]) -> World:
    seed, bring_up_to_date = searched
    made = random_world(cast, seed)
    bring_up_to_date()
    return made


@pytest.mark.covers("R0.6")
def test_what_a_company_may_not_see_is_on_no_surface(world: World) -> None:
    wrong = []
    for name in VIEWERS:
        eyes, expected = Eyes(world, name), world.seen_by(name)
        surfaces = EVERYBODYS | (COMPANYS if name in BUYERS else {})
        for surface, look in surfaces.items():
            found = look(eyes)
            if found != expected:
                more, less = sorted(found - expected), sorted(expected - found)
                wrong.append(f"{name}: {surface} shows {more} and lacks {less}")
    assert wrong == [], "\n" + "\n".join(wrong)


def test_search_engines_are_told_what_visitors_see_whoever_asks(world: World) -> None:
    slugs = {product.slug: sku for sku, product in world.goods.items()}
    for name in VIEWERS:
        eyes = Eyes(world, name)
        parts = re.findall(r"<loc>[^<]*(/sitemaps/products-\d+\.xml)", text_of(eyes, "/sitemap.xml"))
        found = {slug for part in parts for slug in re.findall(r"gizmo-\w+", text_of(eyes, part))}
        assert {slugs[slug] for slug in found} == world.seen_by("visitor")


def text_of(eyes: Eyes, address: str) -> str:
    answer: Any = eyes.client.get(address)
    return (b"".join(answer) if answer.streaming else answer.content).decode()


@pytest.mark.covers("R0.6")
def test_what_a_company_may_not_see_is_in_no_count(world: World) -> None:
    wrong = []
    for name in VIEWERS:
        eyes, expected = Eyes(world, name), world.seen_by(name)
        goods = [world.goods[sku] for sku in expected]
        brands = {brand: n for brand in ("Axon", "Brix") if (n := sum(one.brand == brand for one in goods))}
        listing, words = browse(eyes.viewer), find(eyes.viewer, "gizmo")
        tree = category_tree(eyes.viewer.assortments)
        whole = sum(tree.by_path[path].products for path in ("gadgets", "widgets"))
        of_brands = [
            dict(one) for one in (listing.facets.brands, words.facets.brands, brands_of(eyes.viewer))
        ]
        found = (listing.total, words.total, whole, of_brands)
        if found != (len(goods), len(goods), len(goods), [brands] * 3):
            wrong.append(f"{name}: {found} instead of {len(goods)} and {brands}")
        if name in BUYERS:
            sight = sight_of(world.cast.companies["hansa"].pk, eyes.company_id)
            assert (sight.seen, sight.hidden) == (len(goods), GOODS - len(goods))
    assert wrong == [], "\n" + "\n".join(wrong)
    assert not [finding.name for finding in check_all() if finding.bad and "assortment" in finding.name]
