"""Bonus agreements on the seller's pages: written, put into force, followed, settled."""

import csv
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kontor.companies.models import CustomerAccount, Membership
from kontor.invoicing.models import Invoice
from kontor.kernel import clock
from kontor.rebates.models import Rebate
from tests.rebates.trade import agreed, credit, invoice, noon, ordered
from tests.traces import unchanged
from tests.web.markup import problems

MARCH, NEXT_YEAR = date(2026, 3, 10), date(2027, 1, 5)
TYPED = {
    "name": "Tools 2026", "numbers": "10001", "period": "2026-01-01/2026-12-31", "measure": "value",
    "reward": "percent", "currency": "EUR", "tiers/0/from": "10,000", "tiers/0/rate": "2", "tiers/1/from": "",
    "tiers/1/rate": "", "tiers/2/from": "20,000", "tiers/2/rate": "2.5", "goods/0/takes_in": "1",
    "goods/0/category": "power-tools", "goods/1/takes_in": "0", "goods/1/sku": "BOLT-M8", "goods/2/takes_in": "1",
}  # fmt: skip


@pytest.fixture(autouse=True)
def this_year():
    with clock.at(noon(date(2026, 11, 22))):
        yield


@pytest.fixture
def office(client: Client, store_admin: Membership) -> Client:
    client.force_login(store_admin.user)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def plain(answer: Any) -> str:
    """The words without markup."""

    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text(answer)))


def test_without_agreements_the_page_says_what_they_are_for(office: Client) -> None:
    shown = text(office.get(reverse("backoffice:rebates")))
    assert "There is no bonus agreement yet." in shown
    assert problems(shown) == []


def test_an_agreement_is_written_put_into_force_and_followed(office: Client, acme_account, drill) -> None:
    assert problems(text(office.get(reverse("backoffice:rebate_new")))) == []
    answer = office.post(reverse("backoffice:rebate_new"), TYPED)
    rebate = Rebate.objects.get()
    assert answer["Location"] == reverse("backoffice:rebate", args=[rebate.pk])
    assert rebate.tiers == [(10_000, 2), (20_000, Decimal("2.5"))]
    assert [(one.takes_in, str(one.category or one.product)) for one in rebate.rules.all()] == [
        (True, "Power tools"), (False, "BOLT-M8 Hex bolt M8 x 40"),
    ]  # fmt: skip

    (line,) = invoice(MARCH, (ordered(acme_account, [drill])[drill.pk], 10, 13_000))
    credit(MARCH, (line, 1, 600))
    office.post(reverse("backoffice:rebate_begin", args=[rebate.pk]))
    shown = office.get(reverse("backoffice:rebate", args=[rebate.pk]))
    assert "€12,400.00 of €20,000.00; €7,600.00 to the next tier: 2.5 %; bonus so far €248.00." in plain(
        shown
    )
    assert "Forecast: at the pace of the days so far" in plain(shown)
    assert problems(text(shown)) == []
    listed = office.get(reverse("backoffice:rebates") + "?state=active")
    assert "€248.00" in plain(listed)
    assert problems(text(listed)) == []
    assert problems(text(office.get(reverse("backoffice:rebate_edit", args=[rebate.pk])))) == []


def test_what_is_wrong_is_said_where_it_was_typed(office: Client, acme_account: CustomerAccount) -> None:
    with unchanged():
        answer = office.post(
            reverse("backoffice:rebate_new"), TYPED | {"tiers/2/rate": "1", "goods/1/sku": ""}
        )
    assert answer.status_code == 422
    assert 'id="f-tiers-1-rate" value="1" inputmode="decimal" aria-label="Bonus" data-column="rate" aria-invalid="true"' in text(answer)  # fmt: skip
    assert problems(text(answer)) == []
    with unchanged():
        answer = office.post(reverse("backoffice:rebate_new"), TYPED | {"numbers": "99", "period": "own"})
    assert "Choose a day." in text(answer)
    with unchanged():
        assert office.post(reverse("backoffice:rebate_new"), {}).status_code == 422


def test_it_is_settled_as_it_was_looked_at(office: Client, acme_account, drill) -> None:
    rebate, line = agreed(acme_account), ordered(acme_account, [drill])[drill.pk]
    invoice(MARCH, (line, 1, 12_000))
    with clock.at(noon(NEXT_YEAR)):
        shown = text(office.get(reverse("backoffice:rebate", args=[rebate.pk])))
        assert 'name="amount" value="240"' in shown
        assert problems(shown) == []
        at = reverse("backoffice:rebate_settle", args=[rebate.pk])
        assert office.post(at, {"amount": "200"}).status_code == 422
        assert office.post(at, {"amount": "240"}).status_code == 303
        settled = text(office.get(reverse("backoffice:rebate", args=[rebate.pk])))
    assert Invoice.objects.get(kind="credit_note").number in settled
    assert problems(settled) == []


def test_the_books_get_figures_by_month(office: Client, acme_account, drill) -> None:
    rebate, line = agreed(acme_account, name="Year"), ordered(acme_account, [drill])[drill.pk]
    invoice(MARCH, (line, 1, 9000))
    invoice(date(2026, 6, 10), (line, 1, 3000))
    with clock.at(noon(NEXT_YEAR)):
        office.post(reverse("backoffice:rebate_settle", args=[rebate.pk]), {"amount": "240"})
    rows = b"".join(office.get(reverse("backoffice:rebates_csv")).streaming_content).decode()
    assert [row[:1] + row[4:] for row in list(csv.reader(rows.splitlines()))[1:]] == [
        ["2026-03", "9000.00", "0", "0.00", "0.00", "0.00", "EUR"],
        ["2026-06", "3000.00", "0", "240.00", "0.00", "240.00", "EUR"],
        ["2027-01", "0.00", "0", "0.00", "240.00", "-240.00", "EUR"],
    ]


def test_sales_see_what_is_due_finance_settles_and_changes_nothing_else(
    client: Client, sal, fin, acme_account, drill
) -> None:
    rebate = agreed(acme_account)
    invoice(MARCH, (ordered(acme_account, [drill])[drill.pk], 1, 12_000))
    with clock.at(noon(NEXT_YEAR)):
        for who, may_settle in ((sal, False), (fin, True)):
            client.force_login(who.user)
            shown = text(client.get(reverse("backoffice:rebate", args=[rebate.pk])))
            assert ('name="amount"' in shown) is may_settle
            assert ("Count anew" in shown) is not may_settle
    assert client.get(reverse("backoffice:rebate_new")).status_code == 403


def test_another_sellers_agreement_is_not_there(client: Client, lev, acme_account) -> None:
    rebate = agreed(acme_account)
    client.force_login(lev.user)
    assert client.get(reverse("backoffice:rebate", args=[rebate.pk])).status_code == 404


def test_drafts_are_copied_deleted_and_running_ones_ended(office: Client, acme_account) -> None:
    rebate = agreed(acme_account, name="Year 1")
    copied = text(office.get(reverse("backoffice:rebate_new") + f"?like={rebate.pk}"))
    assert 'value="Year 1"' in copied
    draft = agreed(acme_account, begin=False)
    office.post(reverse("backoffice:rebate_delete", args=[draft.pk]))
    office.post(reverse("backoffice:rebate_recount", args=[rebate.pk]))
    office.post(reverse("backoffice:rebate_end", args=[rebate.pk]))
    assert list(Rebate.objects.values_list("state", flat=True)) == ["ended"]
    again = office.post(reverse("backoffice:rebate_begin", args=[rebate.pk]))
    assert again.status_code in (409, 422)
