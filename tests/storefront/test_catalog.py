"""Finding goods: who sees which price, what stays hidden, papers and pictures."""

import pytest
from django.test import Client
from django.urls import reverse

from kontor.catalog.models import BuyerPartNumber, Product
from kontor.companies.models import Company, Membership
from kontor.search.operations import rebuild_all
from tests.storefront.trade_pages import browser_of, shown


@pytest.fixture(autouse=True)
def _searchable(bolt: Product) -> None:
    rebuild_all()


def test_visitors_see_the_goods_but_no_price_and_no_way_into_the_cart(client: Client, bolt: Product) -> None:
    shelf = shown(client, reverse("storefront:category", args=["fasteners"]))
    page = shown(client, reverse("storefront:product", args=[bolt.pk, bolt.slug]))

    assert "Hex bolt M8 x 40" in shelf
    assert "Price on request" in shelf
    assert "12.50" not in shelf + page
    assert reverse("storefront:cart_add") not in shelf + page
    assert "Register your company" in page


def test_a_seller_may_show_its_list_prices_to_visitors(client: Client, hansa: Company, bolt: Product) -> None:
    Company.objects.filter(pk=hansa.pk).update(prices_for_guests=True)

    assert "12.50" in shown(client, reverse("storefront:category", args=["fasteners"]))
    assert reverse("storefront:cart_add") not in shown(
        client, reverse("storefront:product", args=[bolt.pk, bolt.slug])
    )


@pytest.mark.covers("R0.10", "R0.20")
def test_each_company_sees_its_own_price(ana: Membership, gil: Membership, drill: Product) -> None:
    url = reverse("storefront:product", args=[drill.pk, drill.slug])

    assert "89.00" in shown(browser_of(ana), url)
    assert "89.00" not in shown(browser_of(gil), url)
    assert "99.00" in shown(browser_of(gil), url)


def test_breaks_and_units_stand_on_the_product_page(ana: Membership, bolt: Product) -> None:
    page = shown(browser_of(ana), reverse("storefront:product", args=[bolt.pk, bolt.slug]))

    assert "12.50" in page
    assert "11.00" in page
    assert 'value="XBX"' in page


@pytest.mark.parametrize("slug", ["old-name/", ""])
def test_a_wrong_slug_or_none_leads_to_the_right_address(client: Client, bolt: Product, slug: str) -> None:
    answer = client.get(f"/products/{bolt.pk}/{slug}")

    assert answer.status_code == 301
    assert answer.headers["Location"] == reverse("storefront:product", args=[bolt.pk, bolt.slug])


@pytest.mark.parametrize("address", ["/catalog/nothing-here/", "/products/999999/x/", "/media/ab/no.webp"])
def test_what_is_not_there_is_not_found(client: Client, bolt: Product, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_draft_is_not_found_by_a_buyer(ana: Membership, bolt: Product) -> None:
    Product.objects.filter(pk=bolt.pk).update(status=Product.Status.DRAFT)

    assert browser_of(ana).get(reverse("storefront:product", args=[bolt.pk, bolt.slug])).status_code == 404
    assert browser_of(ana).get(reverse("storefront:datasheet", args=[bolt.pk])).status_code == 404


@pytest.mark.parametrize("number", ["bolt-m8", "BOLT M8", "4006381333931"])
def test_a_whole_number_leads_to_its_page(client: Client, bolt: Product, number: str) -> None:
    answer = client.get(reverse("storefront:search"), {"q": number})

    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("storefront:product", args=[bolt.pk, bolt.slug])


def test_an_own_number_leads_to_its_page_and_means_nothing_to_others(
    ana: Membership, gil: Membership, drill: Product
) -> None:
    BuyerPartNumber.objects.create(buyer=ana.company, product=drill, number="T-77/1", key="T771")

    answer = browser_of(ana).get(reverse("storefront:search"), {"q": "t 77-1"})

    assert answer.headers["Location"] == reverse("storefront:product", args=[drill.pk, drill.slug])
    assert "Nothing found for" in shown(browser_of(gil), reverse("storefront:search") + "?q=t771")


def test_words_find_goods_and_a_typing_error_is_corrected(client: Client, bolt: Product) -> None:
    assert "Hex bolt M8 x 40" in shown(client, reverse("storefront:search") + "?q=hex+bolt")
    assert "Cordless drill 18 V" in shown(client, reverse("storefront:search") + "?q=cordles+drill")
    assert "Nothing found for" in shown(client, reverse("storefront:search") + "?q=zzzzqqqq")


def test_a_filter_for_htmx_answers_with_the_listing_alone(client: Client, bolt: Product) -> None:
    url = reverse("storefront:category", args=["fasteners"])

    html = client.get(url, {"in_stock": "1"}, headers={"HX-Request": "true"}).content.decode()

    assert html.lstrip().startswith('<section id="listing">')
    assert "Hex bolt M8 x 40" in html


def test_the_data_sheet_is_a_pdf(client: Client, bolt: Product) -> None:
    answer = client.get(reverse("storefront:datasheet", args=[bolt.pk]))

    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == 'inline; filename="BOLT-M8.pdf"'


@pytest.mark.covers("R3.11")
def test_the_first_page_says_what_is_sold_to_whom_and_how_to_get_a_price(
    client: Client, bolt: Product
) -> None:
    html = shown(client, "/")

    assert "Hansa Supply GmbH sells 4 articles of 2 brands to companies and public offices" in html
    assert f'href="{reverse("storefront:category", args=["fasteners"])}">Fasteners</a>' in html
    assert ">Elbwerk <" in html
    assert "How to get your price" in html
    assert f'href="{reverse("storefront:register")}"' in html
    assert "Fasteners" in shown(client, reverse("storefront:catalog"))
