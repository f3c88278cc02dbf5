from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from kontor.audit.models import Entry
from kontor.catalog.models import Product, ProductVersion
from kontor.catalog.operations import (
    ClassFacts,
    HazardFacts,
    ProductFacts,
    RelationFacts,
    TextFacts,
    UnitFacts,
    follow_sale_dates,
    restore_version,
    save_product,
    save_relations,
    set_languages,
    set_status,
)
from kontor.companies.models import Membership
from kontor.kernel import clock
from kontor.kernel.refusal import Refused
from tests.cast import actor
from tests.catalog.goods import screw, screws

WHOLE = ProductFacts(
    sku="P-1",
    name="Primer",
    summary="Grey",
    origin="de",
    customs_code="320890",
    units=[
        UnitFacts(unit="C62"),
        UnitFacts(unit="XCT", factor=Decimal(12), maximum=Decimal(5), package="CT"),
    ],
    texts={"de": TextFacts(name="Grundierung"), "fr": TextFacts()},
    classifications=[
        ClassFacts(system="unspsc", code="31211500"),
        ClassFacts(system="etim", code="EC001234"),
    ],
    hazard=HazardFacts(un_number="1263", hazard_class="3", packing_group="III"),
)


@pytest.mark.covers("R0.7", "R0.8", "R3.56")
def test_a_version_holds_all_of_a_product_and_brings_it_back(cat: Membership):
    act = actor(cat)
    first = save_product(actor=act, facts=WHOLE)
    bare = ProductFacts(
        sku="P-1",
        name="Paint",
        texts={},
        classifications=[],
        hazard=HazardFacts(),
        units=[UnitFacts(unit="C62")],
    )
    save_product(actor=act, product=first, facts=bare)
    assert not Product.objects.get(pk=first.pk).texts.exists()

    version = ProductVersion.objects.get(product=first, revision=1)
    assert (version.actor_name, version.door) == (act.name, "page")
    restored = restore_version(actor=act, product=first, version=version)

    assert (restored.name, restored.origin, restored.customs_code, restored.revision) == (
        "Primer",
        "DE",
        "320890",
        3,
    )
    assert restored.texts.get().name == "Grundierung"
    assert restored.hazard.un_number == "1263"
    assert list(restored.classifications.values_list("system", "code")) == [
        ("etim", "EC001234"),
        ("unspsc", "31211500"),
    ]
    last = ProductVersion.objects.get(product=first, revision=3)
    assert last.facts == version.facts
    assert [one["maximum"] for one in last.facts["units"]] == [None, "5.000"]


def test_what_the_facts_do_not_name_stays(cat: Membership):
    act = actor(cat)
    _fasteners, family = screws(act)
    saved = screw(act, family, "S-1", thread="M6", length="20")
    facts = ProductFacts(sku="S-1", name="Screw", family=family)
    saved = save_product(actor=act, product=saved, facts=replace(WHOLE, sku="S-1", family=family))
    saved = save_product(actor=act, product=saved, facts=facts)

    assert saved.attributes == {"thread": "m6", "length": "20"}
    assert (saved.texts.count(), saved.classifications.count(), saved.hazard.un_number) == (1, 2, "1263")


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"origin": "XX"}, ["origin"]),
        ({"customs_code": "7318.15"}, ["customs_code"]),
        ({"classifications": [ClassFacts(system="etim", code="1234")]}, ["classifications/0/code"]),
        ({"classifications": [ClassFacts(system="other", code="1")] * 2}, ["classifications/1/system"]),
        ({"hazard": HazardFacts(un_number="12")}, ["hazard/un_number"]),
        ({"hazard": HazardFacts(packing_group="IV")}, ["hazard/packing_group"]),
        ({"texts": {"de": TextFacts(name="x" * 251)}}, ["texts/de/name"]),
        ({"units": [UnitFacts(unit="C62", minimum=Decimal(5), maximum=Decimal(4))]}, ["units/0/maximum"]),
        ({"units": [UnitFacts(unit="C62", gtin="123", package="box")]}, ["units/0/gtin", "units/0/package"]),
        (
            {
                "on_sale_from": datetime(2027, 1, 2, tzinfo=UTC),
                "on_sale_until": datetime(2027, 1, 1, tzinfo=UTC),
            },
            ["on_sale_until"],
        ),
    ],
)
def test_wrong_trade_data_is_refused_at_its_field(
    cat: Membership, wrong: dict[str, object], fields: list[str]
):
    with pytest.raises(Refused) as refusal:
        save_product(actor=actor(cat), facts=replace(WHOLE, **wrong))

    assert list(refusal.value.fields) == fields
    assert not Product.objects.filter(sku="P-1").exists()


@pytest.mark.covers("R3.51")
def test_related_products_are_stated_by_sku(cat: Membership):
    act = actor(cat)
    saved = save_product(actor=act, facts=WHOLE)
    other = save_product(actor=act, facts=replace(WHOLE, sku="P-2", name="Brush"))

    saved = save_relations(actor=act, product=saved, relations=[RelationFacts(kind="accessory", sku="P-2")])
    assert list(saved.relations.values_list("kind", "other")) == [("accessory", other.pk)]
    assert ProductVersion.objects.get(product=saved, revision=2).facts["relations"] == [
        {"kind": "accessory", "sku": "P-2"}
    ]

    wrong = [
        RelationFacts(kind="friend", sku="P-2"),
        RelationFacts(kind="successor", sku="P-1"),
        RelationFacts(kind="successor", sku="?"),
    ]
    with pytest.raises(Refused) as refusal:
        save_relations(actor=act, product=saved, relations=wrong)
    assert sorted(refusal.value.fields) == ["relations/0/kind", "relations/1/sku", "relations/2/sku"]
    assert saved.relations.count() == 1


def test_a_product_goes_from_draft_over_review_to_sale_and_never_back(cat: Membership):
    act = actor(cat)
    saved = save_product(actor=act, facts=replace(WHOLE, kind="service", units=()))
    for status in ("review", "draft", "review", "approved", "active", "discontinued", "active"):
        saved = set_status(actor=act, product=saved, status=status)
    for status in ("draft", "review", "approved"):
        with pytest.raises(Refused) as refusal:
            set_status(actor=act, product=saved, status=status)
        assert refusal.value.code == "illegal_move"
    assert Product.objects.get(pk=saved.pk).status == "active"


def test_sale_begins_and_ends_by_the_calendar(cat: Membership):
    act, now = actor(cat), clock.now()
    dates = {"on_sale_from": now + timedelta(days=1), "on_sale_until": now + timedelta(days=3)}
    saved = save_product(actor=act, facts=replace(WHOLE, kind="service", units=(), **dates))
    waiting = save_product(actor=act, facts=replace(WHOLE, sku="P-2", kind="service", units=(), **dates))
    set_status(actor=act, product=saved, status="approved")

    assert follow_sale_dates() == (0, 0)
    with clock.at(now + timedelta(days=2)):
        assert follow_sale_dates() == (1, 0)
    with clock.at(now + timedelta(days=4)):
        assert follow_sale_dates() == (0, 1)
    assert Product.objects.get(pk=saved.pk).status == "discontinued"
    assert Product.objects.get(pk=waiting.pk).status == "draft"
    assert Entry.objects.filter(verb="catalog.status_set").latest("id").actor_name == "Calendar"


def test_the_languages_of_a_catalog(cat: Membership):
    act = actor(cat)
    assert set_languages(actor=act, languages=["de", "EN", "de"]).languages == ["de", "en"]
    for wrong in ([], ["xx"], [" "]):
        with pytest.raises(Refused) as refusal:
            set_languages(actor=act, languages=wrong)
        assert list(refusal.value.fields) == ["languages"]
