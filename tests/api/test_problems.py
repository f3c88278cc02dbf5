import pytest
from django.test import Client

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
