"""Finding by words and by number in the database: what answers while this node has no index."""

from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from kontor.search.models import UNPRICED
from kontor.search.queries.cards import (
    EVERYTHING,
    FIRST_PAGE,
    Filters,
    Hits,
    Listing,
    Window,
    bounds,
    read_cards,
)
from kontor.search.queries.counted import Facets
from kontor.search.queries.kept import Kept
from kontor.search.queries.narrowing import Sellers, list_price, narrowed
from kontor.search.queries.own_prices import sellers_listed
from kontor.search.queries.viewer import Viewer
from kontor.search.rules import Terms, terms_of

CAP = 1000
"""So many matches are compared with each other; of more, the most popular come first."""
ORDERS = {
    "relevance": "tier, score DESC, product_id",
    "name": "sort_key, product_id",
    "popular": "popularity DESC, product_id DESC",
    "newest": "listed_at DESC, product_id DESC",
    "price": "list_price, product_id",
    "-price": f"list_price >= {UNPRICED}, list_price DESC, product_id",
}
# What is asked for stands in a row of its own, which the planner does not look into: so it takes the kept plan of the
# prepared statement to be as good as a new one, and saves the planning, which would cost more than the search.
MATCHES = """
WITH asked AS MATERIALIZED (
    SELECT search_query(%(wanted)s::text[], %(unwanted)s::text[]) AS q, %(key)s::text AS key, %(beyond)s::text AS beyond
)
SELECT product_id, min(tier) AS tier, max(score) AS score, min(sort_key) AS sort_key,
    max(popularity) AS popularity, max(listed_at) AS listed_at, max(list_price) AS list_price
FROM (
    (SELECT d.product_id, 2 AS tier,
        ts_rank('{{0.05, 0.1, 0.4, 1}}', d.words, asked.q) * (1 + ln(1 + d.popularity) / 10) AS score,
        d.sort_key, d.popularity, d.listed_at, {price} AS list_price
     FROM asked JOIN search_document d ON d.words @@ asked.q
     WHERE true {narrowed} LIMIT {cap} + 1)
    UNION ALL
    (SELECT d.product_id, CASE WHEN c.key = asked.key THEN 0 ELSE 1 END, 0,
        d.sort_key, d.popularity, d.listed_at, {price} AS list_price
     FROM asked JOIN search_code c ON asked.key <> '' AND c.key ~>=~ asked.key AND c.key ~<~ asked.beyond
     JOIN search_document d ON d.product_id = c.product_id
     WHERE true {narrowed}
     ORDER BY c.key LIMIT 200)
    UNION ALL
    (SELECT d.product_id, CASE WHEN n.key = asked.key THEN -1 ELSE 1 END, 0,
        d.sort_key, d.popularity, d.listed_at, {price} AS list_price
     FROM asked JOIN catalog_buyer_part_number n ON asked.key <> '' AND n.buyer_id = %(company)s::bigint
        AND n.key ~>=~ asked.key AND n.key ~<~ asked.beyond
     JOIN search_document d ON d.product_id = n.product_id
     WHERE true {narrowed}
     ORDER BY n.key LIMIT 200)
) AS match GROUP BY product_id
"""
RANKED = """
SELECT product_id, NULL AS place, count(*) OVER () AS total, row_number() OVER (ORDER BY {order}) AS no
FROM ({matches}) AS matches ORDER BY {order} LIMIT {limit} OFFSET {offset}
"""
# The function form of @@ is not indexed: for a word that is everywhere, walking along popularity finds a page at once.
WALK = """
SELECT d.product_id, NULL AS place, {cap} + 1::bigint AS total,
    row_number() OVER (ORDER BY d.popularity DESC, d.product_id DESC) AS no
FROM search_document d
WHERE ts_match_vq(d.words, (SELECT search_query(%(wanted)s::text[], %(unwanted)s::text[]))) {narrowed}
ORDER BY d.popularity DESC, d.product_id DESC LIMIT {limit} OFFSET {offset}
"""
FACETS = """
WITH found AS MATERIALIZED (
    SELECT d.brand, d.category_path FROM ({matches}) AS m JOIN search_document d ON d.product_id = m.product_id
)
(SELECT 'brand', brand, '', count(*) FROM found WHERE brand <> '' GROUP BY brand ORDER BY 4 DESC, 2 LIMIT 40)
UNION ALL
(SELECT 'category', f.category_path, c.name, count(*) FROM found f JOIN catalog_category c ON c.path = f.category_path
 GROUP BY 2, 3 ORDER BY 4 DESC, 2 LIMIT 40)
"""
NEAR = """
SELECT asked.term, EXISTS (SELECT FROM search_word w WHERE w.word = asked.term),
    ARRAY(SELECT w.word FROM search_word w WHERE w.word LIKE '%%' || asked.term || '%%'
          ORDER BY length(w.word), w.word LIMIT 20),
    ARRAY(SELECT w.word FROM search_word w WHERE w.word %% asked.term
          ORDER BY similarity(w.word, asked.term) DESC, w.word LIMIT 1)
FROM unnest(%s::text[]) AS asked (term)
"""
_facets: Kept[Facets] = Kept()
_broad: Kept[bool] = Kept()


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked for, as a key for what is kept."""

    terms: Terms
    filters: Filters
    order: str
    assortments: tuple[int, ...]
    company_id: int | None
    sellers: Sellers


def find_in_database(
    viewer: Viewer, words: str, *, window: Window = FIRST_PAGE, filters: Filters = EVERYTHING
) -> Listing:
    """Products for what somebody typed: a number exactly or by its beginning first, then all words, by relevance.

    The company's own part numbers are numbers too, for itself alone.

    Words match as they stand, as a beginning, or by their English or German stem. When nothing matches, parts of
    compound words and then the likeliest correction are tried (`Listing.corrected`). One statement; two more when
    nothing was found. Up to 1,000 matches are counted.
    """
    terms = terms_of(words)
    listing = Listing(page=max(window.page, 1), per_page=window.size)
    if not terms and not terms.key:
        return listing
    order = window.sort if window.sort in ORDERS else "relevance"
    company_id = viewer.company_id if terms.key else None
    sellers = sellers_listed(viewer, order, filters)
    question = _Question(terms, filters, order, viewer.assortments, company_id, sellers)
    hits = _ask(viewer, question, window)
    if hits.total is None and window.page <= 1:
        wanted, corrected = _nearest(terms)
        if wanted != terms.wanted:
            question = replace(question, terms=replace(terms, wanted=wanted, key=""))
            hits = _ask(viewer, question, window)
            listing.corrected = corrected if hits.cards else ""
    return _filled(listing, hits, question, window)


def _filled(listing: Listing, hits: Hits, question: _Question, window: Window) -> Listing:
    listing.revision = hits.revision
    listing.cards = hits.cards[: window.size]
    total = hits.total or 0
    listing.total, listing.total_is_capped = min(total, CAP), total > CAP
    if len(hits.cards) > window.size:
        listing.next_after = str(listing.page + 1)
    if window.facets and hits.cards:
        unbranded = replace(question, filters=replace(question.filters, brands=(), in_stock=False), order="")
        listing.facets = _facets.get(unbranded, hits.revision, lambda: _count(unbranded))
    return listing


def _ask(viewer: Viewer, question: _Question, window: Window) -> Hits:
    where, parameters = _parameters(question)
    limits = bounds(window, parameters)
    walk = WALK.format(cap=CAP, narrowed=where, **limits)
    by_popularity = question.order in ("relevance", "popular")
    # Only a hint, so it needs no revision: either way gives true matches.
    if by_popularity and _broad.get(question, 0, lambda: False):
        return read_cards(viewer, walk, parameters)
    matches = _matches(question, where)
    ranked = RANKED.format(matches=matches, order=ORDERS[question.order], **limits)
    hits = read_cards(viewer, ranked, parameters)
    if by_popularity and hits.total is not None and hits.total > CAP:
        _broad.put(question, 0, True)
        hits = read_cards(viewer, walk, parameters)
    return hits


def _matches(question: _Question, where: str) -> str:
    return MATCHES.format(cap=CAP, narrowed=where, price=list_price("d", question.sellers))


def _parameters(question: _Question) -> tuple[str, dict[str, Any]]:
    where, parameters = narrowed(
        "d", Viewer(assortments=question.assortments), question.filters, question.sellers
    )
    path = question.filters.category_path
    if path:
        where += " AND (d.category_path = %(path)s::text OR starts_with(d.category_path, %(below)s::text))"
        parameters |= {"path": path, "below": f"{path}/"}
    key = question.terms.key
    parameters |= {
        "wanted": list(question.terms.wanted),
        "unwanted": list(question.terms.unwanted),
        "key": key,
        "company": question.company_id,
        "beyond": key[:-1] + chr(ord(key[-1]) + 1) if key else "",
    }
    return where, parameters


def _count(question: _Question) -> Facets:
    where, parameters = _parameters(question)
    with connection.cursor() as cursor:
        cursor.execute(FACETS.format(matches=_matches(question, where)), parameters)
        rows = cursor.fetchall()
    brands = tuple((value, count) for kind, value, _name, count in rows if kind == "brand")
    return Facets(
        brands, tuple((path, name, count) for kind, path, name, count in rows if kind == "category")
    )


def _nearest(terms: Terms) -> tuple[tuple[str, ...], str]:
    """Other words to ask for: alternatives joined by |, and the correction to show ("" when none was made)."""
    with connection.cursor() as cursor:
        cursor.execute(NEAR, [[term for term in terms.wanted if term.isalpha()]])
        near = {term: facts for term, *facts in cursor.fetchall()}
    wanted, shown, was_corrected = [], [], False
    for term in terms.wanted:
        known, holding, similar = near.get(term, (True, [], []))
        alternatives = holding if len(term) >= 3 else []
        if not known and not alternatives and similar:
            alternatives, was_corrected = similar, True
            shown.append(similar[0])
        else:
            shown.append(term)
        wanted.append("|".join([term, *(word for word in alternatives if word != term)]))
    return tuple(wanted), " ".join(shown) if was_corrected else ""
