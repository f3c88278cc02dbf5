"""What listings and product pages say of promotions that count for an article and a company: "from 10: 5 % off"."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.db import connection
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontor.promotions.models import named
from kontor.promotions.queries import FOR_BUYER, OF_BUYER, RUNNING, USED_UP
from kontor.promotions.rules import Candidate, Situation, obstacle
from kontor.promotions.terms import (
    AmountOff,
    Bundle,
    CheapestFree,
    Conditions,
    Effect,
    FixedPrice,
    FreeFreight,
    Gift,
    Percent,
    Tiered,
    conditions_from,
    effects_from,
)
from kontor.promotions.wording import amount_text, number_text

SOME_RUN = """EXISTS (SELECT FROM promotions_promotion WHERE is_active AND NOT needs_code
    AND (valid_until > now()) IS NOT FALSE)"""
"""Whether there is anything to mark; part of the statement that every page makes anyway."""
MARKED = f"""
WITH shown AS (
    SELECT q.id, q.variant_of_id, q.seller_id, q.brand, c.path || '/' AS path
    FROM catalog_product q LEFT JOIN catalog_category c ON c.id = q.category_id
    WHERE q.id = ANY (%(products)s::bigint[])
)
SELECT p.id, p.name, p.names, p.conditions, p.effects, p.currency, p.valid_until, s.timezone, a.group_id, {USED_UP},
    p.budget - p.used_amount, about.products
FROM promotions_promotion p {OF_BUYER} CROSS JOIN LATERAL (
    SELECT array_agg(q.id) AS products FROM shown q, LATERAL (SELECT p.conditions -> 'goods' AS named) goods
    WHERE q.seller_id = p.seller_id AND (named IS NULL OR named -> 'products' @> to_jsonb(q.id)
        OR named -> 'products' @> to_jsonb(q.variant_of_id) OR named -> 'brands' ? q.brand
        OR EXISTS (SELECT FROM jsonb_array_elements(named -> 'categories') AS key
            JOIN catalog_category w ON w.id = key::bigint WHERE starts_with(q.path, w.path || '/')))
) about
WHERE p.seller_id IN (SELECT seller_id FROM shown) AND {RUNNING} AND {FOR_BUYER} AND about.products IS NOT NULL
    AND p.currency IN ('', COALESCE(NULLIF(%(currency)s, ''), s.currency))
ORDER BY p.priority, p.id
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """A promotion as it stands beside an article: what it is called, and what it gives in a few words."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who looks: the buying company and the person in it (None: a visitor), in which currency, when."""

    company_id: int | None
    membership_id: int | None
    currency: str
    at: datetime


def marks_for(reader: Reader, products: Collection[int]) -> Mapping[int, Sequence[Mark]]:
    """What to say beside these articles, by article, in the order in which promotions are asked. One statement.

    Only of promotions that count for this company now: none that needs a code, is for others or for a first order, or
    is used up.
    """
    about = {
        "products": list(products),
        "buyer": reader.company_id,
        "member": reader.membership_id,
        "currency": reader.currency,
        "at": reader.at,
    }
    with connection.cursor() as cursor:
        cursor.execute(MARKED, about)
        rows = cursor.fetchall()
    marks: dict[int, list[Mark]] = defaultdict(list)
    for row in rows:
        key, name, names, conditions, effects, currency, end, timezone, group_id, used_up, left, ids = row
        one = Candidate(
            promotion_id=key,
            conditions=conditions_from(orjson.loads(conditions)),
            effects=effects_from(orjson.loads(effects)),
            used_up=used_up,
            budget_left=left,
        )
        local = reader.at.astimezone(ZoneInfo(timezone))
        if one.conditions.first_order or not _counts(one, reader, group_id, local):
            continue
        last = None if end is None else end.astimezone(local.tzinfo)
        mark = Mark(named(name, orjson.loads(names)), _text(one, currency, _until(last, local)))
        parts = _parts(one.effects)
        for product_id in ids:
            if parts is None or product_id in parts:
                marks[product_id].append(mark)
    return marks


def _counts(one: Candidate, reader: Reader, group_id: int | None, local: datetime) -> bool:
    """Whether nothing but the goods themselves may still be lacking."""
    nothing_yet = Situation(
        lines=(),
        currency="",
        at=local,
        buyer_id=reader.company_id or 0,
        group_id=group_id,
        channel="web",
        is_first=False,
    )
    return obstacle(one, nothing_yet)[0] == "goods"


def _parts(effects: Sequence[Effect]) -> set[int] | None:
    """The articles that a promotion for goods together is about; None where it gives something else as well."""
    bundles = [one for one in effects if isinstance(one, Bundle)]
    return (
        {part.product_id for one in bundles for part in one.parts} if len(bundles) == len(effects) else None
    )


def _until(end: datetime | None, local: datetime) -> str:
    """The last day on which it counts."""
    if end is None:
        return ""
    last = (end - timedelta(microseconds=1)).date()
    is_english = (get_language() or "en").startswith("en")
    this_year, other_year = ("j M", "j M Y") if is_english else ("MONTH_DAY_FORMAT", "DATE_FORMAT")
    return date_format(last, this_year if last.year == local.year else other_year)


def _text(one: Candidate, currency: str, until: str) -> str:
    gives = ", ".join(_GIVES[type(effect)](effect, currency) for effect in one.effects)
    said = _asked(one.conditions, currency, gives)
    return _("%(offer)s until %(day)s") % {"offer": said, "day": until} if until else said


def _asked(asked: Conditions, currency: str, gives: str) -> str:
    if asked.min_quantity is not None:
        gives = _("from %(number)s: %(gives)s") % {"number": number_text(asked.min_quantity), "gives": gives}
    if asked.min_value is not None:
        amount = amount_text(asked.min_value, currency)
        gives = _("on orders from %(amount)s: %(gives)s") % {"amount": amount, "gives": gives}
    return gives


def _percent(effect: Percent, currency: str) -> str:
    return _("%(percent)s %% off") % {"percent": number_text(effect.percent)}


def _amount(effect: AmountOff, currency: str) -> str:
    said = {
        "order": _("%(amount)s off the order"),
        "line": _("%(amount)s off each line"),
        "unit": _("%(amount)s off each unit"),
    }
    return said[effect.per] % {"amount": amount_text(effect.amount, currency)}


def _fixed_price(effect: FixedPrice, currency: str) -> str:
    amount = f"{number_text(effect.amount)} {currency}"
    if effect.price_base == 1:
        return _("%(amount)s a unit") % {"amount": amount}
    return _("%(amount)s per %(per)s units") % {"amount": amount, "per": number_text(effect.price_base)}


def _gift(effect: Gift, currency: str) -> str:
    if effect.every is None:
        return _("with goods free of charge")
    return _("goods free of charge for every %(every)s") % {"every": number_text(effect.every)}


def _cheapest(effect: CheapestFree, currency: str) -> str:
    return _("take %(take)s, pay %(pay)s") % {"take": effect.take, "pay": effect.pay}


def _tiered(effect: Tiered, currency: str) -> str:
    first, last = effect.tiers[0], effect.tiers[-1]
    start = number_text(first.start) if effect.by == "quantity" else amount_text(first.start, currency)
    about = {"start": start, "low": number_text(first.percent), "high": number_text(last.percent)}
    if first == last:
        return _("%(low)s %% off from %(start)s on") % about
    return _("%(low)s to %(high)s %% off from %(start)s on") % about


def _freight(effect: FreeFreight, currency: str) -> str:
    return _("free freight")


def _bundle(effect: Bundle, currency: str) -> str:
    return _("cheaper together with other goods")


_GIVES: Mapping[type[Any], Callable[[Any, str], str]] = {
    Percent: _percent,
    AmountOff: _amount,
    FixedPrice: _fixed_price,
    Gift: _gift,
    CheapestFree: _cheapest,
    Tiered: _tiered,
    FreeFreight: _freight,
    Bundle: _bundle,
}
