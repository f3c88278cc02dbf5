"""What a product costs: the one resolver, for lists, pages, carts, quotes, orders and the API alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kontor.kernel.actors import Actor
from kontor.pricing.models import Price, PriceAssignment, PriceList

Chain = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A product and a quantity in its base units, to be priced; `chosen` are the choices of a configurable one."""

    product_id: int
    base_quantity: Decimal
    chosen: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ResolvedPrice:
    """`amount` in `currency` buys `price_base` base units; it counts from `min_quantity` base units upwards.

    Of a configured product `base` is the amount without what its choices add.
    """

    amount: Decimal
    price_base: Decimal
    currency: str
    price_list_id: int
    min_quantity: Decimal
    base: Decimal


@dataclass(frozen=True, slots=True)
class Break:
    """A quantity break in base units."""

    min_quantity: Decimal
    amount: Decimal
    price_base: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A list of the chain, with its price for a product and quantity; the first list that has one wins.

    `amount` is that price with what the choices add, None where it cannot be told.
    """

    price_list: PriceList
    price: Price | None
    wins: bool
    amount: Decimal | None


RESOLVE = """
SELECT wanted.no, whole.amount, r.price_base, l.currency, r.price_list_id, r.min_quantity, r.amount
FROM unnest(%s::bigint[], %s::numeric[], %s::text[]) WITH ORDINALITY AS wanted (product, quantity, chosen, no)
CROSS JOIN LATERAL pricing_resolve(%s::bigint[], wanted.product, wanted.quantity) AS r
JOIN pricing_price_list l ON l.id = r.price_list_id
CROSS JOIN LATERAL (SELECT CASE WHEN wanted.chosen = '' THEN r.amount ELSE pricing_with_choices(
    r.amount, r.price_base, l.currency, wanted.product, string_to_array(wanted.chosen, ' ')) END AS amount) AS whole
WHERE whole.amount IS NOT NULL
"""
BREAKS = """
SELECT wanted.product, p.min_quantity,
    pricing_with_choices(p.amount, p.price_base, l.currency, wanted.product, %s::text[]), p.price_base, l.currency
FROM unnest(%s::bigint[]) AS wanted (product)
CROSS JOIN LATERAL pricing_resolve(%s::bigint[], wanted.product, 0) AS r
JOIN pricing_price p ON p.product_id = wanted.product AND p.price_list_id = r.price_list_id
JOIN pricing_price_list l ON l.id = r.price_list_id
ORDER BY wanted.product, p.min_quantity
"""


def chain_for(buyer_id: int | None) -> Chain:
    """The price lists that a buying company is priced by, in the order in which they are asked; None is a visitor.

    First the lists assigned to its active accounts, then the public lists of those sellers in the account's currency,
    then the public lists of sellers that show prices to everybody. One statement (SQL function `pricing_chain`).
    """
    if buyer_id is None and not settings.CONFIG.prices_for_guests:
        return ()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pricing_chain(%s::bigint)", [buyer_id])
        (ids,) = cursor.fetchone() or ([],)
    return tuple(ids)


def resolve(chain: Sequence[int], wanted: Sequence[Wanted]) -> list[ResolvedPrice | None]:
    """The price of each wanted product at its quantity, in the same order; None where the chain has none.

    A choice that is not offered, or is priced in another currency, leaves a configured product without a price.
    One statement, however many are wanted.
    """
    prices: list[ResolvedPrice | None] = [None] * len(wanted)
    if not wanted or not chain:
        return prices
    products = [one.product_id for one in wanted]
    quantities = [one.base_quantity for one in wanted]
    with connection.cursor() as cursor:
        cursor.execute(RESOLVE, [products, quantities, [" ".join(one.chosen) for one in wanted], list(chain)])
        for no, *facts in cursor.fetchall():
            prices[no - 1] = ResolvedPrice(*facts)
    return prices


def breaks_of(
    chain: Sequence[int], product_ids: Sequence[int], chosen: Sequence[str] = ()
) -> dict[int, list[Break]]:
    """The quantity breaks of each product that has a price, lowest first, with these choices. One statement."""
    found: dict[int, list[Break]] = {}
    if not chain or not product_ids:
        return found
    with connection.cursor() as cursor:
        cursor.execute(BREAKS, [list(chosen), list(set(product_ids)), list(chain)])
        for product_id, *facts in cursor.fetchall():
            if facts[1] is not None:
                found.setdefault(product_id, []).append(Break(*facts))
    return found


def explain(chain: Sequence[int], wanted: Wanted) -> list[Asked]:
    """Why a product costs what it costs: every list of the chain in order, its price, and which one wins.

    What the choices of a configured product add is the difference of `Asked.amount` and the price.
    """
    lists = PriceList.objects.in_bulk(list(chain))
    nearest: dict[int, Price] = {}
    prices = Price.objects.filter(product_id=wanted.product_id, price_list_id__in=list(chain))
    for price in prices.order_by("min_quantity"):
        if price.min_quantity <= wanted.base_quantity or price.price_list_id not in nearest:
            nearest[price.price_list_id] = price
    winner = next((one for one in chain if one in nearest), None)
    amounts = {one: _whole(nearest[one], lists[one].currency, wanted) for one in nearest}
    return [
        Asked(lists[one], nearest.get(one), one == winner, amounts.get(one)) for one in chain if one in lists
    ]


def _whole(price: Price, currency: str, wanted: Wanted) -> Decimal | None:
    """A price with what the choices add."""
    if not wanted.chosen:
        return price.amount
    about = [price.amount, price.price_base, currency, wanted.product_id, list(wanted.chosen)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pricing_with_choices(%s, %s, %s, %s, %s::text[])", about)
        (amount,) = cursor.fetchone() or (None,)
    return None if amount is None else Decimal(amount)


def assigned_lists(account_id: int) -> list[PriceList]:
    """The lists assigned to an account, first asked first."""
    return list(
        PriceList.objects.filter(assignments__account_id=account_id).order_by("assignments__position")
    )


def prices_of(price_list: PriceList, *, search: str = "") -> QuerySet[Price]:
    """The rows of a list with their products, for a page of it; the caller has checked that the list may be seen."""
    rows = Price.objects.filter(price_list=price_list).select_related("product")
    for word in search.split()[:8]:
        rows = rows.filter(Q(product__sku__icontains=word) | Q(product__name__icontains=word))
    return rows


def price_lists_of(actor: Actor) -> QuerySet[PriceList]:
    """The seller's own lists, public first, with the number of prices and of customers that have it."""
    customers = PriceAssignment.objects.filter(price_list=OuterRef("pk")).order_by()
    prices = Price.objects.filter(price_list=OuterRef("pk")).order_by()
    return (
        PriceList.objects.visible_to(actor)
        .annotate(
            price_count=_count(prices, "price_list"),
            customer_count=_count(customers, "price_list"),
        )
        .order_by("-is_public", "name", "pk")
    )


def _count(rows: QuerySet[Any], by: str) -> Coalesce:
    counted = rows.values(by).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
