"""What a browser brings along must not be believed: forged hosts, old sessions, dead keys."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from kontor.companies.models import Company, Membership
from kontor.kernel import clock
from kontor.notifications.models import Mail
from kontor.web.models import Session
from tests.cast import PASSWORD
from tests.proof.market import api_key

COOKIE = settings.SESSION_COOKIE_NAME


def sign_in(client: Client, member: Membership) -> str:
    answer = client.post("/account/login/", {"login": member.user.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    return str(client.cookies[COOKIE].value)


@pytest.mark.django_db
def test_a_forged_host_is_refused(client: Client, ana: Membership) -> None:
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1@evil.example"):
        assert client.get("/", headers={"Host": host}).status_code == 400, host


@pytest.mark.django_db
def test_a_reset_link_leads_to_our_own_address_whatever_the_browser_says(
    client: Client, ana: Membership
) -> None:
    forged = {
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "host=evil.example",
        "Origin": "http://evil.example",
    }
    client.post("/account/password/reset/", {"email": ana.user.email}, headers=forged)

    mail = Mail.objects.get(to=ana.user.email)
    links = re.findall(r"https?://[^\s\"<>]+", mail.text + mail.html)
    assert any("/password/reset/key/" in link for link in links)
    assert {link for link in links if not link.startswith(settings.SITE_URL)} == set()


@pytest.mark.django_db
def test_a_reset_for_an_unknown_address_looks_the_same(client: Client, ana: Membership) -> None:
    known = client.post("/account/password/reset/", {"email": ana.user.email})
    unknown = client.post("/account/password/reset/", {"email": "nobody@acme.example"})

    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "onward", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_after_signing_in_nobody_is_sent_elsewhere(client: Client, ana: Membership, onward: str) -> None:
    answer = client.post("/account/login/", {"login": ana.user.email, "password": PASSWORD, "next": onward})

    assert answer.headers["Location"].startswith("/")
    assert not answer.headers["Location"].startswith("//")


@pytest.mark.django_db
def test_the_session_gets_a_new_name_at_sign_in(client: Client, ana: Membership) -> None:
    client.get("/account/login/")
    client.cookies[COOKIE] = planted = "planted0by0another0person0000000"

    fresh = sign_in(client, ana)

    assert fresh != planted
    assert not Session.objects.filter(session_key=planted).exists()


@pytest.mark.django_db
def test_the_session_gets_a_new_name_when_the_company_changes(
    client: Client, ana: Membership, globex: Company
) -> None:
    other = Membership.objects.create(company=globex, user=ana.user, roles=["viewer"])
    before = sign_in(client, ana)

    answer = client.post(f"/switch/{other.pk}/")

    after = client.cookies[COOKIE].value
    assert answer.status_code in (302, 303)
    assert after != before
    assert not Session.objects.filter(session_key=before).exists()


@pytest.mark.django_db
def test_a_deactivated_person_is_out_at_once(client: Client, ana: Membership) -> None:
    sign_in(client, ana)
    assert client.get("/orders/").status_code == 200

    ana.user.is_active = False
    ana.user.save()

    assert client.get("/orders/").status_code == 302
    assert client.get("/api/v1/me").status_code == 401


@pytest.mark.django_db
def test_a_deactivated_seat_and_a_blocked_company_are_out_at_once(client: Client, ana: Membership) -> None:
    sign_in(client, ana)
    ana.is_active = False
    ana.save()
    assert client.get("/orders/").status_code in (302, 403)
    ana.is_active = True
    ana.save()
    assert client.get("/orders/").status_code == 200
    Company.objects.filter(pk=ana.company_id).update(status="blocked")
    assert client.get("/orders/").status_code in (302, 403)


@pytest.mark.django_db
def test_a_changed_password_ends_all_other_sessions(client: Client, ana: Membership) -> None:
    sign_in(client, ana)
    ana.user.set_password("another brass hinge")
    ana.user.save()

    assert client.get("/orders/").status_code == 302


@pytest.mark.django_db
def test_a_revoked_key_is_out_at_once_and_opens_no_page(client: Client, ana: Membership) -> None:
    secret = api_key(ana)
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/me", headers=headers).status_code == 200
    assert client.get("/orders/", headers=headers).status_code == 302

    ana.company.api_keys.update(revoked_at=clock.now())

    answer: Any = client.get("/api/v1/me", headers=headers)
    assert answer.status_code == 401
