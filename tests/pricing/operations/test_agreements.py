"""Prices with dates and units, lists that derive, lists for groups and for all."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from kontor.audit.models import Entry
from kontor.catalog.models import Product
from kontor.companies.models import Company, CustomerAccount, CustomerGroup, Membership
from kontor.kernel import clock
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.explain import changes_ahead, explain
from kontor.pricing.models import Price, PriceList
from kontor.pricing.operations import (
    Formula,
    Given,
    PriceListFacts,
    PriceRow,
    assign_group_lists,
    assign_lists,
    assign_lists_for_all,
    save_price_list,
    set_prices,
)
from kontor.pricing.queries import Wanted, chain_for, lists_of, resolve
from tests.cast import actor

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
WEEK = timedelta(days=7)


def price(buyer: Company, product: Product, quantity: int = 1, *, unit: str = "", at: datetime = NOW) -> str:
    (found,) = resolve(chain_for(buyer.pk, at), [Wanted(product.pk, Decimal(quantity), unit=unit)], at)
    return f"{found.amount.normalize():f}/{found.price_base.normalize():f}" if found else "-"


def test_a_price_with_dates_goes_before_the_one_without_while_it_counts(
    sal: Membership, acme: Company, acme_list: PriceList, drill: Product
):
    spring = PriceRow(drill.pk, Decimal(80), valid_from=NOW, valid_until=NOW + WEEK)
    later = PriceRow(drill.pk, Decimal(95), valid_from=NOW + 4 * WEEK)
    set_prices(actor=actor(sal), price_list=acme_list, rows=[spring, later])

    moments = [NOW - timedelta(minutes=1), NOW, NOW + WEEK, NOW + 4 * WEEK]
    assert [price(acme, drill, at=at) for at in moments] == ["89/1", "80/1", "89/1", "95/1"]
    with clock.at(NOW):
        told = [
            (one.at, one.price and one.price.amount)
            for one in changes_ahead(acme.pk, Wanted(drill.pk, Decimal(1)))
        ]
    assert told == [(NOW + WEEK, Decimal(89)), (NOW + 4 * WEEK, Decimal(95))]


def test_prices_that_overlap_are_told_at_their_rows_and_nothing_is_saved(
    sal: Membership, acme_list: PriceList, drill: Product
):
    first = PriceRow(drill.pk, Decimal(80), valid_from=NOW, valid_until=NOW + WEEK)
    set_prices(actor=actor(sal), price_list=acme_list, rows=[first])
    rows = [
        PriceRow(drill.pk, Decimal(70), valid_from=NOW + timedelta(days=1)),
        PriceRow(drill.pk, Decimal(60), min_quantity=Decimal(10), valid_from=NOW + timedelta(days=2)),
        PriceRow(drill.pk, Decimal(60), valid_until=NOW),
        PriceRow(drill.pk, Decimal(60), unit="PK"),
        PriceRow(drill.pk, Decimal(60), min_quantity=Decimal(3), valid_from=NOW, valid_until=NOW),
    ]
    with pytest.raises(Refused) as wrong:
        set_prices(actor=actor(sal), price_list=acme_list, rows=rows[2:])
    with pytest.raises(Refused) as overlapping:
        set_prices(actor=actor(sal), price_list=acme_list, rows=rows[:2])

    assert sorted(wrong.value.fields) == ["rows/0/valid_from", "rows/1/unit", "rows/2/valid_until"]
    assert list(overlapping.value.fields) == ["rows/0/valid_from"]
    assert Price.objects.filter(price_list=acme_list, product=drill).count() == 2
    # the same beginning is the same price, changed
    set_prices(
        actor=actor(sal),
        price_list=acme_list,
        rows=[PriceRow(drill.pk, Decimal(81), valid_from=NOW, valid_until=NOW + 2 * WEEK)],
    )
    assert Price.objects.get(price_list=acme_list, product=drill, valid_from=NOW).amount == 81


def test_a_price_of_a_unit_counts_for_what_is_ordered_in_it(
    sal: Membership, acme: Company, acme_list: PriceList, bolt: Product
):
    box = PriceRow(bolt.pk, Decimal(9), min_quantity=Decimal(100), price_base=Decimal(100), unit="XBX")
    loose = PriceRow(bolt.pk, Decimal(12), price_base=Decimal(100))
    set_prices(actor=actor(sal), price_list=acme_list, rows=[box, loose])

    assert price(acme, bolt, 100, unit="XBX") == "9/100"
    assert price(acme, bolt, 100, unit="C62") == price(acme, bolt, 100) == "12/100"


def test_on_request_no_list_further_on_is_asked(
    sal: Membership, acme: Company, globex: Company, acme_list: PriceList, drill: Product
):
    set_prices(actor=actor(sal), price_list=acme_list, rows=[PriceRow(drill.pk, None)])

    assert (price(acme, drill), price(globex, drill)) == ("-", "99/1")
    asked = explain(chain_for(acme.pk), Wanted(drill.pk, Decimal(1)))
    assert [(one.list_name, one.on_request, one.wins) for one in asked] == [
        ("Acme contract", True, True),
        ("List prices", False, False),
    ]


@pytest.mark.covers("R0.5", "R4.16", "R4.17")
def test_a_derived_list_follows_its_basis_but_for_its_exceptions(
    sal: Membership,
    globex: Company,
    globex_account: CustomerAccount,
    public_list: PriceList,
    drill: Product,
    bolt: Product,
):
    act = actor(sal)
    formula = Formula(public_list, Decimal("0.9"), round_to=Decimal(1), ending=Decimal("-0.05"))
    dealers = save_price_list(
        actor=act, facts=PriceListFacts(name="Dealers", currency="EUR", formula=formula)
    )
    assign_lists(actor=act, account=globex_account, given=Given(price_lists=[dealers]))

    assert (price(globex, drill), price(globex, bolt)) == ("88.95/1", "10.95/100")
    set_prices(actor=act, price_list=public_list, rows=[PriceRow(drill.pk, Decimal(110))])
    assert price(globex, drill) == "98.95/1"
    set_prices(actor=act, price_list=dealers, rows=[PriceRow(drill.pk, Decimal("79"))])
    assert price(globex, drill) == "79/1"
    assert Price.objects.filter(price_list=dealers).count() == 1


def test_a_formula_that_cannot_be_is_told_at_its_fields(sal: Membership, public_list: PriceList, cast):
    act = actor(sal)
    wrong = Formula(
        cast.price_lists["levante"], Decimal(0), Decimal("0.0000001"), Decimal(0), Decimal("NaN"), 400
    )
    with pytest.raises(Refused) as refusal:
        save_price_list(actor=act, facts=PriceListFacts(name="X", currency="EUR", formula=wrong))
    assert sorted(refusal.value.fields) == ["addend", "basis", "ending", "factor", "rate_days", "round_to"]

    first = save_price_list(
        actor=act, facts=PriceListFacts(name="First", currency="EUR", formula=Formula(public_list))
    )
    with pytest.raises(Refused) as circle:
        save_price_list(
            actor=act,
            facts=PriceListFacts(name="List prices", currency="EUR", is_public=True, formula=Formula(first)),
            price_list=public_list,
        )
    assert (circle.value.code, list(circle.value.fields)) == ("basis_too_deep", ["basis"])


@pytest.mark.covers("R4.17")
def test_lists_are_given_to_a_group_and_to_all_by_their_seller_alone(
    sal: Membership, lev: Membership, acme: Company, acme_account: CustomerAccount, acme_list: PriceList,
    public_list: PriceList, hansa: Company,
):  # fmt: skip
    group = CustomerGroup.objects.create(seller=hansa, name="Workshops")
    CustomerAccount.objects.filter(pk=acme_account.pk).update(group=group)
    spring, summer = (
        save_price_list(actor=actor(sal), facts=PriceListFacts(name=name, currency="EUR"))
        for name in ("Spring", "Summer")
    )
    assign_group_lists(actor=actor(sal), group=group, given=Given(price_lists=[spring]))
    assign_lists_for_all(actor=actor(sal), given=Given(price_lists=[summer], takes_lowest=True))

    assert lists_of(chain_for(acme.pk)) == [acme_list.pk, spring.pk, summer.pk, public_list.pk]
    assign_lists(actor=actor(sal), account=acme_account, given=Given(price_lists=[acme_list], is_closed=True))
    assert lists_of(chain_for(acme.pk)) == [acme_list.pk]
    assert Entry.objects.latest("pk").changes == {"is_closed": [False, True]}
    with pytest.raises(NotAllowed):
        assign_group_lists(actor=actor(lev), group=group, given=Given(price_lists=[]))


def test_the_lowest_price_counts_where_the_seller_says_so(
    sal: Membership, acme: Company, acme_list: PriceList, public_list: PriceList, drill: Product
):
    set_prices(actor=actor(sal), price_list=public_list, rows=[PriceRow(drill.pk, Decimal(79), Decimal(10))])
    assert [price(acme, drill, quantity) for quantity in (1, 10)] == ["89/1", "89/1"]

    assign_lists_for_all(actor=actor(sal), given=Given(price_lists=[], takes_lowest=True))

    assert [price(acme, drill, quantity) for quantity in (1, 10)] == ["89/1", "79/1"]
    assert [one.wins for one in explain(chain_for(acme.pk), Wanted(drill.pk, Decimal(10)))] == [False, True]


def test_in_a_graduated_list_each_part_has_its_own_price(
    sal: Membership, acme: Company, acme_list: PriceList, drill: Product
):
    PriceList.objects.filter(pk=acme_list.pk).update(is_graduated=True)
    set_prices(actor=actor(sal), price_list=acme_list, rows=[PriceRow(drill.pk, Decimal(80), Decimal(10))])

    # ten at 89.00, two at 80.00
    assert [price(acme, drill, quantity) for quantity in (1, 10, 12)] == ["89/1", "890/10", "1050/12"]
