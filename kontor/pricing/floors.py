"""What goods cost their seller, and the least price at which they may be sold."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused
from kontor.pricing.models import PriceList
from kontor.pricing.permissions import BELOW_FLOOR
from kontor.pricing.queries import NO_STEPS, chain_of

KNOWN = """
WITH seller AS MATERIALIZED (
    SELECT s.id, (%(at)s AT TIME ZONE s.timezone)::date AS day,
        pricing_rate(s.id, s.currency, %(currency)s, %(at)s, %(rate_days)s) AS rate
    FROM companies_company s
    WHERE s.id IN (SELECT p.seller_id FROM catalog_product p WHERE p.id = ANY (%(products)s::bigint[]))
)
SELECT p.id, round(k.cost * s.rate, 6), round(GREATEST(k.floor, k.cost / (1 - k.least_margin / 100)) * s.rate, 6)
FROM catalog_product p
JOIN seller s ON s.id = p.seller_id
CROSS JOIN LATERAL (
    SELECT c.cost, c.floor, c.least_margin FROM pricing_cost c
    WHERE c.product_id = p.id AND c.day <= s.day ORDER BY c.day DESC LIMIT 1
) AS k
WHERE p.id = ANY (%(products)s::bigint[])
"""
BELOW = """
SELECT p.id FROM catalog_product p
JOIN companies_company s ON s.id = p.seller_id AND s.id = %s
CROSS JOIN LATERAL (SELECT c.cost, c.floor, c.least_margin FROM pricing_cost c
    WHERE c.product_id = p.id AND c.day <= (%s AT TIME ZONE s.timezone)::date ORDER BY c.day DESC LIMIT 1) AS k
CROSS JOIN LATERAL pricing_resolve(%s::pricing_step[], p.id, 1) AS r
WHERE r.amount / r.price_base
    < GREATEST(k.floor, k.cost / (1 - k.least_margin / 100)) * pricing_rate(s.id, s.currency, %s, %s, %s)
"""
RATE_DAYS = 366
"""A floor in another currency is taken at the last rate known: an old rate protects better than none."""


class Known(NamedTuple):
    """Cost and least price of a base unit in the currency asked for; None: not known."""

    cost: Decimal | None
    floor: Decimal | None


@dataclass(frozen=True, slots=True)
class Lowered:
    """A price that somebody wants to give: `each` base unit at so much, not rounded, after all allowances."""

    product_id: int
    each: Decimal


def known_costs(product_ids: Iterable[int], at: datetime | None, currency: str) -> dict[int, Known]:
    """Cost and floor of each product at a moment (None: now), where something is known of it. One statement."""
    products = list(set(product_ids))
    if not products:
        return {}
    about: dict[str, Any] = {
        "products": products,
        "at": at or clock.now(),
        "currency": currency,
        "rate_days": RATE_DAYS,
    }
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, about)
        return {product_id: Known(cost, floor) for product_id, cost, floor in cursor.fetchall()}


def floors_of(product_ids: Iterable[int], at: datetime | None, currency: str) -> dict[int, Decimal | None]:
    """The least price of a base unit of every product asked for, in `currency`; None where it has none."""
    asked = list(product_ids)
    known = known_costs(asked, at, currency)
    return {one: known[one].floor if one in known else None for one in asked}


def below_floor(lines: Sequence[Lowered], currency: str, at: datetime | None = None) -> dict[int, Decimal]:
    """Which of these lines, by place, cost less than they may, and the least price of a base unit. One statement."""
    floors = floors_of([one.product_id for one in lines], at, currency)
    return {
        place: floor
        for place, one in enumerate(lines)
        if (floor := floors[one.product_id]) is not None and one.each < floor
    }


def require_floor(
    actor: Actor, lines: Sequence[Lowered], currency: str, places: Sequence[str] | None = None
) -> None:
    """Refuse prices below the floor of somebody who may not give them.

    Raises Refused("below_floor") with a sentence at ``lines/<i>/unit_price``, or at the field that `places` names.
    The sentences name no floor: who may not see costs learns nothing.
    """
    if actor.may(BELOW_FLOOR):
        return
    found = below_floor(lines, currency)
    if not found:
        return
    message = _(
        "This is below the lowest price of the article. Raise it, or ask somebody who may sell below it."
    )
    fields = {places[place] if places else f"lines/{place}/unit_price": message for place in found}
    told = ngettext(
        "%(n)s price is below the lowest that you may give. Nothing was saved.",
        "%(n)s prices are below the lowest that you may give. Nothing was saved.",
        len(found),
    )
    raise Refused("below_floor", told % {"n": len(found)}, fields)


def articles_below_floor(price_list: PriceList) -> RawSQL:
    """The articles of the list's seller that cost less for one base unit at its prices than they may: a subquery."""
    now = clock.now()
    chain = chain_of([price_list.pk]) or NO_STEPS
    about = [price_list.seller_id, now, chain, price_list.currency, now, RATE_DAYS]
    return RawSQL(BELOW, about)  # noqa: S611  # our own statement with parameters
