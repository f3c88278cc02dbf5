"""Whoever may not sell below the lowest price sends no such offer and enters no such order."""

from datetime import date
from decimal import Decimal

import pytest

from kontor.kernel.refusal import Refused
from kontor.orders.intake import EnteredLine, EnteredOrder
from kontor.orders.models import Order
from kontor.orders.operations import enter_order
from kontor.pricing.operations import CostRow, set_costs
from kontor.quotes.operations import send_offer


@pytest.fixture
def floor(sal, drill) -> None:
    """The drill is sold for 86.00 at least."""
    rows = [CostRow(drill.pk, date(2026, 1, 1), Decimal(60), Decimal(86))]
    set_costs(actor=sal.as_actor("page"), rows=rows)


@pytest.mark.covers("R4.20")
def test_an_offer_below_the_lowest_price_is_sent_by_those_who_may(sal, store_admin, draft, floor):
    with pytest.raises(Refused) as refusal:
        send_offer(actor=sal.as_actor("page"), offer=draft, revision=draft.revision)
    assert (refusal.value.code, list(refusal.value.fields)) == ("below_floor", ["lines/2/unit_price"])
    draft.refresh_from_db()
    assert draft.status == "draft"

    assert (
        send_offer(actor=store_admin.as_actor("page"), offer=draft, revision=draft.revision).status == "sent"
    )


@pytest.mark.covers("R4.20")
def test_a_price_by_hand_below_the_lowest_is_entered_by_those_who_may(
    sal, store_admin, acme_account, drill, bolt, floor
):
    lines = [
        EnteredLine(product_id=bolt.pk, quantity=Decimal(100)),
        EnteredLine(product_id=drill.pk, quantity=Decimal(2), unit_price=Decimal("85.99")),
    ]
    entered = EnteredOrder(account_id=acme_account.pk, lines=lines)
    with pytest.raises(Refused) as refusal:
        enter_order(actor=sal.as_actor("page"), entered=entered)
    assert (refusal.value.code, list(refusal.value.fields)) == ("below_floor", ["lines/1/unit_price"])
    assert not Order.objects.exists()

    assert enter_order(actor=store_admin.as_actor("page"), entered=entered).status == "placed"
