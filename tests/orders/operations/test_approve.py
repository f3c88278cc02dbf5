"""An order above a limit waits for an approver, who releases it or sends it back with a reason."""

from functools import partial

import pytest

from kontor.approvals.models import ApprovalRequest
from kontor.approvals.operations import decide
from kontor.audit.models import Entry
from kontor.carts.models import Cart
from kontor.kernel.delivery import deliver_due
from kontor.kernel.models import OutboxEvent
from kontor.orders.intake import OrderDetails
from kontor.orders.models import Order
from kontor.orders.operations import approve_order, cancel_order, place_order, send_back_order
from tests.at_once import at_once, codes
from tests.orders.trade import broken, placed, stock_of
from tests.traces import refused


@pytest.fixture
def waiting(ana, drill) -> Order:
    """Ana's order of six drills, 534.00 where she may spend 500.00."""
    return placed(ana, (drill, 6))


@pytest.mark.covers("R2.9", "R2.11")
def test_approval_releases_the_order_to_the_seller(waiting, ben, sal, drill):
    order = approve_order(actor=ben.as_actor("page"), order=waiting, note="Fine")

    assert order.status == "placed"
    assert order.released_at is not None
    assert Order.objects.visible_to(sal.as_actor("page")).get() == order
    names = (
        OutboxEvent.objects.filter(name__startswith="orders.").order_by("id").values_list("name", flat=True)
    )
    assert list(names) == ["orders.OrderAwaitsApproval", "orders.OrderApproved", "orders.OrderPlaced"]
    assert stock_of(drill) == (12, 6)
    assert broken() == []


def test_the_approvers_note_stays_inside_the_company(waiting, ben):
    approve_order(actor=ben.as_actor("page"), order=waiting, note="Only because it is urgent")

    assert Entry.objects.get(verb="orders.approved").shared is False
    placed_entry = Entry.objects.get(verb="orders.placed")
    assert (placed_entry.shared, placed_entry.note) == (True, "")


def test_sending_back_frees_the_stock_and_opens_the_cart_with_the_reason(waiting, ben, drill):
    order = send_back_order(actor=ben.as_actor("page"), order=waiting, reason="Take five")

    assert order.status == "sent_back"
    assert stock_of(drill) == (12, 0)
    cart = Cart.objects.get(pk=order.cart_id)
    assert (cart.status, cart.sent_back_note) == ("open", "Take five")
    assert broken() == []


def test_a_cart_that_came_back_can_be_ordered_again(waiting, ana, ben, drill):
    send_back_order(actor=ben.as_actor("page"), order=waiting, reason="Take five")
    cart = Cart.objects.get(pk=waiting.cart_id)
    cart.lines.update(quantity=5)
    again = place_order(actor=ana.as_actor("page"), cart=cart, details=OrderDetails())

    assert (again.status, again.net_total) == ("placed", 445)
    assert Order.objects.filter(cart=cart).count() == 2
    assert stock_of(drill) == (12, 5)
    assert broken() == []


def test_sending_back_needs_a_reason(waiting, ben):
    with refused("note_needed", "note"):
        send_back_order(actor=ben.as_actor("page"), order=waiting, reason="  ")


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("ana", "not_allowed"),
        ("cy", "not_allowed"),
        ("gil", "not_yours"),
        ("sal", "not_allowed"),
        ("lev", "not_allowed"),
    ],
)
def test_nobody_else_decides(cast, waiting, who, code):
    with refused(code):
        approve_order(actor=cast.people[who].as_actor("page"), order=waiting)
    with refused(code):
        send_back_order(actor=cast.people[who].as_actor("page"), order=waiting, reason="No")


def test_what_was_decided_is_not_decided_again(waiting, ben, dora):
    stale = Order.objects.get(pk=waiting.pk)
    approve_order(actor=ben.as_actor("page"), order=waiting)
    with refused("changed_meanwhile"):
        send_back_order(actor=dora.as_actor("page"), order=stale, reason="No")
    with refused("wrong_status"):
        approve_order(actor=dora.as_actor("page"), order=waiting)


def test_withdrawing_takes_the_request_back(waiting, ana, sal, drill):
    order = cancel_order(actor=ana.as_actor("page"), order=waiting)

    assert order.status == "cancelled"
    assert ApprovalRequest.objects.get().status == "cancelled"
    assert stock_of(drill) == (12, 0)
    assert Order.objects.visible_to(sal.as_actor("page")).count() == 0
    assert broken() == []


@pytest.mark.parametrize(("approved", "status"), [(True, "placed"), (False, "sent_back")])
def test_a_decision_taken_elsewhere_moves_the_order_all_the_same(waiting, ben, approved, status):
    decide(
        actor=ben.as_actor("page"), request=ApprovalRequest.objects.get(), approved=approved, note="So be it"
    )
    deliver_due()

    waiting.refresh_from_db()
    assert waiting.status == status
    assert broken() == []


def test_the_reaction_to_a_decision_bears_being_run_twice(waiting, ben):
    approve_order(actor=ben.as_actor("page"), order=waiting)
    before = OutboxEvent.objects.filter(name="orders.OrderPlaced").count()
    deliver_due()

    assert OutboxEvent.objects.filter(name="orders.OrderPlaced").count() == before == 1


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_two_approvers_at_once_one_wins_and_the_other_is_told(waiting, ben, dora):
    orders = [Order.objects.get(pk=waiting.pk) for _ in range(2)]
    outcomes = at_once(
        partial(approve_order, actor=ben.as_actor("page"), order=orders[0]),
        partial(send_back_order, actor=dora.as_actor("page"), order=orders[1], reason="Too much"),
    )

    assert codes(outcomes) == ["changed_meanwhile"]
    assert broken() == []
