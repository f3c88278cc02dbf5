"""From the confirmed order to the credit note, as the programs of buyer, warehouse and finance would do it."""

import pytest

from kontor.inventory.models import StockItem
from kontor.orders.models import Order
from tests.api.conftest import Caller, by_key, pointers
from tests.api.test_orders import cart_with


@pytest.fixture
def buyer(ana) -> Caller:
    return by_key(ana)


@pytest.fixture
def warehouse(wim) -> Caller:
    return by_key(wim)


@pytest.fixture
def finance(fin) -> Caller:
    return by_key(fin)


@pytest.fixture
def order(buyer, sal) -> str:
    cart = cart_with(buyer, ("DRILL-18V", "3"), ("BOLT-M8", "100"))
    place = buyer.post("orders", {"cart_id": cart}).headers["Location"]
    assert by_key(sal).post(f"{place}/confirm", {}).status_code == 200
    return place


def shipped(warehouse: Caller, order: str) -> dict:
    (row,) = warehouse.post(f"{order}/pick-lists").json()["items"]
    assert warehouse.post(f"pick-lists/{row['id']}/pick", {}).status_code == 200
    parcel = warehouse.post(f"pick-lists/{row['id']}/pack", {"packages": 2}).json()
    answer = warehouse.post(f"shipments/{parcel['id']}/ship", {"carrier": "DHL", "tracking_number": "00340"})
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_goods_are_picked_packed_shipped_and_delivered(buyer, warehouse, order, drill):
    shipment = shipped(warehouse, order)

    assert (shipment["status"], shipment["carrier"], shipment["packages"]) == ("shipped", "DHL", 2)
    assert [(line["sku"], line["quantity"]) for line in shipment["lines"]] == [
        ("DRILL-18V", "3"),
        ("BOLT-M8", "100"),
    ]
    assert StockItem.objects.get(product=drill).on_hand == 9
    assert buyer.get(order).json()["status"] == "shipped"
    delivered = buyer.post(f"shipments/{shipment['id']}/deliver", {"received_by": "Ana"})
    assert (delivered.json()["status"], delivered.json()["received_by"]) == ("delivered", "Ana")
    assert buyer.get(order).json()["status"] == "delivered"


def test_what_was_not_found_stays_open(buyer, warehouse, order):
    (row,) = warehouse.post(f"{order}/pick-lists").json()["items"]
    lines = {line["sku"]: line["id"] for line in warehouse.get(f"pick-lists/{row['id']}").json()["lines"]}

    picked = warehouse.post(
        f"pick-lists/{row['id']}/pick", {"lines": {str(lines["DRILL-18V"]): {"picked": "2"}}}
    )

    assert {line["sku"]: line["picked"] for line in picked.json()["lines"]} == {
        "DRILL-18V": "2",
        "BOLT-M8": "0",
    }
    parcel = warehouse.post(f"pick-lists/{row['id']}/pack", {}).json()
    warehouse.post(f"shipments/{parcel['id']}/ship", {})
    assert buyer.get(order).json()["status"] == "partly_shipped"


def test_more_than_listed_is_refused_at_the_line(warehouse, order):
    (row,) = warehouse.post(f"{order}/pick-lists").json()["items"]
    line = warehouse.get(f"pick-lists/{row['id']}").json()["lines"][0]["id"]

    answer = warehouse.post(f"pick-lists/{row['id']}/pick", {"lines": {str(line): {"picked": "999"}}})

    assert pointers(answer) == {f"#/lines/{line}/picked": "more_than_listed"}
    broken = warehouse.post(f"pick-lists/{row['id']}/pick", {"lines": {"01": {"picked": "1"}}})
    assert broken.json()["code"] == "unknown_line"


def test_picking_is_the_warehouses_own(buyer, sal, lev, warehouse, order):
    (row,) = warehouse.post(f"{order}/pick-lists").json()["items"]

    assert buyer.get("pick-lists").status_code == 403
    assert by_key(sal).post(f"pick-lists/{row['id']}/pick", {}).status_code == 403
    assert by_key(lev).get(f"pick-lists/{row['id']}").status_code == 404
    assert by_key(lev).post(f"pick-lists/{row['id']}/pick", {}).status_code == 404
    assert warehouse.get(f"pick-lists/{row['id']}").json()["status"] == "open"


def test_an_order_may_leave_in_one_step(warehouse, order):
    answer = warehouse.post(f"{order}/ship", {"tracking_url": "https://track.example/1"})

    assert answer.status_code == 201
    assert answer.json()["status"] == "shipped"
    wrong = warehouse.post(f"{order}/ship", {"tracking_url": "javascript:alert(1)"})
    assert pointers(wrong) == {"#/tracking_url": "dispatch_wrong"}


def test_a_shipment_is_invoiced_once(buyer, warehouse, finance, order, gil, cy):
    shipment = shipped(warehouse, order)
    body = {"shipment_id": shipment["id"]}

    issued = finance.post("invoices", body, Idempotency_Key="inv-1")
    again = finance.post("invoices", body, Idempotency_Key="inv-1")

    assert issued.status_code == 201, issued.content
    assert again.content == issued.content
    invoice = issued.json()
    assert (invoice["net_total"], invoice["tax_total"], invoice["gross_total"]) == (
        "279.50",
        "53.11",
        "332.61",
    )
    assert invoice["taxes"] == [
        {"code": "S", "rate": "19", "exemption_code": "", "exemption_reason": ""}
        | {"net": "279.50", "tax": "53.11"}
    ]
    assert finance.post("invoices", body).json()["code"] == "already_invoiced"
    assert by_key(cy).get(f"invoices/{invoice['id']}").json()["number"] == invoice["number"]
    assert by_key(gil).get(f"invoices/{invoice['id']}").status_code == 404
    assert warehouse.get("invoices").status_code == 403
    assert buyer.post("invoices", body).status_code == 403
    assert [one["number"] for one in buyer.get("invoices").json()["items"]] == [invoice["number"]]


def test_an_invoice_names_one_subject(finance, order):
    assert finance.post("invoices", {}).json()["code"] == "one_subject"
    parts = {"order_id": int(order.rpartition("/")[2]), "what": "parts"}
    assert finance.post("invoices", parts).json()["code"] == "nothing_open"
    assert finance.post("invoices", {"shipment_id": 1, "order_id": 1}).json()["code"] == "one_subject"


def test_returned_goods_are_received_and_credited(buyer, warehouse, finance, order, drill):
    shipment = shipped(warehouse, order)
    finance.post("invoices", {"shipment_id": shipment["id"]})
    line = shipment["lines"][0]["order_line_id"]
    wish = {
        "order_id": shipment["order_id"],
        "lines": {str(line): {"quantity": "2", "reason": "defective", "note": "no spark"}},
    }
    announced = buyer.post("returns", wish)
    assert announced.status_code == 201, announced.content
    place = announced.headers["Location"]
    assert buyer.post(f"{place}/accept", {}).status_code == 403
    assert warehouse.post(f"{place}/accept", {"note": "Send it to Hamburg"}).json()["status"] == "accepted"
    (row,) = warehouse.get(place).json()["lines"]

    received = warehouse.post(
        f"{place}/receive", {"lines": {str(row["id"]): {"received": "2", "restocked": "1"}}}
    )

    assert received.json()["status"] == "received"
    assert StockItem.objects.get(product=drill).on_hand == 10
    note = finance.post("credit-notes", {"return_id": received.json()["id"]})
    assert note.status_code == 201, note.content
    assert (note.json()["kind"], note.json()["net_total"]) == ("credit_note", "178.00")
    assert buyer.get(place).json()["status"] == "credited"


def test_no_more_can_come_back_than_was_shipped(buyer, warehouse, order):
    shipment = shipped(warehouse, order)
    line = str(shipment["lines"][0]["order_line_id"])

    answer = buyer.post("returns", {"order_id": shipment["order_id"], "lines": {line: {"quantity": "4"}}})

    assert pointers(answer) == {f"#/lines/{line}/quantity": "return_wrong"}
    assert buyer.get("returns").json()["items"] == []


def test_foreign_shipments_and_returns_do_not_exist(buyer, warehouse, order, gil, lev):
    shipment = shipped(warehouse, order)
    line = str(shipment["lines"][0]["order_line_id"])
    wish = {"order_id": shipment["order_id"], "lines": {line: {"quantity": "1"}}}
    back = buyer.post("returns", wish).json()
    for other in (by_key(gil), by_key(lev)):
        assert other.get(f"shipments/{shipment['id']}").status_code == 404
        assert other.post(f"shipments/{shipment['id']}/deliver", {}).status_code == 404
        assert other.get(f"returns/{back['id']}").status_code == 404
        assert other.post(f"returns/{back['id']}/accept", {}).status_code == 404
        assert other.post("returns", wish).status_code == 404
        assert other.get("shipments").json()["items"] == []
        assert other.get("returns").json()["items"] == []
    assert Order.objects.get().status == "shipped"


def test_a_credit_without_an_order_says_why(finance, acme_account, globex_account, sal):
    line = {"name": "Goodwill", "quantity": "1", "unit_price": "25.00"}
    body = {"kind": "credit_note", "account_id": acme_account.pk, "lines": [line]}

    assert pointers(finance.post("invoices/free", body)) == {"#/reason": "reason_missing"}
    issued = finance.post("invoices/free", body | {"reason": "Late delivery"})
    assert (issued.json()["net_total"], issued.json()["reason"]) == ("25.00", "Late delivery")
    assert by_key(sal).post("invoices/free", body | {"reason": "x"}).status_code == 403


def test_papers_are_pdf_for_those_who_may_see_them(buyer, warehouse, finance, order, gil):
    shipment = shipped(warehouse, order)
    invoice = finance.post("invoices", {"shipment_id": shipment["id"]}).json()
    number = warehouse.get("pick-lists?status=packed").json()["items"][0]["id"]
    papers = [
        (buyer, f"{order}/confirmation.pdf"),
        (buyer, f"shipments/{shipment['id']}/delivery-note.pdf"),
        (buyer, f"invoices/{invoice['id']}/invoice.pdf"),
        (warehouse, f"pick-lists/{number}/pick-list.pdf"),
    ]
    rival = by_key(gil)

    for caller, address in papers:
        answer = caller.get(address)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
        assert answer.content.startswith(b"%PDF-")
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="')
        assert rival.get(address).status_code in (403, 404)
