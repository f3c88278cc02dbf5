from django.test import Client

from kontor.kernel import clock
from tests.api.conftest import Caller, by_key, by_session, make_key


def test_a_key_says_who_it_is_and_what_it_may(ana):
    me = by_key(ana).get("me").json()

    assert me["name"] == "Key of Ana Brandt"
    assert me["company"] == "Acme GmbH"
    assert me["roles"] == ["buyer"]
    assert me["order_limit"] == "500.00"
    assert "orders.place" in me["capabilities"]
    assert me["read_only"] is False


def test_the_session_of_the_pages_opens_the_api_too(ana):
    assert by_session(ana).get("me").json()["name"] == "Ana Brandt"


def test_without_key_and_session_one_is_told_how_to_come_in(guest):
    answer = guest.get("me")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Kontor"'
    assert answer.json()["code"] == "not_signed_in"


def test_a_wrong_key_is_refused_even_beside_a_good_session(ana):
    caller = by_session(ana)
    caller.headers["Authorization"] = "Bearer kontor_" + "0" * 64

    assert caller.get("me").status_code == 401


def test_a_revoked_key_is_refused_at_once(ana):
    caller = by_key(ana, revoked_at=clock.now())

    assert caller.get("me").status_code == 401


def test_a_key_of_a_blocked_company_is_refused(ana):
    caller = by_key(ana)
    ana.company.status = "blocked"
    ana.company.save()

    assert caller.get("me").status_code == 401


def test_other_schemes_and_rubbish_are_refused(guest, ana):
    secret = make_key(ana)
    for header in (
        "Basic YTpi",
        "Bearer",
        f"Token {secret}",
        secret,
        "Bearer " + "ä" * 20,
        "Bearer kontor_" + "x" * 9000,
    ):
        answer = Caller(Client(), {"Authorization": header}).get("me")
        assert answer.status_code == 401, header


def test_a_used_key_remembers_the_day(ana):
    by_key(ana).get("me")

    assert ana.company.api_keys.get().last_used_on == clock.today()
