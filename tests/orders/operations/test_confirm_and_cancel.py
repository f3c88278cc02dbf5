"""The seller promises a day; buyer and seller cancel what is open, each as long as they may."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kontor.audit.models import Entry
from kontor.catalog.models import Product
from kontor.fulfilment.operations import ship_now
from kontor.kernel import clock
from kontor.kernel.models import OutboxEvent
from kontor.orders.models import Order
from kontor.orders.operations import cancel_order, change_confirmed_date, confirm_order
from kontor.orders.permissions import ENTER_ORDERS, PLACE_ORDERS
from kontor.orders.queries import order_detail
from tests.orders.trade import SYSTEM, broken, confirmed, placed, stock_of
from tests.traces import refused

FRIDAY = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def friday():
    with clock.at(FRIDAY):
        yield


@pytest.mark.covers("R4.7", "R0.45")
def test_without_a_day_the_earliest_that_lead_times_allow_is_promised(ana, sal, bolt, drill):
    Product.objects.filter(pk=drill.pk).update(lead_days=5)
    order = confirm_order(actor=sal.as_actor("page"), order=placed(ana, (bolt, 100), (drill, 1)))

    assert (order.status, order.confirmed_date, order.first_confirmed_date, order.confirmed_at) == (
        "confirmed", date(2026, 11, 27), date(2026, 11, 27), FRIDAY,
    )  # fmt: skip
    assert OutboxEvent.objects.filter(name="orders.OrderConfirmed").count() == 1
    assert broken() == []


def test_a_wished_day_is_promised(ana, sal, bolt):
    order = placed(ana, (bolt, 100), wished_date=date(2026, 12, 4))
    assert confirm_order(actor=sal.as_actor("page"), order=order).confirmed_date == date(2026, 12, 4)


def test_a_day_in_the_past_is_not_promised(ana, sal, bolt):
    order = placed(ana, (bolt, 100))
    with refused("date_wrong", "confirmed_date"):
        confirm_order(actor=sal.as_actor("page"), order=order, confirmed_date=date(2026, 11, 19))


@pytest.mark.parametrize(
    ("who", "code"),
    [("ana", "not_allowed"), ("wim", "not_allowed"), ("lev", "not_yours"), ("gil", "not_allowed")],
)
def test_only_the_sellers_sales_people_confirm(cast, ana, bolt, who, code):
    order = placed(ana, (bolt, 100))
    with refused(code):
        confirm_order(actor=cast.people[who].as_actor("page"), order=order)


def test_an_order_is_confirmed_once(ana, sal, bolt):
    order = confirmed(ana, (bolt, 100))
    with refused("wrong_status"):
        confirm_order(actor=sal.as_actor("page"), order=order)


@pytest.mark.covers("R0.47")
def test_another_day_keeps_the_first_promise_on_record(ana, sal, bolt):
    order = confirm_order(actor=SYSTEM, order=placed(ana, (bolt, 100)), confirmed_date=date(2026, 11, 24))
    order = change_confirmed_date(
        actor=sal.as_actor("page"), order=order, confirmed_date=date(2026, 12, 1), reason="Late lorry"
    )

    assert (order.confirmed_date, order.first_confirmed_date) == (date(2026, 12, 1), date(2026, 11, 24))
    entry = Entry.objects.get(verb="orders.date_changed")
    assert (entry.changes, entry.note) == ({"date": ["2026-11-24", "2026-12-01"]}, "Late lorry")
    with refused("same_date", "confirmed_date"):
        change_confirmed_date(actor=sal.as_actor("page"), order=order, confirmed_date=date(2026, 12, 1))


def test_the_buyer_cancels_until_the_seller_has_confirmed(ana, bolt):
    order = cancel_order(actor=ana.as_actor("page"), order=placed(ana, (bolt, 100)))
    assert (order.status, stock_of(bolt)) == ("cancelled", (5000, 0))
    assert order.lines.get().cancelled == 100
    assert broken() == []

    late = confirmed(ana, (bolt, 100))
    with refused("wrong_status"):
        cancel_order(actor=ana.as_actor("page"), order=late)


def test_the_seller_cancels_and_says_why(ana, sal, bolt):
    order = confirmed(ana, (bolt, 100))
    with refused("reason_missing", "reason"):
        cancel_order(actor=sal.as_actor("page"), order=order)
    cancelled = cancel_order(actor=sal.as_actor("page"), order=order, reason="Out of production")

    assert cancelled.status == "cancelled"
    assert Entry.objects.get(verb="orders.cancelled").note == "Out of production"
    assert Order.objects.get(pk=order.pk).closed_at == FRIDAY


def test_one_line_can_be_cancelled_and_the_rest_goes_on(ana, sal, bolt, drill):
    order = confirmed(ana, (bolt, 100), (drill, 2))
    line = order.lines.get(sku="DRILL-18V")
    order = cancel_order(actor=sal.as_actor("page"), order=order, reason="Gone", line_ids=[line.pk])

    assert (order.status, stock_of(bolt), stock_of(drill)) == ("confirmed", (5000, 100), (12, 0))
    ship_now(actor=SYSTEM, order=order)
    assert Order.objects.get(pk=order.pk).status == "shipped"
    assert broken() == []


def test_cancelling_the_last_open_line_makes_the_shipped_rest_a_shipped_order(ana, sal, bolt, drill):
    order = confirmed(ana, (bolt, 100), (drill, 2))
    line = order.lines.get(sku="DRILL-18V")
    cancel_order(actor=sal.as_actor("page"), order=order, reason="Gone", line_ids=[line.pk])
    with refused("nothing_open"):
        cancel_order(actor=sal.as_actor("page"), order=order, reason="Gone", line_ids=[line.pk])


def test_what_has_left_cannot_be_cancelled(ana, sal, bolt):
    order = confirmed(ana, (bolt, 100))
    ship_now(actor=SYSTEM, order=order)
    order.refresh_from_db()
    with refused("wrong_status"):
        cancel_order(actor=sal.as_actor("page"), order=order, reason="Too late")


@pytest.mark.parametrize(
    ("who", "code"),
    [("cy", "not_allowed"), ("gil", "not_yours"), ("wim", "not_allowed"), ("lev", "not_allowed")],
)
def test_nobody_else_cancels(cast, ana, bolt, who, code):
    order = placed(ana, (bolt, 100))
    with refused(code):
        cancel_order(actor=cast.people[who].as_actor("page"), order=order, reason="Because")


def test_a_rep_cancels_for_the_customer_with_the_right_to_order_for_it(ana, sal, acme, bolt):
    rep = sal.as_actor("page").behalf_of(acme.pk, str(acme))
    order = placed(ana, (bolt, 100))
    assert not rep.may(PLACE_ORDERS)
    assert order_detail(rep, order.pk).allowed.cancel is True

    cancel_order(actor=rep, order=order)

    order.refresh_from_db()
    assert (order.status, stock_of(bolt)) == ("cancelled", (5000, 0))
    entry = Entry.objects.get(verb="orders.cancelled")
    assert (entry.actor_name, entry.acting_for_name) == ("Sal Petersen", "Acme GmbH")


def test_on_behalf_the_customers_own_limits_hold(ana, sal, acme, globex, bolt):
    sal_here = sal.as_actor("page")
    order = confirmed(ana, (bolt, 100))
    with refused("wrong_status"):
        cancel_order(actor=sal_here.behalf_of(acme.pk, str(acme)), order=order)
    with refused("not_yours"):
        cancel_order(actor=sal_here.behalf_of(globex.pk, str(globex)), order=order)
    without = replace(sal_here, capabilities=sal_here.capabilities - {ENTER_ORDERS})
    with refused("not_allowed"):
        cancel_order(actor=without.behalf_of(acme.pk, str(acme)), order=order)
