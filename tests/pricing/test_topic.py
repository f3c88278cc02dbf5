from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from kontor.kernel.actors import system_actor
from kontor.kernel.money import line_net, round_amount
from kontor.pricing.models import PriceList
from kontor.pricing.operations import (
    Formula,
    Given,
    PriceListFacts,
    PriceRow,
    assign_lists,
    assign_lists_for_all,
    save_price_list,
    set_prices,
)
from kontor.pricing.queries import ResolvedPrice, Wanted, chain_for, lists_of, resolve
from tests.cast import Cast
from tests.topics import run_topic

SYSTEM = system_actor("test")


class Words:
    """What the examples on the page say."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._skus = {one.sku: one.pk for one in cast.products.values()}

    def chain_of(self, company: str | None) -> list[str]:
        names = PriceList.objects.in_bulk()
        chain = chain_for(self._cast.companies[company].pk if company else None)
        return [names[one].name for one in lists_of(chain)]

    def price(self, company: str, sku: str, quantity: int, *, unit: str = "", on: str | None = None) -> str:
        one = self._found(company, sku, quantity, unit, on)
        if one is None:
            return "on request"
        return f"{round_amount(one.amount, one.currency)} {one.currency} per {one.price_base.normalize():f}"

    def line(self, company: str, sku: str, quantity: int) -> str:
        one = self._found(company, sku, quantity)
        assert one is not None
        net = line_net(
            unit_price=one.amount,
            price_base=one.price_base,
            quantity=Decimal(quantity),
            currency=one.currency,
        )
        return f"{net} {one.currency}"

    def set_price(self, name: str, sku: str, amount: str | None, **facts: Any) -> None:
        row = PriceRow(
            self._skus[sku],
            None if amount is None else Decimal(amount),
            Decimal(facts.get("from_quantity", 1)),
            Decimal(facts.get("per", 1)),
            facts.get("unit", ""),
            _moment(facts.get("begins")),
            _moment(facts.get("ends")),
        )
        set_prices(actor=SYSTEM, price_list=_named(name), rows=[row])

    def derive(self, name: str, basis: str, **figures: str) -> None:
        formula = Formula(_named(basis), **{key: Decimal(text) for key, text in figures.items()})
        facts = PriceListFacts(name=name, currency="EUR", formula=formula)
        save_price_list(actor=SYSTEM, facts=facts, seller=_named(basis).seller)

    def give(self, company: str, *names: str) -> None:
        given = Given(price_lists=[_named(name) for name in names])
        assign_lists(actor=SYSTEM, account=self._cast.accounts[company], given=given)

    def graduate(self, name: str, parts: bool) -> None:
        PriceList.objects.filter(name=name).update(is_graduated=parts)

    def take_lowest(self, seller: str, lowest: bool) -> None:
        given = Given(price_lists=[], takes_lowest=lowest)
        assign_lists_for_all(actor=SYSTEM, given=given, seller=self._cast.companies[seller.lower()])

    def _found(
        self, company: str, sku: str, quantity: int, unit: str = "", on: str | None = None
    ) -> ResolvedPrice | None:
        at = _moment(on)
        chain = chain_for(self._cast.companies[company].pk, at)
        (price,) = resolve(chain, [Wanted(self._skus[sku], Decimal(quantity), unit=unit)], at)
        return price


def _moment(day: str | None) -> datetime | None:
    return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None


def _named(name: str) -> PriceList:
    return PriceList.objects.get(name=name)


@pytest.mark.covers("R0.5", "R0.20")
def test_the_numbers_on_the_page_about_prices_are_right(cast: Cast):
    words = Words(cast)
    said = {name: getattr(words, name) for name in vars(Words) if not name.startswith("_")}
    assert run_topic("prices.md", said) == 37
