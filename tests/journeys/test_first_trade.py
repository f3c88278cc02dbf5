"""The first trade, whole: from registration to returned goods, as people of three companies."""

from collections.abc import Callable

import pytest

from tests.journeys.acts import account, buying, delivering, returning
from tests.journeys.acts.trade import Trade
from tests.journeys.stage import Person, Stage

ACTS: tuple[Callable[[Trade], None], ...] = (
    account.prices_for_builders,
    account.a_company_registers,
    account.the_seller_accepts_it,
    account.it_invites_its_people,
    buying.the_buyer_finds_goods,
    buying.two_people_fill_one_cart,
    buying.a_better_price_is_asked_for,
    buying.sales_answers_with_an_offer,
    buying.the_buyer_accepts,
    buying.the_approver_sees_why_and_approves,
    delivering.sales_confirms,
    delivering.the_first_part_leaves,
    delivering.the_second_part_leaves,
    delivering.both_parts_arrive,
    delivering.finance_invoices,
    returning.the_buyer_follows,
    returning.the_buyer_returns_a_line,
    returning.the_warehouse_receives_it,
    returning.finance_credits,
    returning.the_rival_sees_none_of_it,
)


@pytest.mark.covers(
    "R0.38", "R0.39", "R0.40", "R0.41", "R0.42", "R0.44", "R0.45", "R0.46", "R0.48", "R0.49",
    "R2.1", "R2.6", "R2.11", "R4.5", "R4.12",
)  # fmt: skip
def test_the_first_trade_from_registration_to_returned_goods(stage: Stage, come: Callable[..., Person]):
    trade = Trade(stage, come)
    for act in ACTS:
        act(trade)
