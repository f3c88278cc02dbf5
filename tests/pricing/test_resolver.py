"""The resolver against the rules, for lists of any shape.

KONTOR_TEST_CASES sets how many are made up: 150 without it, 10,000 before a release.
"""

import os
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontor.catalog.models import Product
from kontor.companies.models import Company, CustomerAccount, CustomerGroup
from kontor.pricing.models import ExchangeRate, Price, PriceAssignment, PriceList, PriceScope
from kontor.pricing.queries import Wanted, chain_for, chain_of, lists_of, resolve
from tests.pricing import oracle

CASES = int(os.environ.get("KONTOR_TEST_CASES", "150"))
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
AMOUNTS = st.decimals(min_value=0, max_value=500, places=2)
MINIMUMS = st.sampled_from([Decimal(1), Decimal(5), Decimal(10), Decimal(100)])
MOMENTS = st.sampled_from([None, NOW - timedelta(days=2), NOW, NOW + timedelta(days=2)])


@st.composite
def windows(draw: st.DrawFn) -> tuple[datetime | None, datetime | None]:
    begins, ends = draw(MOMENTS), draw(MOMENTS)
    if begins is None or (ends is not None and ends <= begins):
        return None, None
    return begins, ends


@st.composite
def rows(draw: st.DrawFn) -> tuple[oracle.Row, ...]:
    found: dict[object, oracle.Row] = {}
    for _ in range(draw(st.integers(0, 5))):
        begins, ends = draw(windows())
        one = oracle.Row(
            draw(MINIMUMS),
            draw(st.none() | AMOUNTS),
            draw(st.sampled_from([Decimal(1), Decimal(100)])),
            draw(st.sampled_from(["", "", "XBX"])),
            begins,
            ends,
        )
        found[one.minimum, one.unit, one.begins is None] = one  # no two at the same moment
    return tuple(found.values())


@st.composite
def lists(draw: st.DrawFn) -> list[oracle.List]:
    """Up to five; each may derive from one before it, which keeps the depth below four."""
    made: list[oracle.List] = []
    for number in range(draw(st.integers(1, 4))):
        basis = draw(st.none() | st.integers(0, number - 1)) if number else None
        formula = {}
        if basis is not None:
            formula = {
                "basis": basis,
                "factor": draw(st.sampled_from([Decimal("0.9"), Decimal("1.25"), Decimal("0.333333")])),
                "addend": draw(st.sampled_from([Decimal(0), Decimal("0.5"), Decimal("-1")])),
                "round_to": draw(st.sampled_from([None, Decimal("0.01"), Decimal("0.05"), Decimal(1)])),
                "ending": draw(st.sampled_from([Decimal(0), Decimal("-0.05")])),
            }
        begins, ends = draw(windows())
        told = draw(rows())
        graduated = draw(st.booleans()) and all(one.amount is not None for one in told)
        made.append(oracle.List(told, begins=begins, ends=ends, is_graduated=graduated, **formula))
    return made


@settings(max_examples=CASES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    made=lists(),
    chance=st.randoms(use_true_random=False),
    quantity=st.sampled_from([Decimal(1), Decimal("4.5"), Decimal(5), Decimal(12), Decimal(250)]),
    unit=st.sampled_from(["", "XBX"]),
    lowest=st.booleans(),
)
@pytest.mark.covers("R0.5", "R0.20")
def test_the_resolver_follows_the_rules(
    hansa: Company, bolt: Product, made, chance, quantity: Decimal, unit: str, lowest: bool
):
    PriceScope.objects.filter(seller=hansa, account=None, group=None).delete()
    PriceScope.objects.create(seller=hansa, takes_lowest=lowest)
    kept = _kept(hansa, bolt, made)
    chain = chance.sample(range(len(made)), chance.randint(1, len(made)))

    (found,) = resolve(
        chain_of([kept[one].pk for one in chain], NOW), [Wanted(bolt.pk, quantity, unit=unit)], NOW
    )

    expected = oracle.price(made, chain, quantity, unit, NOW, lowest)
    if expected is None or expected.amount is None:
        assert found is None
    else:
        assert found is not None
        assert found.amount / found.price_base == expected.amount / expected.base
        assert lowest or (found.amount, found.price_list_id) == (expected.amount, kept[expected.by].pk)


def _kept(hansa: Company, bolt: Product, made: list[oracle.List]) -> list[PriceList]:
    Price.objects.all().delete()
    for old in PriceList.objects.filter(code__startswith="any").order_by("-pk"):
        old.delete()
    kept: list[PriceList] = []
    for number, one in enumerate(made):
        kept.append(
            PriceList.objects.create(
                seller=hansa, code=f"any-{number}", name=f"any {number}", currency="EUR",
                basis=None if one.basis is None else kept[one.basis], factor=one.factor, addend=one.addend,
                round_to=one.round_to, ending=one.ending, is_graduated=one.is_graduated,
                valid_from=one.begins, valid_until=one.ends,
            )
        )  # fmt: skip
        Price.objects.bulk_create(
            Price(
                price_list=kept[-1], product=bolt, min_quantity=row.minimum, amount=row.amount,
                price_base=row.base, unit=row.unit, valid_from=row.begins, valid_until=row.ends,
            )
            for row in one.rows
        )  # fmt: skip
    return kept


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
