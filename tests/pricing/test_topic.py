from decimal import Decimal

import pytest

from kontor.kernel.actors import system_actor
from kontor.kernel.money import line_net, round_amount
from kontor.pricing.models import PriceList
from kontor.pricing.operations import PriceRow, set_prices
from kontor.pricing.queries import ResolvedPrice, Wanted, chain_for, resolve
from tests.cast import Cast
from tests.topics import run_topic


@pytest.mark.covers("R0.5", "R0.20")
def test_the_numbers_on_the_page_about_prices_are_right(cast: Cast):
    skus = {one.sku: one.pk for one in cast.products.values()}

    def chain(company: str | None) -> tuple[int, ...]:
        return chain_for(cast.companies[company].pk if company else None)

    def chain_of(company: str | None) -> list[str]:
        names = PriceList.objects.in_bulk()
        return [names[one].name for one in chain(company)]

    def found(company: str, sku: str, quantity: int) -> ResolvedPrice:
        (price,) = resolve(chain(company), [Wanted(skus[sku], Decimal(quantity))])
        assert price is not None
        return price

    def price(company: str, sku: str, quantity: int) -> str:
        one = found(company, sku, quantity)
        return f"{round_amount(one.amount, one.currency)} {one.currency} per {one.price_base.normalize():f}"

    def line(company: str, sku: str, quantity: int) -> str:
        one = found(company, sku, quantity)
        net = line_net(
            unit_price=one.amount,
            price_base=one.price_base,
            quantity=Decimal(quantity),
            currency=one.currency,
        )
        return f"{net} {one.currency}"

    def set_price(name: str, sku: str, amount: str, *, per: int = 1, from_quantity: int = 1) -> None:
        row = PriceRow(skus[sku], Decimal(amount), Decimal(from_quantity), Decimal(per))
        set_prices(actor=system_actor("test"), price_list=PriceList.objects.get(name=name), rows=[row])

    assert (
        run_topic("prices.md", {"chain_of": chain_of, "price": price, "line": line, "set_price": set_price})
        == 13
    )
