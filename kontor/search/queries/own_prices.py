"""Sorting and narrowing by what goods cost the reader's company, whatever their number.

The index knows list prices. Few products cost a company anything else, so its own prices are laid over those: they are
read for the hits among these products alone. Where they are many, hits are few, or list prices decide.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from django.db import connection

from kontor.search.engine.port import LISTED, Engine, Found, Prices, Question
from kontor.search.models import UNPRICED
from kontor.search.queries.cards import OWN_PRICE, Filters
from kontor.search.queries.viewer import Viewer

MOST_OWN = 20_000
"""Up to so many products with own prices are told from the rest; a company with more has few others."""
MOST_PRICED = 5_000
"""So many hits at most are priced for one page; of more, list prices decide."""
MOST_READ = 20_000
READ_FOR_ONE_ASKED = 6
"""So many hits at most are read to see which of them have own prices; of more, the index is asked for those that have.
To ask for one takes as long as to read so many."""
# Most goods have one price in the list that counts, whatever quantity and unit: the resolver reads it from one index,
# and nothing else need be read. What has several, and a model, is priced as cards are.
OWN_PRICES = f"""
WITH flat AS MATERIALIZED (
    SELECT asked.id, r.amount / r.price_base AS price
    FROM unnest(%(ids)s::bigint[]) AS asked (id)
    CROSS JOIN LATERAL pricing_resolve(%(chain)s::pricing_step[], asked.id, 0) AS r
    WHERE NOT EXISTS (
        SELECT FROM pricing_price b
        WHERE b.product_id = asked.id
            AND b.price_list_id = ANY (ARRAY(SELECT source FROM unnest(%(chain)s::pricing_step[])))
            AND (b.unit <> '' OR b.price_list_id = r.source_id AND b.min_quantity <> r.min_quantity))
    AND NOT EXISTS (SELECT FROM catalog_product v WHERE v.variant_of_id = asked.id)
)
SELECT id, round(price, 6) FROM flat
UNION ALL
SELECT p.id, round(price.amount / price.price_base, 6)
FROM unnest(ARRAY(SELECT unnest(%(ids)s::bigint[]) EXCEPT SELECT id FROM flat)) AS asked (id)
JOIN catalog_product p ON p.id = asked.id
{OWN_PRICE}
WHERE price.amount IS NOT NULL
"""
LIST_PRICES = (
    "SELECT product_id, seller_id, list_price FROM search_document WHERE product_id = ANY (%s::bigint[])"
)
# The list price in the index is that of the seller's public list in its own currency, for the smallest quantity sold to
# everybody. It counts for those whose chain asks that list, or one that derives from it: by the formula of the first
# step that does. Where formulas differ, or the lowest of several counts, what goods cost does not follow from it.
OWN = """
WITH step AS (
    SELECT s.* FROM unnest(%(chain)s::pricing_step[]) WITH ORDINALITY
        AS s (list, source, factor, addend, round_to, ending, graduated, lowest, place)
), listed AS (
    SELECT l.id, l.seller_id, first.factor, first.addend
    FROM pricing_price_list l JOIN companies_company s ON s.id = l.seller_id AND l.currency = s.currency
    LEFT JOIN LATERAL (SELECT factor, addend FROM step WHERE source = l.id ORDER BY place LIMIT 1) AS first ON true
    WHERE l.is_public
), own AS (
    (SELECT product_id FROM pricing_price
     WHERE price_list_id = ANY (ARRAY(
        SELECT source FROM step
        EXCEPT SELECT source FROM unnest(pricing_steps(ARRAY(SELECT id FROM listed WHERE factor IS NOT NULL), now()))))
     LIMIT %(most)s)
    UNION
    SELECT q.product_id FROM catalog_agreed_quantity q
    JOIN companies_customer_account a ON a.buyer_id = %(company)s::bigint AND a.status = 'active'
        AND (a.id = q.account_id OR a.group_id = q.group_id)
)
SELECT ARRAY(
        SELECT product_id FROM own
        UNION
        SELECT p.variant_of_id FROM own JOIN catalog_product p ON p.id = own.product_id
        WHERE p.variant_of_id IS NOT NULL
        ORDER BY 1
    ),
    CASE WHEN EXISTS (SELECT FROM listed WHERE factor IS NULL) THEN ARRAY(
        SELECT seller_id FROM listed WHERE factor IS NOT NULL ORDER BY 1) END,
    ARRAY(SELECT DISTINCT factor FROM listed WHERE factor IS NOT NULL),
    ARRAY(SELECT DISTINCT addend FROM listed WHERE factor IS NOT NULL),
    EXISTS (SELECT FROM step WHERE lowest AND list <> source)
"""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a company buys on: the products whose price does not follow from the list price (None: too many to tell),
    and how it does for the rest, of the sellers whose list prices count."""

    products: tuple[int, ...] | None = ()
    listed: Prices = LISTED


LIST_TERMS = Terms()


def terms_of(viewer: Viewer) -> Terms:
    """The viewer's terms. One statement; none for who sees no prices, to whom no order or filter tells any."""
    if not viewer.chain:
        return Terms(listed=Prices(sellers=()))
    with connection.cursor() as cursor:
        cursor.execute(OWN, viewer.parameters | {"most": 2 * MOST_OWN})
        products, sellers, factors, addends, is_mixed = cursor.fetchall()[0]
    listed = Prices(sellers=None if sellers is None else tuple(sellers))
    if is_mixed or len(factors) > 1 or len(addends) > 1:
        return Terms(None, listed)
    if factors:
        listed = replace(listed, factor=factors[0], addend=addends[0])
    return Terms(tuple(products) if len(products) <= MOST_OWN else None, listed)


def sellers_listed(viewer: Viewer, order: str, filters: Filters) -> tuple[int, ...] | None:
    """Whose list prices may order and narrow what this viewer is shown (None: all). No statement where none do."""
    by_price = order in ("price", "-price") or filters.price is not None
    return terms_of(viewer).listed.sellers if by_price else None


def own_prices(
    engine: Engine, viewer: Viewer, question: Question, terms: Terms, most: int | None = None
) -> Prices:
    """What a question's hits cost this viewer; list prices, when more than `most` (MOST_PRICED) cost something else."""
    if terms.products == ():
        return terms.listed
    most = MOST_PRICED if most is None else min(most, MOST_PRICED)
    ids = _hits_among(engine, question, terms.products, most)
    if not ids:
        return terms.listed
    with connection.cursor() as cursor:
        cursor.execute(OWN_PRICES, viewer.parameters | {"ids": ids})
        prices = dict(cursor.fetchall())
    return replace(terms.listed, own=tuple((one, prices.get(one, UNPRICED)) for one in ids))


def _hits_among(engine: Engine, question: Question, products: Sequence[int] | None, most: int) -> list[int]:
    """The hits at any price among these products (None: all hits); none, when there are more than `most`."""
    filters = replace(question.filters, price=None)
    hits = replace(question, filters=filters, order="popular", skip=0, size=1, prices=LISTED)
    total = engine.find(hits).total
    if products is None:
        return list(engine.find(replace(hits, size=total)).product_ids) if total <= most else []
    apart = set(products) if question.among is None else set(products).intersection(question.among)
    if total <= min(MOST_READ, READ_FOR_ONE_ASKED * len(apart)):
        found = engine.find(replace(hits, size=total))
    else:
        found = engine.find(replace(hits, among=tuple(apart), size=most + 1))
    ids = [one for one in found.product_ids if one in apart]
    return ids if len(ids) <= most else []


def by_price(engine: Engine, question: Question) -> Found:
    """The part of a question's hits that is asked for, sorted by price; what has none comes last, either way.

    Hits at list price come sorted from the index. Where the part begins among both is found by halving: how many of
    them stand before the n-th hit with an own price is a count of the index.
    """
    merged = _Merged(engine, question)
    start, stop = question.skip, question.skip + question.size
    ids = merged.part(start, stop)
    unpriced = replace(merged.listed, filters=replace(question.filters, price=(UNPRICED, UNPRICED)))
    rest = tuple(one for one, price in question.prices.own if price >= UNPRICED)
    total, complete = merged.total, merged.complete
    if question.filters.price is None:
        skip, wanted = max(start - total, 0), max(stop - max(start, total), 0)
        found = engine.find(replace(unpriced, order="relevance", skip=skip, size=max(wanted, 1)))
        ids += [*found.product_ids, *rest[max(skip - found.total, 0) :]][:wanted]
        total += found.total + len(rest)
        complete += found.complete + len(rest)
    return Found(tuple(ids), total, min(complete, total))


class _Merged:
    """Hits at list price and hits at own prices, in one order."""

    def __init__(self, engine: Engine, question: Question) -> None:
        low, high = question.filters.price or (None, None)
        self._engine = engine
        self._sign = -1 if question.order == "-price" else 1
        within = [
            (self._sign * price, one)
            for one, price in question.prices.own
            if (low or 0) <= price <= (UNPRICED - 1 if high is None else high)
        ]
        self._own = sorted(within)
        self._apart, self._besides = question.prices.products, question.besides
        self.listed = replace(
            question,
            filters=replace(question.filters, price=(low, high)),
            besides=(*self._besides, *self._apart),
            prices=replace(question.prices, own=()),
        )
        first = engine.find(replace(self.listed, skip=0, size=1))
        self.total, self.complete = first.total + len(within), first.complete + len(within)

    def part(self, start: int, stop: int) -> list[int]:
        """The products at these places."""
        if start >= self.total:
            return []
        before = bisect_left(range(len(self._own)), start, key=self._place) if start else 0
        listed = self._engine.find(replace(self.listed, skip=start - before, size=stop - start)).product_ids
        prices = {one: self.listed.prices.paid(price) for one, _seller, price in _list_prices(listed)}
        places = {one: no for no, one in enumerate(listed)}
        both = [(self._sign * prices.get(one, UNPRICED), 0, places[one], one) for one in listed]
        both += [(price, 1, one, one) for price, one in self._own[before : before + stop - start]]
        return [one for *_place, one in sorted(both)][: stop - start]

    def _place(self, number: int) -> int:
        """How many hits stand before the hit with this number among those with own prices.

        To count without so many products is slow: all are counted, and those with own prices taken off again.
        """
        price = self._sign * self._own[number][0]
        low, high = self.listed.filters.price or (None, None)
        low, high = (low or Decimal(0), price) if self._sign > 0 else (price, high or UNPRICED - 1)
        narrow = replace(self.listed.filters, price=(low, high))
        everything = replace(self.listed, filters=narrow, besides=self._besides, skip=0, size=1)
        twice = sum(low <= paid <= high for paid in self._replaced)
        return number + self._engine.find(everything).total - twice

    @cached_property
    def _replaced(self) -> list[Decimal]:
        """What the index would have hits with own prices cost."""
        sellers = self.listed.prices.sellers
        rows = _list_prices(self._apart)
        paid = self.listed.prices.paid
        return [paid(price) for _one, seller, price in rows if sellers is None or seller in sellers]


def _list_prices(products: Sequence[int]) -> list[tuple[int, int, Decimal]]:
    with connection.cursor() as cursor:
        cursor.execute(LIST_PRICES, [list(products)])
        return cursor.fetchall()
