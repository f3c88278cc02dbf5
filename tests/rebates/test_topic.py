from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kontor.invoicing.models import InvoiceLine
from kontor.kernel import clock
from kontor.kernel.money import round_amount
from kontor.rebates.models import Rebate
from kontor.rebates.operations import settle_rebate
from kontor.rebates.queries import Progress, months_of, progress_of
from tests.cast import Cast
from tests.rebates.trade import SYSTEM, agreed, bonus_of, broken, credit, invoice, noon, ordered
from tests.topics import run_topic


def money(amount: Decimal) -> str:
    return str(round_amount(amount, "EUR"))


class Words:
    """What the examples on the page say."""

    def __init__(self, cast: Cast) -> None:
        self._account, drill = cast.accounts["acme"], cast.products["drill"]
        self._line = ordered(self._account, [drill])[drill.pk]

    def agree(self, name: str, **facts: Any) -> None:
        agreed(self._account, name=name, **facts)

    def buy(self, day: str, net: str) -> str:
        (line,) = invoice(date.fromisoformat(day), (self._line, 100, net))
        return line.invoice.number

    def give_back(self, number: str, net: str, *, on: str) -> str:
        line = InvoiceLine.objects.select_related("invoice__order").get(invoice__number=number)
        (back,) = credit(date.fromisoformat(on), (line, 1, net))
        return back.invoice.number

    def bonus(self, name: str) -> str:
        return money(bonus_of(_named(name)))

    def progress(self, name: str, *, on: str) -> str:
        one, tier = self._progress(name, on), self._progress(name, on).next_tier
        assert tier is not None
        return (
            f"{money(one.counted)} of {tier.start.normalize():f}; {money(tier.missing)} to the next tier: "
            f"{tier.rate.normalize():f} %; bonus so far {money(one.bonus)}"
        )

    def forecast(self, name: str, *, on: str) -> str:
        one = self._progress(name, on)
        assert one.pace is not None
        assert one.pace_bonus is not None
        return f"{money(one.pace)}: {money(one.pace_bonus)}"

    def accrued(self, name: str) -> list[str]:
        rebate = _named(name)
        return [f"{one.month:%Y-%m}: {money(one.accrued)}" for one in months_of(rebate.seller_id, rebate)]

    def settle(self, name: str, *, on: str) -> str:
        with clock.at(noon(date.fromisoformat(on))):
            done = settle_rebate(actor=SYSTEM, rebate=_named(name))
        papers = [f"{one.invoice.kind} {money(one.invoice.net_total)}" for one in done.documents.all()]
        return f"{done.kind}: {money(done.amount)} ({', '.join(papers)})"

    def _progress(self, name: str, on: str) -> Progress:
        with clock.at(noon(date.fromisoformat(on))):
            return progress_of([_named(name)])[0]


def _named(name: str) -> Rebate:
    return Rebate.objects.get(name=name)


@pytest.mark.covers("R0.20")
def test_the_numbers_on_the_page_about_bonuses_are_right(cast: Cast):
    words = Words(cast)
    said = {name: getattr(words, name) for name in vars(Words) if not name.startswith("_")}
    assert run_topic("rebates.md", said) == 13
    assert broken() == []
