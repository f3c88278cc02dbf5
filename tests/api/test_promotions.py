"""Promotions over the API: kept by a seller's systems, tried before they run."""

from decimal import Decimal

import pytest

from kontor.promotions.queries import judge
from tests.api.conftest import Caller, by_key
from tests.cast import Cast
from tests.promotions.baskets import basket, line

BODY = {
    "name": "Spring", "names": {"de": "Frühling"}, "currency": "EUR", "is_active": True,
    "conditions": {"min_value": "50.00", "goods": {"brands": []}},
    "effects": [{"kind": "percent", "percent": "10"}],
}  # fmt: skip


@pytest.fixture
def office(sal) -> Caller:
    return by_key(sal)


@pytest.mark.covers("R4.18")
def test_a_promotion_is_added_changed_stopped_and_deleted(office: Caller, cast: Cast) -> None:
    made = office.post("promotions", BODY)
    assert made.status_code == 201
    told = made.json()
    assert (told["state"], told["text"]) == ("running", "10 % off all goods. On orders from 50.00 EUR on.")
    at = f"promotions/{told['id']}"
    wanted = basket(cast, line(cast.products["drill"].pk, 1, "90.00"))
    assert [one.amount for one in judge(wanted).granted] == [Decimal("9.00")]

    assert office.put(at, BODY | {"limit_total": 5}).json()["limit_total"] == 5
    assert office.post(f"{at}/stop", {}).json()["state"] == "stopped"
    assert judge(wanted).granted == []
    assert office.post(f"{at}/start", {}).json()["state"] == "running"
    assert [one["id"] for one in office.get("promotions").json()["items"]] == [told["id"]]
    assert office.delete(at).status_code == 204
    assert office.get(at).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"effects": [{"kind": "percent", "percent": "0"}]}, "/effects/0/percent"),
        ({"effects": [{"kind": "percent", "percent": "5", "take": 3}]}, "/effects/0/take"),
        ({"conditions": {"groups": [999_999]}}, "/conditions/groups"),
    ],
)
def test_what_is_wrong_is_pointed_at(office: Caller, wrong: dict[str, object], pointer: str) -> None:
    answer = office.post("promotions", BODY | wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "incomplete")
    assert [one["pointer"].removeprefix("#") for one in answer.json()["errors"]] == [pointer]


def test_codes_are_made_listed_and_stopped(office: Caller) -> None:
    at = f"promotions/{office.post('promotions', BODY | {'needs_code': True}).json()['id']}"
    batch = office.post(f"{at}/codes", {"name": "Fair", "count": 3, "prefix": "FAIR"})
    assert (batch.status_code, batch.json()["count"]) == (201, 3)
    listed = office.get(f"{at}/codes").json()["items"]
    assert [(one["code"][:5], one["uses_limit"], one["used"]) for one in listed] == [("FAIR-", 1, 0)] * 3
    stopped = office.post(f"promotions/codes/{batch.json()['id']}/stop", {})
    assert stopped.json()["stopped_at"] is not None


def test_a_basket_is_tried(office: Caller, cast: Cast, acme_account) -> None:
    office.post("promotions", BODY)
    lines = [{"sku": "DRILL-18V", "quantity": "1"}, {"sku": "NOTHING", "quantity": "1"}]
    told = office.post(
        "promotions/try", {"account_id": acme_account.pk, "lines": lines, "codes": ["X"]}
    ).json()
    assert (told["before"], told["allowance"], told["after"]) == ("89.00", "8.90", "80.10")
    assert [one["problem"] for one in told["lines"]] == ["", "unknown"]
    assert [(one["counts"], one["amount"]) for one in told["promotions"]] == [(True, "8.90")]
    assert list(told["refused"]) == ["X"]


def test_rivals_and_buyers_see_nothing(office: Caller, lev, ana, acme_account) -> None:
    at = f"promotions/{office.post('promotions', BODY).json()['id']}"
    assert by_key(lev).get(at).status_code == 404
    assert by_key(lev).get("promotions").json()["items"] == []
    assert by_key(ana).get("promotions").status_code == 403
    wish = {"account_id": acme_account.pk, "lines": [{"sku": "DRILL-18V", "quantity": "1"}]}
    assert by_key(lev).post("promotions/try", wish).status_code == 404
