"""A model stands where one of its variants can be bought, and shows what the cheapest of them costs."""

from decimal import Decimal

import pytest

from kontor.catalog.models import Category, Product
from kontor.catalog.operations import (
    AssortmentFacts,
    Holders,
    ProductFacts,
    RuleFacts,
    assign_assortment,
    change_assortment_rules,
    save_assortment,
    save_product,
    set_status,
)
from kontor.catalog.queries.completeness import completeness_of, lacking_values
from kontor.companies.models import Company, CustomerAccount, Membership
from kontor.kernel.invariants import check_all
from kontor.pricing.models import Price, PriceList
from kontor.search.models import SearchDocument
from kontor.search.operations import rebuild_all, refresh_list_prices
from kontor.search.queries import Window, browse, cards_of, find, viewer_for
from tests.cast import actor
from tests.catalog.goods import screw, screws

PAGE = Window(per_page=100)


@pytest.fixture
def model(cat: Membership) -> Product:
    """A model on sale with two drafts below it."""
    act = actor(cat)
    _fasteners, family = screws(act)
    facts = ProductFacts(
        sku="SCREW", name="Screw", kind="model", family=family, category=Category.objects.first(),
        attributes={"material": "steel"},
    )  # fmt: skip
    model = set_status(actor=act, product=save_product(actor=act, facts=facts), status="active")
    for length in ("20", "30"):
        screw(act, family, f"SCREW-{length}", model, thread="M6", length=length, material="Steel")
    return model


def put_on_sale(cat: Membership, sku: str, price_list: PriceList, amount: str) -> Product:
    variant = set_status(actor=actor(cat), product=Product.objects.get(sku=sku), status="active")
    Price.objects.create(price_list=price_list, product=variant, amount=Decimal(amount))
    return variant


def seen_by(company: Company | None) -> set[str]:
    """The screws in a listing, which are those that are found, and those that are counted."""
    rebuild_all()
    viewer = viewer_for(company.pk if company else None)
    listing, found = browse(viewer, window=PAGE), find(viewer, "screw", window=PAGE)
    shown = {one.sku for one in listing.cards if one.sku.startswith("SCREW")}
    assert shown == {one.sku for one in found.cards}
    assert (listing.total, found.total) == (len(listing.cards), len(found.cards))
    assert not [
        one.name for one in check_all() if one.bad and ("assortment" in one.name or "see" in one.name)
    ]
    return shown


@pytest.mark.covers("R0.8", "R0.10")
def test_a_model_goes_on_sale_without_the_values_that_tell_its_variants_apart(model: Product):
    found = Product.objects.filter(pk=model.pk)
    [whole] = completeness_of(found, ["en"], "en", ["shop"])[model.pk]

    assert (model.status, model.attributes) == ("active", {"material": "steel"})
    assert [one.field for one in whole.missing] == ["media", "description"]
    assert not found.filter(lacking_values(model.seller_id, ["en"])).exists()
    found.update(attributes={})
    assert found.filter(lacking_values(model.seller_id, ["en"])).exists()


def test_a_model_is_listed_found_and_counted_while_one_of_its_variants_is_on_sale(
    cat: Membership, model: Product, acme: Company, public_list: PriceList
):
    assert seen_by(acme) == set()

    variant = put_on_sale(cat, "SCREW-20", public_list, "4.00")
    assert seen_by(acme) == seen_by(None) == {"SCREW", "SCREW-20"}

    set_status(actor=actor(cat), product=variant, status="discontinued")
    assert seen_by(acme) == set()


def test_who_may_see_no_variant_does_not_see_the_model(
    cat: Membership, model: Product, acme: Company, acme_account: CustomerAccount, public_list: PriceList,
    globex: Company,
):  # fmt: skip
    put_on_sale(cat, "SCREW-20", public_list, "4.00")
    bare = save_assortment(actor=actor(cat), facts=AssortmentFacts(name="No screws"))
    rule = RuleFacts(allows=False, sku="SCREW-20")
    change_assortment_rules(actor=actor(cat), assortment=bare, add=[rule])
    assign_assortment(actor=actor(cat), assortment=bare, holders=Holders(accounts=[acme_account]))

    assert (seen_by(acme), seen_by(globex)) == (set(), {"SCREW", "SCREW-20"})


def test_a_variant_that_goes_to_another_model_takes_the_place_along(
    cat: Membership, model: Product, public_list: PriceList
):
    variant = put_on_sale(cat, "SCREW-20", public_list, "4.00")
    facts = ProductFacts(sku="SCREW-20", name="Screw 20", category=variant.category, family=variant.family)
    save_product(actor=actor(cat), product=variant, facts=facts)

    assert seen_by(None) == {"SCREW-20"}


@pytest.mark.covers("R0.20")
def test_the_card_of_a_model_shows_the_lowest_own_price_and_cannot_be_ordered(
    cat: Membership,
    model: Product,
    acme: Company,
    globex: Company,
    public_list: PriceList,
    acme_list: PriceList,
):
    short = put_on_sale(cat, "SCREW-20", public_list, "4.00")
    put_on_sale(cat, "SCREW-30", public_list, "5.00")
    Price.objects.create(price_list=acme_list, product=short, amount=Decimal("6.00"))

    (card,) = cards_of(viewer_for(acme.pk), [model.pk])
    assert (card.amount, card.currency, card.from_break, card.is_orderable) == (5, "EUR", True, False)
    (card,) = cards_of(viewer_for(globex.pk), [model.pk])
    assert card.amount == 4


def test_a_model_is_sorted_by_the_list_price_of_its_cheapest_variant(
    cat: Membership, model: Product, public_list: PriceList
):
    short = put_on_sale(cat, "SCREW-20", public_list, "4.00")
    rebuild_all()
    assert SearchDocument.objects.get(product=model).list_price == 4

    Price.objects.filter(product=short).update(amount=Decimal("3.50"))
    refresh_list_prices(public_list.pk)
    assert SearchDocument.objects.get(product=model).list_price == Decimal("3.5")
