from decimal import Decimal

import pytest

from kontor.catalog.models import Product
from kontor.companies.models import Company, CustomerAccount, Membership, PaymentTerm
from kontor.kernel.models import OutboxEvent
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.models import Price, PriceAssignment, PriceList
from kontor.pricing.operations import (
    Given,
    PriceListFacts,
    PriceRow,
    accept_customer_with_prices,
    assign_lists,
    delete_price_list,
    remove_prices,
    save_price_list,
    set_prices,
)
from kontor.pricing.queries import assigned_lists, chain_for, lists_of, price_lists_of, prices_of
from tests.cast import Cast, actor


def rows_of(price_list: PriceList) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    rows = Price.objects.filter(price_list=price_list).order_by("product__sku", "min_quantity")
    return list(rows.values_list("product__sku", "min_quantity", "amount", "price_base"))


@pytest.mark.covers("R0.5", "R0.20")
def test_prices_are_added_and_changed_in_one_go(
    sal: Membership, acme_list: PriceList, bolt: Product, drill: Product
):
    rows = [
        PriceRow(drill.pk, Decimal("79.50")),
        PriceRow(drill.pk, Decimal(75), Decimal(10)),
        PriceRow(bolt.pk, Decimal("10.123456"), Decimal(1), Decimal(100)),
    ]
    assert set_prices(actor=actor(sal), price_list=acme_list, rows=rows) == 3
    assert rows_of(acme_list) == [
        ("BOLT-M8", 1, Decimal("10.123456"), 100),
        ("DRILL-18V", 1, Decimal("79.5"), 1),
        ("DRILL-18V", 10, 75, 1),
    ]
    assert set_prices(actor=actor(sal), price_list=acme_list, rows=rows) == 0
    assert OutboxEvent.objects.filter(name="pricing.PricesChanged").count() == 1


def test_replacing_drops_the_other_breaks_of_the_same_products(
    sal: Membership, public_list: PriceList, bolt: Product
):
    rows = [
        PriceRow(bolt.pk, Decimal(12), Decimal(1), Decimal(100)),
        PriceRow(bolt.pk, Decimal(9), Decimal(5000), Decimal(100)),
    ]
    assert set_prices(actor=actor(sal), price_list=public_list, rows=rows, replace=True) == 3

    assert [row[:3] for row in rows_of(public_list) if row[0] == "BOLT-M8"] == [
        ("BOLT-M8", 1, 12),
        ("BOLT-M8", 5000, 9),
    ]
    assert len(rows_of(public_list)) == 4


def test_one_wrong_row_saves_none_and_every_wrong_row_is_named(
    sal: Membership, acme_list: PriceList, bolt: Product, drill: Product, lamp: Product
):
    rows = [
        PriceRow(bolt.pk, Decimal(1)),
        PriceRow(lamp.pk, Decimal(1)),
        PriceRow(drill.pk, Decimal("-0.01")),
        PriceRow(drill.pk, Decimal(1), Decimal(0), Decimal(0)),
        PriceRow(bolt.pk, Decimal(2)),
    ]
    with pytest.raises(Refused) as refusal:
        set_prices(actor=actor(sal), price_list=acme_list, rows=rows)

    assert refusal.value.code == "wrong_prices"
    assert list(refusal.value.fields) == [
        "rows/1/product", "rows/2/amount", "rows/3/price_base", "rows/3/min_quantity", "rows/4/min_quantity",
    ]  # fmt: skip
    assert rows_of(acme_list) == [("DRILL-18V", 1, 89, 1)]


def test_prices_are_the_sellers_own_business(
    ana: Membership, wim: Membership, lev: Membership, acme_list: PriceList, acme_account: CustomerAccount
):
    for member in (ana, wim, lev):
        who = actor(member)
        for act in (
            lambda who=who: set_prices(actor=who, price_list=acme_list, rows=[]),
            lambda who=who: remove_prices(actor=who, price_list=acme_list, price_ids=[]),
            lambda who=who: assign_lists(actor=who, account=acme_account, given=Given(price_lists=[])),
            lambda who=who: delete_price_list(actor=who, price_list=acme_list),
            lambda who=who: save_price_list(
                actor=who, price_list=acme_list, facts=PriceListFacts(name="x", currency="EUR")
            ),
        ):
            with pytest.raises(NotAllowed):
                act()
    assert rows_of(acme_list) == [("DRILL-18V", 1, 89, 1)]
    assert assigned_lists(acme_account.pk) == [acme_list]
    assert list(price_lists_of(actor(ana))) == []


def test_removing_prices(sal: Membership, public_list: PriceList):
    ids = list(
        Price.objects.filter(price_list=public_list, product__sku="BOLT-M8").values_list("pk", flat=True)
    )

    assert remove_prices(actor=actor(sal), price_list=public_list, price_ids=ids) == 2
    assert [row[0] for row in rows_of(public_list)] == ["ASSEMBLY-H", "DRILL-18V"]


def test_lists_are_asked_in_the_order_given(
    sal: Membership,
    hansa: Company,
    acme: Company,
    acme_account: CustomerAccount,
    acme_list: PriceList,
    public_list: PriceList,
):
    spring = save_price_list(actor=actor(sal), facts=PriceListFacts(name="Spring", currency="EUR"))
    assign_lists(actor=actor(sal), account=acme_account, given=Given(price_lists=[spring, acme_list]))
    assert lists_of(chain_for(acme.pk)) == [spring.pk, acme_list.pk, public_list.pk]

    assign_lists(actor=actor(sal), account=acme_account, given=Given(price_lists=[acme_list, spring]))
    assert lists_of(chain_for(acme.pk)) == [acme_list.pk, spring.pk, public_list.pk]
    assert [(one.name, one.customer_count) for one in price_lists_of(actor(sal))] == [
        ("List prices", 0), ("Acme contract", 1), ("Spring", 1),
    ]  # fmt: skip


def test_lists_of_a_customer_share_one_currency_and_come_once(
    sal: Membership, acme_account: CustomerAccount, acme_list: PriceList, cast: Cast
):
    dollars = save_price_list(actor=actor(sal), facts=PriceListFacts(name="Dollars", currency="USD"))
    for lists, code in (
        ([acme_list, dollars], "mixed_currencies"),
        ([acme_list, acme_list], "assigned_twice"),
    ):
        with pytest.raises(Refused, match=code):
            assign_lists(actor=actor(sal), account=acme_account, given=Given(price_lists=lists))
    with pytest.raises(NotAllowed):
        assign_lists(
            actor=actor(sal), account=acme_account, given=Given(price_lists=[cast.price_lists["levante"]])
        )
    assert assigned_lists(acme_account.pk) == [acme_list]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (PriceListFacts(name="", currency="EUR"), "incomplete"),
        (PriceListFacts(name="x", currency="euro"), "incomplete"),
        (PriceListFacts(name="Acme contract", currency="EUR"), "code_taken"),
        (PriceListFacts(name="Second", currency="EUR", is_public=True), "public_taken"),
    ],
)
def test_a_list_that_cannot_be_is_refused(cast: Cast, sal: Membership, facts: PriceListFacts, code: str):
    with pytest.raises(Refused, match=code):
        save_price_list(actor=actor(sal), facts=facts)
    assert PriceList.objects.count() == 3


def test_a_list_with_prices_keeps_its_currency_and_one_in_use_stays(sal: Membership, acme_list: PriceList):
    with pytest.raises(Refused, match="currency_fixed"):
        save_price_list(
            actor=actor(sal), price_list=acme_list, facts=PriceListFacts(name="Acme", currency="USD")
        )
    with pytest.raises(Refused, match="still_assigned"):
        delete_price_list(actor=actor(sal), price_list=acme_list)
    PriceAssignment.objects.all().delete()
    delete_price_list(actor=actor(sal), price_list=acme_list)
    assert PriceList.objects.count() == 2


def test_the_rows_of_a_list_can_be_searched(cast: Cast, public_list: PriceList):
    assert [row.product.sku for row in prices_of(public_list, search="bolt m8")] == ["BOLT-M8", "BOLT-M8"]


def test_a_customer_is_accepted_with_its_prices_or_not_at_all(
    sal: Membership,
    store_admin: Membership,
    globex_account: CustomerAccount,
    acme_list: PriceList,
    n30: PaymentTerm,
    cast: Cast,
):
    CustomerAccount.objects.filter(pk=globex_account.pk).update(status="requested")
    globex_account.refresh_from_db()
    with pytest.raises(NotAllowed):
        accept_customer_with_prices(
            actor=actor(store_admin),
            account=globex_account,
            payment_term=n30,
            price_lists=[cast.price_lists["levante"]],
        )
    globex_account.refresh_from_db()
    assert globex_account.status == "requested"

    accept_customer_with_prices(
        actor=actor(store_admin), account=globex_account, payment_term=n30, price_lists=[acme_list]
    )
    globex_account.refresh_from_db()
    assert globex_account.status == "active"
    assert assigned_lists(globex_account.pk) == [acme_list]
