"""What search engines read: sitemaps, robots.txt, canonical addresses, languages, facts; and what they do not."""

import re

import orjson
import pytest
from django.test import Client
from django.urls import reverse

from kontor.catalog.models import Category, Product
from kontor.catalog.operations import CategoryFacts, save_category
from kontor.companies.models import Company, Membership
from kontor.search.operations import rebuild_all
from kontor.storefront import sitemaps
from kontor.storefront.structured import as_script
from tests.cast import actor
from tests.storefront.trade_pages import browser_of, shown

SITE = "http://127.0.0.1:8000"


@pytest.fixture(autouse=True)
def _searchable(bolt: Product, settings: pytest.FixtureRequest) -> None:
    settings.SITE_URL = SITE
    rebuild_all()


def facts(html: str) -> dict[str, dict]:
    """The data blocks of a page by their type."""
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    return {one["@type"]: one for one in map(orjson.loads, blocks)}


def body(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return b"".join(answer).decode()


@pytest.mark.covers("R1.27", "R3.10")
def test_the_sitemap_is_an_index_of_parts_by_ranges_of_numbers(
    client: Client, bolt: Product, drill: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "RANGE", 1)
    monkeypatch.setattr(sitemaps, "STEP", 1)

    index = body(client, "/sitemap.xml")

    assert f"<loc>{SITE}/sitemaps/products-{bolt.pk - 1}.xml</loc>" in index
    part = body(client, f"/sitemaps/products-{bolt.pk - 1}.xml")
    assert f"<loc>{SITE}/products/{bolt.pk}/hex-bolt-m8-x-40/</loc>" in part
    assert f'hreflang="de" href="{SITE}/products/{bolt.pk}/hex-bolt-m8-x-40/?lang=de"' in part
    assert "cordless-drill" not in part
    pages = body(client, "/sitemaps/pages.xml")
    assert f"<loc>{SITE}/catalog/fasteners/</loc>" in pages
    assert f"<loc>{SITE}/brands/norddraht/</loc>" in pages


@pytest.mark.covers("R0.6", "R1.27")
def test_only_what_visitors_may_see_is_in_the_sitemap_whoever_asks(
    ana: Membership, bolt: Product, drill: Product
) -> None:
    Product.objects.filter(pk=bolt.pk).update(assortments=[99])
    Product.objects.filter(pk=drill.pk).update(status="draft")
    rebuild_all()

    for browser in (Client(), browser_of(ana)):
        answer = browser.get(f"/sitemaps/products-{(bolt.pk - 1) // sitemaps.RANGE}.xml")
        found = b"".join(answer).decode()
        assert "hex-bolt" not in found
        assert "cordless-drill" not in found
        assert "work-lamp-led" in found
        assert answer.headers["Cache-Control"] == "public, max-age=3600"
        assert "catalog/fasteners" not in body(browser, "/sitemaps/pages.xml")


@pytest.mark.covers("R3.10")
def test_robots_may_look_at_goods_and_nothing_else(client: Client) -> None:
    text = body(client, "/robots.txt")

    assert "Disallow: /office/" in text
    assert "Disallow: /*?*sort=" in text
    assert f"Sitemap: {SITE}/sitemap.xml" in text
    assert "Disallow: /products/" not in text


@pytest.mark.covers("R1.27", "R3.10")
def test_a_product_says_what_it_is_and_no_price_where_prices_are_hidden(
    client: Client, hansa: Company, bolt: Product
) -> None:
    url = reverse("storefront:product", args=[bolt.pk, bolt.slug])
    hidden = facts(shown(client, url))

    assert hidden["Product"]["sku"] == "BOLT-M8"
    assert hidden["Product"]["gtin"] == "4006381333931"
    assert "offers" not in hidden["Product"]
    assert [one["name"] for one in hidden["BreadcrumbList"]["itemListElement"]] == [
        "Products",
        "Fasteners",
        "Hex bolt M8 x 40",
    ]

    Company.objects.filter(pk=hansa.pk).update(prices_for_guests=True)
    offer = facts(shown(client, url))["Product"]["offers"]

    assert (offer["price"], offer["priceCurrency"]) == ("12.5", "EUR")
    assert offer["priceSpecification"]["referenceQuantity"]["value"] == "100"
    assert offer["availability"] == "https://schema.org/InStock"


def test_a_name_cannot_end_the_block_of_facts(client: Client, bolt: Product) -> None:
    Product.objects.filter(pk=bolt.pk).update(
        name="</script><script>alert(1)</script>&\u2028", slug="x", revision=9
    )

    html = shown(client, reverse("storefront:product", args=[bolt.pk, "x"]))

    assert "<script>alert" not in html
    assert facts(html)["Product"]["name"] == "</script><script>alert(1)</script>&\u2028"
    assert str(as_script([{"a": "<&>"}])).count("<") == 2


@pytest.mark.covers("R1.27", "R3.10")
def test_a_page_has_one_address_in_each_language(client: Client, bolt: Product) -> None:
    url = reverse("storefront:category", args=["fasteners"])

    plain, german = shown(client, url), shown(client, f"{url}?lang=de")

    assert f'<link rel="canonical" href="{SITE}{url}">' in plain
    assert f'<link rel="alternate" hreflang="de" href="{SITE}{url}?lang=de">' in plain
    assert f'<link rel="alternate" hreflang="x-default" href="{SITE}{url}">' in plain
    assert f'<link rel="canonical" href="{SITE}{url}?lang=de">' in german
    assert '<html lang="de"' in german
    assert '<meta property="og:title" content="Fasteners">' in plain


@pytest.mark.parametrize("query", ["?brand=Norddraht", "?sort=price", "?in_stock=1"])
def test_a_narrowed_listing_is_not_indexed(client: Client, query: str) -> None:
    html = shown(client, reverse("storefront:category", args=["fasteners"]) + query)

    assert '<meta name="robots" content="noindex, follow">' in html
    assert "application/ld+json" not in html


def test_nothing_for_machines_stands_on_pages_of_people_and_no_cache_may_keep_them(
    ana: Membership, bolt: Product
) -> None:
    answer = browser_of(ana).get(reverse("storefront:product", args=[bolt.pk, bolt.slug]))

    assert b"application/ld+json" not in answer.content
    assert b"og:" not in answer.content
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.covers("R1.27")
def test_a_renamed_category_leads_on_with_its_filters(client: Client, store_admin: Membership) -> None:
    fasteners = Category.objects.get(path="fasteners")
    save_category(actor=actor(store_admin), facts=CategoryFacts(name="Bolts & nuts"), category=fasteners)

    answer = client.get("/catalog/fasteners/?brand=Norddraht")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/catalog/bolts-nuts/?brand=Norddraht")
    assert client.get("/catalog/fasteners/gone/").status_code == 301
    assert client.get("/catalog/nowhere/").status_code == 404
