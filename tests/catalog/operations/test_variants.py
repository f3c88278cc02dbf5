import pytest

from kontor.catalog.models import Product, ProductVersion
from kontor.catalog.operations import ProductFacts, save_product, set_status
from kontor.companies.models import Membership
from kontor.kernel.refusal import Refused
from tests.cast import actor
from tests.catalog.goods import screw, screws

M6 = {"thread": "M6", "length": "20 mm", "material": "Steel"}


@pytest.fixture
def model(cat: Membership) -> Product:
    """A model of screws without variants."""
    _fasteners, family = screws(actor(cat))
    facts = ProductFacts(sku="MODEL", name="Screw", kind="model", family=family)
    return save_product(actor=actor(cat), facts=facts)


@pytest.mark.covers("R0.8", "R0.9", "R3.56")
def test_values_are_read_by_their_kind_and_kept_in_the_order_of_the_family(cat: Membership):
    _fasteners, family = screws(actor(cat))

    saved = screw(actor(cat), family, "S-1", length="1/2 in", thread="m8", material="steel", remark="")

    assert saved.attributes == {"material": "steel", "thread": "m8", "length": "12.7"}
    assert ProductVersion.objects.get(product=saved).facts["attributes"] == saved.attributes


def test_wrong_values_are_refused_at_their_fields(cat: Membership):
    _fasteners, family = screws(actor(cat))
    with pytest.raises(Refused) as refusal:
        screw(actor(cat), family, "S-1", length="long", thread="M99", colour="red")

    assert sorted(refusal.value.fields) == ["attributes/colour", "attributes/length", "attributes/thread"]
    assert not Product.objects.filter(sku="S-1").exists()


def test_what_the_family_requires_is_needed_before_it_goes_on_sale_and_while_it_is(cat: Membership):
    act = actor(cat)
    _fasteners, family = screws(act)
    saved = screw(act, family, "S-1", thread="M6")
    with pytest.raises(Refused) as refusal:
        set_status(actor=act, product=saved, status="active")
    assert (refusal.value.code, list(refusal.value.fields)) == ("values_missing", ["attributes/material"])

    facts = ProductFacts(sku="S-1", name="S", category=saved.category, family=family, attributes=M6)
    saved = set_status(
        actor=act, product=save_product(actor=act, product=saved, facts=facts), status="active"
    )
    bare = ProductFacts(sku="S-1", name="S", category=saved.category, family=family, attributes={})
    with pytest.raises(Refused) as refusal:
        save_product(actor=act, product=saved, facts=bare)
    assert sorted(refusal.value.fields) == ["attributes/material", "attributes/thread"]


def test_no_two_variants_of_a_model_are_alike(cat: Membership, model: Product):
    act, family = actor(cat), model.family
    assert family is not None
    first = screw(act, family, "S-1", model, **M6)
    screw(act, family, "S-2", model, **M6 | {"length": "25"})
    with pytest.raises(Refused) as refusal:
        screw(act, family, "S-3", model, **M6 | {"material": "Brass"})

    assert refusal.value.code == "variant_taken"
    assert refusal.value.fields["attributes/length"] == "S-1 is this variant already."
    assert list(model.variants.order_by("sku").values_list("sku", flat=True)) == ["S-1", "S-2"]
    assert (
        save_product(
            actor=act,
            product=first,
            facts=ProductFacts(sku="S-1", name="New name", family=family, variant_of=model, attributes=M6),
        ).name
        == "New name"
    )


def test_a_variant_needs_the_family_of_its_model_and_what_tells_it_apart(cat: Membership, model: Product):
    act, family = actor(cat), model.family
    assert family is not None
    assert family.parent is not None
    with pytest.raises(Refused) as refusal:
        screw(act, family, "S-1", model, thread="M6")
    assert list(refusal.value.fields) == ["attributes/length"]
    with pytest.raises(Refused) as refusal:
        screw(act, family.parent, "S-1", model, material="Steel")
    assert list(refusal.value.fields) == ["family"]
    with pytest.raises(Refused) as refusal:
        screw(act, family, "S-1", screw(act, family, "PLAIN"), **M6)
    assert list(refusal.value.fields) == ["variant_of"]


def test_a_model_needs_attributes_that_tell_variants_apart_and_keeps_its_family(
    cat: Membership, model: Product
):
    act = actor(cat)
    with pytest.raises(Refused) as refusal:
        save_product(actor=act, facts=ProductFacts(sku="X", name="X", kind="model"))
    assert list(refusal.value.fields) == ["family"]

    assert model.family is not None
    screw(act, model.family, "S-1", model, **M6)
    with pytest.raises(Refused) as refusal:
        save_product(
            actor=act, product=model, facts=ProductFacts(sku="MODEL", name="Screw", family=model.family)
        )
    assert list(refusal.value.fields) == ["family"]
