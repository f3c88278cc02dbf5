import pytest

from kontor.carts.models import Cart, CartLine
from kontor.orders.models import Order
from kontor.orders.operations import send_back_order
from kontor.search.operations import rebuild_all
from tests.api.conftest import Caller, by_key, by_session, pointers


@pytest.fixture
def caller(ana) -> Caller:
    return by_key(ana)


@pytest.fixture
def cart(caller) -> str:
    return caller.post("carts", {}).headers["Location"]


def test_two_people_who_open_get_the_same_cart(ana, ben, hansa):
    first = by_session(ana).post("carts", {})
    second = by_session(ben).post("carts", {"seller_id": hansa.pk})

    assert first.status_code == second.status_code == 201
    assert first.json()["id"] == second.json()["id"]
    assert Cart.objects.count() == 1


def test_a_key_gets_a_cart_of_its_own_and_people_keep_theirs(caller, ana):
    people = by_session(ana).post("carts", {}).json()["id"]
    given = caller.post("carts", {})
    again = caller.post("carts", {"start_new": True, "name": "Spares"})

    assert given.status_code == again.status_code == 201
    assert len({people, given.json()["id"], again.json()["id"]}) == 3
    assert list(Cart.objects.order_by("pk").values_list("name", "is_current", "is_machine_made")) == [
        ("", True, False), ("Key of Ana Brandt", False, True), ("Spares", False, True),
    ]  # fmt: skip


def test_a_cart_of_a_key_is_not_the_people_s_before_they_take_it(caller, ana):
    made = caller.post("carts", {}).json()
    assert made["is_current"] is False

    people = by_session(ana).post("carts", {}).json()
    assert people["id"] != made["id"]
    assert people["is_current"] is True

    taken = by_session(ana).post(f"carts/{made['id']}/current").json()
    assert taken["is_current"] is True
    assert by_session(ana).post("carts", {}).json()["id"] == made["id"]
    assert Cart.objects.get(pk=made["id"]).is_machine_made is False


def test_a_key_that_orders_again_leaves_the_people_s_cart_alone(caller, ana, bolt):
    people = by_session(ana).post("carts", {}).json()["id"]
    made = caller.post("carts", {}).json()["id"]
    caller.post(f"carts/{made}/lines", {"sku": "BOLT-M8", "quantity": "100"})
    order = caller.post("orders", {"cart_id": made}).json()["id"]
    filled = caller.post(f"orders/{order}/reorder").json()["cart_id"]

    assert filled not in (people, made)
    assert CartLine.objects.filter(cart_id=people).count() == 0
    assert CartLine.objects.get(cart_id=filled).quantity == 100


def test_a_cart_of_a_key_that_was_sent_back_does_not_become_the_people_s(caller, ana, ben, drill):
    made = caller.post("carts", {}).json()["id"]
    caller.post(f"carts/{made}/lines", {"sku": "DRILL-18V", "quantity": "10"})
    order = caller.post("orders", {"cart_id": made}).json()
    assert order["status"] == "awaiting_approval"
    send_back_order(actor=ben.as_actor("page"), order=Order.objects.get(pk=order["id"]), reason="Too many")

    cart = Cart.objects.get(pk=made)
    assert (cart.status, cart.is_current, cart.sent_back_note) == ("open", False, "Too many")


def test_a_cart_is_priced_for_its_company(caller, cart):
    added = caller.post(f"{cart}/lines", {"sku": "DRILL-18V", "quantity": "2", "note": "blue case"})
    caller.post(f"{cart}/lines", {"sku": "BOLT-M8", "quantity": "3", "unit": "XBX"})

    assert added.status_code == 201
    assert added.headers["ETag"].startswith('"1.')
    shown = caller.get(cart).json()
    drill, bolt = shown["lines"]
    assert (drill["amount"], drill["net"], drill["note"]) == ("89.00", "178.00", "blue case")
    assert (bolt["unit"], bolt["quantity"], bolt["base_quantity"]) == ("XBX", "3", "300")
    assert (bolt["amount"], bolt["price_base"], bolt["net"]) == ("12.50", "100", "37.50")
    assert (shown["net_total"], shown["currency"]) == ("215.50", "EUR")
    assert shown["can_be_ordered"] is True


def test_what_is_added_twice_adds_up(caller, cart):
    for _time in range(2):
        caller.post(f"{cart}/lines", {"sku": "DRILL-18V", "quantity": "2"})

    assert [line["quantity"] for line in caller.get(cart).json()["lines"]] == ["4"]


@pytest.mark.parametrize("quantity", [2, 2.5, "0", "-1", "1e3", "NaN", "٣", "9999999999", "0.0001", None])
def test_an_impossible_quantity_is_refused_at_its_place(caller, cart, quantity):
    answer = caller.post(f"{cart}/lines", {"sku": "DRILL-18V", "quantity": quantity})

    assert answer.status_code == 422
    assert list(pointers(answer)) == ["#/quantity"]
    assert not CartLine.objects.exists()


def test_a_quantity_that_is_not_sold_is_refused_with_the_reason(caller, cart):
    answer = caller.post(f"{cart}/lines", {"sku": "DRILL-18V", "quantity": "1.5"})

    assert answer.json()["code"] == "no_fractions"
    assert pointers(answer) == {"#/quantity": "no_fractions"}


def test_an_unknown_article_is_named(caller, cart, lamp):
    for body, place in (({"sku": "NOPE"}, "#/sku"), ({"product_id": lamp.pk}, "#/product_id")):
        answer = caller.post(f"{cart}/lines", body | {"quantity": "1"})
        assert answer.status_code == 422
        assert pointers(answer) == {place: "unknown_article"}


def test_a_line_names_its_article_once(caller, cart, drill):
    answer = caller.post(f"{cart}/lines", {"sku": "DRILL-18V", "product_id": drill.pk, "quantity": "1"})

    assert answer.status_code == 422


def test_two_colleagues_on_one_line_one_wins_and_the_other_reads_why(caller, cart, ben):
    line = caller.post(f"{cart}/lines", {"sku": "DRILL-18V", "quantity": "2"}).headers["Location"]
    etag = caller.get(line).headers["ETag"]
    assert by_key(ben).patch(line, {"quantity": "5"}, If_Match='"1"').status_code == 200

    answer = caller.patch(line, {"quantity": "3"}, If_Match=etag)

    assert answer.status_code == 412
    assert answer.json()["code"] == "stale"
    assert "Key of Ben Okafor" in answer.json()["detail"]
    assert caller.get(line).json()["quantity"] == "5"


def test_a_line_is_changed_and_removed_by_its_revision(caller, cart):
    line = caller.post(f"{cart}/lines", {"sku": "DRILL-18V", "quantity": "2"}).headers["Location"]

    changed = caller.patch(line, {"note": "urgent"}, If_Match='"1"')

    assert (changed.json()["note"], changed.json()["revision"]) == ("urgent", 2)
    assert caller.delete(line).status_code == 428
    assert caller.delete(line, If_Match='"1"').status_code == 412
    assert caller.delete(line, If_Match=changed.headers["ETag"]).status_code == 204
    assert caller.get(line).status_code == 404


def test_pasted_lines_are_taken_or_reported(caller, cart):
    rebuild_all()
    lines = [
        {"sku": "BOLT-M8", "quantity": "200"},
        {"sku": "drill 18v", "quantity": "1"},
        {"sku": "NOPE", "quantity": "1"},
        {"sku": "DRILL-18V", "quantity": "0.5"},
    ]

    report = caller.post(f"{cart}/paste", {"lines": lines}).json()

    assert [(one["no"], one["sku"], one["quantity"]) for one in report["added"]] == [
        (1, "BOLT-M8", "200"),
        (2, "DRILL-18V", "1"),
    ]
    assert [(one["no"], one["code"]) for one in report["rejected"]] == [
        (3, "unknown_article"),
        (4, "no_fractions"),
    ]
    text = caller.post(f"{cart}/paste", {"text": "BOLT-M8 100"}).json()
    assert [one["in_all"] for one in text["changed"]] == ["300"]


def test_a_viewer_sees_the_cart_but_does_not_fill_it(caller, cart, cy):
    viewer = by_key(cy)

    assert viewer.get(cart).status_code == 200
    assert viewer.post(f"{cart}/lines", {"sku": "DRILL-18V", "quantity": "1"}).status_code == 403
    assert not CartLine.objects.exists()


def test_another_companys_cart_does_not_exist(caller, cart, gil, sal):
    line = caller.post(f"{cart}/lines", {"sku": "DRILL-18V", "quantity": "2"}).headers["Location"]
    for other in (by_key(gil), by_key(sal)):
        assert other.get(cart).status_code == 404
        assert other.patch(line, {"quantity": "1"}, If_Match='"1"').status_code == 404
        assert other.delete(line, If_Match='"1"').status_code == 404
        assert other.post(f"{cart}/clear").status_code == 404
    assert CartLine.objects.get().quantity == 2


def test_carts_are_named_put_aside_and_discarded(ana):
    person = by_session(ana)
    cart = person.post("carts", {}).headers["Location"]
    assert person.patch(cart, {"name": "Plant 2"}).json()["name"] == "Plant 2"
    second = person.post("carts", {"start_new": True, "name": "Spares"}).json()
    assert second["is_current"] is True
    assert person.get(cart).json()["is_current"] is False
    assert person.post(f"{cart}/current").json()["is_current"] is True
    assert person.delete(f"carts/{second['id']}").status_code == 204
    assert [one["name"] for one in person.get("carts").json()["items"]] == ["Plant 2"]


def test_a_star_takes_whatever_version_there_is(caller, cart):
    line = caller.post(f"{cart}/lines", {"sku": "DRILL-18V", "quantity": "2"}).headers["Location"]
    caller.patch(line, {"quantity": "3"}, If_Match='"1"')

    assert caller.patch(line, {"quantity": "4"}, If_Match="*").json()["quantity"] == "4"
    assert caller.patch(line, {"quantity": "5"}, If_Match='W/"3"').status_code == 412
    assert caller.patch(line, {"quantity": "5"}, If_Match="nonsense").status_code == 412
