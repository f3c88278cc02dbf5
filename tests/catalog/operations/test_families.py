from dataclasses import replace

import pytest

from kontor.catalog.models import Attribute, Family
from kontor.catalog.operations import (
    AttributeFacts,
    ChoiceFacts,
    FamilyFacts,
    OwnAttribute,
    delete_attribute,
    delete_family,
    save_attribute,
    save_family,
)
from kontor.catalog.queries import effective_attributes, families_of_seller
from kontor.companies.models import Membership
from kontor.kernel.models import OutboxEvent
from kontor.kernel.refusal import NotAllowed, Refused
from tests.cast import actor
from tests.catalog.goods import attribute, screw, screws


@pytest.mark.covers("R0.7", "R0.9", "R3.56")
def test_a_family_has_the_attributes_of_its_parent_and_its_own(cat: Membership):
    _fasteners, family = screws(actor(cat))

    traits = effective_attributes(family.pk)

    assert [(one.code, one.group, one.is_required, one.is_axis, one.is_facet) for one in traits] == [
        ("material", "Build", True, False, True),
        ("thread", "Size", True, True, False),
        ("length", "Size", False, True, True),
        ("remark", "", False, False, False),
    ]
    assert (traits[0].label("de"), traits[0].label("fr"), traits[2].unit) == ("Werkstoff", "Material", "MMT")
    assert OutboxEvent.objects.filter(name="catalog.FamilyChanged").count() == 2


def test_the_nearest_family_decides_how_an_attribute_is_used(cat: Membership):
    _fasteners, family = screws(actor(cat))
    material = Attribute.objects.get(code="material")
    nearer = FamilyFacts(
        name="Wood screws", parent=family, attributes=[OwnAttribute(attribute=material, group="Look")]
    )
    wood = save_family(actor=actor(cat), facts=nearer)

    found = {one.code: one for one in effective_attributes(wood.pk)}
    assert (found["material"].group, found["material"].is_required) == ("Look", False)
    assert found["material"].family_id == wood.pk


def test_a_family_cannot_inherit_from_itself(cat: Membership):
    fasteners, family = screws(actor(cat))
    with pytest.raises(Refused) as refusal:
        save_family(actor=actor(cat), family=fasteners, facts=FamilyFacts(name="Fasteners", parent=family))

    assert (refusal.value.code, list(refusal.value.fields)) == ("below_itself", ["parent"])
    assert Family.objects.get(pk=fasteners.pk).parent is None


def test_the_tree_counts_products(cat: Membership):
    _fasteners, family = screws(actor(cat))
    screw(actor(cat), family, "S-1", thread="M6", length="20", material="Steel")

    rows = families_of_seller(cat.company_id)

    assert [(one.family.name, one.depth, one.products, one.own) for one in rows] == [
        ("Fasteners", 0, 0, 1),
        ("Screws", 1, 1, 3),
    ]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (AttributeFacts(name=" ", kind="text"), "name"),
        (AttributeFacts(name="A", kind="colour"), "kind"),
        (AttributeFacts(name="A", kind="text", unit="MMT"), "unit"),
        (AttributeFacts(name="A", kind="number", unit="ZZZ"), "unit"),
        (AttributeFacts(name="A", kind="number", is_localised=True), "is_localised"),
        (AttributeFacts(name="A", kind="choice"), "choices"),
        (AttributeFacts(name="A", kind="choice", choices=[ChoiceFacts(label="x")] * 2), "choices"),
    ],
)
def test_a_wrong_attribute_is_refused_at_its_field(cat: Membership, facts: AttributeFacts, field: str):
    with pytest.raises(Refused) as refusal:
        save_attribute(actor=actor(cat), facts=facts)

    assert (refusal.value.code, list(refusal.value.fields)) == ("incomplete", [field])
    assert not Attribute.objects.exists()


def test_what_products_hold_stays_readable(cat: Membership):
    act = actor(cat)
    _fasteners, family = screws(act)
    screw(act, family, "S-1", thread="M6", length="20", material="Steel")
    thread, length = Attribute.objects.get(code="thread"), Attribute.objects.get(code="length")
    as_number = AttributeFacts(name="Length", kind="number", unit="MMT")

    for row, facts, code in (
        (length, replace(as_number, kind="text", unit=""), "kind_fixed"),
        (length, replace(as_number, unit="INH"), "unit_fixed"),
        (
            thread,
            AttributeFacts(name="Thread", kind="choice", choices=[ChoiceFacts(label="M8")]),
            "choice_used",
        ),
    ):
        with pytest.raises(Refused) as refusal:
            save_attribute(actor=act, attribute=row, facts=facts)
        assert refusal.value.code == code

    kept = AttributeFacts(
        name="Thread", kind="choice", choices=[ChoiceFacts(label=one) for one in ("M10", "M6")]
    )
    save_attribute(actor=act, attribute=thread, facts=kept)
    assert list(thread.choices.values_list("code", flat=True)) == ["m10", "m6"]


def test_what_is_in_use_is_not_deleted(cat: Membership):
    act = actor(cat)
    fasteners, family = screws(act)
    with pytest.raises(Refused) as refusal:
        delete_attribute(actor=act, attribute=Attribute.objects.get(code="material"))
    assert refusal.value.code == "attribute_used"
    with pytest.raises(Refused) as refusal:
        delete_family(actor=act, family=fasteners)
    assert refusal.value.code == "family_used"

    delete_family(actor=act, family=family)
    delete_attribute(actor=act, attribute=Attribute.objects.get(code="thread"))
    assert not Attribute.objects.filter(code="thread").exists()


def test_only_the_own_catalog_people_change_families(cat: Membership, sal: Membership, lev: Membership):
    act = actor(cat)
    fasteners, _screws = screws(act)
    for other in (sal, lev):
        with pytest.raises(NotAllowed):
            save_family(actor=actor(other), family=fasteners, facts=FamilyFacts(name="Mine"))
        with pytest.raises(NotAllowed):
            save_attribute(
                actor=actor(other),
                attribute=Attribute.objects.get(code="length"),
                facts=AttributeFacts(name="Mine", kind="text"),
            )
    foreign = attribute(actor(lev), "Foreign", "text")
    with pytest.raises(Refused) as refusal:
        save_family(actor=act, facts=FamilyFacts(name="Mixed", attributes=[OwnAttribute(attribute=foreign)]))
    assert list(refusal.value.fields) == ["attributes/0/attribute"]
    assert list(Family.objects.values_list("name", flat=True)) == ["Fasteners", "Screws"]
