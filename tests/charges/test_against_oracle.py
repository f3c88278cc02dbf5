"""What a basket bears, in the database and in the naive model, for rules of any shape."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontor.catalog.models import Product
from kontor.charges import models
from kontor.charges.queries import charges_of
from kontor.companies.models import Company, CustomerAccount, CustomerGroup
from tests.charges import oracle
from tests.charges.test_queries import basket_of, line_of

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAYS = st.sampled_from([None, -9, 0, 9])
SHAPES = [
    ("freight", "value"),
    ("freight", "weight"),
    ("packaging", "quantity"),
    ("small_order", "value"),
    ("hazardous", "value"),
    ("deposit", "quantity"),
    ("allowance", "value"),
]
cents = st.integers(0, 50_000).map(lambda number: Decimal(number) / 100)
starts = st.sampled_from([Decimal(text) for text in ("0", "0.5", "20", "100", "250.5")])


@st.composite
def steps(draw: st.DrawFn) -> tuple[tuple[Decimal, Decimal | None, Decimal | None], ...]:
    made = []
    for start in draw(st.lists(starts, min_size=1, max_size=3, unique=True)):
        if draw(st.booleans()):
            made.append((start, draw(cents), None))
        else:
            made.append((start, None, Decimal(draw(st.integers(0, 10_000))) / 100))
    return tuple(made)


@st.composite
def tariffs(draw: st.DrawFn) -> oracle.Tariff:
    begins, ends = draw(DAYS), draw(DAYS)
    if begins is not None and ends is not None and ends <= begins:
        ends = begins + 3
    none = draw(st.integers(0, 5)) == 0
    return oracle.Tariff(
        whom=draw(st.sampled_from(["account", "group", "all"])),
        countries=draw(st.sampled_from([(), (), ("DE",), ("AT", "CH")])),
        steps=() if none else draw(steps()),
        none=none,
        free_from=draw(st.sampled_from([None, None, Decimal(150), Decimal("400.01")])),
        begins=None if begins is None else NOW + timedelta(days=begins),
        ends=None if ends is None else NOW + timedelta(days=ends),
    )


drawn_rules = st.lists(
    st.tuples(
        st.sampled_from(SHAPES),
        st.lists(tariffs(), max_size=4),
        st.sampled_from([(), (0,), (1,)]),
        st.sampled_from([Decimal(1), Decimal(24)]),
    ),
    max_size=4,
)
drawn_lines = st.lists(
    st.tuples(
        st.integers(0, 1), cents, st.integers(1, 300).map(Decimal), st.sampled_from(["standard", "reduced"])
    ),
    min_size=1,
    max_size=5,
)


def stored(seller: Company, one: oracle.Rule, kind: str, whom: dict[str, dict[str, Any]]) -> oracle.Rule:
    """Write a rule; the tariffs that the database takes, because they contradict none before."""
    kept = models.Rule.objects.create(
        seller=seller, kind=kind, measure=one.measure, name=one.name, code="ZZZ", per=one.per
    )
    kept.products.set(one.about)
    taken = []
    for tariff in one.tariffs:
        try:
            with transaction.atomic():
                made = models.Tariff.objects.create(
                    rule=kept,
                    currency="EUR",
                    countries=list(tariff.countries),
                    is_none=tariff.none,
                    free_from=tariff.free_from,
                    valid_from=tariff.begins,
                    valid_until=tariff.ends,
                    **whom[tariff.whom],
                )
        except IntegrityError:
            continue
        for start, amount, percent in tariff.steps:
            models.Step.objects.create(tariff=made, start=start, amount=amount, percent=percent)
        taken.append(tariff)
    return oracle.Rule(one.name, one.measure, tuple(taken), one.about, one.per, one.allows, one.freight)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rules=drawn_rules,
    lines=drawn_lines,
    country=st.sampled_from(["DE", "AT", "FR", ""]),
    free_freight=st.booleans(),
)
def test_the_database_says_what_the_model_says(
    rules: Any,
    lines: Any,
    country: str,
    free_freight: bool,
    hansa: Company,
    acme_account: CustomerAccount,
    drill: Product,
    bolt: Product,
):
    goods = [drill, bolt]
    with transaction.atomic():
        Product.objects.filter(pk=drill.pk).update(weight_grams=1750)
        Product.objects.filter(pk=bolt.pk).update(weight_grams=None)
        group = CustomerGroup.objects.create(seller=hansa, name="Dealers")
        CustomerAccount.objects.filter(pk=acme_account.pk).update(group=group)
        whom: dict[str, dict[str, Any]] = {
            "account": {"account": acme_account},
            "group": {"group": group},
            "all": {},
        }
        kept = []
        for number, ((kind, measure), told, about, per) in enumerate(rules):
            one = oracle.Rule(
                f"Rule {number}", measure, tuple(told), frozenset(goods[i].pk for i in about), per,
                kind == "allowance", kind == "freight",
            )  # fmt: skip
            kept.append(stored(hansa, one, kind, whom))
        asked = [
            line_of(goods[which], str(net), str(quantity), tax_category=tax)
            for which, net, quantity, tax in lines
        ]
        found = charges_of(
            basket_of(acme_account, *asked, delivery_country=country), free_freight=free_freight
        )
        transaction.set_rollback(True)
    plain = [
        oracle.Line(goods[which].pk, net, quantity, tax, 0 if which else 1750)
        for which, net, quantity, tax in lines
    ]
    expected = oracle.charges(kept, plain, country, NOW, free_freight)
    assert [(one.reason, one.line, one.tax_category, one.net) for one in found] == expected
