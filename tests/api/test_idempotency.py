"""One intention, one effect: what a client can rely on when it repeats a request."""

import threading

import orjson
import pytest
from django.db import connection
from django.test import Client

from kontor.companies.models import Address, Invitation
from kontor.kernel.models import IdempotencyKey
from tests.api.conftest import by_key, by_session

COLLEAGUE = {"email": "new@acme.example", "roles": ["viewer"]}


@pytest.mark.covers("R0.43")
def test_a_repeat_gets_the_same_bytes_and_no_second_effect(dora):
    caller = by_key(dora)
    first = caller.post("company/invitations", COLLEAGUE, Idempotency_Key="a-1")

    again = caller.post("company/invitations", COLLEAGUE, Idempotency_Key='"a-1"')

    assert again.content == first.content
    assert again.status_code == first.status_code == 201
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Idempotency-Replayed" not in first.headers
    assert Invitation.objects.count() == 1


def test_the_same_key_for_another_request_is_refused(dora):
    caller = by_key(dora)
    caller.post("company/invitations", COLLEAGUE, Idempotency_Key="a-1")

    answer = caller.post("company/invitations", COLLEAGUE | {"roles": ["buyer"]}, Idempotency_Key="a-1")

    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency_key_reused"
    assert Invitation.objects.get().roles == ["viewer"]


def test_a_change_without_a_key_is_refused(dora):
    answer = by_key(dora).post("company/invitations", COLLEAGUE, Idempotency_Key="")

    assert answer.status_code == 400
    assert answer.json()["code"] == "idempotency_key_missing"
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("key", ["a b", "x" * 101, '""', "ä"])
def test_an_unusable_key_is_refused(dora, key):
    answer = by_key(dora).post("company/invitations", COLLEAGUE, Idempotency_Key=key)

    assert answer.status_code == 400
    assert answer.json()["code"] == "bad_idempotency_key"


def test_a_refused_request_may_be_corrected_under_the_same_key(dora):
    caller = by_key(dora)
    wrong = caller.post("company/invitations", COLLEAGUE | {"email": "nobody"}, Idempotency_Key="a-1")
    assert wrong.status_code == 422
    assert not IdempotencyKey.objects.exists()

    assert caller.post("company/invitations", COLLEAGUE, Idempotency_Key="a-1").status_code == 201


def test_keys_of_different_callers_do_not_meet(dora, gil):
    first = by_key(dora).post("company/invitations", COLLEAGUE, Idempotency_Key="a-1")

    other = by_key(gil).post("company/invitations", COLLEAGUE, Idempotency_Key="a-1")
    third = by_session(dora).post(
        "company/invitations", COLLEAGUE | {"email": "b@acme.example"}, Idempotency_Key="a-1"
    )

    assert other.status_code == third.status_code == 201
    assert other.json()["id"] != first.json()["id"]


def test_a_repeated_deletion_gets_its_204_again(dora, cast):
    caller = by_key(dora)
    path = f"company/addresses/{cast.addresses['acme_plant'].pk}"

    first = caller.delete(path, If_Match="*", Idempotency_Key="d-1")
    again = caller.delete(path, If_Match="*", Idempotency_Key="d-1")

    assert (first.status_code, again.status_code) == (204, 204)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Address.objects.filter(company=dora.company, is_archived=False).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_request_whose_first_try_still_runs_is_told_to_wait(dora):
    caller = by_key(dora)
    holding, done = threading.Event(), threading.Event()
    key = dora.company.api_keys.get()

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"key:{key.pk}:a-1"])
            holding.set()
            done.wait(10)
            cursor.execute("ROLLBACK")
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    holding.wait(10)
    answer = caller.post("company/invitations", COLLEAGUE, Idempotency_Key="a-1")
    done.set()
    other.join()

    assert answer.status_code == 409
    assert answer.json()["code"] == "still_running"
    assert answer.headers["Retry-After"] == "1"
    assert not Invitation.objects.exists()


def test_a_page_session_also_needs_the_form_token(dora):
    client = Client(enforce_csrf_checks=True)
    client.force_login(dora.user)

    answer = client.post(
        "/api/v1/company/invitations",
        orjson.dumps(COLLEAGUE),
        content_type="application/json",
        headers={"Idempotency-Key": "a-1"},
    )

    assert answer.status_code == 403
    assert answer.json()["code"] == "csrf_failed"
    assert not Invitation.objects.exists()
