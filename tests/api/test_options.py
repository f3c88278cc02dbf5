"""Options and configurations over the API."""

import pytest

from kontor.goods.options import code_of, written
from kontor.search.operations import rebuild_all
from tests.api.conftest import by_key
from tests.cast import actor
from tests.catalog.configurable import OPTIONS, desk

CHOSEN = ["160", "EL", "WAL"]
SKU = f"DESK-1:{code_of(CHOSEN)}"


@pytest.fixture
def product(store_admin):
    made = desk(actor(store_admin))
    rebuild_all()
    return made


@pytest.mark.covers("R0.7", "R3.17")
def test_options_are_read_by_buyers_and_stated_by_their_seller(ana, store_admin, lev, product):
    seen = by_key(ana).get(f"products/{product.pk}/options")
    assert seen.json() == written(OPTIONS)
    body = seen.json() | {"rules": []}
    admin = by_key(store_admin)
    version = admin.get(f"products/{product.pk}/options").headers["ETag"]
    assert by_key(ana).put(f"products/{product.pk}/options", body, if_match=version).status_code == 404
    answer = admin.put(f"products/{product.pk}/options", body, if_match=version)
    assert (answer.status_code, answer.json()["rules"]) == (200, [])
    again = admin.put(f"products/{product.pk}/options", body, if_match=version)
    assert again.status_code == 412


def test_a_selection_is_judged_and_its_number_is_priced_and_bought(ana, product):
    caller = by_key(ana)
    checked = caller.post(f"products/{product.pk}/configuration", {"choices": CHOSEN}).json()
    assert (checked["sku"], checked["problems"], checked["lead_days"], checked["weight_grams"]) == (
        SKU,
        [],
        13,
        36000,
    )
    assert {one["code"] for one in checked["impossible"]} == {"120"}
    partly = caller.post(f"products/{product.pk}/configuration", {"choices": ["EL"]}).json()
    assert partly["sku"] is None
    assert "“Electric drive” needs “160 cm”." in partly["problems"]

    priced = caller.post(
        "prices/query", {"lines": [{"sku": SKU, "quantity": "2"}, {"sku": "DESK-1", "quantity": "2"}]}
    )
    assert [(one["sku"], one["amount"], one["problem"]) for one in priced.json()["items"]] == [
        (SKU, "555.50", None), ("DESK-1", None, "no_price"),
    ]  # fmt: skip
    cart = caller.post("carts", {}).headers["Location"]
    assert caller.post(f"{cart}/lines", {"sku": SKU, "quantity": "2"}).status_code == 201
    (line,) = caller.get(cart).json()["lines"]
    assert (line["sku"], line["net"], line["choices"]) == (
        SKU, "1111.00", "Top: Walnut; Size: 160 cm; Extras: Electric drive",
    )  # fmt: skip
    wrong = caller.post(f"{cart}/lines", {"sku": "DESK-1:160-EL-WAL-X", "quantity": "1"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "not_configured")
