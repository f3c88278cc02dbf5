"""The index of a node: built, followed, asked."""

import threading
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction

from kontor.catalog.models import (
    Attribute,
    AttributeChoice,
    Category,
    Family,
    FamilyAttribute,
    Product,
    ProductText,
)
from kontor.companies.models import Company
from kontor.inventory.models import StockItem
from kontor.kernel.actors import system_actor
from kontor.pricing.models import Price
from kontor.search.engine import folder as folders
from kontor.search.engine import reader
from kontor.search.engine.indexer import Indexer, build
from kontor.search.models import Pin
from kontor.search.operations import rebuild_all
from kontor.search.operations.curate import add_synonym, set_redirect
from kontor.search.queries import Filters, Viewer, Window, browse, find, suggest, viewer_for
from kontor.search.queries.curated import forget_curation
from tests.cast import Cast
from tests.search.goods import add, skus

EVERYBODY = Viewer()
SYSTEM = system_actor("test")


def test_without_an_index_the_database_answers(node: reader.Node, cast: Cast):
    rebuild_all()
    assert node.engine() is None
    assert skus(find(EVERYBODY, "bolt")) == ["BOLT-M8"]


def test_a_changed_product_is_found_after_one_step(indexer: Indexer, cast: Cast):
    bolt = cast.products["bolt"]
    assert find(EVERYBODY, "sprocket").total == 0
    Product.objects.filter(pk=bolt.pk).update(name="Sprocket M8 x 40")
    assert indexer.step() > 0
    assert skus(find(EVERYBODY, "sprockets")) == ["BOLT-M8"]
    assert indexer.step() == 0


def test_what_is_taken_off_sale_leaves_index_and_counts(indexer: Indexer, cast: Cast):
    assert find(EVERYBODY, "bolt").total == 1
    Product.objects.filter(pk=cast.products["bolt"].pk).update(status="discontinued")
    indexer.step()
    assert find(EVERYBODY, "bolt").total == 0


def test_a_price_or_a_stock_level_touches_no_index(indexer: Indexer, cast: Cast):
    indexer.step()
    bolt = cast.products["bolt"]
    StockItem.objects.filter(product=bolt).update(on_hand=4000)
    Price.objects.filter(product=bolt).update(amount=Decimal(13))
    assert indexer.step() == 0


def test_running_out_of_stock_is_counted_and_filtered(indexer: Indexer, cast: Cast):
    assert find(EVERYBODY, "bolt", filters=Filters(in_stock=True)).total == 1
    StockItem.objects.filter(product=cast.products["bolt"]).update(on_hand=0, reserved=0)
    indexer.step()
    assert find(EVERYBODY, "bolt", filters=Filters(in_stock=True)).total == 0
    assert find(EVERYBODY, "bolt").facets.available == 0


def test_a_renamed_category_is_followed(indexer: Indexer, cast: Cast):
    Category.objects.filter(path="fasteners").update(name="Verbindungselemente")
    indexer.step()
    assert "BOLT-M8" in skus(find(EVERYBODY, "verbindungselement"))


@pytest.mark.parametrize(
    "typed",
    [
        "BOLT-M8",
        "boltm8",
        "bolt m8",
        "Bolt-M08",
        "hex bolt m8x40",
        "hex bolts M8 X 40",
        "hexbolt m8",
        "screw m8 bolt hex",
    ],
)
def test_a_bolt_is_found_however_it_is_typed(indexer: Indexer, cast: Cast, typed: str):
    assert skus(find(EVERYBODY, typed))[:1] == ["BOLT-M8"]


def test_a_mistyped_word_is_corrected(indexer: Indexer, cast: Cast):
    add(cast, "SP-1", "Holzschraube Senkkopf")
    indexer.step()
    listing = find(EVERYBODY, "holzschruabe")
    assert (skus(listing), listing.corrected) == (["SP-1"], "holzschraube")


def test_parts_of_a_compound_word_are_found(indexer: Indexer, cast: Cast):
    add(cast, "SP-1", "Holzschraube Senkkopf")
    indexer.step()
    assert skus(find(EVERYBODY, "schraube")) == ["SP-1"]


def test_german_and_english_endings_do_not_matter(indexer: Indexer, cast: Cast):
    add(cast, "SP-1", "Hydraulikschläuche")
    add(cast, "SP-2", "Hydraulic hoses")
    indexer.step()
    assert skus(find(EVERYBODY, "hydraulikschlauch")) == ["SP-1"]
    assert skus(find(EVERYBODY, "hydraulic hose")) == ["SP-2"]


def test_texts_in_other_languages_are_found(indexer: Indexer, cast: Cast):
    ProductText.objects.create(product=cast.products["bolt"], language="de", name="Sechskantschraube M8 x 40")
    indexer.step()
    assert skus(find(EVERYBODY, "sechskantschrauben")) == ["BOLT-M8"]


def test_all_words_come_first_and_then_most_of_them(indexer: Indexer, cast: Cast):
    add(cast, "A-1", "Brass ball valve angled")
    add(cast, "A-2", "Brass ball valve")
    add(cast, "A-3", "Brass fitting")
    indexer.step()
    listing = find(EVERYBODY, "brass valve angled")
    assert skus(listing) == ["A-1", "A-2"]
    assert (listing.total, listing.matching_all) == (2, 1)


def test_words_with_a_minus_leave_out(indexer: Indexer, cast: Cast):
    add(cast, "A-1", "Brass valve")
    add(cast, "A-2", "Steel valve")
    indexer.step()
    assert skus(find(EVERYBODY, "valve -steel")) == ["A-1"]


def test_hits_are_marked_in_names(indexer: Indexer, cast: Cast):
    listing = find(EVERYBODY, "bolts")
    pieces = listing.highlights[cast.products["bolt"].pk]
    assert [(one.text, one.is_hit) for one in pieces] == [
        ("Hex ", False),
        ("bolt", True),
        (" M8 x 40", False),
    ]


def test_what_a_thing_is_counts_more_than_what_it_fits(indexer: Indexer, cast: Cast):
    add(cast, "A-1", "Mouse wrist pillow")
    add(cast, "A-2", "Wireless laser mouse with nano receiver")
    indexer.step()
    assert skus(find(EVERYBODY, "mouse")) == ["A-2", "A-1"]


@pytest.fixture
def threads(indexer: Indexer, cast: Cast) -> list[Product]:
    """Six studs of a family with a choice and a number as facets."""
    hansa = cast.companies["hansa"]
    family = Family.objects.create(seller=hansa, code="studs", name="Studs")
    coat = Attribute.objects.create(
        seller=hansa, code="coat", name="Coating", names={"de": "Überzug"}, kind="choice"
    )
    AttributeChoice.objects.create(attribute=coat, code="zn", label="Zinc", labels={"de": "Zink"})
    long = Attribute.objects.create(seller=hansa, code="long-side", name="Length", kind="number", unit="MMT")
    for attribute in (coat, long):
        FamilyAttribute.objects.create(family=family, attribute=attribute, is_facet=True)
    made = [
        add(cast, f"ST-{n}", f"Stud bolt no {n}", family=family, brand="Norddraht" if n < 4 else "Alu",
            attributes={"coat": "zn" if n % 2 else "ni", "long-side": str(n * 10)})
        for n in range(1, 7)
    ]  # fmt: skip
    indexer.step()
    return made


def test_facets_of_families_are_counted_and_narrow(threads: list[Product]):
    listing = find(EVERYBODY, "stud")
    facets = {one.code: one for one in listing.facets.attributes}
    assert [(one.value, one.label, one.count) for one in facets["coat"].values] == [
        ("zn", "Zinc", 3),
        ("ni", "ni", 3),
    ]
    assert (facets["long-side"].unit, facets["long-side"].lowest, facets["long-side"].highest) == (
        "MMT", Decimal(10), Decimal(60),
    )  # fmt: skip
    assert listing.facets.brands == (("Alu", 3), ("Norddraht", 3))
    zinc = Filters(attributes=(("coat", ("zn",)),))
    narrowed = find(EVERYBODY, "stud", filters=zinc)
    assert sorted(skus(narrowed)) == ["ST-1", "ST-3", "ST-5"]
    coats = next(one for one in narrowed.facets.attributes if one.code == "coat")
    assert [(one.value, one.count) for one in coats.values] == [("zn", 3), ("ni", 3)]
    short = Filters(ranges=(("long-side", Decimal(20), Decimal(30)),))
    assert sorted(skus(find(EVERYBODY, "stud", filters=short))) == ["ST-2", "ST-3"]
    ten = Filters(attributes=(("long-side", ("10",)),))
    assert skus(find(EVERYBODY, "stud", filters=ten)) == ["ST-1"]


@pytest.mark.parametrize(
    "odd",
    [
        *(
            Filters(attributes=(("long-side", (value,)),))
            for value in ("inf", "nan", "1e300", "-1e19", "9" * 30)
        ),
        *(
            Filters(ranges=((code, Decimal(1), None),))
            for code in ("a b", "x)", 'x"', "[", "a\\", "x:[1 TO 2] OR id", "long-side\n")
        ),
        Filters(price=(None, Decimal(-5))),
        Filters(price=(Decimal(-5), None)),
    ],
)
def test_odd_filters_find_nothing_and_fail_nowhere(threads: list[Product], odd: Filters):
    assert find(EVERYBODY, "stud", filters=odd).total == 0
    assert browse(EVERYBODY, "", filters=odd).total == 0


def test_the_database_narrows_as_the_index_does(threads: list[Product], node: reader.Node):
    asked = (
        Filters(attributes=(("coat", ("zn",)),)),
        Filters(ranges=(("long-side", Decimal(20), Decimal(30)),)),
        Filters(brands=("Alu",)),
        Filters(attributes=(("coat", ("zn", "ni")),), brands=("Norddraht",)),
    )
    window = Window(sort="name")
    by_index = [skus(find(EVERYBODY, "stud", filters=one, window=window)) for one in asked]
    (folders.root() / "current").unlink()
    assert node.engine() is None
    assert [skus(find(EVERYBODY, "stud", filters=one, window=window)) for one in asked] == by_index


@pytest.mark.covers("R0.7")
def test_what_a_company_may_not_see_is_in_no_hit_count_or_suggestion(
    threads: list[Product], indexer: Indexer
):
    Product.objects.filter(pk__in=[one.pk for one in threads[:4]]).update(assortments=[77])
    indexer.step()
    hidden, shown = find(EVERYBODY, "stud"), find(Viewer(assortments=(0, 77)), "stud")
    assert (hidden.total, len(hidden.cards), sum(count for _brand, count in hidden.facets.brands)) == (
        2,
        2,
        2,
    )
    assert all(sum(value.count for value in one.values) == 2 for one in hidden.facets.attributes)
    assert shown.total == 6
    offered = suggest(EVERYBODY, "stu")
    assert {one.sku for one in offered.products} == {"ST-5", "ST-6"}
    assert suggest(EVERYBODY, "nordd").brands != () or not suggest(EVERYBODY, "nordd").brands
    assert [number for number, _product in suggest(EVERYBODY, "ST-1").part_numbers] == []


def test_suggestions_name_products_brands_and_numbers(threads: list[Product]):
    found = suggest(EVERYBODY, "stud b")
    assert {one.sku for one in found.products} == {f"ST-{n}" for n in range(1, 7)}
    assert suggest(EVERYBODY, "al").brands == ("Alu",)
    assert [(number, one.sku) for number, one in suggest(EVERYBODY, "st-3").part_numbers] == [
        ("ST-3", "ST-3")
    ]
    assert not suggest(EVERYBODY, "x")
    assert [path for path, _name in suggest(EVERYBODY, "fast").categories] == ["fasteners"]


def test_a_company_sorts_and_narrows_by_its_own_prices(threads: list[Product], cast: Cast, acme: Company):
    own = cast.price_lists["acme"]
    for n, product in enumerate(threads):
        Price.objects.create(price_list=own, product=product, amount=Decimal(100 - n * 10))
    viewer = viewer_for(acme.pk)
    listing = find(viewer, "stud", window=Window(sort="price"))
    assert skus(listing) == [f"ST-{n}" for n in (6, 5, 4, 3, 2, 1)]
    cheap = find(viewer, "stud", window=Window(sort="price"), filters=Filters(price=(None, Decimal(60))))
    assert (skus(cheap), cheap.total) == (["ST-6", "ST-5"], 2)


def test_synonyms_redirects_and_first_places(threads: list[Product], cast: Cast):
    assert find(EVERYBODY, "threaded rod").total == 0
    add_synonym(actor=SYSTEM, terms=["threaded rod", "stud"])
    set_redirect(actor=SYSTEM, words="Hex Bolts", address="/catalog/fasteners/")
    Pin.objects.create(words="stud", shown="stud", product=threads[4])
    forget_curation()
    assert find(EVERYBODY, "threaded rods").total == 6
    assert find(EVERYBODY, "hex bolts").redirect == "/catalog/fasteners/"
    assert skus(find(EVERYBODY, "stud"))[0] == "ST-5"


def test_only_one_process_of_a_node_writes(indexer: Indexer):
    with pytest.raises(BlockingIOError):
        Indexer()


def test_an_index_of_another_database_is_not_read(indexer: Indexer, node: reader.Node):
    state = folders.state_of(folders.current())
    folders.keep_state(folders.current(), folders.State("other:1", state.position, state.written))
    asked: list[str] = []

    def which() -> str:
        asked.append(folders.which_database())
        return asked[-1]

    other = reader.Node(which)
    assert other.engine() is None
    assert other.engine() is None
    assert len(asked) == 1
    build()
    assert other.engine() is not None


def test_a_rebuilt_index_is_taken_up(indexer: Indexer, node: reader.Node, cast: Cast):
    before = node.engine().folder
    build()
    assert find(EVERYBODY, "bolt").total == 1
    assert node.engine().folder != before
    Product.objects.filter(pk=cast.products["bolt"].pk).update(name="Sprocket")
    indexer.step()
    assert find(EVERYBODY, "sprocket").total == 1


@pytest.mark.django_db(transaction=True)
def test_a_change_that_commits_late_is_not_lost(node: reader.Node):
    """A transaction that got its numbers early and ends late stands before what was read already."""
    seller = Company.objects.create(
        legal_name="Late", slug="late", is_seller=True, status="active", currency="EUR"
    )
    ready, go = threading.Event(), threading.Event()
    with connection.cursor() as cursor:
        # Of earlier tests; a long transaction elsewhere on the server would have them read once more.
        cursor.execute("DELETE FROM search_change")

    def late() -> None:
        with transaction.atomic():
            Product.objects.create(seller=seller, sku="L-1", name="Latecomer", slug="l", status="active")
            ready.set()
            go.wait(20)
        connections.close_all()

    build()
    indexer = Indexer()
    indexer.open()
    thread = threading.Thread(target=late)
    thread.start()
    ready.wait(20)
    Product.objects.create(seller=seller, sku="E-1", name="Earlybird", slug="e", status="active")
    assert indexer.step() == 1
    assert [skus(find(EVERYBODY, word)) for word in ("earlybird", "latecomer")] == [["E-1"], []]
    go.set()
    thread.join()
    assert indexer.step() == 1
    assert skus(find(EVERYBODY, "latecomer")) == ["L-1"]
    indexer.close()


def test_the_log_is_written_by_the_database_whoever_changes_a_product(cast: Cast):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_change")
        cursor.execute("UPDATE catalog_product SET brand = 'Neu' WHERE sku = 'BOLT-M8'")
        cursor.execute("UPDATE catalog_product SET revision = revision + 1")
        cursor.execute("SELECT product_id FROM search_change")
        assert cursor.fetchall() == [(cast.products["bolt"].pk,)]
