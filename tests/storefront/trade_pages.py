"""Short ways for tests of the buyer's pages: somebody's browser, an offer on the table, sound markup."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.test import Client

from kontor.carts.models import Cart
from kontor.catalog.models import Product
from kontor.companies.models import Membership
from kontor.quotes.models import Offer, QuoteRequest
from kontor.quotes.operations import (
    OfferContent,
    OfferedLine,
    request_quote,
    save_offer,
    send_offer,
    start_offer,
)
from tests.orders.trade import cart_of
from tests.web.markup import problems


def browser_of(member: Membership) -> Client:
    """A browser in which this member has signed in."""
    client = Client()
    client.force_login(member.user)
    return client


def shown(client: Client, url: str) -> str:
    """The page at this address, whose markup is sound."""
    answer = client.get(url)
    html = answer.content.decode()
    assert answer.status_code == 200, f"{url}: {answer.status_code}"
    found = problems(html)
    assert found == []
    return html


def sent(client: Client, url: str, form: dict[str, Any] | None = None) -> str:
    """The page to which a change leads."""
    answer = client.post(url, form or {})
    assert answer.status_code == 303, f"{url}: {answer.status_code}"
    return shown(client, answer.headers["Location"])


def asked(buyer: Membership, *lines: Any) -> QuoteRequest:
    """A request for better prices."""
    cart: Cart = cart_of(buyer.company, *lines)
    return request_quote(actor=buyer.as_actor("page"), cart=cart, targets={}, note="Yearly need 40,000.")


def offered(buyer: Membership, rep: Membership, lines: Sequence[tuple[Product, int]], *prices: str) -> Offer:
    """An offer that waits for the buyer's answer, with a price for each line."""
    request = asked(buyer, *lines)
    return answered(request, rep, *prices)


def answered(request: QuoteRequest, rep: Membership, *prices: str) -> Offer:
    """The next version of the offer for a request."""
    actor = rep.as_actor("page")
    draft = start_offer(actor=actor, request=request)
    content = OfferContent(
        lines=[OfferedLine(position=at, unit_price=Decimal(price)) for at, price in enumerate(prices, 1)],
        conditions="Freight free",
    )
    draft = save_offer(actor=actor, offer=draft, content=content, revision=draft.revision)
    return send_offer(actor=actor, offer=draft, revision=draft.revision)
