"""Where a second person approves prices, nobody changes them alone who may not approve."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from kontor.catalog.models import Product
from kontor.companies.models import Company, Membership
from kontor.kernel.refusal import Refused
from kontor.pricing.models import Price, PriceList
from kontor.pricing.operations import (
    Formula,
    PriceListFacts,
    PriceRow,
    delete_price_list,
    remove_prices,
    save_price_list,
    set_price_policy,
    set_prices,
)
from tests.cast import actor
from tests.traces import unchanged

FACTS = PriceListFacts(name="List prices", currency="EUR", is_public=True)


@pytest.fixture
def held(store_admin: Membership) -> None:
    set_price_policy(actor=actor(store_admin), rounds_need_approval=True)


WAYS: dict[str, Callable[[Membership, PriceList, Product], object]] = {
    "set": lambda who, one, drill: set_prices(
        actor=actor(who), price_list=one, rows=[PriceRow(drill.pk, Decimal(1))]
    ),
    "removed": lambda who, one, drill: remove_prices(
        actor=actor(who), price_list=one, price_ids=[Price.objects.get(price_list=one, product=drill).pk]
    ),
    "list": lambda who, one, drill: save_price_list(
        actor=actor(who), facts=replace(FACTS, is_graduated=True), price_list=one
    ),
    "derived": lambda who, one, drill: save_price_list(
        actor=actor(who),
        facts=PriceListFacts(
            name="Cheap", currency="EUR", formula=Formula(basis=one, factor=Decimal("0.01"))
        ),
    ),
    "deleted": lambda who, one, drill: delete_price_list(actor=actor(who), price_list=one),
}


@pytest.mark.covers("R0.5")
@pytest.mark.parametrize("way", WAYS)
def test_who_may_not_approve_puts_changes_into_a_round(
    held: None, sal: Membership, store_admin: Membership, public_list: PriceList, drill: Product, way: str
):
    with unchanged(), pytest.raises(Refused) as refusal:
        WAYS[way](sal, public_list, drill)
    assert refusal.value.code == "needs_round"
    WAYS[way](store_admin, public_list, drill)


@pytest.mark.parametrize("way", WAYS)
def test_without_the_setting_whoever_edits_prices_does_it_alone(
    sal: Membership, public_list: PriceList, drill: Product, way: str
):
    WAYS[way](sal, public_list, drill)


def test_names_new_lists_and_what_is_agreed_with_a_customer_are_not_held(
    held: None, hansa: Company, sal: Membership, public_list: PriceList, drill: Product
):
    save_price_list(actor=actor(sal), facts=replace(FACTS, name="Prices 2026"), price_list=public_list)
    made = save_price_list(actor=actor(sal), facts=PriceListFacts(name="Contract 7", currency="EUR"))
    assert (
        set_prices(actor=actor(sal), price_list=made, rows=[PriceRow(drill.pk, Decimal(80))], agreed=True)
        == 1
    )
    with pytest.raises(Refused):
        save_price_list(actor=actor(sal), facts=replace(FACTS, currency="USD"))
