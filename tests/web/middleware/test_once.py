"""Forms that are sent twice, and what must be neither repeated nor forgotten."""

import hashlib

from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from kontor.carts.models import CartLine
from kontor.catalog.models import Product
from kontor.companies.models import Membership
from kontor.kernel.models import IdempotencyKey, RateBucket
from tests.cast import PASSWORD

KEY = "0123456789abcdef0123456789abcdef"


def sign_in(client: Client, ana: Membership, **more: str) -> int:
    form = {"login": ana.user.email, "password": PASSWORD, "once": KEY} | more
    return client.post(reverse("account_login"), form).status_code


def add(client: Client, bolt: Product, quantity: str) -> int:
    form = {"product": bolt.pk, "unit": bolt.base_unit, "quantity": quantity, "once": KEY}
    return client.post(reverse("storefront:cart_add"), form).status_code


def test_the_same_form_twice_has_one_effect(client: Client, ana: Membership, bolt: Product) -> None:
    client.force_login(ana.user)

    assert add(client, bolt, "100") == add(client, bolt, "100") == 303
    assert CartLine.objects.get().quantity == 100


def test_the_same_form_with_other_contents_is_another_intention(
    client: Client, ana: Membership, bolt: Product
) -> None:
    client.force_login(ana.user)

    assert add(client, bolt, "100") == add(client, bolt, "200") == 303
    assert CartLine.objects.get().quantity == 300


def test_who_signs_in_again_with_the_form_of_the_last_time_is_signed_in(
    client: Client, ana: Membership
) -> None:
    sign_in(client, ana)
    client.post(reverse("account_logout"))

    sign_in(client, ana)

    assert client.get(reverse("storefront:profile")).status_code == 200


def test_nothing_is_kept_of_a_sign_in(client: Client, ana: Membership) -> None:
    sign_in(client, ana)

    assert not IdempotencyKey.objects.exists()


def test_a_password_cannot_be_guessed_from_what_is_kept_of_a_form(client: Client, ana: Membership) -> None:
    form = {"contact/password": "a long password 17", "language": "de", "next": "/"}

    client.post(reverse("storefront:language"), form | {"once": KEY})

    digest = hashlib.sha256(b"/language/")
    for name, value in sorted(form.items()):
        digest.update(repr((name, [value])).encode())
    assert bytes(IdempotencyKey.objects.get().fingerprint) != digest.digest()


def test_a_repeat_is_known_after_the_secret_has_changed(
    client: Client, ana: Membership, bolt: Product, settings: LazySettings
) -> None:
    client.force_login(ana.user)
    add(client, bolt, "100")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new one", [settings.SECRET_KEY]

    assert add(client, bolt, "100") == 303
    assert CartLine.objects.get().quantity == 100


def test_attempts_stay_counted_when_the_form_is_refused(client: Client, ana: Membership) -> None:
    answer = client.post(reverse("storefront:register"), {"once": KEY, "legal_name": ""})

    assert answer.status_code == 422
    assert RateBucket.objects.get(key__startswith="register:").count == 1


def test_a_script_cannot_guess_passwords_uncounted(client: Client, ana: Membership) -> None:
    form = {"login": ana.user.email, "password": "wrong", "once": KEY}

    client.post(reverse("account_login"), form, headers={"X-Requested-With": "XMLHttpRequest"})

    assert RateBucket.objects.get(key__startswith="sign-in:account").count == 1
