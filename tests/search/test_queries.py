from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import pytest

from kontor.catalog.models import Category, Medium, Product, SalesUnit
from kontor.companies.models import Company, Membership
from kontor.inventory.models import StockItem
from kontor.inventory.operations import Demand, reserve
from kontor.pricing.models import Price, PriceList
from kontor.search.models import UNPRICED
from kontor.search.operations import index_products, rebuild_all
from kontor.search.queries import (
    Filters,
    Listing,
    Viewer,
    Window,
    browse,
    cards_of,
    find,
    lookup_skus,
    product_detail,
    viewer_for,
)
from kontor.search.queries.among import among
from kontor.search.queries.browsing import _place_of
from tests.cast import Cast, actor

NOBODY = Viewer()


@pytest.fixture
def indexed(cast: Cast) -> Cast:
    """The cast as the search sees it."""
    rebuild_all()
    return cast


@pytest.fixture
def screws(indexed: Cast) -> list[Product]:
    """Thirty screws on a shelf below the fasteners, by two makers, in three lengths; every tenth has stock."""
    fasteners = Category.objects.get(path="fasteners")
    shelf = Category.objects.create(parent=fasteners, name="Wood screws", slug="wood", path="fasteners/wood")
    hansa = indexed.companies["hansa"]
    products = Product.objects.bulk_create(
        Product(
            seller=hansa, category=shelf, sku=f"HS-{n}", name=f"Holzschraube {n} mm", slug=f"holzschraube-{n}",
            brand=("Spax", "Würth")[n % 2], status="active", summary="Countersunk wood screw, yellow zinc",
            specifications=[{"name": "Length", "value": str(n), "unit": "mm"}],
        )
        for n in range(1, 31)
    )  # fmt: skip
    prices = indexed.price_lists["public"]
    Price.objects.bulk_create(
        Price(price_list=prices, product=one, amount=100 - n) for n, one in enumerate(products)
    )
    StockItem.objects.bulk_create(
        StockItem(product=one, warehouse=indexed.warehouses["ham"], on_hand=n % 10 == 9)
        for n, one in enumerate(products)
    )
    index_products([one.pk for one in products])
    return products


def skus(listing: Listing) -> list[str]:
    return [card.sku for card in listing.cards]


@pytest.mark.covers("R0.10", "R0.11", "R0.20", "R0.21")
def test_a_card_shows_this_companys_price_and_what_is_free(indexed: Cast, acme: Company, globex: Company):
    reserve([Demand(1, indexed.products["drill"].pk, Decimal(5))])
    seen = {}
    for buyer in (acme, globex):
        (card,) = [one for one in browse(viewer_for(buyer.pk), "power-tools").cards if one.sku == "DRILL-18V"]
        seen[buyer.slug] = (card.amount, card.price_base, card.currency, card.available)

    assert seen == {
        "acme": (Decimal(89), Decimal(1), "EUR", Decimal(7)),
        "globex": (Decimal(99), Decimal(1), "EUR", Decimal(7)),
    }


def test_a_card_has_what_a_listing_shows(indexed: Cast, acme: Company):
    bolt = indexed.products["bolt"]
    Medium.objects.create(
        product=bolt, kind="picture", title="Bolt", file="ab/c.webp", media_type="image/webp"
    )
    (card,) = browse(viewer_for(acme.pk), "fasteners").cards

    assert (card.product_id, card.sku, card.name, card.brand, card.unit, card.picture) == (
        bolt.pk, "BOLT-M8", "Hex bolt M8 x 40", "Norddraht", "C62", "ab/c.webp",
    )  # fmt: skip
    assert (card.sales_unit, card.factor, card.minimum, card.multiple) == ("C62", *[Decimal(1)] * 3)
    assert (card.amount, card.price_base, card.from_break) == (Decimal("12.5"), Decimal(100), True)


def test_a_card_shows_the_price_at_the_smallest_quantity_that_can_be_ordered(indexed: Cast, acme: Company):
    bolt = indexed.products["bolt"]
    SalesUnit.objects.filter(product=bolt, position=0).update(unit="XPX", factor=500, minimum=2)
    (card,) = browse(viewer_for(acme.pk), "fasteners").cards

    assert (card.amount, card.from_break) == (Decimal(11), False)


def test_without_a_price_list_there_is_no_price_but_everything_else(indexed: Cast):
    (card,) = browse(NOBODY, "fasteners").cards

    assert (card.amount, card.price_base, card.currency, card.from_break) == (None, None, None, False)
    assert card.available == Decimal(5000)


def test_services_have_no_stock_and_are_always_there(indexed: Cast, acme: Company):
    cards = {card.sku: card for card in browse(viewer_for(acme.pk)).cards}

    assert cards["ASSEMBLY-H"].available is None


def test_a_category_shows_what_stands_below_it_and_the_shop_shows_all(screws: list[Product]):
    assert browse(NOBODY, "fasteners").total == 31
    assert browse(NOBODY, "fasteners/wood").total == 30
    assert browse(NOBODY).total == 34
    assert browse(NOBODY, "no/such").cards == []


def test_numbers_in_names_sort_by_size(screws: list[Product]):
    names = [
        card.name for card in browse(NOBODY, "fasteners/wood", window=Window(sort="name", per_page=12)).cards
    ]

    assert names == [f"Holzschraube {n} mm" for n in range(1, 13)]


@pytest.mark.parametrize("sort", ["name", "popular", "newest", "price"])
def test_following_the_cursor_shows_everything_once_in_order(screws: list[Product], sort: str):
    whole = skus(browse(NOBODY, window=Window(sort=sort, per_page=100)))
    seen, after, turns = [], "", 0
    while turns < 10:
        listing = browse(NOBODY, window=Window(sort=sort, per_page=7, after=after))
        seen += skus(listing)
        after, turns = listing.next_after, turns + 1
        if not after:
            break

    assert seen == whole
    assert len(set(seen)) == 34


def test_pages_by_number_hold_the_same(screws: list[Product]):
    pages = [skus(browse(NOBODY, window=Window(page=page, per_page=10))) for page in (1, 2, 3, 4, 5)]

    assert [sku for page in pages for sku in page] == skus(browse(NOBODY, window=Window(per_page=100)))
    assert [len(page) for page in pages] == [10, 10, 10, 4, 0]
    assert browse(NOBODY, window=Window(per_page=10)).pages == 4


@pytest.mark.parametrize("cursor", ["x", "!!", "W10", "WzEsMl0", "=" * 500])
def test_a_broken_cursor_is_the_first_page(screws: list[Product], cursor: str):
    assert skus(browse(NOBODY, window=Window(after=cursor))) == skus(browse(NOBODY))


def test_sorting_by_price_puts_the_cheapest_first_and_unpriced_last_both_ways(
    screws: list[Product], globex: Company
):
    Price.objects.filter(product=screws[5]).delete()
    index_products([screws[5].pk])
    up = skus(browse(viewer_for(globex.pk), "fasteners/wood", window=Window(sort="price", per_page=100)))
    down = skus(browse(viewer_for(globex.pk), "fasteners/wood", window=Window(sort="-price", per_page=100)))

    assert (up[0], up[-1], down[0], down[-1]) == ("HS-30", "HS-6", "HS-1", "HS-6")


def test_brand_stock_and_seller_narrow_a_listing_and_its_total(screws: list[Product], levante: Company):
    spax = browse(NOBODY, "fasteners", filters=Filters(brands=("Spax",)))
    stocked = browse(NOBODY, "fasteners/wood", window=Window(sort="name"), filters=Filters(in_stock=True))

    assert (spax.total, {card.brand for card in spax.cards}) == (15, {"Spax"})
    assert spax.facets.brands == (("Spax", 15), ("Würth", 15), ("Norddraht", 1))
    assert (stocked.total, skus(stocked)) == (3, ["HS-10", "HS-20", "HS-30"])
    assert skus(browse(NOBODY, filters=Filters(seller_id=levante.pk))) == ["LAMP-LED"]


def test_what_is_taken_off_sale_disappears_at_once_although_the_search_does_not_know_yet(
    indexed: Cast, hansa: Company
):
    Product.objects.filter(sku="DRILL-18V").update(status="discontinued")
    assert skus(browse(NOBODY, "power-tools")) == ["LAMP-LED"]
    assert skus(find(NOBODY, "drill")) == []

    Company.objects.filter(slug="levante").update(status="blocked")
    assert skus(browse(NOBODY, "power-tools")) == []


@pytest.mark.covers("R0.39")
@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("BOLT-M8", "BOLT-M8"),
        ("boltm8", "BOLT-M8"),
        ("bolt m", "BOLT-M8"),
        ("4006381333931", "BOLT-M8"),
        ("EW-18-2", "DRILL-18V"),
        ("ew 18", "DRILL-18V"),
        ("cordless drills", "DRILL-18V"),
        ("drilling", "DRILL-18V"),
        ("lamp with led", "LAMP-LED"),
        ("elbwerk 18", "DRILL-18V"),
    ],
)
def test_finds_by_number_and_by_words(indexed: Cast, words: str, first: str):
    assert skus(find(NOBODY, words))[:1] == [first]


def test_all_words_must_match_and_a_minus_excludes(screws: list[Product]):
    assert find(NOBODY, "holzschraube spax").total == 15
    assert find(NOBODY, "holzschraube -spax").total == 15
    assert find(NOBODY, "bolt lamp").total == 0


def test_german_and_english_stems_and_accents_match(screws: list[Product]):
    for words in ("Holzschrauben", "screws", "wurth", "WÜRTH", "zinc coun"):
        assert find(NOBODY, words).total in (15, 30), words


def test_a_part_of_a_compound_word_is_found_when_nothing_else_is(screws: list[Product]):
    listing = find(NOBODY, "schraube")

    assert (listing.total, listing.corrected) == (30, "")


def test_a_mistyped_word_is_corrected_and_said(indexed: Cast):
    listing = find(NOBODY, "cordles dril")
    assert (skus(listing), listing.corrected) == (["DRILL-18V"], "")

    listing = find(NOBODY, "cordlses drill")
    assert (skus(listing), listing.corrected) == (["DRILL-18V"], "cordless drill")


@pytest.mark.parametrize(
    "words", ["", "  ", "-", "---", "%", "'; DROP TABLE x", "a" * 5000, "!:*|&()", "\x00", "the", "日本"]
)
def test_odd_words_are_harmless(indexed: Cast, words: str):
    assert isinstance(find(NOBODY, words).total, int)


def test_finding_pages_and_narrows_like_browsing(screws: list[Product], acme: Company):
    pages = [
        skus(find(NOBODY, "holzschraube", window=Window(page=page, per_page=8, sort="name")))
        for page in (1, 2, 3, 4)
    ]
    assert [sku for page in pages for sku in page] == [f"HS-{n}" for n in range(1, 31)]

    narrowed = find(NOBODY, "screw", filters=Filters(brands=("Spax",), category_path="fasteners"))
    assert narrowed.total == 15
    assert narrowed.facets.brands == (("Spax", 15), ("Würth", 15))
    assert narrowed.facets.categories == (("fasteners/wood", "Wood screws", 30),)
    assert find(NOBODY, "screw", filters=Filters(category_path="power-tools")).total == 0


def test_a_word_that_is_everywhere_is_found_by_popularity(
    screws: list[Product], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("kontor.search.queries.finding.CAP", 10)
    for _turn in (1, 2):
        listing = find(NOBODY, "holzschraube spax")
        assert (listing.total, listing.total_is_capped, len(listing.cards)) == (10, True, 15)


def test_chosen_cards_keep_their_order(indexed: Cast, acme: Company):
    ids = [indexed.products[name].pk for name in ("drill", "bolt")]

    assert [(card.sku, card.amount) for card in cards_of(viewer_for(acme.pk), [*ids, 10**12])] == [
        ("DRILL-18V", Decimal(89)),
        ("BOLT-M8", Decimal("12.5")),
    ]


@pytest.mark.covers("R0.8", "R0.9", "R3.57")
def test_a_product_page_has_everything(indexed: Cast, acme: Company, hansa: Company):
    bolt = indexed.products["bolt"]
    Medium.objects.create(
        product=bolt, kind="picture", title="Bolt", file="ab/c.webp", media_type="image/webp"
    )
    Medium.objects.create(product=bolt, kind="datasheet", title="Data sheet", media_type="application/pdf")
    Product.objects.filter(pk=bolt.pk).update(specifications=[{"name": "Thread", "value": "M8", "unit": ""}])
    detail = product_detail(viewer_for(acme.pk), seller_id=hansa.pk, sku="BOLT-M8")

    assert detail is not None
    assert (detail.product_id, detail.seller_name, detail.category_path) == (
        bolt.pk,
        "Hansa Supply GmbH",
        "fasteners",
    )
    assert [(one.min_quantity, one.amount, one.price_base) for one in detail.breaks] == [
        (Decimal(1), Decimal("12.5"), Decimal(100)),
        (Decimal(1000), Decimal(11), Decimal(100)),
    ]
    assert [detail.price_at(Decimal(q)).amount for q in (1, 1000)] == [Decimal("12.5"), Decimal(11)]
    assert [(unit.unit, unit.factor) for unit in detail.units] == [("C62", 1), ("XBX", 100)]
    assert [one.file for one in detail.pictures] == ["ab/c.webp"]
    assert [one.kind for one in detail.documents] == ["datasheet"]
    assert detail.specifications == [{"name": "Thread", "value": "M8", "unit": ""}]
    assert detail.available == Decimal(5000)


def test_drafts_are_seen_by_their_seller_alone(
    indexed: Cast, cat: Membership, lev: Membership, ana: Membership
):
    drill = indexed.products["drill"].pk
    Product.objects.filter(pk=drill).update(status="draft")

    seen = [product_detail(NOBODY, drill, actor=who and actor(who)) for who in (None, ana, lev, cat)]
    assert [one is not None for one in seen] == [False, False, False, True]


def test_numbers_are_looked_up_all_at_once(
    indexed: Cast, acme: Company, hansa: Company, levante: Company, django_assert_num_queries
):
    Product.objects.filter(sku="DRILL-18V").update(status="discontinued")
    numbers = [
        "bolt m8",
        "BOLT-M8",
        "4006381333931",
        "EW182",
        "LAMP-LED",
        "nothing",
        "",
        *map(str, range(3000)),
    ]
    with django_assert_num_queries(2):
        found = lookup_skus(viewer_for(acme.pk), numbers)

    assert {number: one.sku for number, one in found.items()} == {
        "bolt m8": "BOLT-M8", "BOLT-M8": "BOLT-M8", "4006381333931": "BOLT-M8",
        "EW182": "DRILL-18V", "LAMP-LED": "LAMP-LED",
    }  # fmt: skip
    assert (found["EW182"].status, found["EW182"].amount) == ("discontinued", Decimal(89))
    assert found["bolt m8"].sold_in("XBX").factor == Decimal(100)
    assert found["bolt m8"].sold_in("").unit == "C62"
    assert found["bolt m8"].sold_in("KGM") is None
    assert (found["LAMP-LED"].amount, found["LAMP-LED"].available) == (None, Decimal(40))
    assert "LAMP-LED" not in lookup_skus(NOBODY, numbers, seller_id=hansa.pk)


def test_one_number_at_two_sellers_is_that_of_the_seller_who_prices_it(
    indexed: Cast, acme: Company, levante: Company
):
    theirs = Product.objects.create(
        seller=levante, sku="BOLT-M8", name="Perno", slug="perno", status="active"
    )
    index_products([theirs.pk])

    assert lookup_skus(viewer_for(acme.pk), ["BOLT-M8"])["BOLT-M8"].name == "Hex bolt M8 x 40"
    assert lookup_skus(NOBODY, ["BOLT-M8"], seller_id=levante.pk)["BOLT-M8"].name == "Perno"


def test_a_listing_takes_one_statement_once_its_counts_are_known(
    screws: list[Product], acme: Company, public_list: PriceList, django_assert_num_queries
):
    viewer = viewer_for(acme.pk)
    browse(viewer, "fasteners")
    find(viewer, "screw")
    with django_assert_num_queries(1):
        assert len(browse(viewer, "fasteners", window=Window(page=2)).cards) == 7
    with django_assert_num_queries(1):
        assert len(find(viewer, "screw").cards) == 24
    with django_assert_num_queries(1):
        product_detail(viewer, screws[0].pk)


@pytest.mark.covers("R0.20")
@pytest.mark.parametrize("sort", ["price", "-price"])
def test_who_sees_no_list_prices_learns_nothing_from_order_cursor_or_filter(
    indexed: Cast, screws: list[Product], sort: str
):
    Company.objects.update(prices_for_guests=False)
    visitor = viewer_for(None)
    Price.objects.filter(product=screws[3]).update(amount=Decimal("0.5"))
    index_products([screws[3].pk])
    here = Filters(category_path="fasteners/wood")

    by_number = [one.sku for one in screws]
    window = Window(sort=sort, per_page=100, facets=False)
    assert skus(browse(visitor, "fasteners/wood", window=window)) == by_number
    assert skus(find(visitor, "Holzschraube", window=window, filters=here)) == by_number
    assert skus(among(visitor, [one.pk for one in screws], "", window=window)) == by_number
    page = browse(visitor, "fasteners/wood", window=replace(window, per_page=4))
    assert Decimal((_place_of(page.next_after, sort) or [UNPRICED])[0]) == UNPRICED
    cheap = Filters(category_path="fasteners/wood", price=(None, Decimal(50)))
    assert not browse(visitor, "fasteners/wood", window=window, filters=cheap).cards
    assert not find(visitor, "Holzschraube", window=window, filters=cheap).cards


def test_a_cursor_of_another_order_is_the_first_page(screws: list[Product]):
    orders = [
        Window(sort=sort, per_page=5, facets=False) for sort in ("", "name", "popular", "newest", "price")
    ]
    for one, other in permutations(orders, 2):
        asked = replace(other, after=browse(NOBODY, window=one).next_after)
        assert skus(browse(NOBODY, window=asked)) == skus(browse(NOBODY, window=other))
