"""Bonus agreements over the API, from both sides."""

from datetime import date

import pytest

from kontor.kernel import clock
from tests.api.conftest import Caller, by_key
from tests.rebates.trade import invoice, noon, ordered

MARCH, NEXT_YEAR = date(2026, 3, 10), date(2027, 1, 5)


@pytest.fixture
def office(store_admin) -> Caller:
    return by_key(store_admin)


@pytest.fixture
def body(acme_account) -> dict[str, object]:
    return {
        "name": "Tools 2026", "currency": "EUR", "begins_on": "2026-01-01", "ends_on": "2026-12-31",
        "account_ids": [acme_account.pk], "takes_in": [{"category": "power-tools"}],
        "tiers": [{"begins_at": "10000", "rate": "2"}, {"begins_at": "20000", "rate": "3"}],
    }  # fmt: skip


def test_an_agreement_is_drafted_begun_followed_and_settled(office, ana, gil, body, acme_account, drill):
    made = office.post("rebates", body)
    assert made.status_code == 201
    at = f"rebates/{made.json()['id']}"
    assert by_key(ana).get(at).status_code == 404
    invoice(MARCH, (ordered(acme_account, [drill])[drill.pk], 1, 12_400))
    assert office.post(f"{at}/begin", {}).json()["bonus"] == "248.00"

    seen = by_key(ana).get(at).json()
    assert [(one["begins_at"], one["rate"], one["missing"]) for one in seen["tiers"]] == [
        ("10000", "2", "0"),
        ("20000", "3", "7600"),
    ]
    assert by_key(gil).get("rebates").json()["items"] == []
    assert office.get(f"{at}/due").json()["code"] == "not_due"
    with clock.at(noon(NEXT_YEAR)):
        due = office.get(f"{at}/due").json()
        assert (due["amount"], due["shares"][0]["parts"]) == (
            "248.00",
            [{"tax_category": "standard", "tax_rate": "19", "net": "248.00"}],
        )
        settled = office.post(f"{at}/settlements", {"expected": "248.00"})
        assert settled.status_code == 201
        assert office.post(f"{at}/settlements", {}).json()["code"] == "nothing_to_settle"
    [told] = by_key(ana).get(f"{at}/settlements").json()["items"]
    assert told == settled.json()


def test_it_is_changed_counted_anew_ended_and_drafts_are_deleted(office, body):
    at = f"rebates/{office.post('rebates', body).json()['id']}"
    assert office.put(at, body | {"name": "Year"}).json()["name"] == "Year"
    office.post(f"{at}/begin", {})
    assert office.post(f"{at}/recount", {}).json() == {"lines": 0}
    assert office.post(f"{at}/end", {}).json()["state"] == "ended"
    draft = f"rebates/{office.post('rebates', body).json()['id']}"
    assert office.delete(draft).status_code == 204
    assert [one["state"] for one in office.get("rebates").json()["items"]] == ["ended"]


def test_what_contradicts_is_refused(office, body):
    for name in ("One", "Two"):
        made = office.post("rebates", body | {"name": name}).json()
        answer = office.post(f"rebates/{made['id']}/begin", {})
    assert (answer.status_code, answer.json()["code"]) == (422, "contradicts")
