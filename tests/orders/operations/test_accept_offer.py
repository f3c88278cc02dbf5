"""An accepted offer becomes an order of exactly what was offered."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from kontor.catalog.operations import save_product
from kontor.fulfilment.operations import ship_now
from kontor.kernel import clock
from kontor.orders.intake import OrderDetails
from kontor.orders.models import Order
from kontor.orders.operations import accept_offer, confirm_order, send_back_order
from kontor.pricing.models import Price
from kontor.quotes.models import Offer
from kontor.quotes.operations import (
    OfferContent,
    OfferedLine,
    request_quote,
    save_offer,
    send_offer,
    start_offer,
)
from kontor.quotes.operations.send import sealed
from kontor.quotes.rules import content_hash
from tests.at_once import at_once, codes
from tests.kits import facts
from tests.orders.trade import SYSTEM, broken, cart_of, stock_of
from tests.traces import refused

DETAILS = OrderDetails(po_number="4711")


def offered(ana, sal, lines, prices) -> Offer:
    cart = cart_of(ana.company, *lines)
    request = request_quote(actor=ana.as_actor("page"), cart=cart, targets={}, note="")
    draft = start_offer(actor=sal.as_actor("page"), request=request)
    content = OfferContent(
        lines=[OfferedLine(position=n, unit_price=Decimal(price)) for n, price in enumerate(prices, start=1)],
        valid_until=clock.now() + timedelta(days=14),
    )
    draft = save_offer(actor=sal.as_actor("page"), offer=draft, content=content, revision=draft.revision)
    sent = send_offer(actor=sal.as_actor("page"), offer=draft, revision=draft.revision)
    return Offer.objects.select_related("request").get(pk=sent.pk)


@pytest.fixture
def offer(ana, sal, bolt, drill) -> Offer:
    """100 bolts at 10.00 per 100 and 3 drills at 80.00: 250.00."""
    return offered(ana, sal, [(bolt, 100), (drill, 3)], ["10.00", "80.00"])


@pytest.mark.covers("R0.42")
def test_the_offer_becomes_an_order_at_its_prices(offer, ana, bolt, drill):
    Price.objects.update(amount=999)
    order = accept_offer(
        actor=ana.as_actor("page"), offer=offer, content_hash=offer.content_hash, details=DETAILS
    )

    assert (order.status, order.net_total, order.offer_id, order.cart_id) == ("placed", 250, offer.pk, None)
    rows = order.lines.order_by("position").values_list(
        "sku", "unit_price", "price_base", "net", "price_source"
    )
    assert list(rows) == [
        ("BOLT-M8", 10, 100, 10, f"offer:{offer.pk}"), ("DRILL-18V", 80, 1, 240, f"offer:{offer.pk}"),
    ]  # fmt: skip
    assert (stock_of(bolt), stock_of(drill)) == ((5000, 100), (12, 3))
    assert Offer.objects.get(pk=offer.pk).status == "accepted"
    assert broken() == []


@pytest.mark.covers("R0.42")
def test_a_kit_is_delivered_as_it_was_when_the_offer_was_sent(ana, sal, kit, bolt, drill):
    offer = offered(ana, sal, [(kit, 2)], ["100.00"])
    (line,) = offer.lines.all()
    assert [(one.sku, one.quantity) for one in line.parts] == [
        ("DRILL-18V", 1), ("BOLT-M8", 50), ("ASSEMBLY-H", Decimal("0.5")),
    ]  # fmt: skip
    save_product(actor=SYSTEM, product=kit, facts=facts("SET-WALL", {"BOLT-M8": 1}))

    order = accept_offer(
        actor=ana.as_actor("page"), offer=offer, content_hash=offer.content_hash, details=DETAILS
    )

    inside = order.lines.get().parts.values_list("sku", "quantity")
    assert list(inside) == [("DRILL-18V", 1), ("BOLT-M8", 50), ("ASSEMBLY-H", Decimal("0.5"))]
    assert (stock_of(bolt), stock_of(drill)) == ((5000, 100), (12, 2))
    assert broken() == []


def test_what_is_in_an_offered_kit_is_under_its_seal(ana, sal, kit):
    offer = offered(ana, sal, [(kit, 2)], ["100.00"])
    before = sealed(offer, list(offer.lines.all()), offer.valid_until)
    assert content_hash(before) == offer.content_hash
    (line,) = offer.lines.all()
    assert line.contents is not None
    line.contents[1]["quantity"] = "49"
    assert content_hash(sealed(offer, [line], offer.valid_until)) != offer.content_hash


def test_it_is_accepted_once(offer, ana):
    accept = partial(
        accept_offer, actor=ana.as_actor("page"), content_hash=offer.content_hash, details=DETAILS
    )
    stale = Offer.objects.select_related("request").get(pk=offer.pk)
    accept(offer=offer)
    with refused("not_your_turn"):
        accept(offer=stale)


def test_what_reads_differently_is_not_accepted(offer, ana):
    with refused("offer_changed"):
        accept_offer(actor=ana.as_actor("page"), offer=offer, content_hash="0" * 64, details=DETAILS)


def test_expired_means_expired(offer, ana):
    with clock.at(offer.valid_until + timedelta(seconds=1)), refused("offer_expired"):
        accept_offer(
            actor=ana.as_actor("page"), offer=offer, content_hash=offer.content_hash, details=DETAILS
        )


def test_without_stock_the_offer_stays_open(ana, sal, drill):
    offer = offered(ana, sal, [(drill, 13)], ["10.00"])
    with refused("not_enough_stock", "lines/0/quantity"):
        accept_offer(
            actor=ana.as_actor("page"), offer=offer, content_hash=offer.content_hash, details=DETAILS
        )


@pytest.mark.parametrize(
    ("who", "code"),
    [("cy", "not_allowed"), ("gil", "not_yours"), ("sal", "not_allowed"), ("lev", "not_allowed")],
)
def test_nobody_else_accepts(cast, offer, who, code):
    with refused(code):
        accept_offer(
            actor=cast.people[who].as_actor("page"),
            offer=offer,
            content_hash=offer.content_hash,
            details=DETAILS,
        )


def test_a_rep_accepts_for_a_customer_on_the_phone(offer, sal, acme):
    actor = sal.as_actor("page").behalf_of(acme.pk, str(acme))
    order = accept_offer(
        actor=actor, offer=offer, content_hash=offer.content_hash, details=OrderDetails(channel="phone")
    )
    assert (order.sales_rep_name, order.channel) == ("Sal Petersen", "phone")


def test_an_offer_above_the_limit_waits_and_can_be_accepted_again_when_sent_back(ana, ben, sal, drill):
    offer = offered(ana, sal, [(drill, 8)], ["80.00"])
    accept = partial(
        accept_offer, actor=ana.as_actor("page"), content_hash=offer.content_hash, details=DETAILS
    )
    order = accept(offer=offer)
    assert order.status == "awaiting_approval"
    send_back_order(actor=ben.as_actor("page"), order=order, reason="Use cost centre 12")
    assert stock_of(drill) == (12, 0)

    again = accept(offer=Offer.objects.select_related("request").get(pk=offer.pk))
    assert (again.status, Order.objects.filter(offer=offer).count()) == ("awaiting_approval", 2)
    assert broken() == []


def test_the_order_goes_on_like_any_other(offer, ana):
    order = accept_offer(
        actor=ana.as_actor("page"), offer=offer, content_hash=offer.content_hash, details=DETAILS
    )
    ship_now(actor=SYSTEM, order=confirm_order(actor=SYSTEM, order=order))
    assert Order.objects.get(pk=order.pk).status == "shipped"
    assert broken() == []


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_one_offer_accepted_ten_times_at_once_is_one_order(ana, sal, bolt):
    offer = offered(ana, sal, [(bolt, 100)], ["10.00"])
    copies = [Offer.objects.select_related("request").get(pk=offer.pk) for _ in range(10)]
    accept = partial(
        accept_offer, actor=ana.as_actor("page"), content_hash=offer.content_hash, details=OrderDetails()
    )
    outcomes = at_once(*[partial(accept, offer=one) for one in copies])

    assert len(codes(outcomes)) == 9
    assert Order.objects.count() == 1
    assert broken() == []
