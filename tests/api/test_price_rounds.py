"""Costs and price rounds by an ERP."""

import pytest

from kontor.pricing.models import Price
from kontor.pricing.operations import set_price_policy
from tests.api.conftest import Caller, by_key, by_session, pointers


@pytest.fixture
def seller(sal) -> Caller:
    return by_key(sal)


def test_costs_are_written_by_sku_all_or_none(seller, ana, lev, drill):
    rows = [
        {"sku": "DRILL-18V", "day": "2026-05-01", "cost": "60", "floor": "86.5", "least_margin": "20"},
        {"sku": "LAMP-LED", "day": "2026-05-01", "cost": "1"},
    ]
    assert pointers(seller.post("costs", {"rows": rows})) == {"#/rows/1/sku": "unknown_article"}
    wrong = seller.post("costs", {"rows": [rows[0] | {"cost": None}]})
    assert pointers(wrong) == {"#/rows/0/cost": "wrong_costs"}
    assert seller.post("costs", {"rows": rows[:1]}).json() == {"changed": 1}

    (kept,) = seller.get("costs").json()["items"]
    assert (kept["sku"], kept["cost"], kept["floor"], kept["least_margin"]) == (
        "DRILL-18V", "60.00", "86.50", "20",
    )  # fmt: skip
    assert by_key(lev).get("costs").json()["items"] == []
    assert by_key(ana).get("costs").status_code == 403
    assert by_key(ana).post("costs", {"rows": rows[:1]}).status_code == 403


def test_a_round_is_drafted_submitted_and_approved_by_somebody_else(
    seller, sal, store_admin, lev, public_list, drill
):
    rows = [{"sku": "DRILL-18V", "amount": "105"}]
    made = seller.post("price-rounds", {"name": "Spring", "list_id": public_list.pk, "rows": rows})
    assert (made.status_code, made.json()["status"]) == (201, "draft")
    at = f"price-rounds/{made.json()['id']}"
    set_price_policy(actor=store_admin.as_actor("page"), rounds_need_approval=True)

    assert by_key(lev).post(f"{at}/submit").status_code == 404
    assert by_session(sal).post(f"{at}/approve").status_code == 403
    assert seller.post(f"{at}/submit").json()["status"] == "submitted"
    boss = by_session(store_admin)
    assert boss.post(f"{at}/reject", {"reason": "Later"}).json()["reason"] == "Later"
    assert by_session(sal).post(f"{at}/submit").json()["status"] == "submitted"
    assert boss.post(f"{at}/approve").json()["status"] == "approved"
    assert boss.post(f"{at}/approve").json()["code"] == "stale"
    assert Price.objects.get(price_list=public_list, product=drill).amount == 105
    (listed,) = seller.get("price-rounds").json()["items"]
    assert listed["name"] == "Spring"
