"""Price lists of the demo that derive, prices that begin later, a list in francs, an article on request."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from kontor.catalog.models import Product
from kontor.companies.models import CustomerAccount
from kontor.companies.operations import put_in_group, save_customer_group
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.pricing.models import ExchangeRate, PriceList
from kontor.pricing.operations import (
    Formula,
    Given,
    PriceListFacts,
    PriceRow,
    assign_group_lists,
    save_price_list,
    set_prices,
)
from kontor.pricing.queries import assigned_lists

CENT = Decimal("0.01")
ZONE = ZoneInfo("Europe/Berlin")
FRANCS = Decimal("0.9312")
AHEAD = 8
"""How many of Acme's articles cost less from the first of next month on."""


def derive_prices(
    *,
    actor: Actor,
    lists: Mapping[str, PriceList],
    accounts: Sequence[CustomerAccount],
    products: Sequence[Product],
) -> None:
    """After all trade, so that no order of the past had these prices."""
    public = lists["public"]
    formula = Formula(public, Decimal("0.9"), round_to=Decimal("0.05"))
    dealers = save_price_list(
        actor=actor, facts=PriceListFacts(name="Dealers", code="dealers", currency="EUR", formula=formula)
    )
    group = save_customer_group(actor=actor, name="Dealers")
    at_list_prices = [one for one in accounts if one.status == "active" and not assigned_lists(one.pk)]
    put_in_group(actor=actor, accounts=at_list_prices[:2], group=group)
    assign_group_lists(actor=actor, group=group, given=Given(price_lists=[dealers]))
    _in_francs(actor, public)
    _ahead(actor, lists["acme"], products)
    for price_list in lists.values():
        set_prices(actor=actor, price_list=price_list, rows=[PriceRow(products[-1].pk, None)], replace=True)


def _in_francs(actor: Actor, public: PriceList) -> None:
    ExchangeRate.objects.update_or_create(
        seller=public.seller, source="EUR", target="CHF", day=clock.today(), defaults={"rate": FRANCS}
    )
    formula = Formula(public, Decimal("1.03"), round_to=Decimal("0.05"), rate_days=366)
    facts = PriceListFacts(
        name="Switzerland", code="switzerland", currency="CHF", is_public=True, formula=formula
    )
    save_price_list(actor=actor, facts=facts)


def _ahead(actor: Actor, price_list: PriceList, products: Sequence[Product]) -> None:
    """Prices of an agreement that begin on the first of next month, 5 % below those of now."""
    today = clock.now().astimezone(ZONE)
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    begins = datetime(first.year, first.month, 1, tzinfo=ZONE)
    now = price_list.prices.filter(product__in=[one.pk for one in products[:AHEAD]], valid_from=None)
    rows = [
        PriceRow(
            one.product_id,
            (one.amount * Decimal("0.95")).quantize(CENT, ROUND_HALF_UP),
            one.min_quantity,
            one.price_base,
            valid_from=begins,
        )
        for one in now
        if one.amount is not None
    ]
    set_prices(actor=actor, price_list=price_list, rows=rows)
