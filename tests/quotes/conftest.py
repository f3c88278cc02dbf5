"""A cart that is worth a better price."""

from datetime import UTC, datetime

import pytest

from kontor.carts.models import Cart
from kontor.carts.operations import add_to_cart, open_cart
from kontor.kernel import clock
from kontor.quotes.models import Offer, QuoteRequest
from kontor.quotes.operations import (
    OfferContent,
    OfferedLine,
    request_quote,
    save_offer,
    send_offer,
    start_offer,
)

NOON = datetime(2026, 3, 20, 11, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    """Everything happens on 20 March 2026, 12:00 in Hamburg."""
    with clock.at(NOON):
        yield NOON


@pytest.fixture
def cart(ana, hansa, bolt, drill) -> Cart:
    """20 boxes of bolts and 3 drills."""
    actor = ana.as_actor("page")
    cart = open_cart(actor=actor, seller=hansa)
    add_to_cart(actor=actor, cart=cart, product_id=bolt.pk, quantity=20, unit="XBX", note="zinc")
    add_to_cart(actor=actor, cart=cart, product_id=drill.pk, quantity=3, unit="C62")
    return cart


@pytest.fixture
def request_(ana, cart) -> QuoteRequest:
    """Ana asks for the bolts at 9.90 per 100."""
    bolts = cart.lines.get(unit="XBX")
    return request_quote(
        actor=ana.as_actor("page"), cart=cart, targets={bolts.pk: "9,90"}, note="For plant 2"
    )


CONTENT = OfferContent(
    lines=[
        OfferedLine(position=1, unit_price="10.20"),
        OfferedLine(position=2, unit_price="85", lead_days=3),
    ],
    conditions="Free house",
    message="Best we can do",
)


@pytest.fixture
def draft(sal, request_) -> Offer:
    """Sal's draft: bolts at 10.20 per 100, drills at 85.00."""
    actor = sal.as_actor("page")
    offer = start_offer(actor=actor, request=request_)
    return save_offer(actor=actor, offer=offer, content=CONTENT, revision=1)


@pytest.fixture
def offer(sal, draft) -> Offer:
    """That draft, sent."""
    return send_offer(actor=sal.as_actor("page"), offer=draft, revision=2)
