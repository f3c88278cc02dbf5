import pytest

from kontor.inventory.models import StockItem
from kontor.orders.models import Order
from tests.api.conftest import Caller, by_key, by_session, pointers


def cart_with(caller: Caller, *lines: tuple[str, str]) -> int:
    cart = caller.post("carts", {}).json()["id"]
    for sku, quantity in lines:
        assert caller.post(f"carts/{cart}/lines", {"sku": sku, "quantity": quantity}).status_code == 201
    return cart


@pytest.fixture
def caller(ana) -> Caller:
    return by_key(ana)


@pytest.fixture
def placed(caller) -> str:
    cart = cart_with(caller, ("DRILL-18V", "2"), ("BOLT-M8", "200"))
    answer = caller.post("orders", {"cart_id": cart, "po_number": "PO-1"})
    assert answer.status_code == 201, answer.content
    return answer.headers["Location"]


def test_an_order_copies_prices_and_holds_stock(caller, placed, drill):
    order = caller.get(placed).json()

    assert (order["status"], order["channel"], order["po_number"]) == ("placed", "api", "PO-1")
    assert [line["unit_price"] for line in order["lines"]] == ["89.00", "12.50"]
    assert (order["net_total"], order["tax_total"], order["gross_total"]) == ("203.00", "38.57", "241.57")
    assert order["taxes"] == [
        {"code": "S", "rate": "19", "exemption_code": "", "exemption_reason": ""}
        | {"net": "203.00", "tax": "38.57"}
    ]
    assert order["delivery_address"]["city"] == "Berlin"
    assert StockItem.objects.get(product=drill).reserved == 2


@pytest.mark.covers("R0.43")
def test_a_repeated_order_is_the_same_order(caller):
    body = {"cart_id": cart_with(caller, ("DRILL-18V", "1"))}

    first = caller.post("orders", body, Idempotency_Key="po-7")
    again = caller.post("orders", body, Idempotency_Key="po-7")
    other = caller.post("orders", body, Idempotency_Key="po-8")

    assert again.content == first.content
    assert other.status_code == 422
    assert other.json()["code"] == "already_ordered"
    assert Order.objects.count() == 1


def test_an_order_beyond_the_stock_is_refused_at_its_line_and_changes_nothing(caller, drill):
    cart = cart_with(caller, ("BOLT-M8", "100"), ("DRILL-18V", "13"))

    answer = caller.post("orders", {"cart_id": cart})

    assert answer.status_code == 422
    assert answer.json()["code"] == "not_enough_stock"
    assert list(pointers(answer)) == ["#/lines/1/quantity"]
    assert not Order.objects.exists()
    assert StockItem.objects.get(product=drill).reserved == 0
    assert caller.get(f"carts/{cart}").json()["status"] == "open"


def test_an_order_above_the_limit_waits_for_an_approver(caller, ben, sal):
    cart = cart_with(caller, ("DRILL-18V", "6"))
    order = caller.post("orders", {"cart_id": cart}).json()
    assert order["status"] == "awaiting_approval"
    assert by_key(sal).get(f"orders/{order['id']}").status_code == 404
    approver = by_key(ben)
    (waiting,) = approver.get("approvals?status=waiting").json()["items"]
    assert (waiting["title"], waiting["amount"]) == (order["number"], "534.00")

    decided = approver.post(f"approvals/{waiting['id']}/decide", {"approved": True})

    assert decided.json()["status"] == "approved"
    assert caller.get(f"orders/{order['id']}").json()["status"] == "placed"
    late = approver.post(f"approvals/{waiting['id']}/decide", {"approved": False, "note": "x"})
    assert late.json()["code"] == "wrong_status"


def test_an_order_sent_back_opens_its_cart_again(caller, ben):
    cart = cart_with(caller, ("DRILL-18V", "6"))
    order = caller.post("orders", {"cart_id": cart}).json()
    approver = by_key(ben)

    assert caller.post(f"orders/{order['id']}/approve", {}).status_code == 403
    answer = approver.post(f"orders/{order['id']}/send-back", {"reason": "Order five."})

    assert answer.json()["status"] == "sent_back"
    reopened = caller.get(f"carts/{cart}").json()
    assert (reopened["status"], reopened["sent_back_note"]) == ("open", "Order five.")


def test_the_seller_confirms_and_the_buyer_reads_it(caller, placed, sal):
    seller = by_key(sal)

    confirmed = seller.post(f"{placed}/confirm", {})

    assert confirmed.json()["status"] == "confirmed"
    assert confirmed.json()["confirmed_date"] is not None
    verbs = [entry["verb"] for entry in caller.get(f"{placed}/timeline").json()["items"]]
    assert verbs == ["orders.placed", "orders.confirmed"]
    assert seller.post(f"{placed}/confirm", {}).status_code in (409, 422)


def test_both_sides_write_about_an_order(caller, placed, sal, gil):
    written = caller.post(f"{placed}/messages", {"body": "When does it leave?"})

    assert written.status_code == 201
    by_key(sal).post(f"{placed}/messages", {"body": "Tomorrow."})
    assert [one["body"] for one in caller.get(f"{placed}/messages").json()["items"]] == [
        "When does it leave?",
        "Tomorrow.",
    ]
    assert by_key(gil).get(f"{placed}/messages").status_code == 404
    assert by_key(gil).post(f"{placed}/messages", {"body": "Hello"}).status_code == 404


def test_another_company_finds_nothing_of_an_order(placed, gil, lev):
    for other in (by_key(gil), by_key(lev)):
        assert other.get(placed).status_code == 404
        assert other.get(f"{placed}/timeline").status_code == 404
        assert other.post(f"{placed}/cancel", {}).status_code == 404
        assert other.post(f"{placed}/reorder").status_code == 404
        assert other.get("orders").json()["items"] == []
    assert Order.objects.get().status == "placed"


def test_roles_bind_in_the_api_as_on_pages(caller, placed, cy, wim):
    viewer, warehouse = by_key(cy), by_key(wim)

    assert viewer.get(placed).status_code == 200
    assert viewer.post(f"{placed}/cancel", {}).status_code == 403
    assert warehouse.post(f"{placed}/confirm", {}).status_code == 403
    assert caller.post(f"{placed}/confirm", {}).status_code == 403


def test_the_buyer_cancels_and_the_stock_is_free(caller, placed, drill):
    answer = caller.post(f"{placed}/cancel", {"reason": "Ordered twice"})

    assert answer.json()["status"] == "cancelled"
    assert StockItem.objects.get(product=drill).reserved == 0


def test_an_order_is_repeated_into_the_cart(caller, placed):
    report = caller.post(f"{placed}/reorder").json()

    assert [(one["sku"], one["quantity"]) for one in report["added"]] == [
        ("DRILL-18V", "2"),
        ("BOLT-M8", "200"),
    ]


def test_the_list_is_read_page_by_page_without_gaps(caller):
    numbers = []
    for index in range(5):
        cart = cart_with(caller, ("BOLT-M8", "100"))
        numbers.append(caller.post("orders", {"cart_id": cart, "po_number": f"PO-{index}"}).json()["number"])

    seen, address = [], "orders?limit=2"
    while address:
        answer = caller.get(address)
        page = answer.json()
        assert len(page["items"]) <= 2
        assert ("Link" in answer.headers) is (page["next"] is not None)
        seen += [one["number"] for one in page["items"]]
        address = page["next"]

    assert seen == numbers[::-1]


def test_a_foreign_or_broken_cursor_is_refused(caller, placed):
    for cursor in ("x", "WzFd:abc", "a" * 300):
        answer = caller.get(f"orders?after={cursor}")
        assert answer.status_code == 422
        assert pointers(answer) == {"?after": "bad_cursor"}
    assert caller.get("orders?limit=201").status_code == 422
    assert caller.get("orders?limit=0").status_code == 422
    assert caller.get("orders?status=lost").status_code == 422


def test_a_representative_enters_an_order_for_a_customer(sal, acme_account, ana):
    lines = [
        {"sku": "DRILL-18V", "quantity": "1"},
        {"sku": "BOLT-M8", "quantity": "50", "unit_price": "10.00", "price_base": "100"},
    ]
    body = {"account_id": acme_account.pk, "channel": "phone", "lines": lines, "po_number": "T-1"}

    answer = by_key(sal).post("orders/entered", body)

    assert answer.status_code == 201, answer.content
    order = answer.json()
    assert (order["channel"], order["buyer"], order["sales_rep"]) == (
        "phone",
        "Acme GmbH",
        "Key of Sal Petersen",
    )
    assert [line["net"] for line in order["lines"]] == ["89.00", "5.00"]
    assert by_key(ana).get(f"orders/{order['id']}").status_code == 200
    assert by_key(ana).post("orders/entered", body).status_code in (403, 404)


def test_an_entered_line_of_an_unknown_article_is_named(sal, acme_account):
    lines = [{"sku": "DRILL-18V", "quantity": "1"}, {"sku": "LAMP-LED", "quantity": "1"}]

    answer = by_key(sal).post("orders/entered", {"account_id": acme_account.pk, "lines": lines})

    assert pointers(answer) == {"#/lines/1/sku": "unknown_article"}


def test_a_client_cannot_say_what_it_pays(caller):
    cart = cart_with(caller, ("DRILL-18V", "1"))

    answer = caller.post("orders", {"cart_id": cart, "net_total": "0.01", "status": "confirmed"})

    assert pointers(answer) == {"#/net_total": "extra_forbidden", "#/status": "extra_forbidden"}


def test_a_person_at_a_page_is_bound_by_the_same_limit(ana):
    person = by_session(ana)
    cart = cart_with(person, ("DRILL-18V", "6"))

    assert person.post("orders", {"cart_id": cart}).json()["status"] == "awaiting_approval"


def test_a_foreign_address_is_refused(caller, cast):
    cart = cart_with(caller, ("DRILL-18V", "1"))

    answer = caller.post("orders", {"cart_id": cart, "delivery_address_id": cast.addresses["globex"].pk})

    assert answer.status_code == 422
    assert list(pointers(answer)) == ["#/delivery_address_id"]
    assert not Order.objects.exists()
