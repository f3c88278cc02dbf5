from dataclasses import replace
from decimal import Decimal

import pytest

from kontor.audit.models import Entry
from kontor.catalog.models import Category, Product
from kontor.catalog.operations import (
    CategoryFacts,
    ProductFacts,
    UnitFacts,
    delete_category,
    save_category,
    save_product,
    set_status,
)
from kontor.companies.models import Company, Membership
from kontor.kernel.models import OutboxEvent
from kontor.kernel.refusal import NotAllowed, Refused, Stale
from tests.cast import Cast, actor

SAW = ProductFacts(
    sku="SAW-1",
    name="Circular saw 1,400 W",
    brand="Elbwerk",
    gtin="4006381333931",
    specifications=[{"name": "Power", "value": "1400", "unit": "W"}, {"name": "", "value": ""}],
    units=[UnitFacts(unit="C62"), UnitFacts(unit="XPX", factor=Decimal(40), multiple=Decimal(2))],
)


@pytest.mark.covers("R0.7", "R0.8", "R0.9")
def test_a_new_product_is_a_draft_with_its_units_and_specifications(cat: Membership, hansa: Company):
    saw = save_product(actor=actor(cat), facts=SAW)

    assert (saw.seller, saw.status, saw.slug, saw.revision) == (hansa, "draft", "circular-saw-1400-w", 1)
    assert saw.specifications == [{"name": "Power", "value": "1400", "unit": "W"}]
    assert list(saw.sales_units.values_list("unit", "factor", "multiple", "position")) == [
        ("C62", 1, 1, 0),
        ("XPX", 40, 2, 1),
    ]
    assert OutboxEvent.objects.get(name="catalog.ProductChanged").key == f"product:{saw.pk}"


def test_a_change_raises_the_revision_and_says_what_changed(cat: Membership):
    saw = save_product(actor=actor(cat), facts=SAW)
    units = list(saw.sales_units.values_list("pk", flat=True))
    saw = save_product(actor=actor(cat), product=saw, revision=1, facts=replace(SAW, name="Saw", lead_days=5))

    assert (saw.name, saw.lead_days, saw.revision) == ("Saw", 5, 2)
    assert Entry.objects.latest("id").changes == {
        "name": ["Circular saw 1,400 W", "Saw"],
        "lead_days": ["2", "5"],
    }
    assert list(saw.sales_units.values_list("pk", flat=True)) == units


def test_of_two_people_editing_one_is_told(cat: Membership):
    saw = save_product(actor=actor(cat), facts=SAW)
    save_product(actor=actor(cat), product=saw, revision=1, facts=replace(SAW, name="Theirs"))
    with pytest.raises(Stale):
        save_product(actor=actor(cat), product=saw, revision=1, facts=replace(SAW, name="Mine"))

    assert Product.objects.get(pk=saw.pk).name == "Theirs"


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"sku": " ", "name": ""}, ["sku", "name"]),
        ({"gtin": "4006381333932"}, ["gtin"]),
        ({"base_unit": "ZZ", "units": ()}, ["base_unit"]),
        ({"kind": "thing", "tax_category": "none"}, ["kind", "tax_category"]),
        ({"name": "x" * 251}, ["name"]),
        ({"lead_days": -1, "weight_grams": -1}, ["weight_grams", "lead_days"]),
        ({"units": [UnitFacts(unit="C62", factor=Decimal(2))]}, ["units/0/factor"]),
        (
            {"units": [UnitFacts(unit="XBX"), UnitFacts(unit="XBX", minimum=Decimal(0))]},
            ["units/1/unit", "units/1/minimum"],
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(cat: Membership, wrong, fields):
    with pytest.raises(Refused) as refusal:
        save_product(actor=actor(cat), facts=replace(SAW, **wrong))

    assert (refusal.value.code, list(refusal.value.fields)) == ("incomplete", fields)
    assert not Product.objects.filter(sku="SAW-1").exists()


def test_a_sku_is_used_once_per_seller(cast: Cast, cat: Membership, lev: Membership):
    with pytest.raises(Refused, match="sku_taken"):
        save_product(actor=actor(cat), facts=replace(SAW, sku="BOLT-M8"))

    assert save_product(actor=actor(lev), facts=replace(SAW, sku="BOLT-M8")).pk


def test_unit_and_kind_stay_once_a_product_was_on_sale(cat: Membership, drill: Product):
    facts = ProductFacts(sku=drill.sku, name=drill.name)
    for wrong, code in (({"base_unit": "KGM"}, "base_unit_fixed"), ({"kind": "service"}, "kind_fixed")):
        with pytest.raises(Refused, match=code):
            save_product(actor=actor(cat), product=drill, facts=replace(facts, **wrong))


def test_only_the_sellers_own_catalog_people_edit(
    ana: Membership, wim: Membership, lev: Membership, drill: Product
):
    for member in (ana, wim, lev):
        with pytest.raises(NotAllowed):
            save_product(actor=actor(member), product=drill, facts=SAW)
        with pytest.raises(NotAllowed):
            set_status(actor=actor(member), product=drill, status="discontinued")
    assert Product.objects.get(pk=drill.pk).revision == 1


def test_on_sale_off_sale_and_back_but_never_a_draft_again(cat: Membership, drill: Product):
    who = actor(cat)
    set_status(actor=who, product=drill, status="discontinued")
    set_status(actor=who, product=drill, status="active")
    with pytest.raises(Refused, match="illegal_move"):
        set_status(actor=who, product=drill, status="draft")
    stale = Product.objects.get(pk=drill.pk)
    stale.revision -= 1
    with pytest.raises(Stale):
        set_status(actor=who, product=stale, status="discontinued")

    drill.refresh_from_db()
    assert (drill.status, drill.revision) == ("active", 3)


def test_goods_need_a_category_to_go_on_sale(cat: Membership):
    saw = save_product(actor=actor(cat), facts=SAW)
    with pytest.raises(Refused, match="no_category"):
        set_status(actor=actor(cat), product=saw, status="active")


def test_a_category_moves_with_everything_below_it(cast: Cast, cat: Membership):
    who = actor(cat)
    tools = Category.objects.get(path="power-tools")
    drills = save_category(actor=who, facts=CategoryFacts(name="Drills", parent=tools))
    save_category(actor=who, facts=CategoryFacts(name="Cordless", parent=drills))
    workshop = save_category(actor=who, facts=CategoryFacts(name="Workshop"))
    save_category(actor=who, category=drills, facts=CategoryFacts(name="Drilling", parent=workshop))

    assert sorted(Category.objects.values_list("path", flat=True)) == [
        "fasteners", "power-tools", "workshop", "workshop/drilling", "workshop/drilling/cordless",
    ]  # fmt: skip


def test_a_category_is_refused_where_it_cannot_be(cast: Cast, cat: Membership, ana: Membership):
    who = actor(cat)
    tools = Category.objects.get(path="power-tools")
    drills = save_category(actor=who, facts=CategoryFacts(name="Drills", parent=tools))
    wrong = [
        (None, CategoryFacts(name="Drills", parent=tools), "path_taken"),
        (tools, CategoryFacts(name="Power tools", parent=drills), "below_itself"),
        (None, CategoryFacts(name="!!!"), "incomplete"),
    ]
    for category, facts, code in wrong:
        with pytest.raises(Refused, match=code):
            save_category(actor=who, category=category, facts=facts)
    with pytest.raises(Refused, match="not_empty"):
        delete_category(actor=who, category=tools)
    with pytest.raises(NotAllowed):
        save_category(actor=actor(ana), facts=CategoryFacts(name="Mine"))

    delete_category(actor=who, category=drills)
    assert Category.objects.count() == 2
