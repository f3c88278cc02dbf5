"""Costs and lowest prices of the demo, and a price round that waits for a second person."""

from datetime import timedelta
from decimal import Decimal

from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.pricing.mass import Shift, Which
from kontor.pricing.models import Price, PriceList
from kontor.pricing.operations import (
    CostRow,
    save_round,
    set_costs,
    set_price_policy,
    shift_into_round,
    submit_round,
)

FINEST = Decimal("0.000001")
PARTS = ("0.62", "0.71", "0.78", "0.84", "0.93")
"""What part of the list price an article costs, in turn: fat, fair and thin margins."""


def know_costs(*, admin: Actor, sales: Actor, public: PriceList) -> None:
    """Costs and a least margin for everything in the public list; one brand goes up by 3 % next month."""
    day = clock.today() - timedelta(days=90)
    rows = Price.objects.filter(price_list=public, unit="", valid_from=None, amount__gt=0)
    each = {
        product_id: (amount or 0) / base
        for product_id, amount, base in rows.order_by("-min_quantity").values_list(
            "product_id", "amount", "price_base"
        )
    }
    costs = [
        CostRow(product_id, day, (price * Decimal(PARTS[place % 5])).quantize(FINEST), None, Decimal(8))
        for place, (product_id, price) in enumerate(sorted(each.items()))
    ]
    set_costs(actor=admin, rows=costs)
    set_price_policy(actor=admin, rounds_need_approval=True)
    brand = Price.objects.filter(price_list=public).exclude(product__brand="").order_by("product__sku")
    name = brand.values_list("product__brand", flat=True).first() or ""
    begun = save_round(actor=sales, name=f"{name} +3 %", starts_at=clock.now() + timedelta(days=14))
    shift = Shift(percent=Decimal(3), round_to=Decimal("0.01"))
    if shift_into_round(
        actor=sales, price_round=begun, price_list=public, which=Which(brand=name), shift=shift
    ):
        submit_round(actor=sales, price_round=begun)
