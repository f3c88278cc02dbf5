"""Finding by words and by number: what was meant, the engine's candidates, and their rows as they are now."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from django.db import connection

from kontor.search.engine.port import Engine, Found, Question
from kontor.search.engine.reader import node
from kontor.search.filters import Filters
from kontor.search.queries.cards import EVERYTHING, FIRST_PAGE, OWN_PRICE, Listing, Window, read_cards
from kontor.search.queries.curated import Curation, curation
from kontor.search.queries.faceting import facets_of
from kontor.search.queries.finding import ORDERS, find_in_database
from kontor.search.queries.highlighting import highlights
from kontor.search.queries.nearest import Sight, corrected, suggestion
from kontor.search.queries.noting import note
from kontor.search.queries.own_numbers import own_numbers
from kontor.search.queries.selection import CHOSEN
from kontor.search.queries.viewer import Viewer
from kontor.search.wording import Wording, understood

EXACT_UP_TO = 1000
"""Up to so many hits are sorted and narrowed by the viewer's own prices; of more, by list price."""
OWN_PRICES = f"""
SELECT p.id, price.amount / price.price_base
FROM unnest(%(ids)s::bigint[]) AS asked (id)
JOIN catalog_product p ON p.id = asked.id
{OWN_PRICE}
WHERE price.amount IS NOT NULL
"""
BY_NAME = "SELECT product_id FROM search_document WHERE product_id = ANY (%s::bigint[]) ORDER BY sort_key, product_id"


def find(
    viewer: Viewer, words: str, *, window: Window = FIRST_PAGE, filters: Filters = EVERYTHING
) -> Listing:
    """Products for what somebody typed: a number first, then what has all words, by relevance.

    The company's own part numbers come first of all. Words match by their stem, with synonyms, together or apart. When
    few products have all words, those that have most follow (`Listing.matching_all` says how many have all). When none
    has any, parts of compound words and the likeliest correction are tried (`Listing.corrected`). Without an index on
    this node the database answers, with capped counts.
    """
    curated = curation()
    wording = understood(words, curated.synonyms)
    engine = node.engine()
    if engine is None:
        listing = find_in_database(viewer, words, window=window, filters=filters)
    else:
        listing = (
            by_engine(engine, viewer, wording, window, filters, curated) if wording else _nothing(window)
        )
    listing.redirect = curated.redirects.get(wording.text, "")
    if window.page <= 1 and not window.after and filters == EVERYTHING:
        note(wording.text, words.strip(), listing.total)
    return listing


def _nothing(window: Window) -> Listing:
    return Listing(page=max(window.page, 1), per_page=window.size)


def by_engine(
    engine: Engine, viewer: Viewer, wording: Wording, window: Window, filters: Filters, curated: Curation
) -> Listing:
    """What the engine finds for a wording, none of which is everything, with rows, facets and marks."""
    listing = _nothing(window)
    order = window.sort if window.sort in ORDERS else "relevance"
    question = Question(wording, viewer.assortments, filters, order, window.skipped, window.size + 1)
    found = engine.find(question)
    plain = order == "relevance" and filters == EVERYTHING
    key = wording.key if plain and listing.page == 1 else ""
    own = [product for _number, product in own_numbers(viewer, key)]
    if not found.total and not own and listing.page == 1:
        other, listing.corrected = corrected(Sight(engine, viewer.assortments), wording)
        if other is not None:
            question = replace(question, wording=other)
            found = engine.find(question)
        if not found.total:
            listing.corrected = ""
    if order in ("price", "-price") or filters.price is not None:
        found = _by_own_price(engine, viewer, question, window) or found
    pins = dict.fromkeys([*own, *(curated.pins.get(wording.text, ()) if plain else ())])
    _fill(listing, viewer, found, window, tuple(pins))
    if window.facets and found.total:
        listing.facets = facets_of(engine, question, listing.revision)
    if listing.page == 1 and not listing.corrected and found.complete < 3:
        listing.suggestion = suggestion(Sight(engine, viewer.assortments), question.wording)
    listing.highlights = highlights(question.wording, listing.cards)
    return listing


def _fill(listing: Listing, viewer: Viewer, found: Found, window: Window, pins: Sequence[int]) -> None:
    ids = [one for one in found.product_ids if one not in pins]
    if listing.page == 1:
        ids = [*pins, *ids]
    hits = read_cards(viewer, CHOSEN, {"ids": ids[: window.size]})
    listing.revision, listing.cards = hits.revision, hits.cards
    listing.total = max(found.total, len(hits.cards))
    listing.matching_all = found.complete
    if found.total > window.skipped + window.size:
        listing.next_after = str(listing.page + 1)


def _by_own_price(engine: Engine, viewer: Viewer, question: Question, window: Window) -> Found | None:
    """The same sorted and narrowed by the viewer's own prices; None when there are none, or too many hits."""
    if not viewer.chain:
        return None
    bounds = question.filters.price
    everything = replace(
        question, filters=replace(question.filters, price=None), skip=0, size=EXACT_UP_TO + 1
    )
    found = engine.find(everything)
    if found.total > EXACT_UP_TO:
        return None
    prices = own_prices(viewer, found.product_ids)
    ids = list(found.product_ids)
    if bounds is not None:
        low, high = bounds[0] or Decimal(0), bounds[1]
        ids = [
            one
            for one in ids
            if one in prices and prices[one] >= low and (high is None or prices[one] <= high)
        ]
    if question.order in ("price", "-price"):
        sign = -1 if question.order == "-price" else 1
        ids.sort(key=lambda one: (one not in prices, sign * prices.get(one, Decimal(0))))
    part = tuple(ids[window.skipped : window.skipped + window.size + 1])
    return Found(part, len(ids), min(found.complete, len(ids)), found.exact_code)


def _by_name(engine: Engine, question: Question, window: Window) -> Found | None:
    """The same sorted by whole names; None when there are too many hits for that, then the index's order stands."""
    found = engine.find(replace(question, skip=0, size=EXACT_UP_TO + 1))
    if found.total > EXACT_UP_TO:
        return None
    with connection.cursor() as cursor:
        cursor.execute(BY_NAME, [list(found.product_ids)])
        ids = [row[0] for row in cursor.fetchall()]
    return replace(found, product_ids=tuple(ids[window.skipped : window.skipped + window.size + 1]))


def own_prices(viewer: Viewer, product_ids: Sequence[int]) -> dict[int, Decimal]:
    """What one base unit costs this viewer in the smallest quantity; without a price a product is missing."""
    with connection.cursor() as cursor:
        cursor.execute(OWN_PRICES, {"ids": list(product_ids[:EXACT_UP_TO])} | viewer.parameters)
        return dict(cursor.fetchall())
