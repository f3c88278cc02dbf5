"""A bonus agreement of each trade, in force, for `two_trades`: nobody else may see or change it."""

from decimal import Decimal
from typing import Any

from kontor.companies.models import CustomerAccount
from kontor.kernel import clock
from kontor.rebates.operations import RebateFacts, begin_rebate, save_rebate


def reward(trade: Any) -> None:
    """Two percent of what the buyer was invoiced this year."""
    actor, today = trade.sells.as_actor("page"), clock.today()
    facts = RebateFacts(
        name=trade.shared("bonus"), currency="EUR", begins_on=today.replace(month=1, day=1),
        ends_on=today.replace(month=12, day=31), tiers=[(Decimal(10), Decimal(2))],
        accounts=[CustomerAccount.objects.get(pk=trade.ids["account_id"])],
    )  # fmt: skip
    trade.put(begin_rebate(actor=actor, rebate=save_rebate(actor=actor, facts=facts)), "rebate_id")
