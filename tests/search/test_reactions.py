"""The search follows the catalog: events are delivered here as the worker delivers them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kontor.catalog.models import Category, Product, SalesUnit
from kontor.catalog.operations import CategoryFacts, ProductFacts, save_category, save_product, set_status
from kontor.companies.models import Membership
from kontor.kernel import events
from kontor.kernel.invariants import check_all
from kontor.kernel.models import Delivery
from kontor.pricing.models import PriceList
from kontor.pricing.operations import PriceRow, set_prices
from kontor.pricing.queries import chain_of
from kontor.search.models import SearchDocument, Shelf
from kontor.search.operations import index_products, note_popularity, rebuild_all
from kontor.search.queries import Filters, Viewer, Window, browse, find, lookup_skus
from tests.cast import Cast, actor

NOBODY = Viewer()


def deliver() -> None:
    """Every pending delivery to the search, oldest first, twice: a reaction must bear that."""
    rows = Delivery.objects.filter(status="pending", reaction__startswith="search.").select_related("event")
    for delivery in rows.order_by("id"):
        subscription = events.subscription(delivery.reaction)
        assert subscription is not None
        for _time in (1, 2):
            subscription.react(events.rebuild(subscription.event, delivery.event.payload))
    rows.update(status="done")


def violations() -> dict[str, int]:
    return {finding.name: finding.bad for finding in check_all() if finding.bad}


@pytest.fixture
def indexed(cast: Cast) -> Cast:
    rebuild_all()
    return cast


def test_a_new_product_is_found_when_it_goes_on_sale_and_not_before(indexed: Cast, cat: Membership):
    tools = Category.objects.get(path="power-tools")
    facts = ProductFacts(sku="SAW-1", name="Circular saw", category=tools)
    saw = save_product(actor=actor(cat), facts=facts)
    deliver()
    assert (find(NOBODY, "saw").total, lookup_skus(NOBODY, ["SAW-1"])) == (0, {})

    set_status(actor=actor(cat), product=saw, status="active")
    deliver()
    assert find(NOBODY, "saw").cards[0].sku == "SAW-1"
    assert browse(NOBODY, "power-tools").total == 3

    save_product(actor=actor(cat), product=saw, facts=replace(facts, name="Jigsaw", sku="JIG-1"))
    deliver()
    assert (find(NOBODY, "circular").total, find(NOBODY, "JIG").total, lookup_skus(NOBODY, ["SAW-1"])) == (
        0,
        1,
        {},
    )

    saw.refresh_from_db()
    set_status(actor=actor(cat), product=saw, status="discontinued")
    deliver()
    assert (find(NOBODY, "jigsaw").total, browse(NOBODY, "power-tools").total) == (0, 2)
    assert lookup_skus(NOBODY, ["jig 1"])["jig 1"].status == "discontinued"


def test_a_moved_category_takes_its_products_along(indexed: Cast, cat: Membership):
    tools = Category.objects.get(path="power-tools")
    workshop = save_category(actor=actor(cat), facts=CategoryFacts(name="Workshop"))
    save_category(actor=actor(cat), category=tools, facts=CategoryFacts(name="Machines", parent=workshop))
    deliver()

    assert browse(NOBODY, "power-tools").total == 0
    assert browse(NOBODY, "workshop").total == browse(NOBODY, "workshop/machines").total == 2
    assert find(NOBODY, "machines").total == 2


def test_sorting_by_price_follows_the_public_list(
    indexed: Cast, sal: Membership, public_list: PriceList, bolt: Product, drill: Product
):
    lists = PriceList.objects.filter(is_public=True).values_list("pk", flat=True)
    everybody = Viewer(chain=chain_of(list(lists)))

    def cheapest() -> list[str]:
        return [card.sku for card in browse(everybody, window=Window(sort="price")).cards]

    assert cheapest() == ["BOLT-M8", "LAMP-LED", "ASSEMBLY-H", "DRILL-18V"]
    set_prices(actor=actor(sal), price_list=public_list, rows=[PriceRow(drill.pk, Decimal("0.01"))])
    deliver()
    assert cheapest() == ["DRILL-18V", "BOLT-M8", "LAMP-LED", "ASSEMBLY-H"]
    assert SearchDocument.objects.get(product=drill).list_price == Decimal("0.01")


def test_a_price_of_the_unit_that_is_offered_first_counts_per_base_unit(
    indexed: Cast, sal: Membership, public_list: PriceList, drill: Product
):
    SalesUnit.objects.filter(product=drill).update(position=1)
    SalesUnit.objects.create(product=drill, unit="XBX", factor=10, position=0)
    box = PriceRow(drill.pk, Decimal("0.40"), price_base=Decimal(10), unit="XBX")
    set_prices(actor=actor(sal), price_list=public_list, rows=[box])
    deliver()

    everybody = Viewer(chain=chain_of([public_list.pk]))
    found = browse(everybody, window=Window(sort="price"))
    assert [card.sku for card in found.cards][:2] == ["DRILL-18V", "BOLT-M8"]
    assert (found.cards[0].amount, found.cards[0].price_base) == (Decimal("0.40"), 10)
    cheap = Filters(price=(None, Decimal("0.05")))
    assert [card.sku for card in browse(everybody, filters=cheap).cards] == ["DRILL-18V"]
    for _rebuilt in range(2):
        assert SearchDocument.objects.get(product=drill).list_price == Decimal("0.04")
        rebuild_all()


def test_popularity_survives_a_change_of_the_product(indexed: Cast, drill: Product, bolt: Product):
    note_popularity({drill.pk: 50, bolt.pk: 7})
    index_products([drill.pk])

    assert [card.sku for card in browse(NOBODY, window=Window(sort="popular")).cards][:2] == [
        "DRILL-18V",
        "BOLT-M8",
    ]
    assert set(Shelf.objects.filter(product=drill).values_list("popularity", flat=True)) == {50}


def test_rebuilding_tells_how_far_it_is_and_leaves_the_same(indexed: Cast):
    before = list(
        Shelf.objects.order_by("shelf", "product_id").values_list("shelf", "product_id", "sort_key")
    )
    told: list[int] = []

    assert rebuild_all(told.append) == 4
    assert told == [4]
    assert (
        list(Shelf.objects.order_by("shelf", "product_id").values_list("shelf", "product_id", "sort_key"))
        == before
    )


def test_what_the_search_lacks_or_has_too_much_is_found_by_the_check(
    indexed: Cast, drill: Product, bolt: Product
):
    assert not [name for name in violations() if "search" in name or "sale" in name]

    SearchDocument.objects.filter(product=drill).delete()
    Product.objects.filter(pk=bolt.pk).update(status="discontinued")
    found = violations()
    assert found["every product on sale can be found, and nothing else"] == 2
    assert found["every product on sale stands in its category, in each one above and in the whole shop"] == 2
