"""Why a product costs a company what it costs, and when that changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from kontor.kernel import clock
from kontor.pricing.queries import ResolvedPrice, Wanted, chain_for, resolve

MOST_CHANGES = 12
STEPS = """
SELECT s.list, l.name, s.source, b.name, l.currency, s.factor, s.addend, s.round_to, s.ending, s.lowest,
    EXISTS (
        SELECT FROM pricing_price p WHERE p.product_id = w.product AND p.price_list_id = s.source
        AND p.unit IN ('', w.unit) AND COALESCE(p.valid_from <= w.at, true) AND COALESCE(w.at < p.valid_until, true)
    ),
    r.amount, r.price_base, r.min_quantity,
    CASE WHEN cardinality(w.chosen) = 0 THEN r.amount
        ELSE pricing_with_choices(r.amount, r.price_base, l.currency, w.product, w.chosen) END
FROM (SELECT %(chain)s::pricing_step[] AS chain, %(product)s::bigint AS product, %(quantity)s::numeric AS quantity,
    %(unit)s::text AS unit, %(chosen)s::text[] AS chosen, %(at)s::timestamptz AS at) AS w
CROSS JOIN LATERAL unnest(w.chain) WITH ORDINALITY
    AS s (list, source, factor, addend, round_to, ending, graduated, lowest, place)
JOIN pricing_price_list l ON l.id = s.list
JOIN pricing_price_list b ON b.id = s.source
LEFT JOIN LATERAL pricing_resolve(ARRAY[w.chain[s.place::int]], w.product, w.quantity, w.unit, w.at) AS r ON true
ORDER BY s.place
"""
AHEAD = """
SELECT DISTINCT moment FROM (
    SELECT unnest(ARRAY[p.valid_from, p.valid_until]) AS moment
    FROM pricing_price p JOIN pricing_price_list l ON l.id = p.price_list_id
    JOIN catalog_product t ON t.id = p.product_id AND t.seller_id = l.seller_id
    WHERE p.product_id = %(product)s AND p.valid_from IS NOT NULL
    UNION ALL
    SELECT unnest(ARRAY[l.valid_from, l.valid_until])
    FROM pricing_price_list l JOIN catalog_product t ON t.id = %(product)s AND t.seller_id = l.seller_id
) AS switches WHERE moment > %(at)s ORDER BY moment LIMIT %(most)s
"""


class _Step(NamedTuple):
    list_id: int
    list_name: str
    source_id: int
    source_name: str
    currency: str
    factor: Decimal
    addend: Decimal
    round_to: Decimal | None
    ending: Decimal
    lowest: bool
    has_row: bool
    amount: Decimal | None
    price_base: Decimal
    min_quantity: Decimal
    whole: Decimal | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A step of the chain: a list, or one that it derives from, with the price that it gives for a quantity.

    `price` is None where it has none. `wins` says that this one counts; with `on_request` it names no amount.
    `amount` is the price with what the choices of a configured product add, None where that cannot be told.
    """

    list_id: int
    list_name: str
    source_id: int
    source_name: str
    factor: Decimal
    addend: Decimal
    round_to: Decimal | None
    ending: Decimal
    price: ResolvedPrice | None
    amount: Decimal | None
    on_request: bool
    wins: bool
    takes_lowest: bool

    @property
    def derives(self) -> bool:
        """Whether the price is worked out from that of another list."""
        return self.list_id != self.source_id


@dataclass(frozen=True, slots=True)
class Change:
    """From this moment the company pays another price; None: none."""

    at: datetime
    price: ResolvedPrice | None


def explain(chain: str, wanted: Wanted, at: datetime | None = None) -> list[Asked]:
    """Every step of the chain in order, what it gives, and which one wins. One statement."""
    if not chain:
        return []
    about: dict[str, Any] = {
        "chain": chain,
        "product": wanted.product_id,
        "quantity": wanted.base_quantity,
        "unit": wanted.unit,
        "chosen": list(wanted.chosen),
        "at": at or clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(STEPS, about)
        steps = [_Step(*row) for row in cursor.fetchall()]
    winner = _winner(steps)
    return [
        Asked(
            list_id=one.list_id,
            list_name=one.list_name,
            source_id=one.source_id,
            source_name=one.source_name,
            factor=one.factor,
            addend=one.addend,
            round_to=one.round_to,
            ending=one.ending,
            price=_price(one),
            amount=one.whole,
            on_request=one.has_row and one.amount is None,
            wins=place == winner,
            takes_lowest=one.lowest,
        )
        for place, one in enumerate(steps)
    ]


def changes_ahead(buyer_id: int | None, wanted: Wanted) -> list[Change]:
    """When the price of a product changes for a company by what is known today, the next change first.

    Lists and prices that begin or end are asked for one by one: few, and no page shows more than a dozen.
    """
    at = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(AHEAD, {"product": wanted.product_id, "at": at, "most": MOST_CHANGES})
        moments = [moment for (moment,) in cursor.fetchall()]
    changes: list[Change] = []
    (before,) = resolve(chain_for(buyer_id, at), [wanted], at)
    for moment in moments:
        (price,) = resolve(chain_for(buyer_id, moment), [wanted], moment)
        if price != before:
            changes.append(Change(moment, price))
        before = price
    return changes


def _price(step: _Step) -> ResolvedPrice | None:
    if step.amount is None:
        return None
    return ResolvedPrice(
        step.amount, step.price_base, step.currency, step.list_id, step.min_quantity, step.amount
    )


def _winner(steps: Sequence[_Step]) -> int | None:
    """The first step with a price, or with one on request; where the lowest counts, the cheapest per base unit."""
    told = [place for place, one in enumerate(steps) if one.has_row]
    if told and steps[told[0]].lowest:
        priced = [
            (one.amount / one.price_base, place) for place, one in enumerate(steps) if one.amount is not None
        ]
        return min(priced)[1] if priced else told[0]
    return told[0] if told else None
