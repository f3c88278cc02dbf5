"""What may be promised of a kit, wherever it is asked, and that reserving it takes its components."""

from decimal import Decimal

import pytest

from kontor.catalog.models import KitComponent
from kontor.discovery.product_page import product_page
from kontor.inventory.models import StockItem, Warehouse
from kontor.inventory.operations import Demand, reserve
from kontor.inventory.queries import available, low_stock
from kontor.search.operations import index_products
from kontor.search.queries import cards_of, product_detail, viewer_for
from kontor.search.queries.lookup import lookup_skus
from tests.kits import kit_of
from tests.traces import refused


def places(company, product):
    return product_page(viewer_for(company.pk), product.pk, actor=None, language="en").places


def put(product, warehouse, on_hand, reserved=0):
    StockItem.objects.update_or_create(
        product=product, warehouse=warehouse, defaults={"on_hand": on_hand, "reserved": reserved}
    )


@pytest.fixture
def bremen(hansa):
    return Warehouse.objects.create(seller=hansa, code="BRM", name="Bremen", country="DE", position=7)


@pytest.mark.parametrize(
    ("drills", "bolts", "expected"),
    [(12, 5000, 12), (12, 599, 11), (12, 49, 0), (0, 5000, 0), (1, 50, 1), (3, 149, 2)],
)
def test_a_kit_is_available_as_often_as_its_scarcest_component_allows(
    kit, ham, drill, bolt, drills, bolts, expected
):
    put(drill, ham, drills)
    put(bolt, ham, bolts)

    assert available([kit.pk, drill.pk]) == {kit.pk: expected, drill.pk: drills}


def test_what_is_reserved_of_a_component_is_not_there_for_the_kit(kit, ham, drill):
    put(drill, ham, 12, reserved=7)

    assert available([kit.pk])[kit.pk] == 5


def test_fractions_of_components_make_whole_kits(hansa, ham, bolt, cat):
    bolt.base_unit = "MTR"
    bolt.save(update_fields=["base_unit"])
    kit = kit_of(hansa, "SET-CABLE", {"BOLT-M8": "0.3"})
    put(bolt, ham, Decimal("0.9"))

    assert available([kit.pk])[kit.pk] == 3


@pytest.mark.covers("R0.11", "R0.22")
def test_every_reader_of_stock_says_the_same(kit, acme, hansa, ham, drill):
    put(drill, ham, 12, reserved=9)
    viewer = viewer_for(acme.pk)
    index_products([kit.pk])

    detail = product_detail(viewer, kit.pk)
    (card,) = cards_of(viewer, [kit.pk])
    known = lookup_skus(viewer, ["SET-WALL"])["SET-WALL"]

    assert [available([kit.pk])[kit.pk], detail.available, card.available, known.available] == [3, 3, 3, 3]
    assert places(acme, kit) == [(ham.name, 3)]
    assert [(one.sku, one.on_hand, one.available) for one in low_stock(hansa.pk, at_most=Decimal(3))] == [
        ("DRILL-18V", 12, 3),
        ("SET-WALL", None, 3),
    ]


def test_warehouses_together_may_have_more_kits_than_each_alone(kit, acme, ham, bremen, drill, bolt):
    put(drill, ham, 3)
    put(bolt, ham, 100)
    put(bolt, bremen, 100)

    assert available([kit.pk])[kit.pk] == 3
    assert places(acme, kit) == [(ham.name, 2)]


def test_a_kit_of_nothing_is_not_available(kit):
    KitComponent.objects.filter(kit=kit).delete()

    assert available([kit.pk])[kit.pk] == 0


def held(product):
    return [
        (item.warehouse.code, item.reserved)
        for item in StockItem.objects.filter(product=product, reserved__gt=0).select_related("warehouse")
    ]


def test_parts_of_a_line_come_from_one_warehouse_where_one_has_them_all(kit, ham, bremen, drill, bolt):
    put(drill, ham, 12)
    put(bolt, ham, 10)
    put(drill, bremen, 12)
    put(bolt, bremen, 500)

    reserve([Demand(1, drill.pk, Decimal(2), is_part=True), Demand(1, bolt.pk, Decimal(100), is_part=True)])

    assert (held(drill), held(bolt)) == ([("BRM", 2)], [("BRM", 100)])


def test_parts_come_from_where_they_are_when_no_warehouse_has_them_all(ham, bremen, drill, bolt):
    put(drill, ham, 12)
    put(bolt, ham, 10)
    put(drill, bremen, 0)
    put(bolt, bremen, 95)

    reserve([Demand(1, drill.pk, Decimal(2), is_part=True), Demand(1, bolt.pk, Decimal(100), is_part=True)])

    assert (held(drill), held(bolt)) == ([("HAM", 2)], [("HAM", 10), ("BRM", 90)])


def test_the_part_that_is_short_is_named_at_the_line_of_the_kit(ham, drill, bolt):
    put(bolt, ham, 40)

    with refused("not_enough_stock", "lines/7/quantity") as refusal:
        reserve(
            [
                Demand(1, drill.pk, Decimal(1), 7, is_part=True),
                Demand(1, bolt.pk, Decimal(50), 7, is_part=True),
            ]
        )

    assert refusal.value.fields["lines/7/quantity"] == (
        "Only 40 pieces available of “Hex bolt M8 x 40”, which is part of it."
    )
