from decimal import Decimal

import pytest

from kontor.audit.models import Entry
from kontor.carts.models import Cart
from kontor.catalog.models import Product
from kontor.companies.models import CustomerAccount
from kontor.kernel.models import OutboxEvent
from kontor.kernel.refusal import NotAllowed, Refused, Stale
from kontor.pricing.models import Price
from kontor.quotes.models import QuoteRequest
from kontor.quotes.operations import ask_again, request_quote, send_offer, start_offer, withdraw_request


@pytest.mark.covers("R0.41", "R0.29")
def test_a_cart_becomes_a_request_with_list_prices_and_targets(request_, cart):
    lines = [
        (
            line.position,
            line.product.sku,
            line.quantity,
            line.list_price,
            line.target_price,
            line.price_base,
            line.note,
        )
        for line in request_.lines.all()
    ]

    assert lines == [
        (1, "BOLT-M8", 20, Decimal("11.00"), Decimal("9.90"), 100, "zinc"),
        (2, "DRILL-18V", 3, Decimal("89.00"), None, 1, ""),
    ]
    assert (request_.number, request_.status, request_.currency) == ("RQ-1001", "submitted", "EUR")
    assert Cart.objects.get().status == Cart.Status.REQUESTED
    entry = Entry.objects.get(verb="quotes.requested")
    assert (entry.about_type, entry.about_id, entry.shared, entry.note) == (
        "quote",
        request_.pk,
        True,
        "For plant 2",
    )
    assert OutboxEvent.objects.get(name="quotes.QuoteRequested").key == f"quote:{request_.pk}"


def untouched(cart) -> bool:
    cart.refresh_from_db()
    return cart.status == "open" and not QuoteRequest.objects.exists() and not OutboxEvent.objects.exists()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("-1", "bad_price"), ("0", "bad_price"), ("NaN", "bad_price"), ("1e3", "bad_price"), ("x", "bad_price"),
        ("1,000", "ambiguous_number"), ("0.0000001", "price_too_precise"), ("9" * 20, "price_too_large"),
        (Decimal("Infinity"), "bad_price"),
    ],
)  # fmt: skip
def test_an_absurd_target_is_refused_at_its_field(ana, cart, typed, code):
    line = cart.lines.first()

    with pytest.raises(Refused) as refusal:
        request_quote(actor=ana.as_actor("page"), cart=cart, targets={line.pk: typed})

    assert (refusal.value.code, list(refusal.value.fields)) == (code, [f"lines/{line.pk}/target_price"])
    assert untouched(cart)


def test_viewer_rival_and_seller_may_not_ask_for_it(cy, gil, sal, cart):
    for member in (cy, gil, sal):
        with pytest.raises(NotAllowed):
            request_quote(actor=member.as_actor("page"), cart=cart, targets={})
    assert untouched(cart)


def test_a_rep_asks_for_the_customer_on_the_phone(sal, acme, cart):
    request = request_quote(actor=sal.as_actor("page").behalf_of(acme.pk, "Acme"), cart=cart, targets={})

    assert (request.requested_by, request.requested_by_name) == (None, "Sal Petersen")


def test_an_article_without_a_price_can_be_asked_for(ana, cart, bolt):
    Price.objects.filter(product=bolt).delete()

    request = request_quote(actor=ana.as_actor("page"), cart=cart, targets={})

    assert [line.list_price for line in request.lines.all()] == [None, Decimal("89.00")]


def test_an_article_that_is_no_longer_made_is_refused_at_its_line(ana, cart, drill):
    Product.objects.filter(pk=drill.pk).update(status="discontinued")

    with pytest.raises(Refused) as refusal:
        request_quote(actor=ana.as_actor("page"), cart=cart, targets={})

    assert refusal.value.code == "discontinued"
    assert list(refusal.value.fields) == [f"lines/{cart.lines.get(product=drill).pk}/quantity"]
    assert untouched(cart)


def test_an_empty_cart_is_refused(ana, cart):
    cart.lines.all().delete()

    with pytest.raises(Refused) as refusal:
        request_quote(actor=ana.as_actor("page"), cart=cart, targets={})

    assert refusal.value.code == "empty_cart"
    assert untouched(cart)


def test_a_target_for_a_line_that_is_gone_is_told(ana, cart):
    with pytest.raises(Stale):
        request_quote(actor=ana.as_actor("page"), cart=cart, targets={2**63: "1"})
    assert untouched(cart)


def test_without_an_account_nothing_is_asked(ana, cart, acme_account):
    CustomerAccount.objects.filter(pk=acme_account.pk).update(status="blocked")

    with pytest.raises(Refused) as refusal:
        request_quote(actor=ana.as_actor("page"), cart=cart, targets={})

    assert refusal.value.code == "account_not_active"
    assert untouched(cart)


def test_ten_megabytes_of_note_are_refused_at_the_field(ana, cart):
    with pytest.raises(Refused) as refusal:
        request_quote(actor=ana.as_actor("page"), cart=cart, targets={}, note="x" * 10_000_000)

    assert (refusal.value.code, list(refusal.value.fields)) == ("text_too_long", ["note"])
    assert untouched(cart)


def test_the_same_cart_is_asked_for_once(ana, cart, request_):
    with pytest.raises(Refused) as refusal:
        request_quote(actor=ana.as_actor("page"), cart=cart, targets={})

    assert refusal.value.code == "cart_closed"
    assert QuoteRequest.objects.count() == 1


def test_a_withdrawn_request_gives_the_cart_back(ana, cart, request_):
    withdraw_request(actor=ana.as_actor("page"), request=request_, reason="Found elsewhere")

    cart.refresh_from_db()
    request_.refresh_from_db()
    assert (cart.status, cart.is_current) == ("open", True)
    assert (request_.status, request_.close_note) == ("withdrawn", "Found elsewhere")
    assert request_.closed_at is not None
    again = request_quote(actor=ana.as_actor("page"), cart=cart, targets={})
    assert again.number == "RQ-1002"


def test_an_offered_request_is_not_withdrawn_but_refused(ana, offer):
    with pytest.raises(Refused) as refusal:
        withdraw_request(actor=ana.as_actor("page"), request=QuoteRequest.objects.get())

    assert refusal.value.code == "not_your_turn"


def test_asking_again_gives_new_targets_and_the_turn_back(ana, sal, offer, request_):
    drills = request_.lines.get(position=2)

    ask_again(actor=ana.as_actor("page"), offer=offer, targets={drills.pk: "80"}, note="Drills too, please")

    request_.refresh_from_db()
    offer.refresh_from_db()
    assert (request_.status, offer.status, offer.answer_note) == (
        "submitted",
        "countered",
        "Drills too, please",
    )
    assert offer.answered_by == ana
    assert [line.target_price for line in request_.lines.all()] == [Decimal("9.90"), Decimal(80)]
    entry = Entry.objects.get(verb="quotes.asked_again")
    assert entry.changes == {"version": 1, "line 2": [None, "80.000000"]}
    second = start_offer(actor=sal.as_actor("page"), request=request_)
    assert (second.version, [line.unit_price for line in second.lines.all()]) == (
        2,
        [Decimal("10.20"), Decimal(85)],
    )
    assert send_offer(actor=sal.as_actor("page"), offer=second, revision=1).status == "sent"


def test_asking_again_for_nothing_is_refused(ana, offer):
    with pytest.raises(Refused) as refusal:
        ask_again(actor=ana.as_actor("page"), offer=offer, targets={})

    assert refusal.value.code == "nothing_asked"
    assert QuoteRequest.objects.get().status == "offered"


def test_a_target_for_a_line_of_another_request_is_refused(ana, offer):
    with pytest.raises(Refused) as refusal:
        ask_again(actor=ana.as_actor("page"), offer=offer, targets={0: "1"})

    assert refusal.value.code == "unknown_line"
