from datetime import timedelta

import pytest

from kontor.inventory.models import StockItem
from kontor.kernel import clock
from tests.api.conftest import Caller, by_key, pointers


@pytest.fixture
def warehouse(wim) -> Caller:
    return by_key(wim)


def test_stock_is_listed_for_the_sellers_people_only(warehouse, ana, lev):
    rows = {one["sku"]: one for one in warehouse.get("stock").json()["items"]}

    assert set(rows) == {"BOLT-M8", "DRILL-18V"}
    assert (rows["BOLT-M8"]["on_hand"], rows["BOLT-M8"]["bin"]) == ("5000", "A-12-3")
    assert by_key(ana).get("stock").status_code == 403
    assert [one["sku"] for one in by_key(lev).get("stock").json()["items"]] == ["LAMP-LED"]


def test_goods_received_are_on_the_shelf_and_on_record(warehouse, ham, drill):
    body = {"warehouse_id": ham.pk, "items": [{"sku": "DRILL-18V", "quantity": "8"}], "reference": "PO 77"}

    answer = warehouse.post("stock/receipts", body)

    assert answer.status_code == 201
    (item,) = answer.json()["items"]
    assert item["on_hand"] == "20"
    movement = warehouse.get(f"stock/{item['id']}/movements").json()["items"][0]
    assert (movement["kind"], movement["quantity"], movement["reference"]) == ("receipt", "8", "PO 77")


def test_a_wrong_receipt_is_refused_whole_and_named_by_line(warehouse, ham, drill):
    items = [{"sku": "DRILL-18V", "quantity": "8"}, {"sku": "LAMP-LED", "quantity": "1"}]

    answer = warehouse.post("stock/receipts", {"warehouse_id": ham.pk, "items": items})

    assert pointers(answer) == {"#/items/1/sku": "unknown_article"}
    assert StockItem.objects.get(product=drill).on_hand == 12


def test_announced_goods_are_told_to_buyers_until_they_arrive(warehouse, ana, ham, drill):
    day = (clock.today() + timedelta(days=6)).isoformat()
    lines = [{"sku": "DRILL-18V", "quantity": "30"}]

    answer = warehouse.post(
        "stock/expected", {"warehouse_id": ham.pk, "items": lines, "due_on": day, "reference": "PO 78"}
    )
    told = by_key(ana).get(f"products/{drill.pk}").json()["expected"]
    warehouse.post("stock/receipts", {"warehouse_id": ham.pk, "items": lines})

    assert answer.status_code == 201
    assert answer.json()["items"][0]["remaining"] == "30"
    assert told == [{"warehouse": "Hamburg", "due_on": day, "quantity": "30"}]
    assert warehouse.get("stock/expected").json()["items"] == []


def test_goods_cannot_be_announced_for_yesterday(warehouse, ham, drill):
    day = (clock.today() - timedelta(days=1)).isoformat()
    lines = [{"sku": "DRILL-18V", "quantity": "30"}]

    answer = warehouse.post("stock/expected", {"warehouse_id": ham.pk, "items": lines, "due_on": day})

    assert pointers(answer) == {"#/due_on": "in_the_past"}


def test_goods_cannot_be_booked_into_a_foreign_warehouse(warehouse, cast):
    body = {"warehouse_id": cast.warehouses["vlc"].pk, "items": [{"sku": "DRILL-18V", "quantity": "8"}]}

    assert warehouse.post("stock/receipts", body).status_code == 404


def test_a_count_corrects_the_stock_but_not_below_what_is_reserved(warehouse, drill):
    item = StockItem.objects.get(product=drill)
    StockItem.objects.filter(pk=item.pk).update(reserved=4)

    low = warehouse.post(f"stock/{item.pk}/adjust", {"on_hand": "3", "reason": "Count"})
    moved = warehouse.post(f"stock/{item.pk}/adjust", {"on_hand": "9", "reason": "Count", "seen": "11"})
    right = warehouse.post(f"stock/{item.pk}/adjust", {"on_hand": "9", "reason": "Count", "seen": "12"})

    assert pointers(low) == {"#/on_hand": "below_reserved"}
    assert moved.status_code == 409
    assert (right.json()["on_hand"], right.json()["available"]) == ("9", "5")


def test_foreign_stock_does_not_exist(warehouse, lamp):
    item = StockItem.objects.get(product=lamp)

    assert warehouse.get(f"stock/{item.pk}/movements").status_code == 404
    assert warehouse.post(f"stock/{item.pk}/adjust", {"on_hand": "1", "reason": "x"}).status_code == 404


def test_sales_sees_stock_but_does_not_move_it(sal, ham, drill):
    caller, item = by_key(sal), StockItem.objects.get(product=drill)

    assert caller.get("stock?sku=DRILL-18V").json()["items"][0]["on_hand"] == "12"
    assert caller.post(f"stock/{item.pk}/adjust", {"on_hand": "1", "reason": "x"}).status_code == 403


def test_warehouses_are_opened_and_changed(warehouse, cast):
    facts = {"code": "BER", "name": "Berlin", "country": "DE"}
    made = warehouse.post("warehouses", facts).json()

    assert warehouse.post("warehouses", facts).json()["code"] == "code_taken"
    assert warehouse.put(f"warehouses/{made['id']}", facts | {"position": 3}).json()["position"] == 3
    assert warehouse.put(f"warehouses/{cast.warehouses['vlc'].pk}", facts).status_code == 404
    assert [one["code"] for one in warehouse.get("warehouses").json()["items"]] == ["HAM", "BER"]
