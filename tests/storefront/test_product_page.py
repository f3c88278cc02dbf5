"""The product page: own purchases, stock per warehouse, what goes with it, own number, questions, alerts."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from kontor.catalog.models import BuyerPartNumber, Product, ProductRelation
from kontor.companies.models import Company, Membership
from kontor.discovery.models import Inquiry, SavedSearch, Watch
from kontor.discovery.operations import watch_product
from kontor.inventory.models import StockItem, Warehouse
from kontor.orders.purchases import history_of, last_bought
from kontor.promotions.models import Promotion
from kontor.search.operations import rebuild_all
from kontor.search.queries import cards_of, viewer_for
from kontor.storefront.cards import card_grid
from tests.assembly import Cast
from tests.cast import actor
from tests.catalog.goods import screws
from tests.orders.trade import placed
from tests.promotions.baskets import promotion
from tests.storefront.trade_pages import browser_of, sent, shown


def page_of(member: Membership, product: Product) -> str:
    return shown(browser_of(member), reverse("storefront:product", args=[product.pk, product.slug]))


@pytest.mark.covers("R3.20")
def test_a_company_sees_what_it_bought_and_a_rival_does_not(
    ana: Membership, gil: Membership, bolt: Product
) -> None:
    first, second = placed(ana, (bolt, 100)), placed(ana, (bolt, 2, "XBX"))

    bought = history_of(actor(ana), bolt.pk).purchases
    html = page_of(ana, bolt)

    assert [one.number for one in bought.rows] == [second.number, first.number]
    assert (bought.times, bought.last_year) == (2, 300)
    assert "Ordered 2 times" in html
    assert second.number in html
    assert second.number not in page_of(gil, bolt)
    assert "has not ordered this article yet" in page_of(gil, bolt)
    assert last_bought(actor(ana)) == [bolt.pk]


@pytest.mark.covers("R3.51")
def test_bought_together_never_tells_of_one_rival_alone(
    ana: Membership, gil: Membership, bolt: Product, drill: Product
) -> None:
    placed(gil, (bolt, 100), (drill, 1))
    placed(gil, (bolt, 100), (drill, 1))

    assert history_of(actor(ana), bolt.pk).together == []
    assert history_of(actor(gil), bolt.pk).together == [drill.pk]
    placed(ana, (bolt, 100), (drill, 1))
    assert history_of(None, bolt.pk).together == [drill.pk]
    assert "Often ordered together" in page_of(ana, bolt)


@pytest.mark.covers("R3.51", "R3.57")
def test_what_belongs_to_a_product_stands_under_its_heading_once(
    ana: Membership, bolt: Product, drill: Product, assembly: Product
) -> None:
    for kind, other in (("accessory", drill), ("alternative", drill), ("cross_sell", assembly)):
        ProductRelation.objects.create(product=bolt, other=other, kind=kind)

    html = page_of(ana, bolt)

    assert html.index("Accessories") < html.index("Cordless drill 18 V")
    assert "Alternatives" not in html
    assert "Goes well with it" in html
    Product.objects.filter(pk=drill.pk).update(assortments=[99])
    assert "Cordless drill" not in page_of(ana, bolt)


@pytest.mark.covers("R0.11", "R0.22")
def test_stock_stands_per_warehouse_without_bins_or_reservations(
    ana: Membership, hansa: Company, bolt: Product
) -> None:
    south = Warehouse.objects.create(seller=hansa, code="MUC", name="München", city="München", country="DE")
    StockItem.objects.create(product=bolt, warehouse=south, on_hand=70, reserved=20)

    html = page_of(ana, bolt)

    assert "München" in html
    assert "50" in html
    assert "A-12-3" not in html
    assert "Leaves the warehouse by" in html


def test_the_own_part_number_is_shown_to_its_company_alone(
    ana: Membership, gil: Membership, bolt: Product
) -> None:
    BuyerPartNumber.objects.create(buyer_id=ana.company_id, product=bolt, number="ACM-77-1", key="ACM771")

    assert "ACM-77-1" in page_of(ana, bolt)
    assert "ACM-77-1" not in page_of(gil, bolt)


@pytest.mark.covers("R3.19", "R3.22")
def test_a_question_is_asked_on_the_page_and_answered_in_the_office(
    ana: Membership, gil: Membership, sal: Membership, bolt: Product
) -> None:
    assert "Ask Hansa Supply GmbH about this article" in page_of(ana, bolt)
    form = {"product": bolt.pk, "body": "Is it zinc plated?"}
    asked = sent(browser_of(ana), reverse("storefront:inquiry_new"), form)
    inquiry = Inquiry.objects.get()

    assert "Is it zinc plated?" in asked
    assert "Is it zinc plated?" in shown(browser_of(sal), reverse("backoffice:inquiry", args=[inquiry.pk]))
    assert inquiry.title in shown(browser_of(sal), reverse("backoffice:inquiries"))
    sent(browser_of(sal), reverse("backoffice:inquiry_answer", args=[inquiry.pk]), {"body": "Yes, 8 µm."})
    assert "Yes, 8 µm." in shown(browser_of(ana), reverse("storefront:inquiry", args=[inquiry.pk]))
    assert "No question waits for an answer." in shown(browser_of(sal), reverse("backoffice:inquiries"))
    assert browser_of(gil).get(reverse("storefront:inquiry", args=[inquiry.pk])).status_code == 404
    assert inquiry.title in shown(browser_of(ana), reverse("storefront:inquiries"))


def test_an_empty_question_comes_back_with_its_words(ana: Membership) -> None:
    answer = browser_of(ana).post(reverse("storefront:inquiry_new"), {"title": "Titanium bolt", "body": " "})

    assert answer.status_code == 422
    assert "Titanium bolt" in answer.content.decode()
    assert not Inquiry.objects.exists()


@pytest.mark.covers("R3.22")
def test_alerts_are_begun_on_pages_changed_and_ended_on_their_own(
    ana: Membership, ben: Membership, bolt: Product
) -> None:
    rebuild_all()
    browser = browser_of(ana)
    told = sent(browser, reverse("storefront:watch_begin"), {"product": bolt.pk, "kind": "price"})
    form = {"name": "Bolts", "query": "sort=name&category=fasteners&brand=Norddraht&page=3", "rhythm": "daily",
            "from": "https://evil.example/"}  # fmt: skip
    listed = sent(browser, reverse("storefront:search_save"), form)

    assert "You are told when your price changes" in told
    assert SavedSearch.objects.get().query == "category=fasteners&brand=Norddraht"
    assert "/catalog/fasteners/?brand=Norddraht" in listed
    watch, search = Watch.objects.get(), SavedSearch.objects.get()
    sent(browser, reverse("storefront:watch_change", args=[watch.pk]), {"rhythm": "daily"})
    assert Watch.objects.get().rhythm == "daily"
    assert browser_of(ben).post(reverse("storefront:watch_end", args=[watch.pk])).status_code == 404
    sent(browser, reverse("storefront:search_remove", args=[search.pk]))
    sent(browser, reverse("storefront:watch_end", args=[watch.pk]))
    assert "No watched articles" in shown(browser, reverse("storefront:alerts"))


def test_what_is_sold_out_can_be_watched_for(ana: Membership, bolt: Product) -> None:
    assert "back in stock" not in page_of(ana, bolt)
    StockItem.objects.filter(product=bolt).update(on_hand=0)
    assert "Tell me when it is back in stock" in page_of(ana, bolt)
    watch_product(actor=actor(ana), product=bolt, kind="stock")
    assert "You are told when it is back in stock" in page_of(ana, bolt)


def test_a_model_says_from_which_price_its_variants_are_sold(
    ana: Membership, bolt: Product, cat: Membership
) -> None:
    family = screws(actor(cat))[1]
    model = Product.objects.create(
        seller_id=bolt.seller_id, sku="MODEL", name="Hex bolt", slug="hex-bolt", kind=Product.Kind.MODEL,
        status="active", category_id=bolt.category_id, assortments=bolt.assortments, family=family,
    )  # fmt: skip
    values = {"thread": "m6", "length": "20"}
    Product.objects.filter(pk=bolt.pk).update(variant_of=model, family=family, attributes=values)

    html = page_of(ana, model)

    assert 'href="#facts"' in html
    assert "12.50" in html
    assert "Price on request" not in html
    assert "has not ordered this article yet" not in html
    [card] = cards_of(viewer_for(ana.company_id), [model.pk])
    assert (card.variants, card.available) == (1, None)
    assert "1 variant<" in card_grid([card], tokens=None)
    Product.objects.filter(pk=bolt.pk).update(status="discontinued")
    [card] = cards_of(viewer_for(ana.company_id), [model.pk])
    assert (card.variants, card.amount) == (0, None)


def test_a_kit_also_takes_parts_from_several_warehouses(
    ana: Membership, kit: Product, drill: Product, bolt: Product, hansa: Company
):
    """Twelve in Hamburg; four drills of Kassel make four more with bolts from Hamburg."""
    kassel = Warehouse.objects.create(seller=hansa, code="KAS", name="Kassel", city="Kassel", country="DE")
    address = reverse("storefront:product", args=[kit.pk, kit.slug])
    assert "With parts from several" not in browser_of(ana).get(address).text
    StockItem.objects.create(product=drill, warehouse=kassel, on_hand=Decimal(4))
    StockItem.objects.create(product=bolt, warehouse=kassel, on_hand=Decimal(0))

    text = " ".join(strip_tags(browser_of(ana).get(address).text.replace("<", " <")).split())
    assert "In stock 16" in text
    assert "Stock per warehouse Hamburg 12 set With parts from several 4 set" in text


def test_a_promotion_stands_beside_price_and_card_of_those_for_whom_it_counts(
    cast: Cast, ana: Membership, gil: Membership, drill: Product
) -> None:
    rebuild_all()
    only_acme = {"companies": [cast.companies["acme"].pk], "min_quantity": "10"}
    promotion(cast, name="Acme week", conditions=only_acme)
    for address in (f"/products/{drill.pk}/{drill.slug}/", "/search/?q=drill"):
        pages = [shown(one, address) for one in (browser_of(ana), browser_of(gil), Client())]
        assert ["from 10: 10 % off" in html for html in pages] == [True, False, False]
        assert ["Acme week" in html for html in pages][1:] == [False, False]


def test_the_mark_costs_one_statement_and_none_without_promotions(
    cast: Cast, ana: Membership, drill: Product
) -> None:
    rebuild_all()
    browser, address = browser_of(ana), f"/products/{drill.pk}/{drill.slug}/"

    def statements() -> int:
        shown(browser, address)
        with CaptureQueriesContext(connection) as seen:
            shown(browser, address)
        return len(seen)

    without = statements()
    promotion(cast)
    promotion(cast, name="Other")
    assert statements() == without + 1
    Promotion.objects.update(is_active=False)
    assert statements() == without
