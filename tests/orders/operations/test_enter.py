"""The seller's side takes an order down: by phone, at the counter, from an import."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kontor.audit.models import Entry
from kontor.orders.intake import EnteredLine, EnteredOrder
from kontor.orders.operations import enter_order
from tests.orders.trade import SYSTEM, broken, stock_of
from tests.traces import refused


def line(product, quantity, price=None, **facts):
    return EnteredLine(
        product_id=product.pk,
        quantity=Decimal(quantity),
        unit_price=None if price is None else Decimal(price),
        **facts,
    )


@pytest.mark.covers("R4.6", "R2.3")
def test_prices_come_from_the_lists_unless_they_are_set_by_hand(sal, acme_account, bolt, drill, assembly):
    entered = EnteredOrder(
        account_id=acme_account.pk,
        lines=[line(bolt, 100, "9.90", price_base=Decimal(100)), line(drill, 2), line(assembly, 1, "0")],
        po_number="fax 12",
    )
    order = enter_order(actor=sal.as_actor("page"), entered=entered)

    rows = order.lines.order_by("position").values_list("unit_price", "net", "price_source")
    assert [(str(price.normalize()), str(net), source.split(":")[0]) for price, net, source in rows] == [
        ("9.9", "9.900", "manual"), ("89", "178.000", "list"), ("0", "0.000", "free"),
    ]  # fmt: skip
    assert (order.status, order.channel, order.sales_rep_name, order.net_total) == (
        "placed", "phone", "Sal Petersen", Decimal("187.90"),
    )  # fmt: skip
    assert Entry.objects.get(verb="orders.entered").shared is True
    assert stock_of(drill) == (12, 2)
    assert broken() == []


def test_no_minimum_and_no_limit_binds_the_seller(sal, acme_account, bolt, drill):
    bolt.sales_units.filter(unit="C62").update(minimum=50, multiple=50)
    entered = EnteredOrder(account_id=acme_account.pk, lines=[line(bolt, 7), line(drill, 12)])
    assert enter_order(actor=sal.as_actor("page"), entered=entered).status == "placed"


def test_units_count_by_their_factor(sal, acme_account, bolt):
    entered = EnteredOrder(account_id=acme_account.pk, lines=[line(bolt, 3, unit="XBX")])
    assert enter_order(actor=sal.as_actor("page"), entered=entered).lines.get().base_quantity == 300


@pytest.mark.parametrize("who", ["ana", "wim"])
def test_only_sales_people_enter_orders(cast, acme_account, bolt, who):
    entered = EnteredOrder(account_id=acme_account.pk, lines=[line(bolt, 1)])
    with refused("not_allowed"):
        enter_order(actor=cast.people[who].as_actor("page"), entered=entered)


def test_only_for_customers_of_ones_own(lev, acme_account, bolt):
    entered = EnteredOrder(account_id=acme_account.pk, lines=[line(bolt, 1)])
    with refused("not_your_customer"):
        enter_order(actor=lev.as_actor("page"), entered=entered)


@pytest.mark.parametrize(
    ("facts", "code", "fields"),
    [
        ({"quantity": Decimal(0)}, "lines_not_orderable", ["lines/0/quantity"]),
        ({"quantity": Decimal("NaN")}, "lines_not_orderable", ["lines/0/quantity"]),
        ({"quantity": Decimal("1e9")}, "quantity_wrong", ["lines/0/quantity"]),
        ({"quantity": Decimal("0.0001")}, "quantity_wrong", ["lines/0/quantity"]),
        ({"quantity": Decimal(5001)}, "not_enough_stock", ["lines/0/quantity"]),
        ({"unit_price": Decimal(-1)}, "lines_not_orderable", ["lines/0/quantity"]),
        ({"unit_price": Decimal("Infinity")}, "lines_not_orderable", ["lines/0/quantity"]),
        ({"unit": "KGM"}, "lines_not_orderable", ["lines/0/quantity"]),
    ],
)
def test_what_cannot_be_is_refused_at_its_line(sal, acme_account, bolt, facts, code, fields):
    entry = EnteredLine(**({"product_id": bolt.pk, "quantity": Decimal(1)} | facts))
    entered = EnteredOrder(account_id=acme_account.pk, lines=[entry])
    with refused(code, *fields):
        enter_order(actor=sal.as_actor("page"), entered=entered)


def test_another_sellers_goods_and_unknown_goods_are_refused(sal, acme_account, bolt, lamp):
    unknown = EnteredLine(product_id=999_999_999, quantity=Decimal(1))
    entered = EnteredOrder(account_id=acme_account.pk, lines=[line(bolt, 1), line(lamp, 1), unknown])
    with refused("lines_not_orderable", "lines/1/quantity", "lines/2/quantity"):
        enter_order(actor=sal.as_actor("page"), entered=entered)


def test_an_order_without_lines_is_none(sal, acme_account):
    with refused("no_lines"):
        enter_order(actor=sal.as_actor("page"), entered=EnteredOrder(account_id=acme_account.pk, lines=[]))


def test_statements_do_not_grow_with_the_lines(acme_account, bolt, drill):
    def statements(count: int) -> int:
        lines = [line(bolt, 1, "0.10") for _ in range(count)]
        entered = EnteredOrder(account_id=acme_account.pk, lines=lines)
        with CaptureQueriesContext(connection) as captured:
            enter_order(actor=SYSTEM, entered=entered)
        return len(captured)

    statements(1)
    assert statements(2) == statements(200) <= 23
