"""Baskets and promotions for tests, with what a test does not care about filled in."""

from decimal import Decimal
from typing import Any

from kontor.kernel import clock
from kontor.kernel.money import line_net
from kontor.pricing.basket import Basket, BasketLine
from kontor.promotions.models import CodeBatch, Coupon, Promotion
from tests.assembly import Cast


def line(product_id: int, quantity: int | str, price: str, **facts: Any) -> BasketLine:
    """A line at a price of the public list, per piece."""
    number = Decimal(quantity)
    net = line_net(unit_price=Decimal(price), price_base=Decimal(1), quantity=number, currency="EUR")
    about: dict[str, Any] = {"unit": "C62", "price_source": "list:1", "tax_category": "standard"} | facts
    return BasketLine(
        product_id=product_id,
        quantity=number,
        base_quantity=number,
        unit_price=Decimal(price),
        price_base=Decimal(1),
        net=net,
        **about,
    )


def basket(cast: Cast, *lines: BasketLine, who: str = "ana", **facts: Any) -> Basket:
    """What this person of a buying company is about to buy of Hansa."""
    member = cast.people[who]
    about: dict[str, Any] = {
        "channel": "web",
        "currency": "EUR",
        "at": clock.now(),
        "account_id": None,
    } | facts
    return Basket(
        seller_id=cast.companies["hansa"].pk,
        buyer_id=member.company_id,
        membership_id=member.pk,
        lines=lines,
        **about,
    )


def promotion(cast: Cast, *effects: dict[str, Any], **facts: Any) -> Promotion:
    """A promotion of Hansa as it stands in the database; 10 per cent off unless effects are given."""
    about: dict[str, Any] = {"name": "Spring", "is_active": True, "currency": "EUR"} | facts
    given = list(effects) or [{"kind": "percent", "percent": "10"}]
    return Promotion.objects.create(seller=cast.companies["hansa"], effects=given, **about)


def code(one: Promotion, text: str, uses_limit: int | None = None) -> Coupon:
    """A code that opens a promotion."""
    batch = CodeBatch.objects.create(promotion=one, name=text, count=1, made_by="Sal")
    key = text.upper().replace("-", "")
    return Coupon.objects.create(
        batch=batch, promotion=one, seller_id=one.seller_id, code=text, key=key, uses_limit=uses_limit
    )
