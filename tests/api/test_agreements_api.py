"""Agreements by API: sellers keep them, buyers read theirs."""

from decimal import Decimal

import pytest

from kontor.agreements.operations import Drawn, draw
from tests.agreements.made import contract_of

BODY = {
    "title": "Frame",
    "valid_from": "2026-03-01T00:00:00+01:00",
    "valid_until": "2027-03-01T00:00:00+01:00",
}


@pytest.fixture
def contract(sal, acme_account, acme_list, drill):
    return contract_of(sal, acme_account, acme_list, drill)


def test_from_draft_to_in_force_to_renewed_to_terminated(as_key, sal, acme_account, drill):
    erp = as_key(sal)
    made = erp.post("agreements", BODY | {"account_id": acme_account.pk, "adds_list": True})
    assert (made.status_code, made.json()["state"], made.json()["first_day"]) == (201, "draft", "2026-03-01")
    key = made.json()["id"]
    rows = [
        {"kind": "at_least", "measure": "value", "committed": "1000"},
        {"sku": "DRILL-18V", "kind": "at_most", "committed": "10"},
    ]
    told = erp.put(f"agreements/{key}/commitments", {"commitments": rows}).json()["commitments"]
    assert [(one["sku"], one["committed"], one["left"]) for one in told] == [
        (None, "1000", "1000"),
        ("DRILL-18V", "10", "10"),
    ]
    assert erp.post(f"agreements/{key}/activate").json()["state"] in ("ahead", "active")
    renewal = {"valid_from": "2027-03-01T00:00:00+01:00", "percent": "-1.5"}
    renewed = erp.post(f"agreements/{key}/renew", renewal)
    assert (renewed.status_code, renewed.json()["renews_id"]) == (201, key)
    ended = erp.post(f"agreements/{key}/terminate", {"note": "Site closed"}).json()
    assert (ended["state"], ended["end_note"]) == ("terminated", "Site closed")


def test_a_buyer_reads_its_own_with_what_it_used(as_key, ana, gil, contract, acme_account, acme_list, drill):
    lines = [Drawn(1, acme_list.pk, drill.pk, Decimal(4), Decimal(356))]
    draw(order_id=1, account_id=acme_account.pk, lines=lines)

    (one,) = as_key(ana).get("agreements?state=active").json()["items"]
    assert (one["number"], one["price_list_id"]) == (contract.number, None)
    assert [(step["sku"], step["used"], step["left"]) for step in one["commitments"]] == [
        (None, "356", "644"),
        ("DRILL-18V", "4", "6"),
    ]
    used = as_key(ana).get(f"agreements/{contract.pk}/use").json()["items"]
    assert {(step["order_id"], step["base_quantity"], step["net"]) for step in used} == {(1, "4", "356")}
    assert as_key(gil).get("agreements").json()["items"] == []
    assert as_key(gil).get(f"agreements/{contract.pk}").status_code == 404


def test_wrong_rows_are_pointed_at_where_they_stand(as_key, sal, contract):
    rows = [
        {"kind": "at_least", "measure": "value", "committed": "1000"},
        {"sku": "NO-SUCH", "kind": "at_most", "committed": "10"},
    ]

    answer = as_key(sal).put(f"agreements/{contract.pk}/commitments", {"commitments": rows})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/commitments/1/sku"
