"""Requests and offers as the buyer answers them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from kontor.catalog.models import Product
from kontor.companies.models import Membership
from kontor.kernel import clock
from kontor.messaging.models import Message
from kontor.orders.models import Order
from kontor.quotes.models import Offer, QuoteRequest
from kontor.quotes.operations import start_offer
from tests.cast import Cast
from tests.storefront.trade_pages import answered, asked, browser_of, offered, shown


@pytest.fixture
def offer(ana: Membership, sal: Membership, bolt: Product) -> Offer:
    """10.00 per 100 for 2,000 bolts: 200.00 net, within Ana's limit."""
    return offered(ana, sal, [(bolt, 2000)], "10.00")


def _url(name: str, offer: Offer) -> str:
    return reverse(f"storefront:{name}", args=[offer.request_id, offer.version])


def test_the_page_compares_own_price_and_offer(ana: Membership, offer: Offer) -> None:
    browser = browser_of(ana)

    html = shown(browser, reverse("storefront:request", args=[offer.request_id]))

    for part in ("11.00", "10.00", "200.00", "220.00", "20.00", "Freight free", "Accept and order"):
        assert part in html
    assert offer.request.number in shown(browser, reverse("storefront:requests"))
    assert offer.request.number in shown(browser, reverse("storefront:requests") + "?status=turn")
    assert offer.request.number not in shown(browser, reverse("storefront:requests") + "?status=withdrawn")


def test_accepting_is_reviewed_first_and_makes_the_order_at_the_offered_price(
    ana: Membership, cast: Cast, offer: Offer
) -> None:
    browser = browser_of(ana)
    html = shown(browser, _url("offer_accept", offer))
    assert offer.content_hash in html
    assert "238.00" in html
    form = {
        "content_hash": offer.content_hash, "delivery_address_id": cast.addresses["acme"].pk, "po_number": "4500018",
        "pay_by": "terms",
    }  # fmt: skip

    browser.post(_url("offer_accept", offer), form)

    order = Order.objects.get()
    assert (order.net_total, order.po_number, order.status) == (Decimal("200.00"), "4500018", "placed")
    assert QuoteRequest.objects.get().status == "accepted"


def test_an_offer_that_reads_differently_by_now_is_not_accepted(ana: Membership, offer: Offer) -> None:
    answer = browser_of(ana).post(_url("offer_accept", offer), {"content_hash": "0" * 64, "pay_by": "terms"})

    assert answer.status_code == 422
    assert "not the offer that you looked at" in answer.content.decode()
    assert not Order.objects.exists()


def test_an_expired_offer_cannot_be_accepted_but_renewed(ana: Membership, offer: Offer) -> None:
    browser = browser_of(ana)
    browser.get("/")

    with clock.at(clock.now() + timedelta(days=16)):
        html = shown(browser, reverse("storefront:request", args=[offer.request_id]))
        refused = browser.get(_url("offer_accept", offer))

    assert "The offer has expired." in html
    assert "Accept and order" not in html
    assert "Ask again" in html
    assert refused.status_code == 302


def test_asking_again_gives_the_turn_back_with_new_targets(
    ana: Membership, sal: Membership, offer: Offer
) -> None:
    line = offer.request.lines.get()
    browser, url = browser_of(ana), _url("offer_again", offer)
    assert "Send the wish" in shown(browser, url)

    assert browser.post(url, {}).status_code == 422
    browser.post(url, {f"lines/{line.pk}/target_price": "9.50", "note": "A little more, please."})

    request = QuoteRequest.objects.get()
    assert request.status == "submitted"
    assert request.lines.get().target_price == Decimal("9.50")
    newer = answered(request, sal, "9.50")
    html = shown(browser, reverse("storefront:request", args=[request.pk]))
    assert "Version 2" in html
    assert "meets your target" in html
    assert browser.get(_url("offer_accept", newer)).status_code == 200
    assert browser.get(_url("offer_accept", offer)).status_code == 302


def test_refusing_closes_the_request_with_the_reason(ana: Membership, offer: Offer) -> None:
    browser = browser_of(ana)

    browser.post(_url("offer_refuse", offer), {"reason": "Bought elsewhere"})

    assert QuoteRequest.objects.get().status == "refused"
    assert "Bought elsewhere" in shown(browser, reverse("storefront:request", args=[offer.request_id]))


def test_withdrawing_opens_the_cart_again(ana: Membership, bolt: Product) -> None:
    request = asked(ana, (bolt, 2000))
    browser = browser_of(ana)
    assert "prepares an offer" in shown(browser, reverse("storefront:request", args=[request.pk]))

    browser.post(reverse("storefront:request_withdraw", args=[request.pk]))

    request.refresh_from_db()
    assert request.status == "withdrawn"
    assert request.cart is not None
    assert request.cart.status == "open"


def test_a_question_about_a_request_reaches_the_seller(ana: Membership, offer: Offer) -> None:
    url = reverse("storefront:request_message", args=[offer.request_id])

    browser_of(ana).post(url, {"body": "Is freight in it?"})

    message = Message.objects.select_related("thread").get()
    assert (message.thread.subject_type, message.thread.subject_id) == ("quote", offer.request_id)
    assert message.thread.answer_due_from_id == offer.request.seller_id


def test_a_rival_and_a_draft_are_not_found(
    ana: Membership, gil: Membership, sal: Membership, offer: Offer
) -> None:
    rival = browser_of(gil)
    for name in ("offer_accept", "offer_again"):
        assert rival.get(_url(name, offer)).status_code == 404
    assert rival.post(_url("offer_refuse", offer)).status_code == 404
    assert rival.get(reverse("storefront:request", args=[offer.request_id])).status_code == 404
    assert offer.request.number not in shown(rival, reverse("storefront:requests"))

    draft = start_offer(actor=sal.as_actor("page"), request=offer.request)
    buyer = browser_of(ana)
    assert buyer.get(_url("offer_accept", draft)).status_code == 404
    assert "Version 2" not in shown(buyer, reverse("storefront:request", args=[offer.request_id]))


def test_a_viewer_reads_but_does_not_answer(cy: Membership, offer: Offer) -> None:
    browser = browser_of(cy)

    html = shown(browser, reverse("storefront:request", args=[offer.request_id]))

    assert "Accept and order" not in html
    assert "Ask again" not in html
    assert browser.get(_url("offer_accept", offer)).status_code == 403
