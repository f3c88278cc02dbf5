"""The negotiation page: begin an offer, save it, send it; two editors; decline; messages; versions."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kontor.carts.operations import add_to_cart, open_cart
from kontor.companies.models import Company, Membership
from kontor.kernel import clock
from kontor.messaging.models import Message
from kontor.quotes.models import Offer, QuoteRequest
from kontor.quotes.operations import ask_again, request_quote
from kontor.web.models import Session
from tests.backoffice.offer_form import form_of
from tests.traces import unchanged
from tests.web.markup import problems


@pytest.fixture
def asked(ana: Membership, hansa: Company, bolt, drill) -> QuoteRequest:
    """Ana asks for 20 boxes of bolts at 9.90 and for 3 drills."""
    actor = ana.as_actor("page")
    cart = open_cart(actor=actor, seller=hansa)
    add_to_cart(actor=actor, cart=cart, product_id=bolt.pk, quantity=20, unit="XBX")
    add_to_cart(actor=actor, cart=cart, product_id=drill.pk, quantity=3, unit="C62")
    targets = {cart.lines.get(unit="XBX").pk: "9.90"}
    return request_quote(actor=actor, cart=cart, targets=targets, note="For plant 2")


@pytest.fixture
def office(client: Client, sal: Membership) -> Client:
    client.force_login(sal.user)
    return client


@pytest.fixture
def draft(office: Client, asked: QuoteRequest) -> Offer:
    office.post(reverse("backoffice:offer_start", args=[asked.pk]))
    return Offer.objects.get(request=asked)


def test_the_list_says_what_waits_and_what_it_is_worth(office: Client, asked: QuoteRequest) -> None:
    html = office.get(reverse("backoffice:requests"), {"status": "submitted"}).content.decode()
    none = office.get(reverse("backoffice:requests"), {"q": "globex"}).content.decode()

    assert asked.number in html
    assert "To answer" in html
    assert "€</span>487.00" in html  # 2,000 bolts at 11.00 per 100 and 3 drills at 89.00
    assert "No request fits." in none
    assert problems(html) == []


def test_the_page_shows_target_list_price_stock_and_wish(office: Client, asked: QuoteRequest) -> None:
    html = office.get(reverse("backoffice:request", args=[asked.pk])).content.decode()

    assert "For plant 2" in html
    assert "€</span>9.90" in html
    assert "-10.0 %" in html
    assert "5,000" in html
    assert "Prepare an offer" in html
    assert problems(html) == []


def test_a_draft_is_saved_with_gaps_and_then_sent(office: Client, draft: Offer) -> None:
    address = [draft.request_id, draft.version]
    gaps = form_of(draft) | {"lines/1/unit_price": "10.20", "conditions": "Free house"}
    saved = office.post(reverse("backoffice:offer_save", args=address), gaps)
    draft.refresh_from_db()
    page = office.get(reverse("backoffice:request", args=[draft.request_id])).content.decode()
    last = (clock.now() + timedelta(days=20)).date()
    whole = form_of(draft) | {
        "lines/2/unit_price": "85",
        "lines/2/lead_days": "3",
        "valid_until": last.isoformat(),
    }
    sent = office.post(reverse("backoffice:offer_send", args=address), whole)

    assert (saved.status_code, sent.status_code) == (303, 303)
    assert problems(page) == []
    draft.refresh_from_db()
    assert (draft.status, str(draft.net_total), draft.conditions) == ("sent", "459.000", "Free house")
    assert draft.lines.get(position=2).lead_days == 3
    assert draft.valid_until is not None
    assert draft.valid_until.date() == last
    assert QuoteRequest.objects.get(pk=draft.request_id).status == "offered"


def test_sending_without_a_price_says_so_at_the_line_and_saves_nothing(office: Client, draft: Offer) -> None:
    with unchanged():
        answer = office.post(
            reverse("backoffice:offer_send", args=[draft.request_id, draft.version]),
            form_of(draft) | {"lines/1/unit_price": "10.20", "lines/2/unit_price": ""},
        )

    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="f-lines-2-unit_price-error"' in html
    assert 'value="10.20"' in html
    assert problems(html) == []


def test_a_line_that_is_not_ticked_is_not_offered(office: Client, draft: Offer) -> None:
    form = form_of(draft) | {"lines/1/unit_price": "10.20"}
    del form["lines/2/offered"]
    office.post(reverse("backoffice:offer_send", args=[draft.request_id, draft.version]), form)

    assert list(draft.lines.values_list("position", flat=True)) == [1]


def test_of_two_editors_the_second_sees_what_the_first_saved_and_keeps_what_was_typed(
    office: Client, draft: Offer, store_admin: Membership
) -> None:
    opened = form_of(draft)
    other = Client()
    other.force_login(store_admin.user)
    address = reverse("backoffice:offer_save", args=[draft.request_id, draft.version])
    other.post(address, opened | {"lines/1/unit_price": "10.50"})
    answer = office.post(address, opened | {"lines/1/unit_price": "10.10"})

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Stella Admin saved this draft meanwhile" in html
    assert "<td>10.10</td><td>10.5</td>" in html
    assert str(draft.lines.get(position=1).unit_price) == "10.500000"


def test_versions_stand_beside_each_other(office: Client, draft: Offer, ana: Membership) -> None:
    prices = {"lines/1/unit_price": "10.20", "lines/2/unit_price": "85"}
    office.post(reverse("backoffice:offer_send", args=[draft.request_id, 1]), form_of(draft) | prices)
    ask_again(actor=ana.as_actor("page"), offer=Offer.objects.get(pk=draft.pk), targets={}, note="Too much")
    office.post(reverse("backoffice:offer_start", args=[draft.request_id]))
    second = Offer.objects.get(request=draft.request_id, version=2)
    office.post(
        reverse("backoffice:offer_send", args=[draft.request_id, 2]),
        form_of(second) | prices | {"lines/1/unit_price": "9.95"},
    )

    html = office.get(reverse("backoffice:request", args=[draft.request_id])).content.decode()
    assert "Versions compared" in html
    assert "Version 1" in html
    assert "Version 2" in html
    assert problems(html) == []


def test_declining_needs_a_reason(office: Client, asked: QuoteRequest) -> None:
    address = reverse("backoffice:request_decline", args=[asked.pk])
    with unchanged():
        silent = office.post(address, {"reason": ""})
    office.post(address, {"reason": "Out of range"})

    assert silent.status_code == 422
    asked.refresh_from_db()
    assert (asked.status, asked.close_note) == ("declined", "Out of range")


def test_a_message_reaches_the_conversation_and_an_empty_one_is_refused(
    office: Client, asked: QuoteRequest
) -> None:
    address = reverse("backoffice:request_message", args=[asked.pk])
    empty = office.post(address, {"body": " "})
    office.post(address, {"body": "Two weeks or four?"})

    assert empty.status_code == 422
    assert Message.objects.get().body == "Two weeks or four?"
    assert "Two weeks or four?" in office.get(reverse("backoffice:request", args=[asked.pk])).content.decode()


def test_a_representative_answers_as_seller_also_while_working_for_the_customer(
    office: Client, asked: QuoteRequest, acme: Company
) -> None:
    Session.objects.filter(session_key=office.session.session_key).update(acting_for=acme)

    html = office.get(reverse("backoffice:request", args=[asked.pk])).content.decode()

    assert "Prepare an offer" in html


@pytest.mark.parametrize("name", ["request", "offer_start", "request_decline", "request_message"])
def test_requests_to_another_seller_do_not_exist(
    client: Client, lev: Membership, asked: QuoteRequest, name: str
) -> None:
    client.force_login(lev.user)
    address = reverse(f"backoffice:{name}", args=[asked.pk])

    assert (client.get(address) if name == "request" else client.post(address)).status_code == 404


@pytest.mark.parametrize("who", ["ana", "wim", "fin", "cat"])
def test_others_do_not_get_in(client: Client, request: pytest.FixtureRequest, who: str) -> None:
    client.force_login(request.getfixturevalue(who).user)

    assert client.get(reverse("backoffice:requests")).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_lines(
    office: Client, asked: QuoteRequest, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(20):
        office.get(reverse("backoffice:request", args=[asked.pk]))
    with django_assert_max_num_queries(6):
        office.get(reverse("backoffice:requests"))
