"""A charge, an index and a fixed rate of each trade, for `two_trades`: nobody else may see or change them."""

from datetime import date
from decimal import Decimal
from typing import Any

from kontor.charges.operations import (
    IndexFacts,
    RuleFacts,
    StepFacts,
    TariffFacts,
    save_index,
    save_rule,
    save_tariff,
    set_contents,
    set_index_values,
)
from kontor.pricing.operations import fix_rate


def charge(trade: Any) -> None:
    """In kroner, so that no sum of the trade is another one."""
    admin = trade.sells.as_actor("page")
    index = save_index(actor=admin, facts=IndexFacts(name=trade.inside_seller("index"), currency="NOK"))
    set_index_values(actor=admin, index=index, values=[(date(2026, 1, 2), Decimal(900))])
    set_contents(actor=admin, index=index, contents=[(trade.product, Decimal(1))])
    trade.put(index, "index_id")
    facts = RuleFacts(kind="freight", name=trade.inside_seller("freight"))
    rule = trade.put(save_rule(actor=admin, facts=facts), "rule_id", "charge_id")
    cost = TariffFacts(currency="NOK", steps=[StepFacts(Decimal(0), Decimal(99))])
    trade.put(save_tariff(actor=admin, rule=rule, facts=cost), "tariff_id")
    rate = fix_rate(actor=admin, source="EUR", target="NOK", rate=Decimal("11.5"), day=date(2026, 1, 2))
    trade.put(rate, "exchange_rate_id")
