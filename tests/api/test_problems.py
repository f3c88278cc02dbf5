import pytest
from django.db import OperationalError
from django.test import Client

from kontor.api.rest import api
from kontor.api.schema import operations_of
from kontor.kernel.rates import TooMany
from tests.api.conftest import Caller, by_key


def test_an_unknown_address_is_a_problem_not_a_page(guest):
    answer = guest.get("nothing/here")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_a_wrong_method_says_which_are_possible(ana):
    answer = by_key(ana).delete("me")

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET"
    assert answer.json()["code"] == "method_not_allowed"


def test_head_is_get_without_a_body(ana):
    caller = by_key(ana)

    answer = caller.client.head("/api/v1/me", headers=caller.headers)

    assert answer.status_code == 200
    assert answer.content == b""
    assert int(answer.headers["Content-Length"]) == len(caller.get("me").content)


def test_a_misspelt_parameter_is_refused(ana):
    answer = by_key(ana).get("me?limt=5")

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"parameter": "limt", "code": "unknown_parameter", "detail": "This parameter is not known here."}
    ]


def test_a_known_answer_is_not_sent_again(ana):
    caller = by_key(ana)
    etag = caller.get("me").headers["ETag"]

    again = caller.get("me", If_None_Match=etag)

    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["ETag"] == etag
    assert caller.get("me", If_None_Match='"other"').status_code == 200


def test_the_callers_request_id_comes_back(ana):
    answer = by_key(ana).get("me", X_Request_Id="order-import-0001")

    assert answer.headers["X-Request-Id"] == "order-import-0001"


@pytest.mark.parametrize(
    "address", ["/api/", "/api/v2/me", "/api/v1/", "/api/v1/me/", "/api/v1/orders/x%00y"]
)
def test_everything_below_api_answers_with_problems(guest, address):
    assert Caller(Client()).get(address).status_code == 404


def test_a_body_that_is_not_json_is_refused(dora):
    caller = by_key(dora)
    for body in (b"{", b'{"phone": NaN}', b"\xff\xfe", b"phone=1", b'{"phone": "a"} {}', b"[" * 100_000):
        answer = caller.patch("company", body)
        assert answer.status_code == 400, body[:20]
        assert answer.json()["code"] == "malformed_json"


def test_a_body_of_another_media_type_is_refused(dora):
    caller = by_key(dora)

    answer = caller.patch("company", b"phone=1", Content_Type="application/x-www-form-urlencoded")

    assert answer.status_code == 415
    assert answer.json()["code"] == "not_json"


def test_a_body_of_the_wrong_shape_is_refused_as_a_whole(dora):
    caller = by_key(dora)

    assert caller.patch("company", []).json()["errors"][0]["pointer"] == "#"
    assert caller.patch("company", b"").json()["errors"][0]["pointer"] == "#"


def test_a_nul_character_is_named_at_its_place(dora):
    answer = by_key(dora).post("company/invitations", {"email": "a@b.example", "roles": ["vi\0ewer"]})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/roles/0"
    assert answer.json()["errors"][0]["code"] == "nul_character"


def test_a_body_beyond_the_limit_is_refused(dora, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    answer = by_key(dora).patch("company", {"phone": "1" * 2000})

    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"


def test_a_fault_of_ours_says_nothing_of_the_inside(dora, monkeypatch):
    def fail(**_values: object) -> None:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("kontor.companies.operations.change_company", fail)

    answer = by_key(dora).patch("company", {"phone": "1"})

    assert answer.status_code == 500
    assert answer.json()["code"] == "failed"
    assert b"secret" not in answer.content


def test_a_database_that_does_not_answer_is_a_503_to_be_repeated(dora, monkeypatch):
    def fail(**_values: object) -> None:
        raise OperationalError("canceling statement due to statement timeout")

    monkeypatch.setattr("kontor.companies.operations.change_company", fail)

    answer = by_key(dora).patch("company", {"phone": "1"})

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


def test_sentences_come_in_the_readers_language(guest):
    answer = guest.get("me", Accept_Language="de")

    assert answer.headers["Content-Language"] == "de"
    assert answer.json()["code"] == "not_signed_in"


def test_too_many_requests_are_told_when_to_go_on(ana, monkeypatch):
    caller = by_key(ana)
    monkeypatch.setattr("kontor.web.middleware.limits.window.count", lambda _key: 10**9)

    answer = caller.get("me")

    assert answer.status_code == 429
    assert answer.json()["code"] == "too_many_requests"
    assert 0 < int(answer.headers["Retry-After"]) <= 60


def test_too_many_attempts_are_told_when_to_go_on(dora, monkeypatch):
    def fail(**_values: object) -> None:
        raise TooMany(30)

    monkeypatch.setattr("kontor.companies.operations.change_company", fail)

    answer = by_key(dora).patch("company", {"phone": "1"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")


@pytest.mark.parametrize(
    ("limit", "code", "english", "german"),
    [
        ("0", "greater_than_equal", "At least 1 is possible.", "Mindestens 1 ist möglich."),
        ("201", "less_than_equal", "At most 200 is possible.", "Höchstens 200 ist möglich."),
        ("many", "int_parsing", "This must be a whole number.", "Das muss eine ganze Zahl sein."),
    ],
)
def test_a_limit_that_cannot_be_is_told_in_our_own_words(ana, limit, code, english, german):
    for language, sentence in (("en", english), ("de", german)):
        answer = by_key(ana).get(f"orders?limit={limit}", Accept_Language=language)

        assert answer.status_code == 422
        assert answer.json()["errors"] == [{"parameter": "limit", "code": code, "detail": sentence}]


@pytest.mark.parametrize("quantity", ["1000000000", "9" * 13, "9" * 40, "0" * 20 + "9" * 13])
def test_an_absurdly_large_quantity_is_called_too_large(ana, quantity):
    caller = by_key(ana)
    cart = caller.post("carts", {}).headers["Location"]
    answer = caller.post(f"{cart}/lines", {"sku": "DRILL-18V", "quantity": quantity})

    assert answer.json()["errors"] == [
        {"pointer": "#/quantity", "code": "too_large", "detail": "At most 999999999 is possible."}
    ]


def test_a_number_without_end_is_no_number(ana):
    caller = by_key(ana)
    cart = caller.post("carts", {}).headers["Location"]
    answer = caller.post(f"{cart}/lines", {"sku": "DRILL-18V", "quantity": "9" * 100_000})

    assert [one["code"] for one in answer.json()["errors"]] == ["not_a_decimal"]


@pytest.mark.parametrize(
    "code", ["address_missing", "po_number_missing", "total_too_large", "account_blocked"]
)
def test_the_reference_lists_what_an_order_may_be_refused_for(code):
    told = {one.operation_id: one.view_func.facts.refuses for one in operations_of(api)}

    assert code in told["placeOrder"]
    assert code in told["acceptOffer"]
