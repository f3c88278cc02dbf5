"""From the confirmed order to the customer's door: pick, pack, ship in parts, deliver."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest

from kontor.audit.models import Entry
from kontor.catalog.models import Product
from kontor.fulfilment.models import PickList, Shipment
from kontor.fulfilment.operations import (
    announce_arrivals,
    cancel_pick_list,
    confirm_delivery,
    confirm_pick,
    pack,
    release_to_warehouse,
    ship,
    ship_now,
    unpack,
)
from kontor.inventory.models import StockItem, Warehouse
from kontor.kernel import clock
from kontor.kernel.delivery import deliver_due
from kontor.kernel.models import OutboxEvent
from kontor.orders.models import Order
from kontor.orders.operations import cancel_order
from tests.at_once import at_once, codes
from tests.orders.trade import SYSTEM, broken, confirmed, placed, shipped, stock_of
from tests.traces import refused


@pytest.fixture
def order(ana, bolt, drill, assembly) -> Order:
    """Confirmed: 200 bolts, 2 drills, 1 hour of assembly."""
    return confirmed(ana, (bolt, 200), (drill, 2), (assembly, 1))


def lines_by_sku(pick_list):
    return {line.order_line.sku: line for line in pick_list.lines.select_related("order_line")}


@pytest.mark.covers("R4.8", "R0.44")
def test_a_pick_list_holds_the_goods_of_the_order_in_its_warehouse(order, wim, ham):
    (pick_list,) = release_to_warehouse(actor=wim.as_actor("page"), order=order)

    assert (pick_list.warehouse, pick_list.status) == (ham, "open")
    assert pick_list.number.startswith("PL-")
    assert {sku: line.quantity for sku, line in lines_by_sku(pick_list).items()} == {
        "BOLT-M8": 200,
        "DRILL-18V": 2,
    }
    assert OutboxEvent.objects.filter(name="fulfilment.PickListsCreated").count() == 1
    with refused("nothing_to_pick"):
        release_to_warehouse(actor=wim.as_actor("page"), order=order)


def test_there_is_a_list_per_warehouse(ana, wim, hansa, drill):
    other = Warehouse.objects.create(seller=hansa, code="BRE", name="Bremen", country="DE", position=1)
    StockItem.objects.create(product=drill, warehouse=other, on_hand=5)
    order = confirmed_by_system(ana, (drill, 15))
    lists = release_to_warehouse(actor=wim.as_actor("page"), order=order)

    assert [(one.warehouse.code, one.lines.get().quantity) for one in lists] == [("HAM", 12), ("BRE", 3)]


def confirmed_by_system(member, *lines):
    member.order_limit = None
    member.save()
    return confirmed(member, *lines)


@pytest.mark.covers("R4.9", "R0.46")
def test_what_was_found_is_packed_and_shipped_and_the_rest_follows(order, wim, bolt, drill):
    actor = wim.as_actor("page")
    (pick_list,) = release_to_warehouse(actor=actor, order=order)
    lines = lines_by_sku(pick_list)
    confirm_pick(actor=actor, pick_list=pick_list, picked={lines["BOLT-M8"].pk: Decimal(150)})
    shipment = pack(actor=actor, pick_list=pick_list, packages=2)
    contents = dict(shipment.lines.values_list("order_line__sku", "quantity"))
    assert contents == {"BOLT-M8": 150, "ASSEMBLY-H": 1}

    shipment = ship(
        actor=actor, shipment=shipment, carrier="Elbe Express", tracking_number="EE 77",
        tracking_url="https://track.example/77", arrives_on=clock.today() + timedelta(days=1),
    )  # fmt: skip
    order.refresh_from_db()
    assert (shipment.status, order.status) == ("shipped", "partly_shipped")
    assert (stock_of(bolt), stock_of(drill)) == ((4850, 50), (12, 2))
    assert broken() == []

    (rest,) = release_to_warehouse(actor=actor, order=order)
    assert {sku: line.quantity for sku, line in lines_by_sku(rest).items()} == {"BOLT-M8": 50, "DRILL-18V": 2}
    confirm_pick(actor=actor, pick_list=rest)
    ship(actor=actor, shipment=pack(actor=actor, pick_list=rest))

    order.refresh_from_db()
    assert order.status == "shipped"
    assert (stock_of(bolt), stock_of(drill)) == ((4800, 0), (10, 0))
    assert broken() == []


def test_the_weight_is_that_of_the_goods_unless_somebody_weighs(order, wim, bolt, drill):
    Product.objects.filter(pk=bolt.pk).update(weight_grams=25)
    Product.objects.filter(pk=drill.pk).update(weight_grams=1500)
    actor = wim.as_actor("page")
    (pick_list,) = release_to_warehouse(actor=actor, order=order)
    confirm_pick(actor=actor, pick_list=pick_list)

    assert pack(actor=actor, pick_list=pick_list).weight_grams == 200 * 25 + 2 * 1500


def test_more_than_listed_cannot_be_picked(order, wim):
    actor = wim.as_actor("page")
    (pick_list,) = release_to_warehouse(actor=actor, order=order)
    line = pick_list.lines.first()
    with refused("more_than_listed", f"lines/{line.pk}/picked"):
        confirm_pick(actor=actor, pick_list=pick_list, picked={line.pk: line.quantity + 1})
    with refused("nothing_picked"):
        confirm_pick(actor=actor, pick_list=pick_list, picked={})


def test_each_step_is_taken_once(order, wim):
    actor = wim.as_actor("page")
    (pick_list,) = release_to_warehouse(actor=actor, order=order)
    with refused("changed_meanwhile"):
        pack(actor=actor, pick_list=pick_list)
    confirm_pick(actor=actor, pick_list=pick_list)
    with refused("changed_meanwhile"):
        confirm_pick(actor=actor, pick_list=pick_list)
    shipment = pack(actor=actor, pick_list=pick_list)
    with refused("changed_meanwhile"):
        pack(actor=actor, pick_list=pick_list)
    ship(actor=actor, shipment=shipment)
    with refused("wrong_status"):
        ship(actor=actor, shipment=shipment)


def test_a_dropped_list_and_an_unpacked_parcel_can_be_released_again(order, wim, bolt):
    actor = wim.as_actor("page")
    (first,) = release_to_warehouse(actor=actor, order=order)
    cancel_pick_list(actor=actor, pick_list=first)
    (second,) = release_to_warehouse(actor=actor, order=order)
    confirm_pick(actor=actor, pick_list=second)
    shipment = pack(actor=actor, pick_list=second)
    unpack(actor=actor, shipment=shipment)
    (third,) = release_to_warehouse(actor=actor, order=order)

    assert third.lines.count() == 2
    assert stock_of(bolt) == (5000, 200)
    with refused("changed_meanwhile"):
        ship(actor=actor, shipment=shipment)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"carrier": "x" * 61}, "carrier"),
        ({"tracking_url": "javascript:alert(1)"}, "tracking_url"),
        ({"tracking_url": "https://"}, "tracking_url"),
        ({"arrives_on": date(2020, 1, 1)}, "arrives_on"),
    ],
)
def test_how_it_travels_is_checked(order, wim, facts, field):
    with refused("dispatch_wrong", field):
        ship_now(actor=wim.as_actor("page"), order=order, **facts)


def test_all_at_once_ships_goods_and_services(order, wim, bolt):
    shipment = ship_now(actor=wim.as_actor("page"), order=order, carrier="Elbe Express")

    assert dict(shipment.lines.values_list("order_line__sku", "quantity")) == {
        "BOLT-M8": 200, "DRILL-18V": 2, "ASSEMBLY-H": 1,
    }  # fmt: skip
    assert Order.objects.get(pk=order.pk).status == "shipped"
    assert Entry.objects.get(verb="fulfilment.shipped").changes["carrier"] == "Elbe Express"
    assert broken() == []


def test_all_at_once_waits_for_the_warehouse(order, wim):
    release_to_warehouse(actor=wim.as_actor("page"), order=order)
    with refused("being_picked"):
        ship_now(actor=wim.as_actor("page"), order=order)


def test_an_order_that_is_not_confirmed_does_not_ship(ana, wim, bolt):
    order = placed(ana, (bolt, 100))
    with refused("wrong_status"):
        ship_now(actor=wim.as_actor("page"), order=order)
    with refused("wrong_status"):
        release_to_warehouse(actor=wim.as_actor("page"), order=order)


@pytest.mark.parametrize(
    ("who", "code"),
    [("ana", "not_allowed"), ("sal", "not_allowed"), ("lev", "not_yours"), ("gil", "not_allowed")],
)
def test_only_the_sellers_warehouse_ships(cast, order, who, code):
    actor = cast.people[who].as_actor("page")
    with refused(code):
        release_to_warehouse(actor=actor, order=order)
    with refused(code):
        ship_now(actor=actor, order=order)


@pytest.mark.covers("R4.11")
@pytest.mark.parametrize("who", ["ana", "wim"])
def test_both_sides_may_confirm_the_delivery(cast, order, who):
    shipment = ship_now(actor=SYSTEM, order=order)
    confirm_delivery(actor=cast.people[who].as_actor("page"), shipment=shipment, received_by="Porter Kim")

    order.refresh_from_db()
    assert (order.status, shipment.status, shipment.received_by) == ("delivered", "delivered", "Porter Kim")
    assert order.closed_at is not None
    assert broken() == []
    with refused("changed_meanwhile"):
        confirm_delivery(actor=cast.people[who].as_actor("page"), shipment=shipment)


@pytest.mark.parametrize(
    ("who", "code"), [("cy", "not_allowed"), ("gil", "not_allowed"), ("lev", "not_yours")]
)
def test_nobody_else_confirms_a_delivery(cast, order, who, code):
    shipment = ship_now(actor=SYSTEM, order=order)
    with refused(code):
        confirm_delivery(actor=cast.people[who].as_actor("page"), shipment=shipment)


@pytest.mark.covers("R4.10")
def test_an_arrival_is_announced_once_on_its_day(order):
    tomorrow = clock.today() + timedelta(days=1)
    shipment = ship_now(actor=SYSTEM, order=order, arrives_on=tomorrow)

    assert (announce_arrivals(clock.today()), announce_arrivals(tomorrow), announce_arrivals(tomorrow)) == (
        0,
        1,
        0,
    )
    event = OutboxEvent.objects.get(name="fulfilment.ShipmentArrivesToday")
    assert event.payload == {"shipment_id": shipment.pk}


def test_a_cancelled_order_drops_its_lists_and_parcels(order, wim, sal):
    actor = wim.as_actor("page")
    (pick_list,) = release_to_warehouse(actor=actor, order=order)
    confirm_pick(actor=actor, pick_list=pick_list)
    shipment = pack(actor=actor, pick_list=pick_list)
    cancel_order(actor=sal.as_actor("page"), order=order, reason="Customer called")
    deliver_due()

    assert Shipment.objects.get(pk=shipment.pk).status == "cancelled"
    assert PickList.objects.get(pk=pick_list.pk).status == "cancelled"
    assert broken() == []


def test_a_parcel_with_cancelled_goods_cannot_leave_even_before_it_was_dropped(order, wim, sal):
    actor = wim.as_actor("page")
    (pick_list,) = release_to_warehouse(actor=actor, order=order)
    confirm_pick(actor=actor, pick_list=pick_list)
    shipment = pack(actor=actor, pick_list=pick_list)
    line = order.lines.get(sku="DRILL-18V")
    cancel_order(actor=sal.as_actor("page"), order=order, reason="Broken", line_ids=[line.pk])
    with refused("more_than_reserved"):
        ship(actor=actor, shipment=shipment)
    deliver_due()
    (again,) = release_to_warehouse(actor=actor, order=order)

    assert dict(again.lines.values_list("order_line__sku", "quantity")) == {"BOLT-M8": 200}


def test_the_rest_cancelled_after_a_part_was_shipped_makes_a_shipped_order(order, wim, sal):
    actor = wim.as_actor("page")
    (pick_list,) = release_to_warehouse(actor=actor, order=order)
    line = lines_by_sku(pick_list)["BOLT-M8"]
    confirm_pick(actor=actor, pick_list=pick_list, picked={line.pk: Decimal(150)})
    ship(actor=actor, shipment=pack(actor=actor, pick_list=pick_list))
    order.refresh_from_db()
    order = cancel_order(actor=sal.as_actor("page"), order=order, reason="No more of these")

    assert order.status == "shipped"
    assert dict(order.lines.values_list("sku", "cancelled")) == {
        "BOLT-M8": 50,
        "DRILL-18V": 2,
        "ASSEMBLY-H": 0,
    }
    assert broken() == []


def test_shipments_are_for_the_two_companies_only(order, cast):
    ship_now(actor=SYSTEM, order=order)
    seen = {
        who: Shipment.objects.visible_to(cast.people[who].as_actor("page")).count() for who in cast.people
    }
    assert {who for who, count in seen.items() if count} == {
        "ana", "ben", "cy", "dora", "sal", "wim", "fin", "cat", "store_admin",
    }  # fmt: skip


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_ship_and_cancel_at_the_same_moment_do_one_of_the_two(ana, bolt, wim, sal):
    for _round in range(8):
        order = confirmed(ana, (bolt, 10))
        mine, theirs = Order.objects.get(pk=order.pk), Order.objects.get(pk=order.pk)
        outcomes = at_once(
            partial(ship_now, actor=wim.as_actor("page"), order=mine),
            partial(cancel_order, actor=sal.as_actor("page"), order=theirs, reason="Race"),
        )
        order.refresh_from_db()
        assert codes(outcomes) == ["changed_meanwhile"]
        assert order.status in ("shipped", "cancelled")
    assert broken() == []


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_two_who_ship_the_same_order_ship_it_once(ana, bolt, wim):
    order = confirmed(ana, (bolt, 10))
    orders = [Order.objects.get(pk=order.pk) for _ in range(10)]
    outcomes = at_once(*[partial(ship_now, actor=wim.as_actor("page"), order=one) for one in orders])

    assert codes(outcomes) == ["changed_meanwhile"] * 9
    assert stock_of(bolt) == (4990, 0)
    assert broken() == []


def test_a_shipment_survives_being_read_again(ana, bolt):
    shipment = shipped(ana, (bolt, 10))
    stored = Shipment.objects.get(pk=shipment.pk)
    names = [field.attname for field in Shipment._meta.concrete_fields]
    assert {name: getattr(shipment, name) for name in names} == {
        name: getattr(stored, name) for name in names
    }
