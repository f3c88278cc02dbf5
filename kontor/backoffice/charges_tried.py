"""What a basket would bear beside its goods: a net value or articles, for a customer, to a country, on a day."""

from dataclasses import dataclass, replace
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.urls import path
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kontor.backoffice.named_customer import customer_named
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Product
from kontor.charges.queries import borne_by
from kontor.companies.models import Company
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.money import line_net, round_amount
from kontor.orders.models import Order
from kontor.pricing.basket import Basket, BasketLine
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.queries import Wanted, chain_for, resolve
from kontor.web.access import needs
from kontor.web.asked import day_of
from kontor.web.forms import number_problem
from kontor.web.identity import PersonRequest
from kontor.web.numbers import number_from
from kontor.web.pages import page

TRY = "backoffice/charges/try.html"
MOST_LINES = 200
ONE = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the page was asked, as a basket without lines; `problems` has a sentence for each field."""

    basket: Basket
    problems: dict[str, str]


@needs(EDIT_PRICES)
@require_GET
def charges_tried(request: PersonRequest) -> HttpResponse:
    """GET /office/charges/try/?value=120&country=DE&customer=10001&lines=SKU 10 -> what comes on top."""
    actor = at_own_desk(request)
    asked = _asked(request, actor)
    problems = asked.problems
    lines, facts = _lines(request.GET.get("lines", ""), asked, actor)
    value = request.GET.get("value", "").strip()
    amount = number_from(value) if value else None
    if value and (amount is None or amount < 0):
        problems["value"] = number_problem(value)
    elif amount:
        lines.append(_of_value(round_amount(amount, asked.basket.currency)))
    basket = replace(asked.basket, lines=lines)
    borne = borne_by(basket) if lines and not problems else None
    total = basket.net_total
    if borne:
        total += sum(-one.net if one.is_allowance else one.net for one in borne.charges)
    return page(
        request,
        TRY,
        block="answer",
        typed=request.GET,
        problems=problems,
        basket=basket,
        borne=borne,
        goods=facts,
        value=amount if value and "value" not in problems else None,
        total=total,
        channels=Order.Channel.choices,
    )


def _asked(request: PersonRequest, actor: Actor) -> _Asked:
    typed, problems = request.GET, {}
    account = customer_named(actor, typed.get("customer", ""))
    if account is None and typed.get("customer", "").strip():
        problems["customer"] = _("No customer, or more than one, is called so.")
    seller = Company.objects.get(pk=actor.company_id or 0)
    day, text = day_of(typed.get("day", "")), typed.get("day", "")
    if text and day is None:
        problems["day"] = _("Enter a day.")
    country = typed.get("country", seller.country).strip().upper()[:2]
    basket = Basket(
        seller_id=seller.pk,
        buyer_id=account.buyer_id if account else seller.pk,
        account_id=account.pk if account else None,
        membership_id=None,
        channel=typed.get("channel", "web")[:12],
        currency=(typed.get("currency", "") or seller.currency).strip().upper()[:3],
        at=make_aware(datetime.combine(day, time(12))) if day else clock.now(),
        lines=(),
        delivery_postcode=typed.get("postcode", "")[:20].replace("\x00", ""),
        delivery_country=country if country.isascii() and country.isalpha() else "",
    )
    return _Asked(basket=basket, problems=problems)


def _of_value(net: Decimal) -> BasketLine:
    return BasketLine(
        product_id=0, unit="C62", quantity=ONE, base_quantity=ONE, unit_price=net, price_base=ONE, net=net,
        tax_category="standard", price_source="list:0",
    )  # fmt: skip


def _lines(text: str, asked: _Asked, actor: Actor) -> tuple[list[BasketLine], list[dict[str, Any]]]:
    """Lines of SKU and quantity, at the price of the customer; and what is told of each."""
    wanted: list[tuple[str, Decimal]] = []
    for row in text.replace("\x00", "").splitlines()[:MOST_LINES]:
        sku, _blank, figure = row.strip().replace("\t", " ").partition(" ")
        if sku:
            quantity = number_from(figure.strip() or "1")
            if quantity is None or quantity <= 0:
                asked.problems["lines"] = number_problem(figure)
                return [], []
            wanted.append((sku, quantity))
    own = Product.objects.visible_to(actor).filter(
        seller_id=actor.company_id, sku__in=[sku for sku, _quantity in wanted]
    )
    by_sku = {product.sku: product for product in own}
    if missing := [sku for sku, _quantity in wanted if sku not in by_sku]:
        asked.problems["lines"] = _("There is no article %(sku)s among yours.") % {"sku": missing[0][:40]}
        return [], []
    basket = asked.basket
    chain = chain_for(basket.buyer_id if basket.account_id else None, basket.at)
    prices = resolve(chain, [Wanted(by_sku[sku].pk, quantity) for sku, quantity in wanted], basket.at)
    lines, told = [], []
    for (sku, quantity), price in zip(wanted, prices, strict=True):
        product = by_sku[sku]
        amount, base = (price.amount, price.price_base) if price else (Decimal(0), ONE)
        net = line_net(unit_price=amount, price_base=base, quantity=quantity, currency=basket.currency)
        line = BasketLine(
                product_id=product.pk,
                unit=product.base_unit,
                quantity=quantity,
                base_quantity=quantity,
                unit_price=amount,
                price_base=base,
                net=net,
                tax_category=product.tax_category,
                price_source="list:0",
        )  # fmt: skip
        lines.append(line)
        told.append({"product": product, "quantity": quantity, "net": net, "is_priced": price is not None})
    return lines, told


urlpatterns = [path("charges/try/", charges_tried, name="charges_tried")]
