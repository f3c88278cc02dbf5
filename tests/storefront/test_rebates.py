"""The buyer sees how far the next tier is and what was earned; others' figures and drafts it does not."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kontor.kernel import clock
from kontor.rebates.operations import end_rebate, settle_rebate
from tests.rebates.trade import SYSTEM, agreed, invoice, noon, ordered
from tests.web.markup import problems

MARCH, NEXT_YEAR = date(2026, 3, 10), date(2027, 1, 5)


@pytest.fixture(autouse=True)
def this_year():
    with clock.at(noon(date(2026, 11, 22))):
        yield


def page(client: Client, who: Any) -> str:
    client.force_login(who.user)
    answer = client.get(reverse("storefront:rebates"))
    assert problems(answer.content.decode()) == []
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def test_without_an_agreement_the_page_says_so(client, cy):
    assert "There is no bonus agreement for your company." in page(client, cy)


def test_the_line_of_progress_says_what_is_missing_and_what_is_earned(client, cy, gil, acme_account, drill):
    agreed(acme_account, name="Tools 2026")
    agreed(acme_account, name="Secret draft", begin=False)
    invoice(MARCH, (ordered(acme_account, [drill])[drill.pk], 1, 12_400))
    shown = page(client, cy)

    said = "€12,400.00 of €20,000.00; €7,600.00 to the next tier: 3 %; bonus so far €248.00."
    assert said in shown
    # 326 of 365 days have passed: 12,400 × 365 / 326, and 2 % of it
    assert "it will be €13,883.44 on 31 Dec 2026, and the bonus €277.67. Not a promise." in shown
    assert "Secret draft" not in shown
    assert "Tools 2026" not in page(client, gil)


def test_several_customers_see_the_sum_and_their_own_part(client, cy, acme_account, globex_account, drill):
    agreed(acme_account, globex_account)
    invoice(MARCH, (ordered(acme_account, [drill])[drill.pk], 1, 15_000))
    invoice(MARCH, (ordered(globex_account, [drill])[drill.pk], 1, 6000))
    shown = page(client, cy)

    assert "€21,000.00; the highest tier is reached: 3 %; bonus so far €630.00." in shown
    assert "Your own part€15,000.00" in shown
    assert "Globex" not in shown


def test_what_was_paid_is_there_with_its_credit_note(client, cy, gil, acme_account, globex_account, drill):
    rebate = agreed(acme_account, globex_account)
    invoice(MARCH, (ordered(acme_account, [drill])[drill.pk], 1, 15_000))
    invoice(MARCH, (ordered(globex_account, [drill])[drill.pk], 1, 6000))
    with clock.at(noon(NEXT_YEAR)):
        settle_rebate(actor=SYSTEM, rebate=rebate)
    assert "CN-2027-00001" in page(client, cy)
    assert "CN-2027-00002" not in page(client, cy)
    assert "CN-2027-00002" in page(client, gil)


def test_an_ended_agreement_promises_nothing(client, cy, acme_account):
    end_rebate(actor=SYSTEM, rebate=agreed(acme_account))
    assert "This agreement was ended. Nothing is paid by it." in page(client, cy)
