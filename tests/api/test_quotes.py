import pytest

from kontor.orders.models import Order
from kontor.quotes.models import Offer, QuoteRequest
from tests.api.conftest import Caller, by_key, pointers
from tests.api.test_orders import cart_with


@pytest.fixture
def buyer(ana) -> Caller:
    return by_key(ana, order_limit=None)


@pytest.fixture
def seller(sal) -> Caller:
    return by_key(sal)


@pytest.fixture
def asked(buyer) -> str:
    cart = cart_with(buyer, ("DRILL-18V", "10"), ("BOLT-M8", "1000"))
    line = buyer.get(f"carts/{cart}").json()["lines"][0]["id"]
    wish = {"cart_id": cart, "lines": {str(line): {"target_price": "80.00"}}, "note": "For the new plant"}
    answer = buyer.post("quotes", wish)
    assert answer.status_code == 201, answer.content
    return answer.headers["Location"]


def offered(seller: Caller, quote: str, price: str = "82.50") -> dict:
    """The seller's offer, sent; as the buyer's program would read it."""
    draft = seller.post(f"{quote}/offer")
    lines = {"1": {"unit_price": price, "lead_days": 3}, "2": {"unit_price": "10.50"}}
    saved = seller.put(
        f"{quote}/offer", {"lines": lines, "message": "Thank you"}, If_Match=draft.headers["ETag"]
    )
    assert saved.status_code == 200, saved.content
    sent = seller.post(f"{quote}/offer/send", If_Match=saved.headers["ETag"])
    assert sent.status_code == 200, sent.content
    return sent.json()["offer"]


def test_a_cart_becomes_a_request_with_target_prices(buyer, seller, asked):
    shown = seller.get(asked).json()

    assert (shown["status"], shown["side"], shown["my_turn"]) == ("submitted", "seller", True)
    drill, bolt = shown["lines"]
    assert (drill["list_price"], drill["target_price"]) == ("89.00", "80.00")
    assert (bolt["list_price"], bolt["price_base"], bolt["target_price"]) == ("11.00", "100", None)
    assert shown["list_total"] == "1000.00"
    assert buyer.get(asked).json()["moves"] != shown["moves"]


def test_an_accepted_offer_is_an_order_at_its_prices(buyer, seller, asked):
    offer = offered(seller, asked)
    seen = buyer.get(asked).json()["offer"]
    assert (seen["net_total"], seen["status"]) == ("930.00", "sent")

    answer = buyer.post(
        f"{asked}/offers/1/accept", {"content_hash": offer["content_hash"], "po_number": "Q-1"}
    )

    assert answer.status_code == 201, answer.content
    order = answer.json()
    assert [line["unit_price"] for line in order["lines"]] == ["82.50", "10.50"]
    assert order["net_total"] == "930.00"
    assert buyer.get(asked).json()["status"] == "accepted"


def test_an_offer_that_was_not_read_cannot_be_accepted(buyer, seller, asked):
    offered(seller, asked)

    answer = buyer.post(f"{asked}/offers/1/accept", {"content_hash": "0" * 64})

    assert answer.status_code == 409
    assert answer.json()["code"] == "offer_changed"
    assert not Order.objects.exists()


def test_of_two_editors_one_wins_and_the_other_is_told(seller, store_admin, asked):
    etag = seller.post(f"{asked}/offer").headers["ETag"]
    lines = {"lines": {"1": {"unit_price": "85"}}}
    assert by_key(store_admin).put(f"{asked}/offer", lines, If_Match=etag).status_code == 200

    answer = seller.put(f"{asked}/offer", {"lines": {"1": {"unit_price": "70"}}}, If_Match=etag)

    assert answer.status_code == 412
    assert "Key of Stella Admin" in answer.json()["detail"]
    assert Offer.objects.get().lines.get().unit_price == 85
    assert seller.put(f"{asked}/offer", lines).status_code == 428
    assert seller.post(f"{asked}/offer/send", If_Match=etag).status_code == 412


def test_an_offer_without_prices_is_refused_at_each_line(seller, asked):
    draft = seller.post(f"{asked}/offer")
    body = {"lines": {"1": {"unit_price": None}, "2": {"unit_price": None}}}
    unpriced = seller.put(f"{asked}/offer", body, If_Match=draft.headers["ETag"])

    answer = seller.post(f"{asked}/offer/send", If_Match=unpriced.headers["ETag"])

    assert answer.status_code == 422
    assert set(pointers(answer)) == {"#/lines/1/unit_price", "#/lines/2/unit_price"}


@pytest.mark.parametrize("price", ["-1", "1e2", "NaN", 12, "0.0000001", ""])
def test_an_impossible_price_is_refused_at_its_place(seller, asked, price):
    etag = seller.post(f"{asked}/offer").headers["ETag"]

    answer = seller.put(f"{asked}/offer", {"lines": {"1": {"unit_price": price}}}, If_Match=etag)

    assert answer.status_code == 422
    assert list(pointers(answer)) == ["#/lines/1/unit_price"]


def test_a_validity_without_time_zone_is_refused(seller, asked):
    etag = seller.post(f"{asked}/offer").headers["ETag"]
    body = {"lines": {"1": {"unit_price": "1"}}, "valid_until": "2027-01-01T00:00:00"}

    answer = seller.put(f"{asked}/offer", body, If_Match=etag)

    assert pointers(answer) == {"#/valid_until": "not_a_moment"}


def test_the_buyer_never_sees_the_draft(buyer, seller, asked):
    seller.post(f"{asked}/offer")

    shown = buyer.get(asked).json()

    assert shown["draft"] is None
    assert shown["offer"] is None
    assert shown["versions"] == []
    assert shown["lines"][0]["offered_price"] is None
    assert (
        buyer.put(f"{asked}/offer", {"lines": {"1": {"unit_price": "1"}}}, If_Match='"1"').status_code == 404
    )


def test_the_buyer_asks_again_and_then_refuses(buyer, seller, asked):
    offered(seller, asked)
    line = buyer.get(asked).json()["lines"][0]["id"]

    again = buyer.post(f"{asked}/offers/1/ask-again", {"lines": {str(line): {"target_price": "81"}}})

    assert again.json()["status"] == "submitted"
    offered(seller, asked, "81.00")
    refused = buyer.post(f"{asked}/offers/2/refuse", {"reason": "Bought elsewhere"})
    assert refused.json()["status"] == "refused"
    assert buyer.post(f"{asked}/offers/2/refuse", {}).json()["code"] == "not_your_turn"


def test_a_request_is_withdrawn_or_declined_with_a_reason(buyer, seller, asked):
    assert seller.post(f"{asked}/decline", {"reason": ""}).status_code == 422
    assert buyer.post(f"{asked}/withdraw", {}).json()["status"] == "withdrawn"
    assert seller.post(f"{asked}/decline", {"reason": "Sold out"}).json()["code"] == "not_your_turn"


def test_other_companies_find_nothing_of_a_request(asked, gil, lev, seller):
    offered(seller, asked)
    for other in (by_key(gil), by_key(lev)):
        assert other.get(asked).status_code == 404
        assert other.post(f"{asked}/withdraw", {}).status_code == 404
        assert other.post(f"{asked}/offer").status_code == 404
        assert other.post(f"{asked}/offers/1/accept", {"content_hash": "0" * 64}).status_code == 404
        assert other.get("quotes").json()["items"] == []
    assert QuoteRequest.objects.get().status == "offered"


def test_roles_bind_in_quotes(asked, cy, wim):
    assert by_key(cy).post(f"{asked}/withdraw", {}).status_code == 403
    assert by_key(wim).post(f"{asked}/offer").status_code == 403


def test_requests_are_listed_with_their_newest_offer(buyer, seller, asked):
    offered(seller, asked)

    (row,) = buyer.get("quotes?my_turn=true").json()["items"]

    assert (row["status"], row["version"], row["net_total"], row["is_expired"]) == (
        "offered",
        1,
        "930.00",
        False,
    )
    assert seller.get("quotes?my_turn=true").json()["items"] == []


def test_a_target_of_no_line_is_refused(buyer):
    cart = cart_with(buyer, ("DRILL-18V", "1"))

    for key in ("x", "-1", "१"):
        answer = buyer.post("quotes", {"cart_id": cart, "lines": {key: {"target_price": "1"}}})
        assert answer.status_code == 422
        assert answer.json()["code"] == "unknown_line"
