"""What a product costs: the one resolver, for lists, pages, carts, quotes, orders and the API alike."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kontor.companies.models import CustomerAccount
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.pricing.models import Price, PriceAssignment, PriceList, PriceScope

Chain = str
"""Whose price lists are asked in which order and by which formulas, as PostgreSQL writes it (`pricing_step[]`). "" is
nobody's: no prices. It is handed from statement to statement and never read here."""
NO_STEPS = "{}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A product and a quantity in its base units, to be priced; `chosen` are the choices of a configurable one.

    `unit` is the sales unit in which it is ordered ("": prices of a unit do not count).
    """

    product_id: int
    base_quantity: Decimal
    chosen: Sequence[str] = ()
    unit: str = ""


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


# The few lists of the chain are named once: joined for each line, a short table of lists would be read whole each time.
NAMED = """
WITH named AS MATERIALIZED (
    SELECT id, currency FROM pricing_price_list
    WHERE id IN (SELECT list FROM unnest(%(chain)s::pricing_step[]))
)
"""
RESOLVE = f"""{NAMED}
SELECT r.no, whole.amount, r.price_base, l.currency, r.price_list_id, r.min_quantity, r.amount
FROM (
    SELECT wanted.no, wanted.product, wanted.chosen, price.*
    FROM unnest(%(products)s::bigint[], %(quantities)s::numeric[], %(chosen)s::text[], %(units)s::text[])
        WITH ORDINALITY AS wanted (product, quantity, chosen, unit, no)
    CROSS JOIN LATERAL pricing_resolve(
        %(chain)s::pricing_step[], wanted.product, wanted.quantity, wanted.unit, %(at)s) AS price
) AS r
JOIN named l ON l.id = r.price_list_id
CROSS JOIN LATERAL (SELECT CASE WHEN r.chosen = '' THEN r.amount ELSE pricing_with_choices(
    r.amount, r.price_base, l.currency, r.product, string_to_array(r.chosen, ' ')) END AS amount) AS whole
WHERE whole.amount IS NOT NULL
"""
BREAKS = f"""{NAMED}
SELECT b.product, b.min_quantity,
    pricing_with_choices(b.amount, b.price_base, l.currency, b.product, %(chosen)s::text[]), b.price_base, l.currency
FROM (
    SELECT wanted.product, rung.*
    FROM unnest(%(products)s::bigint[]) AS wanted (product)
    CROSS JOIN LATERAL pricing_breaks(%(chain)s::pricing_step[], wanted.product, %(unit)s, %(at)s) AS rung
) AS b
JOIN named l ON l.id = b.price_list_id
ORDER BY b.product, b.min_quantity
"""
LISTS = """
SELECT list FROM unnest(%s::pricing_step[]) WITH ORDINALITY AS s (list, source, f, a, r, e, g, l, place)
GROUP BY list ORDER BY min(place)
"""
WITHOUT = """
SELECT ARRAY(SELECT c.steps[i] FROM generate_subscripts(c.steps, 1) AS i
    WHERE NOT (c.steps[i]).list = ANY (%s::bigint[])
    ORDER BY i) FROM (SELECT %s::pricing_step[] AS steps) AS c
"""


def chain_for(buyer_id: int | None, at: datetime | None = None) -> Chain:
    """How a buying company is priced now, or at another moment; None is a visitor.

    The lists given to its active accounts, to their groups and to all customers of these sellers, then the public lists
    of these sellers in the account's currency, then the public lists of sellers that show prices to everybody. One
    statement (SQL function `pricing_chain`).
    """
    if buyer_id is None and not settings.CONFIG.prices_for_guests:
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pricing_chain(%s::bigint, %s)", [buyer_id, at or clock.now()])
        (steps,) = cursor.fetchone() or (None,)
    return chain_from(steps)


def chain_of(price_lists: Sequence[int], at: datetime | None = None) -> Chain:
    """These lists in this order, as far as they are in force, each followed by those it derives from."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pricing_steps(%s::bigint[], %s)", [list(price_lists), at or clock.now()])
        (steps,) = cursor.fetchone() or (None,)
    return chain_from(steps)


def lists_of(chain: Chain) -> list[int]:
    """The lists that a chain asks, in order."""
    with connection.cursor() as cursor:
        cursor.execute(LISTS, [chain or NO_STEPS])
        return [one for (one,) in cursor.fetchall()]


def chain_without(chain: Chain, price_lists: Collection[int]) -> Chain:
    """The chain as it would be without these lists, and without what they derive from others."""
    if not chain or not price_lists:
        return chain
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT, [sorted(price_lists), chain])
        (steps,) = cursor.fetchone() or (None,)
    return chain_from(steps)


def chain_from(steps: str | None) -> Chain:
    """A chain as a statement brought it."""
    return "" if steps is None or steps == NO_STEPS else steps


def resolve(chain: Chain, wanted: Sequence[Wanted], at: datetime | None = None) -> list[ResolvedPrice | None]:
    """The price of each wanted product at its quantity, in the same order; None where the chain has none. Now, or at
    another moment.

    A choice that is not offered, or is priced in another currency, leaves a configured product without a price.
    One statement, however many are wanted.
    """
    prices: list[ResolvedPrice | None] = [None] * len(wanted)
    if not wanted or not chain:
        return prices
    asked: dict[str, Any] = {
        "chain": chain,
        "products": [one.product_id for one in wanted],
        "quantities": [one.base_quantity for one in wanted],
        "chosen": [" ".join(one.chosen) for one in wanted],
        "units": [one.unit for one in wanted],
        "at": at or clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(RESOLVE, asked)
        for no, *facts in cursor.fetchall():
            prices[no - 1] = ResolvedPrice(*facts)
    return prices


def breaks_of(
    chain: Chain,
    product_ids: Sequence[int],
    chosen: Sequence[str] = (),
    *,
    unit: str = "",
    at: datetime | None = None,
) -> dict[int, list[Break]]:
    """The quantity breaks of each product that has a price, lowest first, with these choices, when ordered in `unit`.
    One statement."""
    found: dict[int, list[Break]] = {}
    if not chain or not product_ids:
        return found
    asked: dict[str, Any] = {
        "chain": chain,
        "products": list(set(product_ids)),
        "chosen": list(chosen),
        "unit": unit,
        "at": at or clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(BREAKS, asked)
        for product_id, *facts in cursor.fetchall():
            if facts[1] is not None:
                found.setdefault(product_id, []).append(Break(*facts))
    return found


def assigned_lists(account_id: int) -> list[PriceList]:
    """The lists assigned to an account, first asked first."""
    return list(
        PriceList.objects.filter(assignments__scope__account_id=account_id).order_by("assignments__position")
    )


def scope_of(
    *, seller_id: int, account_id: int | None = None, group_id: int | None = None
) -> tuple[PriceScope, list[PriceList]]:
    """What a customer, a group or (with neither) all customers of a seller are given, and the lists, first asked first.

    A scope that nobody has written says nothing and has no lists.
    """
    asked = {"seller_id": seller_id, "account_id": account_id, "group_id": group_id}
    found = PriceScope.objects.filter(**asked).prefetch_related("assignments__price_list").first()
    if found is None:
        return PriceScope(**asked), []
    return found, [one.price_list for one in found.assignments.all()]


def scopes_for(account: CustomerAccount) -> list[PriceScope]:
    """What a customer, its group and all customers are given, in the order in which they are asked. Two statements."""
    of_all = Q(seller_id=account.seller_id, account=None, group=None)
    nearer = Q(account=account) | Q(group_id=account.group_id, group__isnull=False)
    found = PriceScope.objects.filter(nearer | of_all).prefetch_related("assignments__price_list")
    return sorted(found, key=lambda one: (one.account_id is None, one.group_id is None))


def scopes_with(price_list: PriceList) -> list[PriceScope]:
    """To whom a list is given, but for single customers: groups, and all."""
    return list(
        PriceScope.objects.filter(assignments__price_list=price_list, account=None)
        .select_related("group")
        .order_by("group__name")
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
        .select_related("basis")
        .annotate(
            price_count=_count(prices, "price_list"),
            customer_count=_count(customers, "price_list"),
        )
        .order_by("-is_public", "name", "pk")
    )


def _count(rows: QuerySet[Any], by: str) -> Coalesce:
    counted = rows.values(by).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
