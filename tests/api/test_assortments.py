"""Assortments, groups, what visitors see, and own part numbers over the API."""

import pytest

from kontor.catalog.models import Assortment, BuyerPartNumber, Product
from kontor.companies.models import CustomerAccount
from kontor.search.operations import rebuild_all
from tests.api.conftest import Caller, by_key


@pytest.fixture
def office(store_admin) -> Caller:
    rebuild_all()
    return by_key(store_admin)


@pytest.fixture
def tools(office) -> int:
    made = office.post("assortments", {"name": "Tools", "start": "none"})
    assert made.status_code == 201
    rules = {"add": [{"allows": True, "category": "power-tools"}]}
    assert office.post(f"assortments/{made.json()['id']}/rules", rules).json() == {"moved": 1}
    return int(made.json()["id"])


@pytest.mark.covers("R0.6")
def test_a_customer_is_given_an_assortment_and_sees_no_more(
    office, tools, ana, acme_account: CustomerAccount
):
    buyer = by_key(ana)
    before = {one["sku"] for one in buyer.get("products").json()["items"]}
    office.put(f"assortments/{tools}/holders", {"account_ids": [acme_account.pk]})
    after = {one["sku"] for one in buyer.get("products").json()["items"]}

    assert (before - after, after) == ({"BOLT-M8", "ASSEMBLY-H"}, {"DRILL-18V", "LAMP-LED"})
    assert office.get(f"sight?account_id={acme_account.pk}").json() == {
        "assortments": ["Tools"], "seen": 1, "hidden": 2,
    }  # fmt: skip
    assert office.get("sight").json() == {"assortments": ["All goods"], "seen": 3, "hidden": 0}


def test_rules_are_listed_replaced_and_named_when_wrong(office, tools):
    rules = office.get(f"assortments/{tools}/rules").json()["items"]
    assert [(one["allows"], one["category"]) for one in rules] == [(True, "power-tools")]

    office.post(f"assortments/{tools}/rules", {"replace": True, "add": [{"allows": True, "sku": "BOLT-M8"}]})
    assert [one["sku"] for one in office.get(f"assortments/{tools}/rules").json()["items"]] == ["BOLT-M8"]
    wrong = office.post(f"assortments/{tools}/rules", {"add": [{"allows": True, "sku": "LAMP-LED"}]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "unknown_subject")


def test_an_assortment_is_renamed_and_deleted(office, tools):
    office.put(f"assortments/{tools}", {"name": "Machines", "start": "none"})
    assert [one["name"] for one in office.get("assortments").json()["items"]] == ["All goods", "Machines"]

    assert office.delete(f"assortments/{tools}").status_code == 204
    assert Assortment.objects.count() == 1


def test_groups_are_filled_and_emptied(office, acme_account: CustomerAccount):
    group = office.post("customer-groups", {"name": "Workshops"}).json()["id"]
    members = f"customer-groups/{group}/members"

    assert office.post(members, {"account_ids": [acme_account.pk]}).json() == {"changed": 1}
    acme_account.refresh_from_db()
    assert acme_account.group_id == group
    assert office.post(members, {"account_ids": [acme_account.pk], "inside": False}).json() == {"changed": 1}
    assert office.get("customer-groups").json()["items"] == [{"id": group, "name": "Workshops"}]


@pytest.mark.covers("R0.6", "R0.10")
def test_what_visitors_see(office, guest):
    assert office.put("guest-mode", {"guest_mode": "sign_in"}).status_code == 200
    assert office.get("guest-mode").json() == {"guest_mode": "sign_in"}
    assert {one["sku"] for one in guest.get("products").json()["items"]} == {"LAMP-LED"}


@pytest.mark.covers("R1.26")
def test_own_part_numbers_are_kept_listed_used_and_forgotten(office, ana, gil, drill: Product, bolt: Product):
    buyer = by_key(ana)
    rows = [{"number": "M-4711", "sku": "DRILL-18V"}, {"number": "S-1", "product_id": bolt.pk}]

    assert buyer.post("part-numbers", {"rows": rows}).json() == {"changed": 2}
    assert [one["number"] for one in buyer.get("part-numbers?q=m4711").json()["items"]] == ["M-4711"]
    asked = {"lines": [{"sku": "m4711", "quantity": "1"}]}
    assert buyer.post("prices/query", asked).json()["items"][0]["product_id"] == drill.pk
    assert by_key(gil).post("prices/query", asked).json()["items"][0]["problem"] == "unknown_article"
    assert by_key(gil).get("part-numbers").json()["items"] == []

    assert buyer.delete(f"part-numbers/{drill.pk}").status_code == 204
    assert list(BuyerPartNumber.objects.values_list("number", flat=True)) == ["S-1"]


def test_one_unknown_article_and_no_number_is_kept(office, ana):
    rows = [{"number": "A", "sku": "DRILL-18V"}, {"number": "B", "sku": "NO-SUCH"}]
    answer = by_key(ana).post("part-numbers", {"rows": rows})

    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_article")
    assert not BuyerPartNumber.objects.exists()
