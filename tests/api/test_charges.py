"""A seller's programs keep charges, the values of indices and fixed rates up to date."""

import pytest

from kontor.charges.models import Content, IndexValue, Rule, Tariff
from kontor.pricing.models import ExchangeRate
from tests.api.conftest import Caller, by_key, pointers
from tests.traces import unchanged

FREIGHT = {"kind": "freight", "name": "Freight"}
TARIFF = {"currency": "EUR", "free_from": "250.00", "steps": [{"start": "0", "amount": "6.90"}]}


@pytest.fixture
def seller(sal) -> Caller:
    return by_key(sal)


def test_a_charge_is_added_with_a_tariff_changed_and_deleted(seller, acme_account):
    made = seller.post("charges", FREIGHT).json()
    assert (made["measure"], made["code"], made["is_refundable"], made["tariffs"]) == (
        "value",
        "FC",
        False,
        [],
    )
    address = f"charges/{made['id']}"
    tariff = seller.post(f"{address}/tariffs", TARIFF).json()
    assert (tariff["free_from"], tariff["steps"]) == (
        "250.00",
        [{"start": "0", "amount": "6.90", "percent": None}],
    )
    none = {"currency": "EUR", "account_id": acme_account.pk, "is_none": True}
    assert seller.post(f"{address}/tariffs", none).status_code == 201
    dearer = TARIFF | {"steps": [{"start": "0", "percent": "4"}], "countries": ["DE"]}
    changed = seller.put(f"{address}/tariffs/{tariff['id']}", dearer).json()
    assert (changed["countries"], changed["steps"][0]["percent"]) == (["DE"], "4")
    (listed,) = seller.get("charges").json()["items"]
    assert len(listed["tariffs"]) == 2
    assert seller.delete(f"{address}/tariffs/{tariff['id']}").status_code == 204
    assert seller.put(address, FREIGHT | {"name": "Carriage", "position": 5}).json()["name"] == "Carriage"
    assert seller.delete(address).status_code == 204
    assert not Rule.objects.exists()


def test_what_is_wrong_is_pointed_at_and_nothing_is_saved(seller):
    made = seller.post("charges", FREIGHT).json()
    seller.post(f"charges/{made['id']}/tariffs", TARIFF)
    with unchanged():
        for address, body, code, pointer in (
            ("charges", FREIGHT, "name_taken", "name"),
            ("charges", {"kind": "index", "name": "Copper"}, "incomplete", "index"),
            ("charges", {"kind": "deposit", "name": "Crate", "skus": ["NOPE"]}, "incomplete", "skus"),
            (f"charges/{made['id']}/tariffs", TARIFF, "tariff_overlaps", "valid_from"),
            (f"charges/{made['id']}/tariffs", TARIFF | {"countries": ["XX"]}, "incomplete", "countries"),
            (f"charges/{made['id']}/tariffs", TARIFF | {"account_id": 2**40}, "incomplete", "account_id"),
        ):
            answer = seller.post(address, body)
            assert (answer.status_code, answer.json()["code"]) == (422, code)
            assert any(one.endswith(pointer) for one in pointers(answer)), pointers(answer)
    assert Tariff.objects.count() == 1


def test_values_and_contents_of_an_index_are_posted(seller, bolt):
    copper = seller.post(
        "price-indices", {"name": "Copper", "currency": "EUR", "per": "100", "unit": "KGM"}
    ).json()
    address = f"price-indices/{copper['id']}"
    rows = [{"day": "2026-05-01", "value": "912.40"}, {"day": "2026-05-02", "value": "915"}]
    assert seller.post(f"{address}/values", {"rows": rows}).json() == {"changed": 2}
    gone = [{"day": "2026-05-01", "value": None}]
    seller.post(f"{address}/values", {"rows": gone})
    assert seller.get(f"{address}/values").json()["items"] == [{"day": "2026-05-02", "value": "915.00"}]
    content = {"rows": [{"sku": "BOLT-M8", "amount": "0.0864"}]}
    assert seller.post(f"{address}/contents", content).json() == {"changed": 1}
    assert Content.objects.get().product == bolt
    assert seller.post(f"{address}/contents", {"rows": [{"sku": "NOPE", "amount": "1"}]}).status_code == 422
    assert [one["code"] for one in seller.get("price-indices").json()["items"]] == ["copper"]
    assert IndexValue.objects.count() == 1


def test_a_rate_is_fixed_and_removed(seller):
    body = {"source": "EUR", "target": "USD", "rate": "1.1", "day": "2026-01-01"}
    made = seller.post("exchange-rates", body).json()
    assert (made["rate"], made["is_fixed"], made["is_reference"]) == ("1.1", True, False)
    assert seller.get("exchange-rates?target=usd").json()["items"] == [made]
    assert seller.delete(f"exchange-rates/{made['id']}").status_code == 204
    assert not ExchangeRate.objects.exists()


def test_others_see_nothing(seller, ana, wim, lev):
    made = seller.post("charges", FREIGHT).json()
    for address in ("charges", "price-indices", "exchange-rates"):
        assert by_key(ana).get(address).status_code == 403
        assert by_key(wim).get(address).status_code == 403
        assert by_key(lev).get(address).json()["items"] == []
    assert by_key(lev).delete(f"charges/{made['id']}").status_code == 404
