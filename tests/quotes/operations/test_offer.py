from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from kontor.audit.models import Entry
from kontor.carts.models import Cart, CartLine
from kontor.carts.operations import open_cart
from kontor.kernel import clock
from kontor.kernel.refusal import NotAllowed, Refused, Stale
from kontor.pricing.models import Price
from kontor.quotes.models import Offer, OfferLine, QuoteRequest
from kontor.quotes.operations import (
    OfferContent,
    OfferedLine,
    decline_request,
    mark_accepted,
    refuse_offer,
    reopen_offer,
    request_quote,
    save_offer,
    send_offer,
    start_offer,
)
from kontor.quotes.queries import request_detail
from tests.quotes.conftest import CONTENT, NOON
from tests.traces import refused


def test_a_draft_begins_with_the_wishes_at_the_customers_own_prices(sal, request_):
    offer = start_offer(actor=sal.as_actor("page"), request=request_)

    assert (offer.version, offer.status, offer.prepared_by_name) == (1, "draft", "Sal Petersen")
    assert [(line.quantity, line.unit_price, line.price_base) for line in offer.lines.all()] == [
        (20, Decimal("11.00"), 100), (3, Decimal("89.00"), 1),
    ]  # fmt: skip
    assert [(line.list_price, line.net) for line in offer.lines.all()] == [
        (Decimal("11.00"), Decimal("220.00")), (Decimal("89.00"), Decimal("267.00")),
    ]  # fmt: skip
    assert offer.net_total == Decimal("487.00")


def test_what_has_no_list_price_is_left_to_be_priced(ana, sal, hansa, bolt, drill):
    Price.objects.filter(product=bolt).delete()
    cart = open_cart(actor=ana.as_actor("page"), seller=hansa)
    for product in (bolt, drill):
        CartLine.objects.create(cart=cart, product=product, quantity=100, unit="C62")
    request = request_quote(actor=ana.as_actor("page"), cart=cart, targets={})
    offer = start_offer(actor=sal.as_actor("page"), request=request)

    assert [(one.unit_price, one.list_price, one.net) for one in offer.lines.all()] == [
        (None, None, 0), (Decimal("89.00"), Decimal("89.00"), Decimal("8900.00")),
    ]  # fmt: skip
    with refused("unpriced_lines", "lines/1/unit_price"):
        send_offer(actor=sal.as_actor("page"), offer=offer, revision=1)


def test_another_quantity_is_compared_with_its_own_list_price(ana, sal, draft):
    lines = [OfferedLine(position=1, quantity=5, unit_price="11.90", price_base=1000)]
    offer = save_offer(actor=sal.as_actor("page"), offer=draft, content=OfferContent(lines=lines), revision=2)
    detail = request_detail(sal.as_actor("page"), "RQ-1001")
    bolts, drills = detail.lines

    # 500 bolts are below the break at 1,000: 12.50 per 100 instead of 11.00.
    assert offer.lines.get().list_price == Decimal("125.00")
    assert (bolts.list_price, bolts.list_base, bolts.list_net) == (125, 1000, Decimal("62.50"))
    assert (drills.offered, drills.list_net) == (None, Decimal("267.00"))
    assert (detail.list_total, detail.is_comparable) == (Decimal("62.50"), True)

    send_offer(actor=sal.as_actor("page"), offer=offer, revision=3)
    Price.objects.all().delete()
    assert request_detail(ana.as_actor("page"), "RQ-1001").list_total == Decimal("62.50")


def test_two_who_begin_get_the_same_draft(sal, store_admin, request_):
    drafts = [start_offer(actor=one.as_actor("page"), request=request_) for one in (sal, store_admin)]

    assert drafts[0] == drafts[1]


def test_only_the_seller_it_was_sent_to_makes_an_offer(ana, wim, lev, gil, request_):
    for member in (ana, wim, lev, gil):
        with pytest.raises(NotAllowed):
            start_offer(actor=member.as_actor("page"), request=request_)
    assert not Offer.objects.exists()


def test_a_saved_draft_adds_up(draft):
    assert [line.net for line in draft.lines.all()] == [Decimal("204.00"), Decimal("255.00")]
    assert (draft.net_total, draft.revision, draft.conditions) == (Decimal("459.00"), 2, "Free house")


def test_of_two_edits_of_one_draft_the_second_is_told_who_was_first(sal, store_admin, draft):
    save_offer(actor=store_admin.as_actor("page"), offer=draft, content=CONTENT, revision=2)

    with pytest.raises(Stale) as refusal:
        save_offer(
            actor=sal.as_actor("page"),
            offer=draft,
            content=OfferContent(lines=[OfferedLine(position=1)]),
            revision=2,
        )

    assert refusal.value.message.startswith("Stella Admin saved this draft meanwhile.")
    assert Offer.objects.get().net_total == Decimal("459.00")


ABSURD = [
    (OfferedLine(position=1, unit_price="-1"), "bad_price", "lines/1/unit_price"),
    (OfferedLine(position=1, unit_price="1e3"), "bad_price", "lines/1/unit_price"),
    (OfferedLine(position=1, unit_price=Decimal("1E+400")), "price_too_large", "lines/1/unit_price"),
    (OfferedLine(position=1, quantity="0"), "not_positive", "lines/1/quantity"),
    (OfferedLine(position=1, price_base="NaN"), "not_a_number", "lines/1/price_base"),
    (OfferedLine(position=1, lead_days=-1), "bad_lead_days", "lines/1/lead_days"),
    (OfferedLine(position=1, note="x" * 501), "text_too_long", "lines/1/note"),
]


@pytest.mark.parametrize(("line", "code", "field"), ABSURD)
def test_an_absurd_line_is_refused_at_its_field_and_the_draft_stays(sal, draft, line, code, field):
    with pytest.raises(Refused) as refusal:
        save_offer(actor=sal.as_actor("page"), offer=draft, content=OfferContent(lines=[line]), revision=2)

    assert (refusal.value.code, list(refusal.value.fields)) == (code, [field])
    assert Offer.objects.get().revision == 2
    assert OfferLine.objects.count() == 2


@pytest.mark.parametrize("positions", [[3], [0], [1, 1], [2**40]])
def test_a_line_that_was_not_asked_for_is_refused(sal, draft, positions):
    content = OfferContent(lines=[OfferedLine(position=position) for position in positions])

    with pytest.raises(Refused) as refusal:
        save_offer(actor=sal.as_actor("page"), offer=draft, content=content, revision=2)

    assert refusal.value.code == "unknown_line"


@pytest.mark.parametrize("away", [timedelta(seconds=-1), timedelta(0), timedelta(days=732)])
def test_a_validity_in_the_past_or_beyond_two_years_is_refused_at_its_field(sal, draft, away):
    content = OfferContent(lines=CONTENT.lines, valid_until=NOON + away)

    with pytest.raises(Refused) as refusal:
        save_offer(actor=sal.as_actor("page"), offer=draft, content=content, revision=2)

    assert (refusal.value.code, list(refusal.value.fields)) == ("bad_validity", ["valid_until"])


def test_an_offer_with_an_unpriced_line_is_not_sent(sal, request_):
    actor = sal.as_actor("page")
    offer = start_offer(actor=actor, request=request_)
    without = OfferContent(lines=[OfferedLine(position=1), OfferedLine(position=2)])
    offer = save_offer(actor=actor, offer=offer, content=without, revision=1)

    with pytest.raises(Refused) as refusal:
        send_offer(actor=actor, offer=offer, revision=2)

    assert refusal.value.code == "unpriced_lines"
    assert list(refusal.value.fields) == ["lines/1/unit_price", "lines/2/unit_price"]
    assert QuoteRequest.objects.get().status == "submitted"


@pytest.mark.covers("R0.29", "R2.10")
def test_a_sent_offer_is_valid_for_14_days_to_the_end_of_the_day_in_hamburg(offer, request_):
    request_.refresh_from_db()

    assert (offer.status, request_.status) == ("sent", "offered")
    assert offer.valid_until == datetime.fromisoformat("2026-04-03T23:59:59+02:00")
    assert len(offer.content_hash) == 64
    entry = Entry.objects.get(verb="quotes.offer_sent")
    assert (entry.shared, entry.note) == (True, "Best we can do")


def test_a_draft_that_changed_is_not_sent_unseen(sal, draft):
    with pytest.raises(Stale):
        send_offer(actor=sal.as_actor("page"), offer=draft, revision=1)
    assert QuoteRequest.objects.get().status == "submitted"


def test_a_newer_version_replaces_the_one_before(ana, sal, offer, request_):
    second = start_offer(actor=sal.as_actor("page"), request=request_)
    send_offer(actor=sal.as_actor("page"), offer=second, revision=1)

    assert [(one.version, one.status) for one in Offer.objects.order_by("version")] == [
        (1, "superseded"),
        (2, "sent"),
    ]
    with pytest.raises(Stale) as refusal:
        mark_accepted(actor=ana.as_actor("page"), offer=offer, content_hash=offer.content_hash)
    assert refusal.value.code == "offer_superseded"
    assert QuoteRequest.objects.get().status == "offered"


def test_what_was_sent_cannot_be_changed_even_by_sql(offer):
    for change in (
        lambda: offer.lines.update(unit_price=1),
        lambda: offer.lines.all().delete(),
        lambda: Offer.objects.update(conditions="other"),
        lambda: Offer.objects.update(status="draft"),
        lambda: OfferLine.objects.create(
            offer=offer,
            position=9,
            product_id=offer.lines.first().product_id,
            unit="C62",
            factor=1,
            quantity=1,
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.covers("R0.42")
def test_accepting_closes_the_request_and_says_who_and_when(ana, offer):
    accepted = mark_accepted(actor=ana.as_actor("page"), offer=offer, content_hash=offer.content_hash)

    request = QuoteRequest.objects.get()
    assert (accepted.status, accepted.answered_by, accepted.answered_at) == ("accepted", ana, NOON)
    assert (request.status, request.closed_at) == ("accepted", NOON)
    assert Entry.objects.get(verb="quotes.offer_accepted").changes["content_hash"] == offer.content_hash


def test_it_can_be_accepted_in_its_last_second_and_not_after(ana, offer):
    with clock.at(offer.valid_until + timedelta(microseconds=1)), pytest.raises(Refused) as refusal:
        mark_accepted(actor=ana.as_actor("page"), offer=offer, content_hash=offer.content_hash)
    assert refusal.value.code == "offer_expired"
    assert QuoteRequest.objects.get().status == "offered"

    with clock.at(offer.valid_until):
        mark_accepted(actor=ana.as_actor("page"), offer=offer, content_hash=offer.content_hash)
    assert QuoteRequest.objects.get().status == "accepted"


def test_only_what_was_read_is_accepted(ana, offer):
    with pytest.raises(Stale) as refusal:
        mark_accepted(actor=ana.as_actor("page"), offer=offer, content_hash="0" * 64)

    assert refusal.value.code == "offer_changed"
    assert Offer.objects.get().status == "sent"


def test_seller_viewer_and_rival_do_not_accept(sal, cy, gil, offer):
    for member in (sal, cy, gil):
        with pytest.raises(NotAllowed):
            mark_accepted(actor=member.as_actor("page"), offer=offer, content_hash=offer.content_hash)


def test_a_refused_offer_closes_the_request(ana, offer):
    refuse_offer(actor=ana.as_actor("page"), offer=offer, reason="Too dear")

    request = QuoteRequest.objects.get()
    assert (request.status, request.close_note, Offer.objects.get().answer_note) == (
        "refused",
        "Too dear",
        "Too dear",
    )


def test_a_declined_request_gives_the_cart_back_with_the_reason(sal, request_):
    with pytest.raises(Refused) as refusal:
        decline_request(actor=sal.as_actor("page"), request=request_, reason=" ")
    assert (refusal.value.code, list(refusal.value.fields)) == ("reason_missing", ["reason"])

    decline_request(actor=sal.as_actor("page"), request=request_, reason="Out of our range")

    assert QuoteRequest.objects.get().close_note == "Out of our range"
    assert Cart.objects.get().status == "open"


def test_a_draft_of_a_closed_request_says_why_it_cannot_be_saved(ana, sal, offer, request_):
    second = start_offer(actor=sal.as_actor("page"), request=request_)
    mark_accepted(actor=ana.as_actor("page"), offer=offer, content_hash=offer.content_hash)

    with pytest.raises(Stale) as refusal:
        save_offer(actor=sal.as_actor("page"), offer=second, content=CONTENT, revision=1)

    assert (
        refusal.value.message
        == "The offer of RQ-1001 has been accepted; its order is placed. Nothing was changed."
    )


def test_an_order_sent_back_puts_its_offer_on_the_table_again(ana, offer):
    mark_accepted(actor=ana.as_actor("page"), offer=offer, content_hash=offer.content_hash)

    reopen_offer(offer_id=offer.pk)

    assert QuoteRequest.objects.get().status == "offered"
    mark_accepted(actor=ana.as_actor("page"), offer=Offer.objects.get(), content_hash=offer.content_hash)
    assert QuoteRequest.objects.get().status == "accepted"
