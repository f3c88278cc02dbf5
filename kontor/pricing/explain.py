"""Why a product costs a company what it costs, and when that changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from django.conf import settings
from django.db import connection

from kontor.companies.models import CustomerAccount
from kontor.kernel import clock
from kontor.pricing.models import PriceList
from kontor.pricing.queries import ResolvedPrice, Wanted, scopes_for

MOST_CHANGES = 12
STEPS = """
SELECT s.list, l.name, s.source, b.name, l.currency, s.factor, s.addend, s.round_to, s.ending, s.lowest,
    EXISTS (
        SELECT FROM pricing_price p WHERE p.product_id = w.product AND p.price_list_id = s.source
        AND p.unit IN ('', w.unit) AND COALESCE(p.valid_from <= w.at, true) AND COALESCE(w.at < p.valid_until, true)
    ),
    r.amount, r.price_base, r.min_quantity,
    CASE WHEN cardinality(w.chosen) = 0 THEN r.amount
        ELSE pricing_with_choices(r.amount, r.price_base, l.currency, w.product, w.chosen) END,
    plain.amount, b.currency
FROM (SELECT %(chain)s::pricing_step[] AS chain, %(product)s::bigint AS product, %(quantity)s::numeric AS quantity,
    %(unit)s::text AS unit, %(chosen)s::text[] AS chosen, %(at)s::timestamptz AS at) AS w
CROSS JOIN LATERAL unnest(w.chain) WITH ORDINALITY
    AS s (list, source, factor, addend, round_to, ending, graduated, lowest, place)
JOIN catalog_product t ON t.id = w.product
JOIN pricing_price_list l ON l.id = s.list AND l.seller_id = t.seller_id
JOIN pricing_price_list b ON b.id = s.source
LEFT JOIN LATERAL pricing_resolve(ARRAY[w.chain[s.place::int]], w.product, w.quantity, w.unit, w.at) AS r ON true
LEFT JOIN LATERAL pricing_resolve(
    ARRAY[ROW(s.source, s.source, 1, 0, NULL, 0, s.graduated, false)::pricing_step], w.product, w.quantity, w.unit, w.at
) AS plain ON true
ORDER BY s.place
"""
AHEAD = """
SELECT m.moment, r.amount, r.price_base, l.currency, r.price_list_id, r.min_quantity,
    CASE WHEN cardinality(%(chosen)s::text[]) = 0 THEN r.amount ELSE pricing_with_choices(
        r.amount, r.price_base, l.currency, %(product)s, %(chosen)s::text[]) END,
    l.is_public,
    EXISTS (SELECT FROM pricing_assignment y JOIN pricing_scope x ON x.id = y.scope_id
        JOIN companies_customer_account a ON a.id = x.account_id
        WHERE y.price_list_id = r.price_list_id AND a.buyer_id = %(buyer)s::bigint),
    public.amount / public.price_base * r.price_base
FROM (
    SELECT %(at)s::timestamptz AS moment
    UNION
    (SELECT moment FROM (
        SELECT unnest(ARRAY[p.valid_from, p.valid_until]) AS moment
        FROM pricing_price p JOIN pricing_price_list own ON own.id = p.price_list_id
        JOIN catalog_product t ON t.id = p.product_id AND t.seller_id = own.seller_id
        WHERE p.product_id = %(product)s AND p.valid_from IS NOT NULL
        UNION
        SELECT unnest(ARRAY[own.valid_from, own.valid_until])
        FROM pricing_price_list own JOIN catalog_product t ON t.id = %(product)s AND t.seller_id = own.seller_id
    ) AS switches WHERE moment > %(at)s ORDER BY moment LIMIT %(most)s)
) AS m
CROSS JOIN LATERAL (SELECT pricing_chain(%(buyer)s::bigint, m.moment) AS steps) AS chain
LEFT JOIN LATERAL pricing_resolve(chain.steps, %(product)s, %(quantity)s::numeric, %(unit)s, m.moment) AS r ON true
LEFT JOIN pricing_price_list l ON l.id = r.price_list_id
LEFT JOIN LATERAL (
    SELECT p.amount, p.price_base FROM pricing_price_list everybody
    CROSS JOIN LATERAL pricing_resolve(pricing_steps(ARRAY[everybody.id], m.moment), %(product)s,
        %(quantity)s::numeric, %(unit)s, m.moment) AS p
    WHERE everybody.seller_id = l.seller_id AND everybody.is_public AND everybody.currency = l.currency
        AND m.moment = %(at)s
) AS public ON true
ORDER BY m.moment
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
    basis_amount: Decimal | None
    basis_currency: str


Why = Literal["first", "lowest", "on_request", "none", "silent", "exception", "later", "higher"]
"""Why a step counts, or not. It counts as the ``first`` that says something, as the ``lowest`` price, or because it
puts the article ``on_request``. It does not: there is ``none`` for the article; it is on request, but another list has
a price (``silent``); its list has an ``exception`` from the formula; an earlier list says something (``later``);
another price is lower (``higher``)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A step of the chain: a list, or one that it derives from, with the price that it gives for a quantity.

    `price` is None where it has none. `wins` says that this one counts; with `on_request` it names no amount.
    `amount` is the price with what the choices of a configured product add, None where that cannot be told.
    `basis_amount` is what the source itself says, in its currency, before the formula.
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
    why: Why = "none"
    currency: str = ""
    basis_amount: Decimal | None = None
    basis_currency: str = ""

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
            why=_why(place, winner, steps),
            currency=one.currency,
            basis_amount=one.basis_amount,
            basis_currency=one.basis_currency,
        )
        for place, one in enumerate(steps)
    ]


Kind = Literal["contract", "special", "list", "request"]


@dataclass(frozen=True, slots=True)
class Told:
    """A price as its buyer may hear of it: from a list of its own, from one that others have as well, from the public
    one, or none. `list_price` is the public price for as much, where it is higher; `changes` are those ahead."""

    kind: Kind
    price: ResolvedPrice | None
    list_price: Decimal | None
    changes: Sequence[Change]


def told_to(buyer_id: int | None, wanted: Wanted, at: datetime | None = None) -> Told:
    """What a buyer is told of the price of a product. One statement."""
    at = at or clock.now()
    rows = _ahead(buyer_id, wanted, at)
    if not rows:
        return Told("request", None, None, ())
    _at, price, is_public, is_own, list_price = rows[0]
    kind: Kind = "request" if price is None else "list" if is_public else "contract" if is_own else "special"
    higher = price is not None and list_price is not None and list_price > price.base
    return Told(kind, price, list_price if higher else None, _changes(rows))


def changes_ahead(buyer_id: int | None, wanted: Wanted, at: datetime | None = None) -> list[Change]:
    """When the price of a product changes for a company after a moment, by what is known today; the next change first.

    One statement; at most a dozen lists and prices that begin or end are looked at.
    """
    return _changes(_ahead(buyer_id, wanted, at or clock.now()))


_Moment = tuple[datetime, ResolvedPrice | None, bool, bool, Decimal | None]


def _ahead(buyer_id: int | None, wanted: Wanted, at: datetime) -> list[_Moment]:
    """The price at a moment and whenever something begins or ends from then on."""
    if buyer_id is None and not settings.CONFIG.prices_for_guests:
        return []
    about: dict[str, Any] = {
        "buyer": buyer_id,
        "product": wanted.product_id,
        "quantity": wanted.base_quantity,
        "unit": wanted.unit,
        "chosen": list(wanted.chosen),
        "at": at,
        "most": MOST_CHANGES,
    }
    with connection.cursor() as cursor:
        cursor.execute(AHEAD, about)
        return [
            (
                moment,
                None if whole is None else ResolvedPrice(whole, base, currency, list_id, least, amount),
                is_public,
                is_own,
                list_price,
            )
            for moment, amount, base, currency, list_id, least, whole, is_public, is_own, list_price in cursor
        ]


def _changes(rows: Sequence[_Moment]) -> list[Change]:
    return [
        Change(moment, price)
        for (_at, before, *_b), (moment, price, *_r) in pairwise(rows)
        if price != before
    ]


def _price(step: _Step) -> ResolvedPrice | None:
    if step.amount is None:
        return None
    return ResolvedPrice(
        step.amount, step.price_base, step.currency, step.list_id, step.min_quantity, step.amount
    )


def _why(place: int, winner: int | None, steps: Sequence[_Step]) -> Why:
    step = steps[place]
    if place == winner:
        return "on_request" if step.amount is None else "lowest" if step.lowest else "first"
    if not step.has_row or winner is None:
        return "none"
    if step.lowest:
        return "silent" if step.amount is None else "higher"
    return "exception" if step.list_id == steps[winner].list_id else "later"


def _winner(steps: Sequence[_Step]) -> int | None:
    """The first step with a price, or with one on request; where the lowest counts, the cheapest per base unit."""
    told = [place for place, one in enumerate(steps) if one.has_row]
    if told and steps[told[0]].lowest:
        priced = [
            (one.amount / one.price_base, place) for place, one in enumerate(steps) if one.amount is not None
        ]
        return min(priced)[1] if priced else told[0]
    return told[0] if told else None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A list that a customer is given and that is not asked, or derives nothing, and why.

    ``ahead`` and ``over``: at `when` it begins or ended. ``closed``: lists before it stand alone. ``currency``: it is
    in another `currency` than the customer's. ``rate``: there is no rate from the `currency` of its basis.
    """

    list_id: int
    list_name: str
    why: Literal["ahead", "over", "closed", "currency", "rate"]
    when: datetime | None = None
    currency: str = ""


def left_out(account: CustomerAccount, steps: Sequence[Asked], at: datetime) -> list[LeftOut]:
    """The lists of a customer that have no say at a moment; `steps` are those of `explain`. Four statements."""
    asked = {one.list_id for one in steps}
    found: dict[int, LeftOut] = {}
    is_open = True
    for scope in scopes_for(account):
        for given in scope.assignments.all():
            if given.price_list_id not in asked:
                found.setdefault(given.price_list_id, _left_out(given.price_list, is_open, at))
        is_open = is_open and not scope.is_closed
    for public in PriceList.objects.filter(seller_id=account.seller_id, is_public=True).exclude(pk__in=asked):
        found.setdefault(public.pk, _left_out(public, is_open, at))
    bases = {(one.list_id, one.source_id) for one in steps}
    for one in PriceList.objects.filter(pk__in=asked, basis__isnull=False).select_related("basis"):
        basis = one.basis
        if basis is not None and (one.pk, basis.pk) not in bases and one.currency != basis.currency:
            found[one.pk] = LeftOut(one.pk, one.name, "rate", currency=basis.currency)
    return list(found.values())


def _left_out(one: PriceList, is_open: bool, at: datetime) -> LeftOut:
    if one.valid_from is not None and at < one.valid_from:
        return LeftOut(one.pk, one.name, "ahead", one.valid_from)
    if one.valid_until is not None and one.valid_until <= at:
        return LeftOut(one.pk, one.name, "over", one.valid_until)
    if not is_open:
        return LeftOut(one.pk, one.name, "closed")
    return LeftOut(one.pk, one.name, "currency", currency=one.currency)
