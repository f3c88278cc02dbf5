"""What a kit consists of: saved whole with its product, kept in its versions."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kontor.catalog.models import KitComponent, Product, ProductVersion
from kontor.catalog.operations import ProductFacts, restore_version, save_product, set_status
from kontor.catalog.queries import contents_of
from kontor.catalog.queries.completeness import completeness_of, incomplete
from tests.kits import facts
from tests.traces import refused


def inside(kit):
    return [(one.sku, str(one.quantity)) for one in contents_of([kit.pk]).get(kit.pk, [])]


def save(cat, kit, parts, **other):
    return save_product(actor=cat.as_actor("page"), product=kit, facts=facts(kit.sku, parts, **other))


@pytest.mark.covers("R0.7", "R0.8")
def test_the_components_of_a_kit_are_kept_in_their_order(kit, cat):
    assert inside(kit) == [("DRILL-18V", "1.000"), ("BOLT-M8", "50.000"), ("ASSEMBLY-H", "0.500")]

    save(cat, kit, {"BOLT-M8": 20, "DRILL-18V": 2})

    assert inside(kit) == [("BOLT-M8", "20.000"), ("DRILL-18V", "2.000")]


def test_what_is_left_out_stays(kit, cat):
    save(cat, kit, None, name="Wall set")

    assert inside(kit) == [("DRILL-18V", "1.000"), ("BOLT-M8", "50.000"), ("ASSEMBLY-H", "0.500")]


def test_each_version_says_what_was_inside_and_brings_it_back(kit, cat):
    first = ProductVersion.objects.filter(product=kit).first()
    assert first.facts["components"] == [
        {"sku": "DRILL-18V", "quantity": "1.000"},
        {"sku": "BOLT-M8", "quantity": "50.000"},
        {"sku": "ASSEMBLY-H", "quantity": "0.500"},
    ]
    save(cat, kit, {"BOLT-M8": 20})

    restore_version(actor=cat.as_actor("page"), product=kit, version=first)

    assert inside(kit) == [("DRILL-18V", "1.000"), ("BOLT-M8", "50.000"), ("ASSEMBLY-H", "0.500")]


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"NOBODY": 1}, "components/0/sku"),
        ({"LAMP-LED": 1}, "components/0/sku"),
        ({"DRILL-18V": 1, "SET-WALL": 1}, "components/1/sku"),
        ({"DRILL-18V": 0}, "components/0/quantity"),
        ({"DRILL-18V": "1.5"}, "components/0/quantity"),
        ({}, "components"),
        ({"ASSEMBLY-H": 1}, "components"),
    ],
    ids=["unknown", "another seller's", "itself", "none of it", "half a drill", "nothing", "services only"],
)
def test_what_cannot_be_inside_is_refused_at_its_place_and_changes_nothing(kit, cat, parts, field):
    with refused("incomplete", field):
        save(cat, kit, parts)

    assert len(inside(kit)) == 3


def test_kits_are_not_nested(kit, cat, hansa):
    with refused("incomplete", "components/0/sku"):
        save_product(actor=cat.as_actor("page"), facts=facts("SET-OF-SETS", {"SET-WALL": 2}))
    assert not Product.objects.filter(sku="SET-OF-SETS").exists()


def test_a_component_twice_is_refused(kit, cat):
    twice = facts("SET-WALL", {"DRILL-18V": 1})
    both = replace(twice, components=[*twice.components, *twice.components])
    with refused("incomplete", "components/1/sku"):
        save_product(actor=cat.as_actor("page"), product=kit, facts=both)


def test_goods_have_no_components(cat, drill, bolt):
    given = ProductFacts(sku="DRILL-18V", name="Drill", components=facts("X", {"BOLT-M8": 1}).components)
    with refused("incomplete", "components"):
        save_product(actor=cat.as_actor("page"), product=drill, facts=given)


def test_a_kit_is_counted_whole(cat):
    with refused("incomplete", "base_unit"):
        save_product(actor=cat.as_actor("page"), facts=facts("SET-M", {"DRILL-18V": 1}, base_unit="MTR"))


def test_a_draft_that_is_inside_a_kit_stays_what_the_kit_counts_in(cat, kit, hansa):
    draft = save_product(actor=cat.as_actor("page"), facts=ProductFacts(sku="PLUG", name="Plug"))
    save(cat, kit, {"DRILL-18V": 1, "PLUG": 10})

    with refused("incomplete", "base_unit", "kind"):
        save_product(
            actor=cat.as_actor("page"),
            product=draft,
            facts=ProductFacts(sku="PLUG", name="Plug", kind="service", base_unit="MTR"),
        )


def test_a_draft_that_is_no_kit_any_more_has_no_components(cat):
    kit = save_product(actor=cat.as_actor("page"), facts=facts("SET-1", {"DRILL-18V": 1}))

    save_product(actor=cat.as_actor("page"), product=kit, facts=ProductFacts(sku="SET-1", name="One"))

    assert not KitComponent.objects.filter(kit=kit).exists()


def test_a_kit_of_nothing_does_not_go_on_sale_and_is_incomplete(cat, hansa):
    kit = save_product(actor=cat.as_actor("page"), facts=facts("SET-1", {}))

    with refused("no_components", "components"):
        set_status(actor=cat.as_actor("page"), product=kit, status="active")

    found = completeness_of([kit], ["en"], "en")[kit.pk][0]
    assert "components" in {one.field for one in found.missing}
    assert kit in incomplete(Product.objects.filter(seller=hansa), hansa.pk, ["en"], "shop")


def test_completeness_asks_only_kits_for_components(cat, kit, drill):
    found = completeness_of([kit, drill], ["en"], "en")

    assert "components" not in {one.field for pk in (kit.pk, drill.pk) for one in found[pk][0].missing}
    assert [found[pk][0].wanted for pk in (kit.pk, drill.pk)] == [5, 4]


def test_only_the_catalog_people_of_the_seller_change_a_kit(kit, wim, lev):
    for stranger in (wim, lev):
        with refused("not_allowed"):
            save_product(
                actor=stranger.as_actor("page"), product=kit, facts=facts("SET-WALL", {"BOLT-M8": 1})
            )

    assert inside(kit)[1] == ("BOLT-M8", "50.000")
    assert Decimal(inside(kit)[0][1]) == 1
