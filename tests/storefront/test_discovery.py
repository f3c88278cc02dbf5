"""Narrowing a listing, brands, comparing, suggestions, what to do when nothing is found."""

import pytest
from django.test import Client
from django.urls import reverse

from kontor.catalog.models import Attribute, AttributeChoice, Family, FamilyAttribute, Product
from kontor.companies.models import Company, Membership
from kontor.orders.purchases import most_bought
from kontor.search.operations import rebuild_all
from tests.cast import actor
from tests.orders.trade import placed
from tests.storefront.trade_pages import browser_of, shown


@pytest.fixture(autouse=True)
def _searchable(bolt: Product) -> None:
    rebuild_all()


@pytest.fixture
def threaded(hansa: Company, bolt: Product, drill: Product) -> Attribute:
    """Thread, a filter of the family "Fixings", to which bolt (M8) and drill (M10) belong."""
    thread = Attribute.objects.create(seller=hansa, code="thread", name="Thread", kind="choice")
    for code in ("m8", "m10"):
        AttributeChoice.objects.create(attribute=thread, code=code, label=code.upper())
    family = Family.objects.create(seller=hansa, code="fixings", name="Fixings")
    FamilyAttribute.objects.create(family=family, attribute=thread, is_facet=True)
    Product.objects.filter(pk=bolt.pk).update(family=family, attributes={"thread": "m8"})
    Product.objects.filter(pk=drill.pk).update(family=family, attributes={"thread": "m10"})
    rebuild_all()
    return thread


@pytest.mark.covers("R1.26", "R3.17")
def test_filters_that_are_set_stand_as_chips_that_can_be_taken_away(
    ana: Membership, threaded: Attribute
) -> None:
    url = reverse("storefront:category", args=["fasteners"])

    html = shown(browser_of(ana), f"{url}?brand=Norddraht&in_stock=1&a.thread=m8&price_max=20&sort=price")

    assert "Hex bolt M8 x 40" in html
    assert f'href="{url}?brand=Norddraht&amp;a.thread=m8&amp;price_max=20&amp;sort=price"' in html
    assert f'href="{url}?brand=Norddraht&amp;in_stock=1&amp;price_max=20&amp;sort=price"' in html
    assert f'href="{url}?sort=price"' in html
    assert "Price up to €20.00" in html
    assert "Hex bolt" not in shown(browser_of(ana), f"{url}?a.thread=m10")


def test_visitors_who_see_no_prices_cannot_narrow_by_them(client: Client) -> None:
    assert 'name="price_max"' not in shown(client, reverse("storefront:category", args=["fasteners"]))


def test_words_that_were_searched_for_stand_out_escaped(client: Client, bolt: Product) -> None:
    Product.objects.filter(pk=bolt.pk).update(name="Hex <b>bolt</b>", revision=7)
    rebuild_all()

    html = shown(client, reverse("storefront:search") + "?q=bolt")

    assert "<b>bolt" not in html
    assert "&lt;b&gt;" in html


@pytest.mark.covers("R3.20")
def test_what_the_company_bought_is_listed_last_bought_first(
    ana: Membership, gil: Membership, bolt: Product, drill: Product
) -> None:
    placed(ana, (drill, 1))
    placed(ana, (bolt, 100))
    url = reverse("storefront:search")

    mine = shown(browser_of(ana), f"{url}?bought=1")
    narrowed = shown(browser_of(ana), f"{url}?bought=1&q=drill")

    assert mine.index("Hex bolt M8 x 40") < mine.index("Cordless drill 18 V")
    assert "Hex bolt" not in narrowed
    assert "Cordless drill 18 V" in narrowed
    assert "has bought nothing of this yet" in shown(browser_of(gil), f"{url}?bought=1")
    assert "Cordless drill" not in shown(
        browser_of(ana), reverse("storefront:category", args=["fasteners"]) + "?sort=bought"
    )


@pytest.mark.covers("R3.20")
def test_what_the_company_orders_most_is_its_own_and_not_what_all_order(
    client: Client, ana: Membership, gil: Membership, bolt: Product, drill: Product
) -> None:
    placed(ana, (bolt, 100))
    placed(ana, (bolt, 100))
    placed(ana, (drill, 1))
    for _time in range(3):
        placed(gil, (drill, 1))
    rebuild_all()
    every, words = reverse("storefront:category", args=["power-tools"]), reverse("storefront:search")

    def first(member: Membership, sort: str) -> list[str]:
        html = shown(browser_of(member), f"{words}?bought=1&sort={sort}")
        return sorted((name for name in ("Hex bolt", "Cordless drill") if name in html), key=html.index)

    assert first(ana, "often") == ["Hex bolt", "Cordless drill"]
    assert first(ana, "bought") == ["Cordless drill", "Hex bolt"]
    assert first(gil, "often") == ["Cordless drill"]
    assert (most_bought(actor(ana)), most_bought(actor(gil))) == ([bolt.pk, drill.pk], [drill.pk])
    assert "Most ordered by us" in shown(browser_of(ana), every)
    assert "Most ordered by us" not in shown(client, every)
    assert "Cordless drill" in shown(client, f"{every}?sort=often")


@pytest.mark.covers("R3.19")
def test_brands_by_letter_and_the_goods_of_one(client: Client, bolt: Product) -> None:
    every = shown(client, reverse("storefront:brands"))
    one = shown(client, reverse("storefront:brand", args=["norddraht"]))

    assert every.index("Elbwerk") < every.index("Norddraht")
    assert "Hex bolt M8 x 40" in one
    assert "Cordless drill" not in one
    assert client.get(reverse("storefront:brand", args=["nobody"])).status_code == 404
    Product.objects.filter(pk=bolt.pk).update(assortments=[99])
    rebuild_all()
    assert client.get(reverse("storefront:brand", args=["norddraht"])).status_code == 404


@pytest.mark.covers("R1.28")
def test_products_stand_beside_each_other_and_what_differs_is_marked(
    ana: Membership, bolt: Product, drill: Product, threaded: Attribute
) -> None:
    url = reverse("storefront:compare")

    html = shown(browser_of(ana), f"{url}?p={bolt.pk}&p={drill.pk}")

    assert "89.00" in html
    assert "M10" in html
    thread = html[html.rindex("<tr", 0, html.index(">Thread<")) : html.index(">Thread<")]
    assert 'class="differs"' in thread
    seller = html[html.rindex("<tr", 0, html.index(">Sold by<")) : html.index(">Sold by<")]
    assert "differs" not in seller
    assert ">Sold by<" not in shown(browser_of(ana), f"{url}?p={bolt.pk}&p={drill.pk}&only=1")


def test_a_number_takes_a_product_into_the_comparison(client: Client, bolt: Product, drill: Product) -> None:
    url = reverse("storefront:compare")

    added = client.get(f"{url}?p={bolt.pk}&add=drill-18v")

    assert added.headers["Location"] == f"{url}?p={bolt.pk}&p={drill.pk}"
    assert "No article with the number" in shown(client, f"{url}?add=none")
    assert "Nothing to compare yet" in shown(client, url)


def test_what_may_not_be_seen_is_not_compared(client: Client, bolt: Product, drill: Product) -> None:
    Product.objects.filter(pk=drill.pk).update(assortments=[99])

    html = shown(client, reverse("storefront:compare") + f"?p={bolt.pk}&p={drill.pk}")

    assert "Cordless drill" not in html


@pytest.mark.covers("R1.26")
def test_suggestions_lead_to_products_categories_and_brands(client: Client, bolt: Product) -> None:
    url = reverse("storefront:suggest")

    html = client.get(url, {"q": "hex"}, headers={"HX-Request": "true"}).content.decode()
    shelves = client.get(url, {"q": "faste"}, headers={"HX-Request": "true"}).content.decode()

    assert f'href="/products/{bolt.pk}/hex-bolt-m8-x-40/"' in html
    assert 'role="option"' in html
    assert "BOLT-M8" in html
    assert 'href="/catalog/fasteners/"' in shelves
    assert client.get(url, {"q": "h"}, headers={"HX-Request": "true"}).content.strip() == b""
    assert "Suggestions for" in shown(client, f"{url}?q=hex")


@pytest.mark.covers("R3.21")
def test_where_nothing_is_found_there_is_help(client: Client, ana: Membership, cy: Membership) -> None:
    url = reverse("storefront:search") + "?q=zzzqqq"

    visitor, buyer, viewer = shown(client, url), shown(browser_of(ana), url), shown(browser_of(cy), url)

    assert "Fasteners" in visitor
    assert "Register your company" in visitor
    assert reverse("storefront:inquiry_new") in buyer
    assert 'value="zzzqqq"' in buyer
    assert reverse("storefront:inquiry_new") not in viewer
