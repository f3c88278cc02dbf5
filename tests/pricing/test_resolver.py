"""The resolver against the rules, for lists of any shape.

KONTOR_TEST_CASES sets how many are made up: 150 without it, 10,000 before a release.
"""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontor.catalog.models import Product
from kontor.companies.models import Company, CustomerAccount, CustomerGroup
from kontor.pricing.models import ExchangeRate, Price, PriceAssignment, PriceList, PriceScope
from kontor.pricing.queries import (
    Wanted,
    breaks_of,
    chain_for,
    chain_of,
    chain_without,
    lists_of,
    resolve,
)
from tests.pricing import oracle, shapes
from tests.proof.doorway import undone

CASES = int(os.environ.get("KONTOR_TEST_CASES", "150"))
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@settings(max_examples=CASES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    made=shapes.lists(NOW, currencies=("EUR", "EUR", "USD", "GBP")),
    rates=shapes.rates(NOW),
    chance=st.randoms(use_true_random=False),
    quantity=st.sampled_from([Decimal(1), Decimal("4.5"), Decimal(5), Decimal(12), Decimal(250)]),
    unit=st.sampled_from(["", "XBX"]),
    lowest=st.booleans(),
)
@pytest.mark.covers("R0.5", "R0.20")
def test_the_resolver_follows_the_rules(
    hansa: Company, bolt: Product, made, rates, chance, quantity: Decimal, unit: str, lowest: bool
):
    currency = chance.choice(made).currency
    asked = [number for number, one in enumerate(made) if one.currency == currency]
    chain = chance.sample(asked, chance.randint(1, len(asked)))
    used_up = chance.sample(chain, chance.randint(0, len(chain) // 2))

    with undone():
        PriceScope.objects.create(seller=hansa, takes_lowest=lowest)
        kept = shapes.keep_lists(hansa, bolt, made)
        shapes.keep_rates(hansa, rates)
        steps = chain_of([kept[one].pk for one in chain], NOW)
        left = chain_without(steps, [kept[one].pk for one in used_up])
        (found,) = resolve(left, [Wanted(bolt.pk, quantity, unit=unit)], NOW)

    expected = oracle.price(made, chain, quantity, unit, NOW, lowest, rates, used_up)
    if expected is None or expected.amount is None:
        assert found is None
    else:
        assert found is not None
        assert found.currency == currency
        assert found.amount / found.price_base == expected.amount / expected.base
        assert lowest or (found.amount, found.price_list_id) == (expected.amount, kept[expected.by].pk)


@settings(max_examples=CASES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    made=shapes.lists(NOW),
    chance=st.randoms(use_true_random=False),
    unit=st.sampled_from(["", "XBX"]),
    lowest=st.booleans(),
)
def test_breaks_tell_what_each_quantity_costs(
    hansa: Company, bolt: Product, made, chance, unit: str, lowest: bool
):
    # A list that has both prices and prices on request tells no quantities of the latter.
    made = [
        replace(
            one, is_graduated=False, rows=tuple(row for row in one.rows if row.amount is not None) or one.rows
        )
        for one in made
    ]
    chain = chance.sample(range(len(made)), chance.randint(1, len(made)))

    with undone():
        PriceScope.objects.create(seller=hansa, takes_lowest=lowest)
        kept = shapes.keep_lists(hansa, bolt, made)
        steps = chain_of([kept[one].pk for one in chain], NOW)
        breaks = breaks_of(steps, [bolt.pk], unit=unit, at=NOW)

    told = breaks.get(bolt.pk, [])
    for quantity in map(Decimal, ("0.001", "1", "5", "7", "10", "99", "100", "101")):
        reached = [one for one in told if one.min_quantity <= quantity] or told[:1]
        found = reached[-1].amount / reached[-1].price_base if reached else None
        expected = oracle.price(made, chain, quantity, unit, NOW, lowest)
        amount = None if expected is None else expected.amount
        assert found == (None if expected is None or amount is None else amount / expected.base), quantity


def _refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


def test_two_prices_for_the_same_moment_are_refused_by_the_database(acme_list: PriceList, drill: Product):
    about = {"price_list": acme_list, "product": drill, "amount": Decimal(1)}
    with _refused("pricing_break_once"), transaction.atomic():
        Price.objects.create(**about)
    Price.objects.create(**about, valid_from=NOW, valid_until=NOW + timedelta(days=3))
    Price.objects.create(**about, valid_from=NOW + timedelta(days=3))
    Price.objects.create(**about, valid_from=NOW, unit="XBX")
    with _refused("pricing_price_one_at_a_time"), transaction.atomic():
        Price.objects.create(**about, valid_from=NOW + timedelta(days=2), valid_until=NOW + timedelta(days=4))
    with _refused("pricing_price_window"), transaction.atomic():
        Price.objects.create(**about, valid_until=NOW)


def test_lists_do_not_derive_in_a_circle_or_deeper_than_three_or_from_others(
    hansa: Company, public_list: PriceList, cast
):
    def derived(basis: PriceList, code: str) -> PriceList:
        return PriceList.objects.create(seller=hansa, code=code, name=code, currency="EUR", basis=basis)

    first = derived(public_list, "first")
    second = derived(first, "second")
    third = derived(second, "third")
    with pytest.raises(IntegrityError, match="three steps"), transaction.atomic():
        derived(third, "fourth")
    for basis in (third, second, first):
        with pytest.raises(IntegrityError, match="three steps"), transaction.atomic():
            PriceList.objects.filter(pk=public_list.pk).update(basis=basis)
    with pytest.raises(IntegrityError, match="own seller"), transaction.atomic():
        derived(cast.price_lists["levante"], "foreign")
    with _refused("pricing_formula_sensible"), transaction.atomic():
        PriceList.objects.filter(pk=public_list.pk).update(factor=2)


@pytest.mark.covers("R0.5")
def test_a_list_in_another_currency_derives_by_the_rate_of_the_day(
    hansa: Company, public_list: PriceList, drill: Product
):
    pounds = PriceList.objects.create(
        seller=hansa, code="gbp", name="Pounds", currency="GBP", basis=public_list, round_to=Decimal("0.01")
    )

    def price(at: datetime) -> Decimal | None:
        (found,) = resolve(chain_of([pounds.pk], at), [Wanted(drill.pk, Decimal(1))], at)
        return found.amount if found else None

    assert price(NOW) is None  # nobody knows a rate
    day = NOW.date()
    ExchangeRate.objects.create(source="EUR", target="GBP", day=day - timedelta(days=1), rate=Decimal("0.86"))
    assert price(NOW) == Decimal("85.14")
    assert price(NOW + timedelta(days=6)) == Decimal("85.14")
    assert price(NOW + timedelta(days=7)) is None  # older than a week
    ExchangeRate.objects.create(
        seller=hansa, source="GBP", target="EUR", day=day - timedelta(days=1), rate=Decimal("1.25")
    )
    assert price(NOW) == Decimal("85.14")  # as quoted goes before the other way round
    ExchangeRate.objects.create(
        seller=hansa, source="EUR", target="GBP", day=day - timedelta(days=3), rate=Decimal("0.9")
    )
    assert price(NOW) == Decimal("89.10")  # the seller's own goes before everybody's


def test_rates_over_the_euro_and_the_other_way_round(hansa: Company):
    day = NOW.date()
    ExchangeRate.objects.create(source="EUR", target="USD", day=day, rate=Decimal("1.2"))
    ExchangeRate.objects.create(source="EUR", target="CHF", day=day, rate=Decimal("0.9"))

    def rate(source: str, target: str) -> Decimal | None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pricing_rate(%s, %s, %s, %s, 7)", [hansa.pk, source, target, NOW])
            return cursor.fetchone()[0]

    assert rate("USD", "CHF") == Decimal("0.75")
    assert round(rate("USD", "EUR") or 0, 6) == Decimal("0.833333")
    assert rate("EUR", "EUR") == 1
    assert rate("EUR", "JPY") is None


@pytest.mark.covers("R0.20", "R4.17")
def test_lists_are_asked_from_the_customer_to_its_group_to_all(
    hansa: Company, acme: Company, acme_account: CustomerAccount, acme_list: PriceList, public_list: PriceList
):
    group = CustomerGroup.objects.create(seller=hansa, name="Workshops")
    CustomerAccount.objects.filter(pk=acme_account.pk).update(group=group)
    given = {}
    for name, whom in (("group", {"group": group}), ("all", {})):
        given[name] = PriceList.objects.create(seller=hansa, code=name, name=name, currency="EUR")
        scope = PriceScope.objects.create(seller=hansa, **whom)
        PriceAssignment.objects.create(scope=scope, price_list=given[name])

    def asked() -> list[int]:
        return lists_of(chain_for(acme.pk))

    assert asked() == [acme_list.pk, given["group"].pk, given["all"].pk, public_list.pk]
    PriceScope.objects.filter(group=group).update(is_closed=True)
    assert asked() == [acme_list.pk, given["group"].pk]
    PriceScope.objects.filter(account=acme_account).update(is_closed=True)
    assert asked() == [acme_list.pk]
    PriceScope.objects.update(is_closed=False)
    PriceList.objects.filter(code="group").update(currency="USD")
    assert asked() == [acme_list.pk, given["all"].pk, public_list.pk]  # an order has one currency


def test_below_all_breaks_a_dated_price_goes_before_a_standing_one_in_breaks_too(
    hansa: Company, bolt: Product, acme_list: PriceList
):
    about = {"price_list": acme_list, "product": bolt}
    Price.objects.create(**about, min_quantity=10, amount=7)
    Price.objects.create(**about, min_quantity=100, amount=5, valid_from=NOW)
    chain = chain_of([acme_list.pk], NOW)

    found = [(one.min_quantity, one.amount) for one in breaks_of(chain, [bolt.pk], at=NOW)[bolt.pk]]

    assert found == [(Decimal("0.001"), 5), (10, 7), (100, 5)]
    (least,) = resolve(chain, [Wanted(bolt.pk, Decimal(1))], NOW)
    assert least is not None
    assert least.amount == 5
