"""Codes in the cart: tries are counted by person and by address, at every door, right or wrong."""

import pytest
from django.test import Client
from django.urls import reverse

from kontor.carts.models import Cart
from kontor.catalog.models import Product
from kontor.companies.models import Membership
from tests.api.conftest import by_session
from tests.assembly import Cast
from tests.orders.trade import cart_of
from tests.promotions.baskets import code, promotion
from tests.storefront.trade_pages import browser_of

MONKEY = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def _few(monkeypatch: MONKEY) -> None:
    monkeypatch.setattr("kontor.web.attempts.OF_A_PERSON", 3)
    monkeypatch.setattr("kontor.web.attempts.FROM_AN_ADDRESS", 5)


def _typed(browser: Client, cart: Cart, code: str) -> tuple[int, str]:
    url = reverse("storefront:cart_coupon", args=[cart.pk])
    answer = browser.post(url, {"code": code}, headers={"HX-Request": "true"})
    return answer.status_code, answer.content.decode()


@pytest.mark.covers("R4.18")
def test_a_person_tries_so_many_codes_an_hour_on_pages_and_over_the_api_right_ones_too(
    cast: Cast, ana: Membership, ben: Membership, drill: Product
) -> None:
    code(promotion(cast, needs_code=True), "SPRING")
    cart, browser = cart_of(ana.company, (drill, 1)), browser_of(ana)

    for tried in ("guess-1", "guess-2"):
        assert "We do not know this code, or it is not for you." in _typed(browser, cart, tried)[1]
    assert by_session(ana).post(f"carts/{cart.pk}/coupons", {"code": "guess-3"}).status_code == 200
    status, html = _typed(browser, cart, "SPRING")
    assert (status, "Too many attempts." in html) == (422, True)
    refused = by_session(ana).post(f"carts/{cart.pk}/coupons", {"code": "SPRING"})
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
    assert [one.code for one in cart.coupons.all()] == ["guess-1", "guess-2", "guess-3"]

    # A colleague may, until the address has tried too often.
    assert _typed(browser_of(ben), cart, "SPRING")[0] == 200


def test_an_address_tries_so_many_whoever_it_is(
    cast: Cast, ana: Membership, ben: Membership, gil: Membership, drill: Product
) -> None:
    ours, theirs = cart_of(ana.company, (drill, 1)), cart_of(gil.company, (drill, 1))
    for who, number in ((ana, 1), (ana, 2), (ben, 3), (ben, 4), (gil, 5)):
        assert _typed(browser_of(who), theirs if who is gil else ours, f"guess-{number}")[0] == 200
    assert _typed(browser_of(gil), theirs, "guess-6")[0] == 422
    assert theirs.coupons.count() == 1
