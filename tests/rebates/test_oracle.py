"""Any sequence of invoices, credits and settlements against a naive model: the same bonus, the same sums on paper.

KONTOR_TEST_CASES sets how many are made up.
"""

import os
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontor.invoicing.models import Invoice, InvoiceLine
from kontor.kernel import clock
from kontor.kernel.refusal import Refused
from kontor.rebates.models import Rebate, Settlement
from kontor.rebates.operations import Goods, settle_rebate
from tests.cast import Cast
from tests.rebates import oracle
from tests.rebates.trade import SYSTEM, agreed, bonus_of, broken, credit, days_after, invoice, noon, ordered

CASES = int(os.environ.get("KONTOR_TEST_CASES", "30"))
CENTS = st.integers(0, 900_000).map(lambda n: Decimal(n) / 100)
RISING = st.lists(st.integers(0, 9000), min_size=1, max_size=4, unique=True).map(sorted)
RATES = st.lists(st.integers(1, 2000), min_size=4, max_size=4, unique=True).map(sorted)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("buy"), st.sampled_from(("acme", "globex")), st.sampled_from(("bolt", "drill")),
                  st.sampled_from((7, 19)), st.integers(1, 40), CENTS),
        st.tuples(st.just("return"), st.integers(0, 9), st.integers(1, 40)),
        st.tuples(st.just("settle")),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


@st.composite
def terms(draw: Any) -> oracle.Terms:
    by_quantity = draw(st.booleans())
    per_unit = by_quantity and draw(st.booleans())
    starts = [Decimal(start) / (50 if by_quantity else 1) for start in draw(RISING)]
    rates = [Decimal(rate) / 100 for rate in draw(RATES)][: len(starts)]
    return oracle.Terms(
        tiers=list(zip(starts, rates, strict=True)),
        customers=draw(st.sampled_from((frozenset(("acme",)), frozenset(("acme", "globex"))))),
        goods=draw(st.sampled_from((None, frozenset(("drill",))))),
        by_quantity=by_quantity,
        per_unit=per_unit,
        graduated=(per_unit or not by_quantity) and draw(st.booleans()),
    )


def _agree(cast: Cast, said: oracle.Terms, name: str) -> Rebate:
    return agreed(
        *(cast.accounts[name] for name in sorted(said.customers)),
        name=name,
        is_cumulative=name == "Later",
        tiers=said.tiers,
        takes_in=[] if said.goods is None else [Goods(sku="DRILL-18V")],
        measure="quantity" if said.by_quantity else "value",
        unit="C62" if said.by_quantity else "",
        reward="per_unit" if said.per_unit else "percent",
        is_graduated=said.graduated,
        is_quarterly=True,
    )


def _paid(rebate: Rebate) -> dict[tuple[int, Decimal], Decimal]:
    """What stands on the documents, by buyer and rate."""
    found: dict[tuple[int, Decimal], Decimal] = {}
    for line in InvoiceLine.objects.filter(invoice__external_reference__startswith="BONUS-").select_related(
        "invoice"
    ):
        sign = 1 if line.invoice.kind == Invoice.Kind.CREDIT_NOTE else -1
        key = (line.invoice.buyer_id, line.tax_rate)
        found[key] = found.get(key, Decimal(0)) + sign * line.net
    return found


class World:
    """The database and the model, side by side."""

    def __init__(self, cast: Cast, said: oracle.Terms) -> None:
        self.cast, self.said, self.day = cast, said, 0
        products = [cast.products[name] for name in ("bolt", "drill")]
        self.orders = {name: ordered(cast.accounts[name], products) for name in ("acme", "globex")}
        self.lines: list[tuple[InvoiceLine, oracle.Bought]] = []
        self.rebate = _agree(cast, said, "Bonus")

    def act(self, what: str, *facts: Any) -> None:
        self.day += 28
        getattr(self, f"_{what}")(*facts)

    def _buy(self, customer: str, goods: str, rate: int, quantity: int, value: Decimal) -> None:
        source = self.orders[customer][self.cast.products[goods].pk]
        (line,) = invoice(days_after(self.day), (source, quantity, value), rate=rate)
        if self.day < 365:
            self.lines.append((line, oracle.Bought(customer, goods, rate, Decimal(quantity), value)))

    def _return(self, which: int, quantity: int) -> None:
        if not self.lines:
            return
        line, bought = self.lines[which % len(self.lines)]
        left, value = bought.left
        part = min(Decimal(quantity), left)
        if part <= 0:
            return
        net = value if part == left else min(value, round(bought.value * part / bought.quantity, 2))
        credit(days_after(self.day), (line, part, net))
        bought.back.append((part, net))

    def _settle(self) -> None:
        # Refused: nothing is due, or nothing came together since.
        with clock.at(noon(days_after(self.day))), suppress(Refused):
            settle_rebate(actor=SYSTEM, rebate=self.rebate)

    def is_right(self) -> None:
        due = oracle.bonus(self.said, [bought for _line, bought in self.lines])
        assert bonus_of(self.rebate) == due
        assert bonus_of(_agree(self.cast, self.said, "Later")) == due
        assert broken() == []
        self.day = max(self.day, 400)
        for _final_and_correction in range(2):
            self._settle()
        assert sum(Settlement.objects.values_list("amount", flat=True), Decimal(0)) == due
        paid = _paid(self.rebate)
        assert sum(paid.values(), Decimal(0)) == due
        assert all(amount >= 0 for amount in paid.values())
        assert broken() == []


@settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
@given(said=terms(), steps=STEPS)
def test_invoices_credits_and_settlements_in_any_order_come_to_what_the_model_says(
    cast: Cast, said: oracle.Terms, steps: list[Any]
):
    with transaction.atomic():
        world = World(cast, said)
        for step in steps:
            world.act(*step)
        world.is_right()
        transaction.set_rollback(True)
