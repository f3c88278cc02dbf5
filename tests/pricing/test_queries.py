from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontor.catalog.models import Product
from kontor.companies.models import Company, CustomerAccount
from kontor.pricing.explain import explain
from kontor.pricing.models import Price, PriceAssignment, PriceList, PriceScope
from kontor.pricing.queries import Wanted, breaks_of, chain_for, chain_of, lists_of, resolve
from tests.cast import Cast


def amounts(chain: str, product: Product, *quantities: int) -> list[str | None]:
    prices = resolve(chain, [Wanted(product.pk, Decimal(quantity)) for quantity in quantities])
    return [f"{price.amount.normalize():f}" if price else None for price in prices]


@pytest.mark.covers("R0.20", "R0.5")
def test_a_contract_price_comes_before_the_public_one(
    cast: Cast, acme: Company, globex: Company, drill: Product
):
    assert amounts(chain_for(acme.pk), drill, 1) == ["89"]
    assert amounts(chain_for(globex.pk), drill, 1) == ["99"]


def test_the_highest_break_at_or_below_the_quantity_counts(acme: Company, bolt: Product):
    assert amounts(chain_for(acme.pk), bolt, 1, 999, 1000, 5000) == ["12.5", "12.5", "11", "11"]


def test_below_the_lowest_break_its_price_counts(acme: Company, acme_list: PriceList, bolt: Product):
    Price.objects.create(
        price_list=acme_list, product=bolt, min_quantity=500, amount=10, price_base=Decimal(100)
    )

    assert amounts(chain_for(acme.pk), bolt, 1, 499, 500, 1000) == ["10", "10", "10", "10"]


def test_a_product_that_no_list_prices_has_no_price(globex: Company, lamp: Product):
    assert resolve(chain_for(globex.pk), [Wanted(lamp.pk, Decimal(1))]) == [None]
    assert breaks_of(chain_for(globex.pk), [lamp.pk]) == {}


def test_prices_come_in_the_order_asked_with_one_statement(
    acme: Company, bolt: Product, drill: Product, lamp: Product
):
    chain = chain_for(acme.pk)
    wanted = [Wanted(drill.pk, Decimal(1)), Wanted(lamp.pk, Decimal(1)), Wanted(bolt.pk, Decimal(2000))] * 40
    with CaptureQueriesContext(
        connection,
    ) as statements:
        prices = resolve(chain, wanted)

    assert [price and (price.amount, price.price_base, price.currency) for price in prices[:3]] == [
        (Decimal(89), Decimal(1), "EUR"),
        None,
        (Decimal(11), Decimal(100), "EUR"),
    ]
    assert prices[117:] == prices[:3]
    assert len(statements) == 1


def test_breaks_are_those_of_the_winning_list_alone(acme: Company, bolt: Product, drill: Product):
    breaks = breaks_of(chain_for(acme.pk), [bolt.pk, drill.pk, bolt.pk])

    assert [(one.min_quantity, one.amount) for one in breaks[bolt.pk]] == [
        (Decimal(1), Decimal("12.5")),
        (Decimal(1000), Decimal(11)),
    ]
    assert [(one.min_quantity, one.amount) for one in breaks[drill.pk]] == [(Decimal(1), Decimal(89))]


def test_visitors_see_no_prices_unless_a_seller_shows_them(
    hansa: Company, public_list: PriceList, drill: Product
):
    assert chain_for(None) == ""

    Company.objects.filter(pk=hansa.pk).update(prices_for_guests=True)

    assert lists_of(chain_for(None)) == [public_list.pk]
    assert amounts(chain_for(None), drill, 1) == ["99"]


def test_an_operator_can_hide_prices_from_visitors_everywhere(hansa: Company, settings):
    Company.objects.filter(pk=hansa.pk).update(prices_for_guests=True)
    settings.CONFIG = settings.CONFIG.model_copy(update={"prices_for_guests": False})

    assert chain_for(None) == ""


@pytest.mark.parametrize("status", ["requested", "declined", "blocked"])
def test_an_account_that_is_not_active_brings_no_prices(
    status: str, acme: Company, acme_account: CustomerAccount
):
    CustomerAccount.objects.filter(pk=acme_account.pk).update(status=status)

    assert chain_for(acme.pk) == ""


def test_the_public_list_of_the_accounts_currency_ends_the_chain(
    acme: Company, hansa: Company, acme_list: PriceList, public_list: PriceList
):
    PriceList.objects.create(seller=hansa, code="usd", name="Dollars", currency="USD", is_public=True)

    assert lists_of(chain_for(acme.pk)) == [acme_list.pk, public_list.pk]


def test_a_buyer_without_contract_gets_the_public_list_of_its_own_currency(globex: Company, hansa: Company):
    dollars = PriceList.objects.create(
        seller=hansa, code="usd", name="Dollars", currency="USD", is_public=True
    )
    Company.objects.filter(pk=globex.pk).update(currency="USD")

    assert lists_of(chain_for(globex.pk)) == [dollars.pk]


def test_a_public_list_that_is_also_assigned_stands_in_the_chain_once(
    acme: Company, acme_account: CustomerAccount, acme_list: PriceList, public_list: PriceList
):
    scope = PriceScope.objects.get(account=acme_account)
    PriceAssignment.objects.create(scope=scope, price_list=public_list, position=1)

    assert lists_of(chain_for(acme.pk)) == [acme_list.pk, public_list.pk]


def test_why_a_product_costs_what_it_costs(
    acme: Company, bolt: Product, acme_list: PriceList, public_list: PriceList
):
    asked = explain(chain_for(acme.pk), Wanted(bolt.pk, Decimal(1500)))

    assert [(one.list_id, one.price and one.price.amount, one.wins) for one in asked] == [
        (acme_list.pk, None, False),
        (public_list.pk, Decimal(11), True),
    ]


def cheapest_way(chain: list[int], prices: dict[int, dict[int, int]], quantity: Decimal) -> int | None:
    """The rule once more, as plainly as it can be said: list -> break -> amount."""
    for price_list in chain:
        breaks = prices.get(price_list, {})
        if breaks:
            reached = [minimum for minimum in breaks if minimum <= quantity]
            return breaks[max(reached) if reached else min(breaks)]
    return None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    prices=st.dictionaries(
        st.integers(0, 4), st.dictionaries(st.integers(1, 50), st.integers(0, 999), max_size=5), max_size=5
    ),
    order=st.permutations(range(5)),
    length=st.integers(0, 5),
    quantities=st.lists(st.decimals(min_value="0.001", max_value=60, places=3), min_size=1, max_size=6),
)
def test_the_resolver_agrees_with_the_rule_for_any_lists(
    hansa: Company, bolt: Product, prices, order, length: int, quantities: list[Decimal]
):
    PriceList.objects.filter(code__startswith="any").delete()
    lists = PriceList.objects.bulk_create(
        PriceList(seller=hansa, code=f"any-{n}", name="any", currency="EUR") for n in range(5)
    )
    Price.objects.bulk_create(
        Price(price_list=lists[n], product=bolt, min_quantity=minimum, amount=amount)
        for n, breaks in prices.items()
        for minimum, amount in breaks.items()
    )
    chain = order[:length]

    found = resolve(
        chain_of([lists[n].pk for n in chain]), [Wanted(bolt.pk, quantity) for quantity in quantities]
    )
    breaks = breaks_of(chain_of([lists[n].pk for n in chain]), [bolt.pk]).get(bolt.pk, [])

    expected = [cheapest_way(chain, prices, quantity) for quantity in quantities]
    assert [price and int(price.amount) for price in found] == expected
    winning: dict[int, int] = next((prices[n] for n in chain if prices.get(n)), {})
    assert {int(one.min_quantity): int(one.amount) for one in breaks} == winning
