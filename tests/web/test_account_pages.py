"""Sign-in, passwords, the second factor: library views in our look, nothing inline, a name for every field."""

import time

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from kontor.companies.models import Membership
from kontor.notifications.models import Mail
from tests.cast import PASSWORD
from tests.web.markup import problems

GUEST = (
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_inactive",
    "account_signup",
)
OWN = ("account_change_password", "account_logout", "mfa_index", "account_reauthenticate")


@pytest.mark.parametrize("name", GUEST)
def test_pages_before_sign_in_are_ours(client: Client, store_admin: Membership, name: str) -> None:
    html = client.get(reverse(name)).content.decode()

    assert "entrance-card" in html
    assert problems(html) == []


@pytest.mark.parametrize("name", OWN)
def test_pages_about_ones_own_sign_in_are_ours_and_never_cached(
    client: Client, ana: Membership, name: str
) -> None:
    client.force_login(ana.user)

    answer = client.get(reverse(name))

    assert answer.status_code == 200
    assert "kontor.js" in answer.content.decode()
    assert problems(answer.content.decode()) == []
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_wrong_password_is_told_without_saying_which_part_was_wrong(
    client: Client, ana: Membership
) -> None:
    answer = client.post(reverse("account_login"), {"login": ana.user.email, "password": "wrong"})

    html = answer.content.decode()
    assert 'role="alert"' in html
    assert problems(html) == []
    assert "wrong" not in html


def test_a_second_factor_is_set_up_after_the_password_was_given_once_more(
    client: Client, ana: Membership
) -> None:
    signed_in = client.post(reverse("account_login"), {"login": ana.user.email, "password": PASSWORD})
    asked = client.get(reverse("mfa_activate_totp"))
    client.post(asked.headers["Location"], {"password": PASSWORD})

    set_up = client.get(reverse("mfa_activate_totp"))

    assert (signed_in.status_code, asked.status_code, set_up.status_code) == (302, 302, 200)
    assert "data:image/svg+xml" in set_up.content.decode()
    assert problems(set_up.content.decode()) == []


@pytest.fixture
def secret(ana: Membership) -> str:
    """Ana has a second factor; what her telephone knows."""
    secret: str = totp.generate_totp_secret()
    totp.TOTP.activate(ana.user, secret)
    return secret


def _code(secret: str) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30)))


def test_who_has_a_second_factor_signs_in_with_it(client: Client, ana: Membership, secret: str) -> None:
    asked = client.post(reverse("account_login"), {"login": ana.user.email, "password": PASSWORD})
    before = client.get(reverse("storefront:profile"))
    html = client.get(asked.headers["Location"]).content.decode()
    client.post(asked.headers["Location"], {"code": _code(secret)})

    assert asked.headers["Location"] == reverse("mfa_authenticate")
    assert before.status_code == 302
    assert problems(html) == []
    assert client.get(reverse("storefront:profile")).status_code == 200


def test_codes_cannot_be_guessed_without_end(client: Client, ana: Membership, secret: str) -> None:
    client.post(reverse("account_login"), {"login": ana.user.email, "password": PASSWORD})
    for _attempt in range(10):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})

    html = client.post(reverse("mfa_authenticate"), {"code": _code(secret)}).content.decode()

    assert "Too many attempts" in html
    assert client.get(reverse("storefront:profile")).status_code == 302


def test_a_code_opens_once_whichever_process_it_is_shown_to(ana: Membership, secret: str) -> None:
    code = _code(secret)
    for expected in (200, 302):
        browser = Client()
        browser.post(reverse("account_login"), {"login": ana.user.email, "password": PASSWORD})
        browser.post(reverse("mfa_authenticate"), {"code": code})
        cache.clear()  # what another process would know of it

        assert browser.get(reverse("storefront:profile")).status_code == expected


def test_a_forgotten_password_is_replaced_by_the_link(client: Client, ana: Membership) -> None:
    link = (user_pk_to_url_str(ana.user), default_token_generator.make_token(ana.user))
    form = client.get(reverse("account_reset_password_from_key", args=link)).headers["Location"]
    new = "another long one 9"
    html = client.get(form).content.decode()

    client.post(form, {"password1": new, "password2": new})

    assert problems(html) == []
    client.post(reverse("account_login"), {"login": ana.user.email, "password": new})
    assert client.get(reverse("storefront:profile")).status_code == 200


def test_nobodys_mailbox_is_flooded_with_links(client: Client, ana: Membership) -> None:
    answers = {
        client.post(reverse("account_reset_password"), {"email": ana.user.email}).status_code
        for _attempt in range(12)
    }

    assert answers == {302}
    assert Mail.objects.filter(to=ana.user.email).count() == 10


def test_a_used_reset_link_says_so(client: Client, ana: Membership) -> None:
    html = client.get(reverse("account_reset_password_from_key", args=["a", "b-c"])).content.decode()

    assert "This link no longer works" in html


def test_no_page_of_addresses_writes_while_it_is_read(client: Client, ana: Membership) -> None:
    client.force_login(ana.user)

    assert client.get("/account/email/").status_code == 404
