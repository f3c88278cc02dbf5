"""Finding by words and by number: what was meant, the engine's candidates, and their rows as they are now."""

from collections.abc import Sequence
from dataclasses import replace

from kontor.goods.wording import Wording, understood
from kontor.search.engine.port import Engine, Found, Question
from kontor.search.engine.reader import node
from kontor.search.filters import Filters
from kontor.search.queries.among import among
from kontor.search.queries.cards import EVERYTHING, FIRST_PAGE, Listing, Window, read_cards
from kontor.search.queries.curated import Curation, curation
from kontor.search.queries.faceting import facets_of
from kontor.search.queries.finding import ORDERS, find_in_database
from kontor.search.queries.highlighting import highlights
from kontor.search.queries.nearest import Sight, corrected, suggestion
from kontor.search.queries.noting import note
from kontor.search.queries.own_numbers import own_numbers
from kontor.search.queries.own_prices import by_price, own_prices, terms_of
from kontor.search.queries.selection import CHOSEN
from kontor.search.queries.viewer import Viewer


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
    if engine is None and (window.only_bought or window.sort == "bought"):
        return among(viewer, window.bought, words, window=window, filters=filters)
    if engine is None:
        listing = find_in_database(viewer, words, window=window, filters=filters)
    else:
        listing = (
            by_engine(engine, viewer, wording, window, filters, curated) if wording else _nothing(window)
        )
    listing.redirect = curated.redirects.get(wording.text, "")
    if window.page <= 1 and not window.after and filters == EVERYTHING and not window.only_bought:
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
    if window.only_bought:
        question = replace(question, among=window.bought)
    found = engine.find(question)
    of_company = window.only_bought or window.sort == "bought"
    plain = order == "relevance" and filters == EVERYTHING and not of_company
    key = wording.key if plain and listing.page == 1 else ""
    own = [product for _number, product in own_numbers(viewer, key)]
    if not found.total and not own and listing.page == 1 and not window.only_bought:
        other, listing.corrected = corrected(Sight(engine, viewer.assortments), wording)
        if other is not None:
            question = replace(question, wording=other)
            found = engine.find(question)
        if not found.total:
            listing.corrected = ""
    if order in ("price", "-price") or filters.price is not None:
        question, found = _at_own_prices(engine, viewer, question)
    elif window.sort == "bought":
        found = _bought_first(engine, question, window.bought)
    pins = dict.fromkeys([*own, *(curated.pins.get(wording.text, ()) if plain else ())])
    _fill(listing, viewer, found, window, tuple(pins))
    if window.facets and found.total:
        listing.facets = facets_of(engine, viewer, question, listing.revision)
    if listing.page == 1 and not listing.corrected and found.complete < 3:
        listing.suggestion = suggestion(Sight(engine, viewer.assortments), question.wording)
    listing.highlights = highlights(question.wording, listing.cards)
    return listing


def _at_own_prices(engine: Engine, viewer: Viewer, question: Question) -> tuple[Question, Found]:
    """The same question by the viewer's own prices, and what it finds."""
    priced = replace(question, prices=own_prices(engine, viewer, question, terms_of(viewer)))
    is_sorted = question.order in ("price", "-price")
    return priced, by_price(engine, priced) if is_sorted else engine.find(priced)


def _bought_first(engine: Engine, question: Question, bought: Sequence[int]) -> Found:
    """The same, with what the company bought first, last bought before all; the rest by relevance."""
    places = {one: no for no, one in enumerate(bought)}
    own = engine.find(replace(question, among=tuple(places), skip=0, size=max(len(places), 1))).product_ids
    first = sorted(own, key=lambda one: places[one])[question.skip :][: question.size]
    skip, size = max(question.skip - len(own), 0), question.size - len(first)
    rest = engine.find(replace(question, besides=own, skip=skip, size=max(size, 1)))
    ids = (*first, *rest.product_ids[: max(size, 0)])
    return Found(ids, rest.total + len(own), min(rest.complete + len(own), rest.total + len(own)))


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
