"""Costs by day, least prices, and who may go below them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontor.audit.models import Entry
from kontor.catalog.models import Product
from kontor.companies.models import Company, Membership
from kontor.kernel import clock
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.floors import Known, Lowered, below_floor, floors_of, known_costs, require_floor
from kontor.pricing.models import ExchangeRate, ProductCost
from kontor.pricing.operations import CostRow, remove_costs, set_costs
from tests.cast import Cast, actor
from tests.pricing import oracle
from tests.proof.doorway import undone

NOW = datetime(2026, 5, 10, 12, tzinfo=UTC)


@pytest.mark.covers("R4.20")
def test_the_row_of_the_latest_day_counts_alone(
    sal: Membership, drill: Product, bolt: Product, lamp: Product
):
    rows = [
        CostRow(drill.pk, date(2026, 5, 1), Decimal(60), Decimal(70), Decimal(25)),
        CostRow(drill.pk, date(2026, 5, 11), Decimal(66)),
        CostRow(bolt.pk, date(2026, 5, 1), Decimal("0.08"), None, Decimal(20)),
    ]
    assert set_costs(actor=actor(sal), rows=rows) == 3
    assert set_costs(actor=actor(sal), rows=rows) == 0

    floors = floors_of([drill.pk, bolt.pk, lamp.pk], NOW, "EUR")
    assert floors == {drill.pk: Decimal(80), bolt.pk: Decimal("0.1"), lamp.pk: None}
    # the tenth of May ends in Berlin two hours before it does in London
    late = datetime(2026, 5, 10, 22, tzinfo=UTC)
    assert known_costs([drill.pk], late, "EUR") == {drill.pk: Known(Decimal(66), None)}
    assert Entry.objects.get(verb="pricing.costs_set").changes == {"rows": 3}


def test_a_floor_is_told_in_the_currency_asked_for_or_not_at_all(
    sal: Membership, hansa: Company, drill: Product
):
    set_costs(actor=actor(sal), rows=[CostRow(drill.pk, date(2026, 5, 1), floor=Decimal(80))])
    ExchangeRate.objects.create(source="EUR", target="USD", day=date(2026, 4, 1), rate=Decimal("1.1"))

    assert floors_of([drill.pk], NOW, "USD") == {drill.pk: Decimal(88)}
    assert floors_of([drill.pk], NOW, "CHF") == {drill.pk: None}


def test_who_may_not_go_below_the_floor_is_refused_at_the_line(
    sal: Membership, store_admin: Membership, drill: Product, bolt: Product
):
    set_costs(actor=actor(sal), rows=[CostRow(drill.pk, date(2026, 5, 1), floor=Decimal(80))])
    lines = [
        Lowered(bolt.pk, Decimal("0.01")),
        Lowered(drill.pk, Decimal("79.999999")),
        Lowered(drill.pk, Decimal(80)),
    ]
    with clock.at(NOW):
        assert below_floor(lines, "EUR") == {1: Decimal(80)}
        with pytest.raises(Refused) as refusal:
            require_floor(actor(sal), lines, "EUR")
        require_floor(actor(store_admin), lines, "EUR")

    assert (refusal.value.code, list(refusal.value.fields)) == ("below_floor", ["lines/1/unit_price"])


def test_wrong_costs_are_told_at_their_rows_and_others_may_set_none(
    sal: Membership, ana: Membership, lev: Membership, drill: Product
):
    day = date(2026, 5, 1)
    rows = [
        CostRow(drill.pk, day, least_margin=Decimal(10)),
        CostRow(drill.pk, day, cost=Decimal(-1)),
        CostRow(0, day, floor=Decimal(1)),
    ]
    with pytest.raises(Refused) as wrong:
        set_costs(actor=actor(sal), rows=rows)
    assert sorted(wrong.value.fields) == ["rows/0/cost", "rows/1/cost", "rows/1/day", "rows/2/product"]
    with pytest.raises(NotAllowed):
        set_costs(actor=actor(ana), rows=[])
    with pytest.raises(Refused):
        set_costs(actor=actor(lev), rows=[CostRow(drill.pk, day, cost=Decimal(1))])
    assert not ProductCost.objects.exists()

    set_costs(actor=actor(sal), rows=[CostRow(drill.pk, day, cost=Decimal(1))])
    (kept,) = ProductCost.objects.values_list("pk", flat=True)
    assert remove_costs(actor=actor(lev), cost_ids=[kept]) == 0
    assert remove_costs(actor=actor(sal), cost_ids=[kept]) == 1


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.builds(
            oracle.Cost,
            st.sampled_from([date(2026, 5, day) for day in (1, 9, 10, 11)]),
            st.none() | st.decimals(min_value="0.01", max_value=500, places=2),
            st.none() | st.decimals(min_value="0.01", max_value=500, places=2),
            st.sampled_from([Decimal(0), Decimal(20), Decimal("22.5"), Decimal(50)]),
        ),
        max_size=4,
        unique_by=lambda one: one.day,
    )
)
def test_floors_follow_the_rule_for_any_costs(cast: Cast, drill: Product, rows: list[oracle.Cost]):
    with undone():
        ProductCost.objects.bulk_create(
            ProductCost(
                product=drill,
                day=one.day,
                cost=one.cost,
                floor=one.floor,
                least_margin=one.margin if one.cost is not None else None,
            )
            for one in rows
            if one.cost is not None or one.floor is not None
        )
        told = [one for one in rows if one.cost is not None or one.floor is not None]

        assert floors_of([drill.pk], NOW, "EUR") == {drill.pk: oracle.floor(told, NOW.date())}
