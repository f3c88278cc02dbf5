"""What is left at a contract price, from order to order: the same in cart, API and order; what is cancelled comes back."""

from decimal import Decimal

import pytest

from kontor.agreements.models import Commitment
from kontor.agreements.operations import CommitmentRow, save_commitments
from kontor.carts.queries import cart_view
from kontor.orders.models import Order
from kontor.orders.operations import cancel_order, send_back_order
from kontor.pricing.queries import chain_for
from tests.agreements.made import contract_of
from tests.api.conftest import by_key
from tests.orders.trade import SYSTEM, broken, cart_of, placed

pytestmark = pytest.mark.django_db
CONTRACT, NEXT = Decimal("89.00"), Decimal("99.00")


@pytest.fixture
def contract(sal, acme_account, acme_list, drill):
    """At most ten drills at 89.00; the next price is 99.00."""
    return contract_of(sal, acme_account, acme_list, drill)


def prices(ana, *quantities):
    """The prices of a cart with a line for each quantity, as page, API and order have them; they are the same."""
    cart = cart_of(ana.company, *quantities)
    page = [line.amount for line in cart_view(ana.as_actor("page"), cart, chain_for(cart.buyer_id)).lines]
    told = by_key(ana).get(f"carts/{cart.pk}").json()["lines"]
    assert [Decimal(line["amount"]) for line in told] == page
    return page


def ordered(order: Order):
    return [line.unit_price for line in order.lines.order_by("position")]


def test_what_is_used_up_costs_the_next_price_and_what_is_cancelled_costs_the_contract_price_again(
    contract, ana, ben, sal, drill
):
    assert prices(ana, (drill, 7)) == [CONTRACT]
    first = placed(ben, (drill, 7))
    assert ordered(first) == [CONTRACT]

    assert prices(ana, (drill, 4)) == [NEXT]  # three are left, and a line is never split
    assert prices(ana, (drill, 3)) == [CONTRACT]
    second = placed(ben, (drill, 4))
    assert ordered(second) == [NEXT]
    assert second.lines.get().price_grounds["used_up"] == ["Acme contract"]

    cancel_order(actor=SYSTEM, order=first, reason="not needed")
    assert prices(ana, (drill, 10)) == [CONTRACT]
    assert ordered(placed(ben, (drill, 8))) == [CONTRACT]
    assert Commitment.objects.get(kind="at_most").used == 8
    assert broken() == []


def test_the_last_of_a_commitment_by_value_goes_whole_or_not_at_all(contract, ana, ben, sal, drill):
    rows = [CommitmentRow(drill.pk, "at_most", "value", Decimal(400))]
    save_commitments(actor=sal.as_actor("page"), agreement=contract, rows=rows)

    assert ordered(placed(ben, (drill, 3))) == [CONTRACT]  # 267.00
    assert prices(ana, (drill, 2)) == [NEXT]  # 178.00 is more than 133.00
    assert prices(ana, (drill, 1)) == [CONTRACT]
    assert ordered(placed(ben, (drill, 2))) == [NEXT]
    assert ordered(placed(ben, (drill, 1))) == [CONTRACT]
    assert Commitment.objects.get(measure="value", kind="at_most").used == Decimal("356.00")


def test_an_order_that_is_sent_back_gives_back_what_it_had(contract, ana, ben, drill):
    order = placed(ana, (drill, 9))
    assert order.status == Order.Status.AWAITING_APPROVAL
    assert prices(ana, (drill, 2)) == [NEXT]

    send_back_order(actor=ben.as_actor("page"), order=order, reason="Too many")
    assert prices(ana, (drill, 2)) == [CONTRACT]
