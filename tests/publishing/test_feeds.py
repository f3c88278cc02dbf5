"""Product feeds: what visitors may see, by the rules of the portals that read them."""

import csv
import io
import re
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.test import Client

from kontor.catalog.models import CatalogSettings, Medium, Product, ProductText
from kontor.catalog.operations import AssortmentFacts, save_assortment
from kontor.companies.models import Company, Membership
from kontor.exchange import folder
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.models import Price
from kontor.publishing.feeds import Item, items_of, make_feed
from kontor.publishing.feeds.goods import Goods, public_goods
from kontor.publishing.feeds.items import LONGEST, Shape, item_of
from kontor.publishing.models import ProductFeed, Schedule, ScheduleRun
from kontor.publishing.operations.feeds import FeedFacts, save_feed
from kontor.publishing.schedules import carry_out_schedule
from kontor.search.queries import viewer_for
from kontor.taxes.models import TaxRate
from tests.cast import Cast, actor
from tests.exchange.importing import SYSTEM

G = "{http://base.google.com/ns/1.0}"
AMOUNT = re.compile(r"\d+\.\d\d [A-Z]{3}")
PICTURE = "ab/" + "a" * 64 + "-800x600.webp"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "root", lambda: tmp_path / "exchange")


@pytest.fixture
def feed(cast: Cast, hansa: Company) -> ProductFeed:
    """Hansa's feed, switched on and not made yet; each article has a picture, and visitors see prices."""
    Company.objects.filter(pk=hansa.pk).update(prices_for_guests=True)
    for product in Product.objects.filter(seller=hansa):
        Medium.objects.create(
            product=product, kind="picture", title="", file=PICTURE, media_type="image/webp"
        )
    return save_feed(actor=SYSTEM, seller=hansa, facts=FeedFacts(language="en"))


def read(feed: ProductFeed) -> dict[str, dict[str, str]]:
    """The items of the made file, by SKU."""
    root = ElementTree.fromstring(folder.path_of(feed.xml_file).read_bytes())
    items = root.findall("channel/item")
    return {
        item.findtext(f"{G}id", ""): {one.tag.removeprefix(G): one.text or "" for one in item}
        for item in items
    }


@pytest.mark.covers("R3.10", "R3.18")
def test_a_feed_has_the_goods_that_visitors_may_order(cast: Cast, feed: ProductFeed):
    items = read(make_feed(feed))

    assert sorted(items) == ["BOLT-M8", "DRILL-18V"]  # no service
    drill = items["DRILL-18V"]
    product = Product.objects.get(sku="DRILL-18V")
    price = Price.objects.get(product=product, price_list__is_public=True, min_quantity=1)
    assert drill["title"] == product.name
    assert drill["link"].endswith(f"/products/{product.pk}/{product.slug}/?lang=en")
    assert drill["image_link"].endswith(f"/media/{PICTURE}")
    assert (drill["availability"], drill["condition"]) == ("in_stock", "new")
    assert drill["price"] == f"{price.amount / price.price_base:.2f} EUR"


def test_what_visitors_may_not_see_is_not_in_the_feed(cast: Cast, hansa: Company, feed: ProductFeed):
    Product.objects.filter(sku="BOLT-M8").update(status="draft")
    assert sorted(read(make_feed(feed))) == ["DRILL-18V"]
    save_assortment(
        actor=SYSTEM, seller=hansa, facts=AssortmentFacts(name="Few", start="none", is_standard=True)
    )
    assert read(make_feed(feed)) == {}


def test_of_a_seller_that_hides_prices_nothing_goes_out(cast: Cast, hansa: Company, feed: ProductFeed):
    Company.objects.filter(pk=hansa.pk).update(prices_for_guests=False)
    made = make_feed(feed)
    assert (made.items, made.problems["no_price"]) == (0, 2)


def test_once_prices_are_hidden_a_feed_made_before_is_not_read(hansa: Company, feed: ProductFeed, settings):
    make_feed(feed)
    address = f"/feeds/{hansa.slug}/en.xml"
    assert Client().get(address).status_code == 200
    Company.objects.filter(pk=hansa.pk).update(prices_for_guests=False)
    assert Client().get(address).status_code == 404
    Company.objects.filter(pk=hansa.pk).update(prices_for_guests=True)
    settings.CONFIG = settings.CONFIG.model_copy(update={"prices_for_guests": False})
    assert Client().get(address).status_code == 404


def test_goods_without_a_picture_stay_out_and_are_counted(cast: Cast, feed: ProductFeed):
    Medium.objects.filter(product__sku="BOLT-M8").delete()
    made = make_feed(feed)
    assert (made.items, made.problems["no_picture"]) == (1, 1)


def test_texts_are_in_the_language_of_the_feed(cast: Cast, hansa: Company, feed: ProductFeed):
    CatalogSettings.objects.update_or_create(seller=hansa, defaults={"languages": ["en", "de"]})
    ProductText.objects.create(product=Product.objects.get(sku="DRILL-18V"), language="de", name="Akkubohrer")
    german = save_feed(actor=SYSTEM, seller=hansa, facts=FeedFacts(language="de"))
    drill = read(make_feed(german))["DRILL-18V"]
    assert (drill["title"], drill["link"][-8:]) == ("Akkubohrer", "?lang=de")


def test_prices_hold_the_tax_of_the_country(cast: Cast, hansa: Company, feed: ProductFeed):
    TaxRate.objects.get_or_create(
        country="DE", category="standard", valid_from="2020-01-01", defaults={"rate": 19}
    )
    net = Decimal(read(make_feed(feed))["DRILL-18V"]["price"].split()[0])
    taxed = save_feed(actor=SYSTEM, seller=hansa, facts=FeedFacts(language="en", tax_country="de"))
    gross = Decimal(read(make_feed(taxed))["DRILL-18V"]["price"].split()[0])
    assert gross == (net * Decimal("1.19")).quantize(Decimal("0.01"))


def test_the_same_content_keeps_its_files_and_its_day(cast: Cast, feed: ProductFeed):
    first = make_feed(feed)
    again = make_feed(feed)
    assert (again.xml_file, again.changed_at) == (first.xml_file, first.changed_at)
    assert again.made_at
    assert first.made_at
    assert again.made_at > first.made_at
    Product.objects.filter(sku="BOLT-M8").update(name="Another")
    assert make_feed(feed).digest != first.digest


def test_both_forms_say_the_same(cast: Cast, feed: ProductFeed):
    Product.objects.filter(sku="BOLT-M8").update(
        name='Bolt "M8",\tlong', specifications=[{"name": "Ratio, 1:2", "value": 'a"b', "unit": "mm"}]
    )
    made = make_feed(feed)
    text = folder.path_of(made.tsv_file).read_text()
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(text, newline=""), delimiter="\t")}
    items = read(made)
    assert rows.keys() == items.keys()
    for name in ("title", "price", "availability", "link", "gtin", "shipping_weight"):
        assert {sku: row[name] for sku, row in rows.items()} == {
            sku: one.get(name, "") for sku, one in items.items()
        }
    assert '"":' not in rows["BOLT-M8"]["product_detail"]
    assert next(csv.reader([rows["BOLT-M8"]["product_detail"]])) == [':Ratio, 1\\:2:a"b mm']


def test_the_feed_is_read_at_one_address_and_only_when_it_changed(
    cast: Cast, hansa: Company, feed: ProductFeed
):
    made = make_feed(feed)
    client, address = Client(), f"/feeds/{hansa.slug}/en.xml"
    answer = client.get(address)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == folder.path_of(made.xml_file).read_bytes()
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    etag, changed = answer.headers["ETag"], answer.headers["Last-Modified"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    assert client.get(address, headers={"If-Modified-Since": changed}).status_code == 304
    assert (
        client.get(f"/feeds/{hansa.slug}/en.tsv")
        .headers["Content-Type"]
        .startswith("text/tab-separated-values")
    )

    save_feed(actor=SYSTEM, seller=hansa, facts=FeedFacts(language="en", is_on=False))
    assert client.get(address).status_code == 404
    assert client.get("/feeds/nobody/en.xml").status_code == 404


def test_switched_on_it_is_made_by_its_schedule(cast: Cast, hansa: Company, feed: ProductFeed):
    schedule = Schedule.objects.get(feed=feed)
    assert (schedule.kind, schedule.is_paused) == ("feed", False)
    run = ScheduleRun.objects.get(schedule=schedule)
    carry_out_schedule(run.pk)
    run.refresh_from_db()
    assert (run.status, run.said) == ("done", "2 articles; 0 left out.")
    off = save_feed(actor=SYSTEM, seller=hansa, facts=FeedFacts(language="en", is_on=False))
    schedule.refresh_from_db()
    assert (off.pk, schedule.is_paused, schedule.next_at) == (feed.pk, True, None)


def test_a_wrong_language_or_country_is_refused(cast: Cast, hansa: Company, sal: Membership):
    with pytest.raises(Refused) as refused:
        save_feed(actor=SYSTEM, seller=hansa, facts=FeedFacts(language="xx", tax_country="XX"))
    assert set(refused.value.fields) == {"language", "tax_country"}
    with pytest.raises(NotAllowed):
        save_feed(actor=actor(sal), facts=FeedFacts(language="en"))
    assert not ProductFeed.objects.exists()


SHAPE = Shape(product="https://x.example/p/{id}/{slug}/", picture="https://x.example/m/{file}")


@pytest.fixture
def goods(cast: Cast, feed: ProductFeed) -> Goods:
    return next(iter(public_goods(feed.seller_id, "en", viewer_for(None))))


def item(goods: Goods, **facts: object) -> Item:
    return item_of(replace(goods, **facts), SHAPE)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"gtin": "4006381333931"}, {"gtin": "4006381333931"}),
        ({"gtin": "2000000000008"}, {"gtin": None}),  # of a range for use inside of a house
        ({"gtin": "", "brand": "", "manufacturer_part_number": ""}, {"identifier_exists": "no"}),
        ({"unit": "MTR", "quantity": Decimal("2.500"), "amount": Decimal(4), "price_base": Decimal(1)},
         {"price": "10.00 EUR", "unit_pricing_measure": "2.5 m", "unit_pricing_base_measure": "1 m", "multipack": None}),
        ({"unit": "C62", "quantity": Decimal(200), "amount": Decimal("12.5"), "price_base": Decimal(100)},
         {"price": "25.00 EUR", "unit_pricing_measure": "200 ct", "unit_pricing_base_measure": "100 ct",
          "multipack": "200"}),
        ({"weight_grams": 1500, "quantity": Decimal(2)}, {"shipping_weight": "3 kg"}),
        ({"available": Decimal(0)}, {"availability": "out_of_stock"}),
        ({"group": "MODEL-1"}, {"item_group_id": "MODEL-1"}),
        ({"kind": "kit"}, {"is_bundle": "yes"}),
        ({"amount": Decimal(0)}, {"price": None}),
    ],
)  # fmt: skip
def test_each_attribute_keeps_to_its_rule(goods: Goods, facts, expected):
    values = item(goods, **facts).values
    assert {name: values.get(name) for name in expected} == expected


def test_no_item_breaks_a_documented_limit(goods: Goods):
    long = replace(goods.told, name="word " * 60, description="text " * 2000)
    found = item(goods, told=long, brand="b" * 100, category="c" * 900)
    assert "cut" in found.problems
    for name, most in LONGEST.items():
        assert len(str(found.values.get(name, ""))) <= most
    assert AMOUNT.fullmatch(str(found.values["price"]))


def test_the_preview_costs_few_statements(feed: ProductFeed, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        assert len(list(items_of(feed, most=5))) == 2
