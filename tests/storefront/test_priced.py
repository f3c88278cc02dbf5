"""Prices on pages: net, with VAT, or both, and the sentence beside them; nothing is asked while no seller shows tax."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kontor.companies.models import Address, Company
from kontor.storefront.priced import ShownPrices, price
from kontor.taxes.models import Policy
from kontor.taxes.showing import Shown
from tests.orders.trade import cart_of
from tests.storefront.trade_pages import browser_of
from tests.taxes.proofs import proven

PRICE = (Decimal("12.40"), "EUR", Decimal(100), "C62")


def plain(markup):
    return " ".join(markup.striptags().split())


@pytest.fixture
def shop(ana):
    return browser_of(ana)


@pytest.fixture
def article(bolt):
    return reverse("storefront:product", args=[bolt.pk, bolt.slug])


def test_what_is_not_net_says_so():
    assert plain(price(Shown(), *PRICE)) == "€12.40 per 100 pc"
    assert plain(price(Shown("gross", Decimal(19)), *PRICE)) == "€14.76 per 100 pc incl. VAT"
    assert plain(price(Shown("gross", Decimal(0)), *PRICE)) == "€12.40 per 100 pc no VAT"
    assert plain(price(Shown("both", Decimal(19)), *PRICE)) == "€12.40 per 100 pc€14.76 per 100 pc incl. VAT"
    assert plain(price(Shown("gross", Decimal(19)), None, *PRICE[1:])) == "–"


def test_the_sentence_follows():
    notes = {
        (way, rate): ShownPrices({1: Shown(way, Decimal(rate))}).note(1)
        for way, rate in (("net", 19), ("gross", 19), ("both", 19), ("gross", 0))
    }
    assert notes == {
        ("net", 19): "Net, plus tax and freight.",
        ("gross", 19): "Including VAT, plus freight.",
        ("both", 19): "Net and including VAT, plus freight.",
        ("gross", 0): "No VAT is charged to you; plus freight.",
    }
    assert ShownPrices().list_note == "All prices plus VAT."
    assert ShownPrices({1: Shown("gross")}).list_note.startswith("Prices plus VAT unless they say otherwise")


@pytest.mark.parametrize("prices", ["net", "gross", "both"])
def test_article_and_cart_show_prices_as_the_seller_says(shop, article, ana, bolt, hansa, prices):
    Policy.objects.create(seller=hansa, prices=prices)
    cart = reverse("storefront:cart_detail", args=[cart_of(ana.company, (bolt, 100)).pk])
    for page in (shop.get(article).text, shop.get(cart).text):
        assert ("incl. VAT" in page) == (prices != "net")
    assert "12.50" in shop.get(cart).text  # the line's net amount stays


def test_a_page_asks_once_more_only_when_a_seller_shows_tax(shop, article, hansa):
    shop.get(article)
    with CaptureQueriesContext(connection) as before:
        shop.get(article)
    Policy.objects.create(seller=hansa, prices="both")
    with CaptureQueriesContext(connection) as after:
        shop.get(article)
    assert len(after) == len(before) + 1


def test_a_proven_business_abroad_reads_no_vat(shop, article, acme, hansa):
    Policy.objects.create(seller=hansa, prices="gross")
    Company.objects.filter(pk=acme.pk).update(vat_id="FR40303265045", country="FR")
    Address.objects.filter(company=acme).update(country="FR", postal_code="69001")
    assert "incl. VAT" in shop.get(article).text
    proven(acme, hansa)
    page = shop.get(article).text
    assert "no VAT" in page
    assert "No VAT is charged to you; plus freight." in page
    assert "incl. VAT" not in page
