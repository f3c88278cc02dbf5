"""The examples of docs/topics/charges.md."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from kontor.charges.models import Index, Rule
from kontor.charges.operations import (
    IndexFacts,
    RuleFacts,
    StepFacts,
    TariffFacts,
    save_index,
    save_rule,
    save_tariff,
    set_contents,
    set_index_values,
)
from kontor.charges.queries import borne_by
from kontor.kernel.refusal import Refused
from kontor.pricing.basket import Basket
from tests.cast import Cast, actor
from tests.charges.test_queries import NOW, basket_of, line_of
from tests.topics import run_topic


class Words:
    """What the examples on the page say."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._actor = actor(cast.people["sal"])
        self._products = {one.sku: one for one in cast.products.values()}

    def charge(self, name: str, kind: str, *, per: int = 1, skus: Sequence[str] = (), **more: Any) -> None:
        products = [self._products[sku] for sku in skus]
        facts = RuleFacts(kind=kind, name=name, per=Decimal(per), products=products, **more)
        save_rule(actor=self._actor, facts=facts)

    def tariff(
        self,
        name: str,
        *,
        steps: Mapping[int, str] | None = None,
        free_from: int | None = None,
        customer: str = "",
        none: bool = False,
        **more: Any,
    ) -> None:
        facts = TariffFacts(
            currency="EUR",
            account=self._cast.accounts[customer] if customer else None,
            is_none=none,
            free_from=Decimal(free_from) if free_from else None,
            steps=[StepFacts(Decimal(start), Decimal(amount)) for start, amount in (steps or {}).items()],
            **more,
        )
        try:
            save_tariff(actor=self._actor, rule=Rule.objects.get(name=name), facts=facts)
        except Refused as refusal:
            print("refused:", refusal.message)

    def copper(self, value: str, *, content: Mapping[str, str], base: str) -> None:
        facts = IndexFacts(name="Copper", currency="EUR")
        index: Index = save_index(actor=self._actor, facts=facts)
        set_index_values(actor=self._actor, index=index, values=[(NOW.date(), Decimal(value))])
        rows = [(self._products[sku], Decimal(amount)) for sku, amount in content.items()]
        set_contents(actor=self._actor, index=index, contents=rows)
        self.charge("Copper surcharge", "index", index=index)
        self.tariff("Copper surcharge", index_base=Decimal(base))

    def borne(self, sku: str, **about: Any) -> str:
        return ", ".join(f"{one.reason} {one.net}" for one in borne_by(self._basket(sku, **about)).charges)

    def missing(self, sku: str, **about: Any) -> str:
        (near,) = borne_by(self._basket(sku, **about)).near
        return f"{near.missing} until {near.reason} is saved ({near.saved})"

    def _basket(self, sku: str, *, net: str, quantity: int = 1, country: str = "DE") -> Basket:
        line = line_of(self._products[sku], net, str(quantity))
        return basket_of(self._cast.accounts["acme"], line, delivery_country=country)


def test_the_topic_says_what_the_code_does(cast: Cast):
    words = Words(cast)
    names = {name: getattr(words, name) for name in ("charge", "tariff", "copper", "borne", "missing")}
    assert run_topic("charges.md", names) == 14
