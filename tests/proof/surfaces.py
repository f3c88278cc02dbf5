"""Everywhere that a price is told, asked the same question: what each surface answers, as it answers it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import orjson
from django.test import Client
from django.urls import reverse

from kontor.carts.models import Cart, CartLine
from kontor.carts.operations import add_lines
from kontor.catalog.models import Product, SalesUnit
from kontor.companies.models import CustomerAccount, Membership
from kontor.kernel.refusal import Refused
from kontor.orders.intake import EnteredLine, EnteredOrder, OrderDetails
from kontor.orders.models import Order, OrderLine
from kontor.orders.operations import enter_order, place_order
from kontor.pricing.explain import explain
from kontor.pricing.queries import ResolvedPrice, Wanted, chain_for, resolve
from kontor.quotes.models import Offer
from kontor.quotes.operations import request_quote, start_offer
from kontor.search.queries import Card, Window, browse, cards_of, find, viewer_for
from kontor.web.values import unit_price

Figures = tuple[Decimal, Decimal] | None
"""An amount and for how many base units it is; None where there is no price."""


@dataclass(frozen=True)
class Question:
    """So much of an article in a sales unit."""

    product: Product
    unit: SalesUnit
    quantity: Decimal

    @property
    def base_quantity(self) -> Decimal:
        return self.quantity * self.unit.factor

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.product.pk, self.base_quantity, unit=self.unit.unit)


@dataclass
class Asker:
    """A buying company with its person and its seller's, or (without them) a visitor."""

    buyer: Membership | None = None
    rep: Membership | None = None
    account: CustomerAccount | None = None
    client: Client = field(default_factory=Client)
    desk: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        for client, member in ((self.client, self.buyer), (self.desk, self.rep)):
            if member:
                client.force_login(member.user)

    @property
    def company_id(self) -> int | None:
        return self.buyer.company_id if self.buyer else None

    @property
    def viewer(self) -> Any:
        return viewer_for(self.company_id)

    def told(self, question: Question) -> ResolvedPrice | None:
        """What the one resolver says."""
        (price,) = resolve(chain_for(self.company_id), [question.wanted])
        return price

    def page(self, address: str, **query: Any) -> str:
        answer: Any = self.client.get(address, query)
        assert answer.status_code == 200, (address, answer.status_code)
        return (b"".join(answer) if answer.streaming else answer.content).decode()

    def api(self, path: str, body: Any = None, *, client: Client | None = None) -> Any:
        client, address = client or self.client, f"/api/v1/{path}"
        if body is None:
            return orjson.loads(client.get(address).content)
        return orjson.loads(client.post(address, orjson.dumps(body), content_type="application/json").content)


def figures(of: Any, amount: str = "amount", base: str = "price_base") -> Figures:
    """Those in a row, or in a body of the API."""
    known = of if isinstance(of, dict) else {name: getattr(of, name) for name in (amount, base)}
    return None if known[amount] is None else (Decimal(known[amount]), Decimal(known[base]))


def written(question: Question, price: ResolvedPrice | None) -> str:
    """A price as pages write it, whatever its size; "" for none."""
    if price is None:
        return ""
    html = str(unit_price(price.amount, price.currency, price.price_base, question.product.base_unit))
    return _plain(html)


def _plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).strip()


def _first_price(html: str) -> str:
    found = re.search(r'<span class="money price[^"]*">(?:[^<]|<span[^>]*>[^<]*</span>)*</span>', html)
    return _plain(found[0]) if found else ""


def _card(cards: list[Card], question: Question) -> Figures:
    (one,) = (card for card in cards if card.product_id == question.product.pk)
    return figures(one)


def _drawn(html: str, question: Question) -> str:
    """The price on the card of an article."""
    (card,) = (one for one in html.split('<article class="card product">') if _names(one, question))
    return _first_price(card.split("</article>")[0])


def _names(html: str, question: Question) -> bool:
    return f'class="sku">{question.product.sku}<' in html


def _compared(asker: Asker, question: Question) -> str:
    """Beside another article, in the second column."""
    other = (
        Product.objects.filter(sku__startswith="P-10", status="active")
        .exclude(pk=question.product.pk)
        .first()
    )
    assert other is not None
    html = asker.page(reverse("storefront:compare"), p=[other.pk, question.product.pk])
    row = html[html.index("<tbody>") :].split("</tr>")[0]
    return _first_price(row.split("<td>")[2])


def _product(asker: Asker, question: Question) -> str:
    html = asker.page(reverse("storefront:product", args=[question.product.pk, question.product.slug]))
    found = re.search(r'<p class="price-large">(.*?)</p>', html, re.DOTALL)
    return _first_price(found[1]) if found else ""


def _detail(asker: Asker, question: Question) -> Figures:
    """The breaks of the API's product, by the rule that is written beside them."""
    return by_breaks(
        asker.api(f"products/{question.product.pk}")["breaks"],
        question,
        "min_quantity",
        "amount",
        "price_base",
    )


def by_breaks(
    breaks: list[dict[str, str]], question: Question, least: str, amount: str, base: str
) -> Figures:
    reached = [one for one in breaks if Decimal(one[least]) <= question.base_quantity] or breaks[:1]
    return (Decimal(reached[-1][amount]), Decimal(reached[-1][base])) if reached else None


def _asked(asker: Asker, question: Question) -> Figures:
    line = {"product_id": question.product.pk, "unit": question.unit.unit, "quantity": str(question.quantity)}
    (item,) = asker.api("prices/query", {"lines": [line]})["items"]
    return figures(item)


AT_FIRST: dict[str, Callable[[Asker, Question], Figures | str]] = {
    "a listing": lambda asker, one: _card(browse(asker.viewer, window=Window(per_page=100)).cards, one),
    "what words find": lambda asker, one: _card(find(asker.viewer, "gizmo").cards, one),
    "chosen cards": lambda asker, one: _card(cards_of(asker.viewer, [one.product.pk]), one),
    "a shelf's page": lambda asker, one: _drawn(asker.page("/catalog/gadgets/"), one),
    "the search page": lambda asker, one: _drawn(asker.page("/search/", q="gizmo"), one),
    "the comparison": _compared,
    "the product's page": _product,
    "the API's list": lambda asker, one: figures(
        next(each for each in asker.api("products?limit=100")["items"] if each["id"] == one.product.pk)
    ),
}
"""What answers without being asked for a quantity: the price of the smallest, in the unit offered first."""
BY_BREAKS: dict[str, Callable[[Asker, Question], Figures | str]] = {"the API's product": _detail}
"""What tells all breaks of the unit offered first, for anybody."""
ASKED: dict[str, Callable[[Asker, Question], Figures | str]] = {"the API's prices": _asked}
"""What takes a quantity and a unit, from anybody."""


def cart_of(asker: Asker, question: Question) -> Cart:
    assert asker.buyer is not None
    cart = Cart.objects.create(
        buyer=asker.buyer.company, seller=question.product.seller, is_current=False, created_by=asker.buyer
    )
    CartLine.objects.create(
        cart=cart, product=question.product, quantity=question.quantity, unit=question.unit.unit
    )
    return cart


def _in_cart(asker: Asker, cart: Cart) -> Figures:
    (line,) = asker.api(f"carts/{cart.pk}")["lines"]
    return figures(line)


def _pasted(asker: Asker, question: Question) -> Figures:
    assert asker.buyer is not None
    cart = Cart.objects.create(
        buyer=asker.buyer.company, seller=question.product.seller, is_current=False, created_by=asker.buyer
    )
    text = f"{question.product.sku};{question.quantity.normalize():f};{question.unit.unit}"
    report = add_lines(actor=asker.buyer.as_actor("page"), cart=cart, text_or_rows=text)
    assert not report.rejected, report.rejected
    return _in_cart(asker, cart)


def _row_of(html: str, question: Question) -> str:
    """The price in the row of a table that names the article."""
    (row,) = (one for one in html.split("<tr")[1:] if question.product.sku in one and "data-label" in one)
    return _first_price(row)


def _no_price(refusal: Refused) -> None:
    if refusal.code not in ("lines_not_orderable", "no_price"):
        raise refusal


def _ordered(asker: Asker, question: Question) -> Figures:
    assert asker.buyer is not None
    try:
        order = place_order(
            actor=asker.buyer.as_actor("page"), cart=cart_of(asker, question), details=OrderDetails()
        )
    except Refused as refusal:
        _no_price(refusal)
        return None
    return figures(order.lines.get(), "unit_price")


def _ordered_by_api(asker: Asker, question: Question) -> Figures:
    cart = cart_of(asker, question)
    answer = asker.client.post(
        "/api/v1/orders",
        orjson.dumps({"cart_id": cart.pk}),
        content_type="application/json",
        headers={"Idempotency-Key": f"proof-{cart.pk}"},
    ).json()
    if "id" not in answer:
        assert answer["code"] == "lines_not_orderable", answer
        return None
    (line,) = answer["lines"]
    return figures(line, "unit_price")


def _entered(asker: Asker, question: Question) -> Figures:
    """An order entered by the seller, without a price of its own."""
    assert asker.rep is not None
    assert asker.account is not None
    line = EnteredLine(product_id=question.product.pk, quantity=question.quantity, unit=question.unit.unit)
    try:
        order = enter_order(
            actor=asker.rep.as_actor("page"),
            entered=EnteredOrder(account_id=asker.account.pk, lines=[line], channel=Order.Channel.PHONE),
        )
    except Refused as refusal:
        _no_price(refusal)
        return None
    return figures(OrderLine.objects.get(order=order), "unit_price")


def _offered(asker: Asker, question: Question) -> Figures:
    """At what an offer starts."""
    assert asker.buyer is not None
    assert asker.rep is not None
    request = request_quote(actor=asker.buyer.as_actor("page"), cart=cart_of(asker, question), targets={})
    offer: Offer = start_offer(actor=asker.rep.as_actor("page"), request=request)
    return figures(offer.lines.get(), "unit_price")


def _explained(asker: Asker, question: Question) -> Figures:
    told = [one for one in explain(chain_for(asker.company_id), question.wanted) if one.wins]
    return figures(told[0].price) if told and told[0].price else None


def _explained_to_seller(asker: Asker, question: Question) -> Figures:
    assert asker.account is not None
    path = f"customers/{asker.account.pk}/prices/{question.product.pk}"
    asked = f"?quantity={question.quantity}&unit={question.unit.unit}"
    price = asker.api(path + asked, client=asker.desk)["price"]
    return figures(price) if price else None


def _told(asker: Asker, question: Question) -> Figures:
    asked = f"quantity={question.quantity}&unit={question.unit.unit}"
    price = asker.api(f"products/{question.product.pk}/price?{asked}")["price"]
    return figures(price) if price else None


ASKED_BY_BUYERS: dict[str, Callable[[Asker, Question], Figures | str]] = {
    "the API's price": _told,
    "the reasons": _explained,
    "the reasons told to the seller": _explained_to_seller,
    "the cart": lambda asker, one: _in_cart(asker, cart_of(asker, one)),
    "the cart's page": lambda asker, one: _row_of(
        asker.page(reverse("storefront:cart_detail", args=[cart_of(asker, one).pk])), one
    ),
    "pasted lines": _pasted,
    "the page before an order": lambda asker, one: _row_of(
        asker.page(reverse("storefront:checkout", args=[cart_of(asker, one).pk])), one
    ),
    "an order": _ordered,
    "an order over the API": _ordered_by_api,
    "an order entered by the seller": _entered,
    "an offer": _offered,
}
"""What takes a quantity and a unit from somebody who buys."""
