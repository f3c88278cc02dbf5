"""Goods come back: announced, accepted or declined, received, and only what is fit goes on the shelf."""

from decimal import Decimal
from functools import partial

import pytest

from kontor.fulfilment.models import Return
from kontor.fulfilment.operations import (
    ReturnedLine,
    accept_return,
    decline_return,
    receive_return,
    request_return,
    returnable,
)
from kontor.kernel.models import OutboxEvent
from kontor.orders.models import Order
from tests.at_once import at_once, codes
from tests.orders.trade import SYSTEM, broken, confirmed, shipped, stock_of
from tests.traces import refused


@pytest.fixture
def order(ana, bolt, drill) -> Order:
    """Shipped: 200 bolts and 2 drills."""
    return shipped(ana, (bolt, 200), (drill, 2)).order


def line_of(order, sku, quantity, **facts):
    return ReturnedLine(order_line_id=order.lines.get(sku=sku).pk, quantity=Decimal(quantity), **facts)


def announced(order, *lines) -> Return:
    return request_return(actor=SYSTEM, order=order, lines=list(lines))


@pytest.mark.covers("R4.12", "R4.13")
def test_the_whole_way_back(order, ana, wim, bolt, drill):
    lines = [
        line_of(order, "BOLT-M8", 50, reason="too_many"),
        line_of(order, "DRILL-18V", 1, reason="defective"),
    ]
    back = request_return(actor=ana.as_actor("page"), order=order, lines=lines, note="One drill smokes")
    assert (back.status, back.requested_by_name) == ("requested", "Ana Brandt")
    accept_return(actor=wim.as_actor("page"), return_order=back, note="Send them to Hamburg")
    bolts, drills = back.lines.order_by("order_line__position")
    receive_return(
        actor=wim.as_actor("page"),
        return_order=back,
        received={bolts.pk: (Decimal(50), Decimal(48)), drills.pk: (Decimal(1), Decimal(0))},
    )

    assert back.status == "received"
    assert (stock_of(bolt), stock_of(drill)) == ((4848, 0), (10, 0))
    assert dict(order.lines.values_list("sku", "returned")) == {"BOLT-M8": 50, "DRILL-18V": 1}
    names = OutboxEvent.objects.filter(name__startswith="fulfilment.Return").order_by("id")
    assert list(names.values_list("name", flat=True)) == [
        "fulfilment.ReturnRequested", "fulfilment.ReturnAccepted", "fulfilment.ReturnReceived",
    ]  # fmt: skip
    assert broken() == []


def test_what_is_announced_counts_until_it_is_declined(order, sal):
    line = order.lines.get(sku="DRILL-18V")
    first = announced(order, line_of(order, "DRILL-18V", 2))
    assert returnable(order)[line.pk] == 0
    with refused("return_wrong", f"lines/{line.pk}/quantity"):
        announced(order, line_of(order, "DRILL-18V", 1))

    decline_return(actor=sal.as_actor("page"), return_order=first, reason="Used already")
    assert (first.status, first.answer_note, returnable(order)[line.pk]) == ("declined", "Used already", 2)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"quantity": Decimal(201)}, "quantity"),
        ({"quantity": Decimal(0)}, "quantity"),
        ({"quantity": Decimal("NaN")}, "quantity"),
        ({"reason": "mood"}, "reason"),
    ],
)
def test_what_cannot_come_back_is_refused_at_its_line(order, ana, facts, field):
    line = order.lines.get(sku="BOLT-M8")
    given = ReturnedLine(**({"order_line_id": line.pk, "quantity": Decimal(1)} | facts))
    with refused("return_wrong", f"lines/{line.pk}/{field}"):
        request_return(actor=ana.as_actor("page"), order=order, lines=[given])


def test_another_orders_line_is_refused(order, ana, bolt):
    foreign = shipped(ana, (bolt, 5)).order.lines.get()
    with refused("return_wrong", f"lines/{foreign.pk}"):
        announced(order, ReturnedLine(order_line_id=foreign.pk, quantity=Decimal(1)))


def test_nothing_comes_back_that_has_not_left(ana, bolt):
    order = confirmed(ana, (bolt, 10))
    with refused("wrong_status"):
        announced(order, line_of(order, "BOLT-M8", 1))


@pytest.mark.parametrize(
    ("who", "code"), [("cy", "not_allowed"), ("gil", "not_allowed"), ("lev", "not_yours")]
)
def test_nobody_else_announces(cast, order, who, code):
    with refused(code):
        request_return(
            actor=cast.people[who].as_actor("page"), order=order, lines=[line_of(order, "BOLT-M8", 1)]
        )


@pytest.mark.parametrize(
    ("who", "code"), [("ana", "not_allowed"), ("fin", "not_allowed"), ("lev", "not_yours")]
)
def test_only_the_seller_answers_and_receives(cast, order, who, code):
    back = announced(order, line_of(order, "BOLT-M8", 1))
    actor = cast.people[who].as_actor("page")
    with refused(code):
        accept_return(actor=actor, return_order=back)
    with refused(code):
        decline_return(actor=actor, return_order=back, reason="No")
    accept_return(actor=SYSTEM, return_order=back)
    with refused(code):
        receive_return(
            actor=actor, return_order=back, received={back.lines.get().pk: (Decimal(1), Decimal(1))}
        )


def test_declining_says_why(order, sal):
    back = announced(order, line_of(order, "BOLT-M8", 1))
    with refused("reason_missing", "reason"):
        decline_return(actor=sal.as_actor("page"), return_order=back, reason="")


def test_more_than_announced_does_not_arrive_and_more_than_arrived_is_not_fit(order, wim):
    back = announced(order, line_of(order, "BOLT-M8", 5))
    accept_return(actor=SYSTEM, return_order=back)
    line = back.lines.get().pk
    with refused("received_wrong", f"lines/{line}/received"):
        receive_return(
            actor=wim.as_actor("page"), return_order=back, received={line: (Decimal(6), Decimal(0))}
        )
    with refused("received_wrong", f"lines/{line}/restocked"):
        receive_return(
            actor=wim.as_actor("page"), return_order=back, received={line: (Decimal(2), Decimal(3))}
        )
    with refused("nothing_received"):
        receive_return(actor=wim.as_actor("page"), return_order=back, received={})


def test_a_return_is_received_once_and_only_when_accepted(order, wim):
    back = announced(order, line_of(order, "BOLT-M8", 5))
    came = {back.lines.get().pk: (Decimal(5), Decimal(5))}
    with refused("changed_meanwhile"):
        receive_return(actor=wim.as_actor("page"), return_order=back, received=came)
    accept_return(actor=SYSTEM, return_order=back)
    receive_return(actor=wim.as_actor("page"), return_order=back, received=came)
    with refused("changed_meanwhile"):
        receive_return(actor=wim.as_actor("page"), return_order=back, received=came)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_ten_who_return_the_last_drill_at_once_return_it_once(ana, drill):
    order = shipped(ana, (drill, 1)).order
    given = [line_of(order, "DRILL-18V", 1)]
    orders = [Order.objects.get(pk=order.pk) for _ in range(10)]
    outcomes = at_once(*[partial(request_return, actor=SYSTEM, order=one, lines=given) for one in orders])

    assert codes(outcomes) == ["return_wrong"] * 9
    assert Return.objects.count() == 1
    assert broken() == []
