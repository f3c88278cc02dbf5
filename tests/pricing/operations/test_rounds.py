"""Price rounds: drafted, submitted, approved by somebody else, written; mass changes."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kontor.audit.models import Entry
from kontor.catalog.models import Product
from kontor.companies.models import Company, Membership
from kontor.kernel import clock
from kontor.kernel.refusal import NotAllowed, Refused, Stale
from kontor.pricing.mass import Shift, Which, preview
from kontor.pricing.models import Price, PriceList, PriceRound, RoundPrice
from kontor.pricing.operations import (
    CostRow,
    PriceRow,
    approve_round,
    delete_round,
    put_into_round,
    reject_round,
    save_round,
    set_costs,
    set_price_policy,
    set_prices,
    shift_into_round,
    submit_round,
    take_out_of_round,
    withdraw_round,
)
from tests.cast import actor
from tests.traces import unchanged

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
WEEK = timedelta(days=7)


def stands(price_list: PriceList, product: Product) -> list[tuple[str, str, str, str]]:
    rows = Price.objects.filter(price_list=price_list, product=product).order_by("min_quantity", "valid_from")
    days = [("" if at is None else f"{at:%m-%d}") for row in rows for at in (row.valid_from, row.valid_until)]
    figures = [(f"{row.min_quantity.normalize():f}", f"{row.amount or 0:.2f}") for row in rows]
    return [(*pair, days[2 * n], days[2 * n + 1]) for n, pair in enumerate(figures)]


@pytest.fixture
def spring(sal: Membership, public_list: PriceList, drill: Product) -> PriceRound:
    """The drill at 105.00 from next week on."""
    with clock.at(NOW):
        begun = save_round(actor=actor(sal), name="Spring", starts_at=NOW + WEEK)
        rows = [PriceRow(drill.pk, Decimal(105))]
        put_into_round(actor=actor(sal), price_round=begun, price_list=public_list, rows=rows)
    return begun


@pytest.mark.covers("R0.5")
def test_a_round_writes_prices_that_begin_with_it_and_ends_those_before(
    sal: Membership, public_list: PriceList, drill: Product, spring: PriceRound
):
    dated = [
        PriceRow(drill.pk, Decimal(97), valid_from=NOW),
        PriceRow(drill.pk, Decimal(90), valid_from=NOW + 3 * WEEK),
    ]
    rows = [dated[0], PriceRow(drill.pk, Decimal(90), valid_from=NOW + 3 * WEEK)]
    rows[0] = PriceRow(drill.pk, Decimal(97), valid_from=NOW, valid_until=NOW + 2 * WEEK)
    with clock.at(NOW):
        set_prices(actor=actor(sal), price_list=public_list, rows=rows)
        approve_round(actor=actor(sal), price_round=spring)

    assert stands(public_list, drill) == [
        ("1", "97.00", "05-01", "05-08"),
        ("1", "105.00", "05-08", "05-22"),
        ("1", "90.00", "05-22", ""),
        ("1", "99.00", "", ""),
    ]
    assert RoundPrice.objects.get().was == Decimal(99)
    spring.refresh_from_db()
    assert (spring.status, spring.decided_by_id) == ("approved", sal.pk)


def test_what_begins_at_once_is_changed_where_it_stands(
    sal: Membership, public_list: PriceList, drill: Product, lamp: Product
):
    begun = save_round(actor=actor(sal), name="Now", starts_at=None)
    rows = [PriceRow(drill.pk, Decimal(101)), PriceRow(drill.pk, Decimal(95), min_quantity=Decimal(10))]
    assert put_into_round(actor=actor(sal), price_round=begun, price_list=public_list, rows=rows) == 2
    approve_round(actor=actor(sal), price_round=begun)

    assert stands(public_list, drill) == [("1", "101.00", "", ""), ("10", "95.00", "", "")]
    with pytest.raises(Stale):
        approve_round(actor=actor(sal), price_round=begun)
    with pytest.raises(Stale):
        put_into_round(actor=actor(sal), price_round=begun, price_list=public_list, rows=rows)


def test_a_second_person_approves_where_the_seller_asks_for_it(
    sal: Membership, store_admin: Membership, public_list: PriceList, drill: Product, spring: PriceRound
):
    with pytest.raises(NotAllowed):
        set_price_policy(actor=actor(sal), rounds_need_approval=True)
    set_price_policy(actor=actor(store_admin), rounds_need_approval=True)
    with pytest.raises(NotAllowed):
        approve_round(actor=actor(sal), price_round=spring)
    with pytest.raises(Stale):
        approve_round(actor=actor(store_admin), price_round=spring)
    submit_round(actor=actor(store_admin), price_round=spring)
    with pytest.raises(NotAllowed) as own:
        approve_round(actor=actor(store_admin), price_round=spring)
    assert own.value.code == "own_round"
    withdraw_round(actor=actor(sal), price_round=spring)
    submit_round(actor=actor(sal), price_round=spring)
    with pytest.raises(Refused) as no_reason:
        reject_round(actor=actor(store_admin), price_round=spring, reason=" ")
    assert no_reason.value.code == "reason_needed"
    reject_round(actor=actor(store_admin), price_round=spring, reason="Too much at once")
    assert stands(public_list, drill) == [("1", "99.00", "", "")]
    submit_round(actor=actor(sal), price_round=spring)
    with clock.at(NOW):
        approve_round(actor=actor(store_admin), price_round=spring)

    assert stands(public_list, drill) == [("1", "105.00", "05-08", ""), ("1", "99.00", "", "")]
    told = (
        Entry.objects.filter(verb__startswith="pricing.round").order_by("id").values_list("verb", flat=True)
    )
    assert [verb.removeprefix("pricing.round_") for verb in told] == [
        "saved", "filled", "submitted", "withdrawn", "submitted", "rejected", "submitted", "approved",
    ]  # fmt: skip


def test_whoever_looked_at_other_prices_approves_nothing(
    sal: Membership, store_admin: Membership, public_list: PriceList, drill: Product, spring: PriceRound
):
    set_price_policy(actor=actor(store_admin), rounds_need_approval=True)
    with clock.at(NOW):
        looked_at = submit_round(actor=actor(sal), price_round=spring).submitted_at
    withdraw_round(actor=actor(sal), price_round=spring)
    rows = [PriceRow(drill.pk, Decimal(1))]
    put_into_round(actor=actor(sal), price_round=spring, price_list=public_list, rows=rows)
    again = submit_round(actor=actor(sal), price_round=spring).submitted_at
    with unchanged(), pytest.raises(Stale):
        approve_round(actor=actor(store_admin), price_round=spring, submitted_at=looked_at)
    assert stands(public_list, drill) == [("1", "99.00", "", "")]
    approve_round(actor=actor(store_admin), price_round=spring, submitted_at=again)


def test_a_mass_change_to_what_no_price_may_be_is_refused(
    sal: Membership, public_list: PriceList, drill: Product, spring: PriceRound
):
    Price.objects.filter(price_list=public_list, product=drill).update(amount=Decimal("99999999999"))
    with unchanged(), pytest.raises(Refused) as too_large:
        shift_into_round(
            actor=actor(sal),
            price_round=spring,
            price_list=public_list,
            which=Which(),
            shift=Shift(percent=Decimal(1000), addend=Decimal("999999999999")),
        )
    assert too_large.value.code == "wrong_change"


def test_another_seller_cannot_touch_a_round(
    sal: Membership, lev: Membership, ana: Membership, public_list: PriceList, spring: PriceRound
):
    for stranger in (lev, ana):
        for act in (submit_round, withdraw_round, delete_round, approve_round):
            with pytest.raises(NotAllowed):
                act(actor=actor(stranger), price_round=spring)
    (change,) = spring.prices.values_list("pk", flat=True)
    assert take_out_of_round(actor=actor(sal), price_round=spring, change_ids=[change]) == 1
    with pytest.raises(Refused) as empty:
        submit_round(actor=actor(sal), price_round=spring)
    assert empty.value.code == "empty"
    delete_round(actor=actor(sal), price_round=spring)
    assert not PriceRound.objects.exists()


def test_a_mass_change_is_seen_before_it_is_made(
    sal: Membership, hansa: Company, public_list: PriceList, drill: Product, bolt: Product
):
    set_costs(actor=actor(sal), rows=[CostRow(drill.pk, date(2026, 1, 1), Decimal(80), Decimal(104))])
    shift = Shift(percent=Decimal(4), round_to=Decimal(1), ending=Decimal("-0.05"))
    totals, rows = preview(public_list, Which(words="drill"), shift)
    assert [(one.sku, one.before, one.after, one.cost, one.floor) for one in rows] == [
        ("DRILL-18V", Decimal(99), Decimal("102.95"), Decimal(80), Decimal(104))
    ]
    assert (totals.fitting, totals.up, totals.down, totals.below_floor) == (1, 1, 0, 1)
    # margins of 19.2 % and unknown ones
    assert preview(public_list, Which(margin_below=Decimal(20)), shift)[0].fitting == 1
    assert preview(public_list, Which(margin_below=Decimal(19)), shift)[0].fitting == 0
    assert preview(public_list, Which(words="100%_"), shift)[0].fitting == 0
    assert preview(public_list, Which(price_to=Decimal("0.12")), Shift(percent=Decimal(-10)))[0].down == 1

    # what costs 0.125 each is not rounded to nothing
    assert preview(public_list, Which(words=bolt.sku), Shift(round_to=Decimal(100)))[1][0].after == 100

    begun = save_round(actor=actor(sal), name="Up", starts_at=None)
    which = Which(brand=drill.brand, price_from=Decimal(50))
    count = shift_into_round(
        actor=actor(sal), price_round=begun, price_list=public_list, which=which, shift=shift
    )
    approve_round(actor=actor(sal), price_round=begun)
    assert count == RoundPrice.objects.count()
    assert stands(public_list, drill) == [("1", "102.95", "", "")]
    with pytest.raises(Refused) as wrong:
        preview(public_list, Which(), Shift(percent=Decimal(-101), round_to=Decimal(0)))
    assert sorted(wrong.value.fields) == ["percent", "round_to"]
