"""Orders above a limit: seen, approved, sent back."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from kontor.approvals.models import ApprovalRequest
from kontor.carts.models import Cart
from kontor.carts.operations import add_to_cart, open_cart
from kontor.catalog.models import Product
from kontor.companies.models import Company, Membership
from kontor.orders.intake import OrderDetails
from kontor.orders.models import Order
from kontor.orders.operations import place_order
from kontor.web.sessions import ACTING_FOR
from tests.cast import Cast, actor
from tests.traces import unchanged
from tests.web.markup import problems


@pytest.fixture
def waiting(ana: Membership, hansa: Company, drill: Product, cast: Cast) -> ApprovalRequest:
    """Ana, who may order for 500.00 alone, orders 7 drills for 623.00."""
    buyer = actor(ana)
    cart = open_cart(actor=buyer, seller=hansa)
    add_to_cart(actor=buyer, cart=cart, product_id=drill.pk, quantity=Decimal(7), unit="C62")
    cart.refresh_from_db()
    place_order(
        actor=buyer, cart=cart, details=OrderDetails(delivery_address_id=cast.addresses["acme_plant"].pk)
    )
    return ApprovalRequest.objects.get()


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def at(row: ApprovalRequest) -> str:
    return reverse("storefront:approval", args=[row.pk])


def test_what_waits_stands_in_the_approvers_list_with_amount_and_limit(
    waiting: ApprovalRequest, ben: Membership
) -> None:
    html = signed_in(ben).get(reverse("storefront:approvals")).content.decode()

    for shown in (waiting.subject_title, "Ana Brandt", "623.00", "500.00", "123.00"):
        assert shown in html
    assert problems(html) == []


def test_the_page_says_why_it_waits_and_what_is_ordered(waiting: ApprovalRequest, ben: Membership) -> None:
    html = signed_in(ben).get(at(waiting)).content.decode()

    for shown in ("Limit of Ana Brandt", "623.00", "123.00", "DRILL-18V", "Hafenweg 7", 'value="approve"'):
        assert shown in html
    assert problems(html) == []


def test_ben_approves_and_the_order_goes_to_the_seller(waiting: ApprovalRequest, ben: Membership) -> None:
    answer = signed_in(ben).post(at(waiting), {"decision": "approve", "note": "Fine"})

    waiting.refresh_from_db()
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("storefront:approvals"))
    assert (waiting.status, waiting.decided_by, waiting.note) == ("approved", ben, "Fine")
    assert Order.objects.get().status == Order.Status.PLACED


def test_sent_back_with_a_reason_the_cart_is_open_again(waiting: ApprovalRequest, ben: Membership) -> None:
    signed_in(ben).post(at(waiting), {"decision": "send_back", "note": "Take the cheaper one"})

    assert Order.objects.get().status == Order.Status.SENT_BACK
    cart = Cart.objects.get()
    assert (cart.status, cart.sent_back_note) == (Cart.Status.OPEN, "Take the cheaper one")
    decided = signed_in(ben).get(reverse("storefront:approvals"), {"show": "decided"}).content.decode()
    assert waiting.subject_title in decided


def test_sending_back_needs_a_reason_at_its_field(waiting: ApprovalRequest, ben: Membership) -> None:
    ben_here = signed_in(ben)
    with unchanged():
        answer = ben_here.post(at(waiting), {"decision": "send_back", "note": " "})

    assert answer.status_code == 422
    assert 'id="f-note-error"' in answer.content.decode()


def test_of_two_who_decide_the_second_is_told(
    waiting: ApprovalRequest, ben: Membership, dora: Membership
) -> None:
    signed_in(ben).post(at(waiting), {"decision": "approve"})
    dora_here = signed_in(dora)

    with unchanged():
        assert dora_here.post(at(waiting), {"decision": "approve"}).status_code == 422
    assert "Ben Okafor" in dora_here.get(at(waiting)).content.decode()


def test_the_requester_sees_who_can_approve_and_decides_nothing(
    waiting: ApprovalRequest, ana: Membership
) -> None:
    ana_here = signed_in(ana)
    html = ana_here.get(at(waiting)).content.decode()

    assert "Ben Okafor, Dora Keller" in html
    assert 'name="decision"' not in html
    with unchanged():
        assert ana_here.post(at(waiting), {"decision": "approve"}).status_code == 403
    assert ana_here.get(reverse("storefront:approvals")).status_code == 403


def test_the_approvals_of_others_do_not_exist(
    waiting: ApprovalRequest, gil: Membership, sal: Membership
) -> None:
    rival, seller = signed_in(gil), signed_in(sal)
    with unchanged():
        assert rival.get(at(waiting)).status_code == 404
        assert rival.post(at(waiting), {"decision": "approve"}).status_code == 404
        assert seller.get(at(waiting)).status_code == 404


def test_a_representative_sees_nothing_of_the_customers_approvals(
    waiting: ApprovalRequest, sal: Membership, acme: Company
) -> None:
    client = signed_in(sal)
    session = client.session
    session[ACTING_FOR] = acme.pk
    session.save()

    assert client.get(at(waiting)).status_code == 403


def test_an_empty_list_says_what_belongs_here(ben: Membership) -> None:
    html = signed_in(ben).get(reverse("storefront:approvals")).content.decode()

    assert "Nothing waits for you." in html
    for show in ("others", "decided"):
        assert signed_in(ben).get(reverse("storefront:approvals"), {"show": show}).status_code == 200
