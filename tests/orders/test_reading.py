"""Lists, one order whole, counts, usual items, the timeline, and ordering again."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kontor.audit.verbs import declared_verbs, sentence
from kontor.carts.models import Cart
from kontor.catalog.models import Product
from kontor.fulfilment.operations import release_to_warehouse
from kontor.kernel import clock
from kontor.kernel.actors import system_actor
from kontor.messaging.operations import write_message
from kontor.orders.models import Order
from kontor.orders.operations import approve_order, cancel_order, confirm_order, reorder
from kontor.orders.queries import OrderFilters, order_detail, orders_for, usual_items
from kontor.orders.sides import sees
from kontor.orders.timeline import approver_of, timeline
from tests.orders.trade import confirmed, placed, shipped

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with clock.at(NOON):
        yield


def numbers(actor, **filters):
    return [order.number for order in orders_for(actor, OrderFilters(**filters))]


@pytest.fixture
def orders(ana, gil, bolt, drill):
    """Acme: placed, confirmed, shipped. Globex: placed."""
    return {
        "placed": placed(ana, (bolt, 100), po_number="PO-77"),
        "confirmed": confirmed(ana, (drill, 1)),
        "shipped": shipped(ana, (bolt, 50)).order,
        "theirs": placed(gil, (bolt, 10)),
    }


@pytest.mark.covers("R2.2", "R0.48")
def test_each_side_sees_its_own_newest_first(orders, ana, gil, sal, lev):
    mine = [orders[name].number for name in ("shipped", "confirmed", "placed")]
    assert numbers(ana.as_actor("page")) == mine
    assert numbers(gil.as_actor("page")) == [orders["theirs"].number]
    assert numbers(sal.as_actor("page")) == [orders["theirs"].number, *mine]
    assert numbers(sal.as_actor("page"), side="buying") == []
    assert numbers(lev.as_actor("page")) == []
    on_behalf = sal.as_actor("page").behalf_of(ana.company_id, "Acme GmbH")
    assert numbers(on_behalf) == mine


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"statuses": ["confirmed"]}, ["confirmed"]),
        ({"is_open": True}, ["shipped", "confirmed", "placed"]),
        ({"is_open": False}, []),
        ({"words": "po-7"}, ["placed"]),
        ({"words": "drill"}, ["confirmed"]),
        ({"words": "BOLT"}, ["shipped", "placed"]),
        ({"words": "hansa"}, ["shipped", "confirmed", "placed"]),
        ({"words": "%"}, []),
        ({"late_on": NOON.date() + timedelta(days=30)}, ["confirmed"]),
        ({"late_on": NOON.date()}, []),
        ({"placed_from": NOON.date() + timedelta(days=1)}, []),
        ({"placed_until": NOON.date()}, ["shipped", "confirmed", "placed"]),
    ],
)
def test_lists_can_be_narrowed(orders, ana, filters, found):
    assert numbers(ana.as_actor("page"), **filters) == [orders[name].number for name in found]


def test_a_list_is_one_query_with_both_companies(orders, ana, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert {(str(order.buyer), str(order.seller)) for order in orders_for(ana.as_actor("page"))} == {
            ("Acme GmbH", "Hansa Supply GmbH")
        }


def test_an_order_whole_takes_three_queries(orders, ana, sal, django_assert_num_queries):
    with django_assert_num_queries(3):
        detail = order_detail(ana.as_actor("page"), orders["confirmed"].pk)
    assert detail is not None
    assert (detail.open_net, detail.cancelled_net, detail.is_buyer, detail.is_seller) == (89, 0, True, False)
    assert [(total.rate, total.net, total.tax) for total in detail.taxes] == [(19, 89, Decimal("16.91"))]
    assert (detail.allowed.cancel, detail.allowed.confirm, detail.allowed.reorder) == (False, False, True)

    sales = order_detail(sal.as_actor("page"), orders["placed"].pk)
    assert sales is not None
    assert (sales.allowed.confirm, sales.allowed.cancel, sales.allowed.reorder) == (True, True, False)
    assert order_detail(sal.as_actor("page"), 0) is None


def test_nobody_else_reads_an_order(orders, gil, lev, olga):
    for stranger in (gil, lev, olga):
        assert order_detail(stranger.as_actor("page"), orders["placed"].pk) is None


def test_one_order_is_seen_by_whoever_finds_it_in_a_list(orders, acme, ana, cy, gil, lev, olga, sal):
    people = [member.as_actor("page") for member in (ana, cy, gil, lev, olga, sal)]
    people += [
        sal.as_actor("page").behalf_of(acme.pk, str(acme)),
        lev.as_actor("page").behalf_of(acme.pk, ""),
    ]
    people.append(system_actor("worker"))
    Order.objects.filter(pk=orders["placed"].pk).update(released_at=None)

    for actor in people:
        listed = set(Order.objects.visible_to(actor))
        assert {order for order in Order.objects.all() if sees(actor, order)} == listed
        assert {order for order in Order.objects.all() if order_detail(actor, order.pk)} == listed


@pytest.mark.covers("R2.5")
def test_usual_items_come_most_often_first(orders, ana, bolt, drill):
    items = usual_items(ana.as_actor("page"))
    assert [(item.sku, item.times, item.last_quantity) for item in items] == [
        ("BOLT-M8", 2, 50), ("DRILL-18V", 1, 1),
    ]  # fmt: skip
    Product.objects.filter(pk=bolt.pk).update(status="discontinued")
    assert [item.sku for item in usual_items(ana.as_actor("page"))] == ["DRILL-18V"]


def test_ordering_again_fills_the_cart_at_todays_prices(orders, ana, sal, bolt):
    cart, report = reorder(actor=ana.as_actor("page"), order=Order.objects.get(pk=orders["placed"].pk))
    assert (report.total, [line.sku for line in report.added]) == (1, ["BOLT-M8"])
    assert Cart.objects.get(pk=cart.pk).lines.get().quantity == 100


def told(order, member):
    return [(entry.side, entry.text) for entry in timeline(order, member.as_actor("page"))]


@pytest.mark.covers("R0.48")
def test_both_sides_see_one_timeline_and_each_its_own_inner_steps(ana, ben, sal, wim, gil, drill):
    order = placed(ana, (drill, 6))
    approve_order(actor=ben.as_actor("page"), order=order, note="For the new hall")
    confirm_order(actor=sal.as_actor("page"), order=order, confirmed_date=NOON.date() + timedelta(days=4))
    write_message(
        actor=ana.as_actor("page"), subject=("order", order.pk), title=order.number, buyer_id=order.buyer_id,
        seller_id=order.seller_id, body="Ring twice, please",
    )  # fmt: skip
    release_to_warehouse(actor=wim.as_actor("page"), order=order)

    shared = [
        ("buyer", "Ordered"),
        ("seller", "Confirmed for 24 Nov 2026"),
        ("buyer", "Ring twice, please"),
        ("seller", "The warehouse prepares the goods"),
    ]
    inner_buyer = [("buyer", "Above the order limit: waits for approval"), ("buyer", "Approved")]
    inner_seller = [
        ("seller", entry) for side, entry in told(order, sal) if entry.startswith("Pick lists made: PL-")
    ]
    assert sorted(told(order, ana)) == sorted(inner_buyer + shared)
    assert sorted(told(order, sal)) == sorted(shared + inner_seller)
    assert len(inner_seller) == 1


def test_who_ordered_stays_who_ordered_when_somebody_else_approves(ana, ben, sal, drill):
    order = placed(ana, (drill, 6))
    approve_order(actor=ben.as_actor("page"), order=order)
    for reader in (ana, sal):
        entries = timeline(order, reader.as_actor("page"))
        [ordered] = [entry for entry in entries if entry.verb == "orders.placed"]
        assert (ordered.who, ordered.note) == (ana.user.name, f"Approved by {ben.user.name}")
        assert approver_of(entries) == ben.user.name


def test_a_cancellation_before_release_is_the_buyers_own_affair(ana, drill):
    order = placed(ana, (drill, 6))
    cancel_order(actor=ana.as_actor("page"), order=order)
    assert {entry.internal for entry in timeline(order, ana.as_actor("page"))} == {True}


def test_every_verb_of_a_trade_has_a_sentence(ana, bolt):
    verbs = {name for name in declared_verbs() if name.split(".")[0] in ("orders", "fulfilment", "invoicing")}
    assert len(verbs) == 23
    assert sentence("fulfilment.shipped", {"shipment": "SH-1"}) == "SH-1 is on its way"
    assert sentence("fulfilment.shipped") == "– is on its way"
    assert sentence("unheard.of_it") == "of it"


def test_statements_of_a_list_do_not_grow(ana, bolt):
    for _ in range(5):
        shipped(ana, (bolt, 1))
    with CaptureQueriesContext(connection) as captured:
        list(orders_for(ana.as_actor("page"))[:50])
    assert len(captured) == 1
