"""An agreement of each trade, for `two_trades`: nobody else may see or change it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from kontor.agreements.models import Agreement, Commitment
from kontor.kernel import clock
from kontor.pricing.models import PriceList


def agree(trade: Any, price_list: PriceList) -> None:
    """In force, with a cap on the trade's product; remembered as `agreement_id`."""
    made = Agreement.objects.create(
        seller=trade.sells.company,
        number=f"AG-{trade.ids['account_id']}",
        title=trade.shared("agreement"),
        account_id=trade.ids["account_id"],
        price_list=price_list,
        currency=price_list.currency,
        valid_from=clock.now() - timedelta(days=1),
        status=Agreement.Status.ACTIVE,
        terms=trade.shared("terms"),
    )
    Commitment.objects.create(
        agreement=made, product=trade.product, kind="at_most", measure="quantity", committed=Decimal(100_000)
    )
    trade.put(made, "agreement_id")
