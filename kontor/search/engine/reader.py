"""The engine of this node: tantivy, read only. Built and kept current by `indexer`, in another process."""

import threading
import time
from collections.abc import Callable
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from django.db import Error as DatabaseError
from tantivy import Index, Order, Query, Searcher

from kontor.goods.wording import Alternative, Chunk, Wording, folded, loose_key, tokens, understood
from kontor.search.engine import folder as folders
from kontor.search.engine.counting import Counter
from kontor.search.engine.indexer import open_index
from kontor.search.engine.narrowing import any_of, narrowing
from kontor.search.engine.port import Completions, Counted, Found, Question, Wanted
from kontor.search.engine.ranking import Composer, Must, Should
from kontor.search.engine.schema import LANGUAGES, MARK, POPULAR, analyser, schema

log = structlog.get_logger(__name__)

LOOK_EVERY = 0.2
"""Seconds after which a reader looks whether the index changed."""
FEW = 12
"""With fewer products that have every word, and the thing asked for in their name, those with most words follow."""
ORDERS: dict[str, dict[str, Any]] = {
    "popular": {"order_by_field": "popular", "order": Order.Desc},
    "name": {"order_by_field": "name_key", "order": Order.Asc},
    "newest": {"order_by_field": "listed", "order": Order.Desc},
    "price": {"order_by_field": "price", "order": Order.Asc},
    "-price": {"order_by_field": "price", "order": Order.Desc},
}
RELEVANCE = {"weight_by_field": "weight"}
EXPANSIONS = 30
EXACT_CODE, CODE_BEGINNING = 1000.0, 100.0
"""What being that number counts, and having a number that begins so."""
MOST_BEGINNING = 50
MOST_KEPT = 2000


class Followers(Enum):
    """Who stands behind the products with every word: nobody, those with most, or of these who names the thing."""

    NONE = auto()
    MOST = auto()
    NAMED = auto()


class TantivyEngine:
    """One state of an index: all answers to a request are of the same. Safe to use from several threads."""

    def __init__(self, folder: Path, index: Index | None = None) -> None:
        self.folder = folder
        self._seen = self._stamp()
        self._index = index or open_index(folder)
        self._index.reload()
        self._schema = schema()
        self._searcher: Searcher = self._index.searcher()
        self._languages = [
            one for one in LANGUAGES if self._searcher.terms_with_prefix(f"all_{one}", "", None, 1)
        ] or list(LANGUAGES[:1])
        self._composer = Composer(self._schema, self._languages, self.knows)
        self._matcher = Composer(self._schema, self._languages, self.knows, ranks=False)
        self._kept: dict[tuple[Wording, tuple[int, ...]], Followers] = {}
        self._seeing: dict[tuple[int, ...], bool] = {}

    def followed(self) -> "TantivyEngine":
        """This one, or what the indexer wrote since."""
        return self if self._stamp() == self._seen else TantivyEngine(self.folder, self._index)

    def find(self, question: Question) -> Found:
        """Products with every word, by relevance or in the order asked for; few or none: those with most words."""
        wording, composer = question.wording, self._matcher if question.order in ORDERS else self._composer
        followers = self._followers(wording, question.assortments)
        ids, total = self._run(self._within(question, self._words(composer, wording, followers)), question)
        if followers is Followers.NONE:
            return Found(ids, total, total)
        every = self._words(self._matcher, wording, Followers.NONE)
        return Found(ids, total, self._count(self._within(question, every)))

    def count(self, question: Question, wanted: Wanted) -> Counted:
        """Facets of what `find` finds with every word, or else with most of them."""
        followers = self._followers(question.wording, question.assortments)
        words = self._words(self._matcher, question.wording, followers)
        return Counter(self._searcher, partial(self._within, question, words), question).count(wanted)

    def _words(self, composer: Composer, wording: Wording, followers: Followers) -> list[Query]:
        """The number that the words may be, and every word, or most of them."""
        if followers is Followers.NONE:
            return [*self._codes(wording), composer.all_words(wording)]
        named = followers is Followers.NAMED
        return [composer.some_words(wording, named=named), *self._codes(wording)]

    def _codes(self, wording: Wording) -> list[Query]:
        """Products of the number that the words may be, or whose number begins so; nothing where there are none."""
        key, found = wording.key, []
        if self._searcher.doc_freq("code", key):
            exact = Query.term_query(self._schema, "code", key)
            found.append(Query.const_score_query(exact, EXACT_CODE))
        if len(key) > 2 and any(map(str.isdigit, key)) and not wording.is_measured:
            # Cheap, but of each segment it finds fifty numbers at most.
            begins = Query.phrase_prefix_query(self._schema, "code", [key])
            count = self._count(begins)
            if count >= MOST_BEGINNING:
                begins = Query.regex_query(self._schema, "code", f"{key}.*")
            if count:
                found.append(Query.const_score_query(begins, CODE_BEGINNING))
        return found

    def _followers(self, wording: Wording, assortments: tuple[int, ...]) -> Followers:
        """Who follows those with every word, where little has all. What narrows a question does not change that.

        Words that are only strewn over long descriptions are little, too: then products with the thing asked for in
        their name follow. A known number is never little.
        """
        if len(wording.chunks) < 2:
            return Followers.NONE
        kept = self._kept.get((wording, assortments))
        if kept is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            kept = self._kept[wording, assortments] = self._told(Question(wording, assortments))
        return kept

    def _told(self, plain: Question) -> Followers:
        wording = plain.wording
        if self._searcher.doc_freq("code", wording.key):
            exact = Query.term_query(self._schema, "code", wording.key)
            if self._count(self._within(plain, [exact])):
                return Followers.NONE
        everything = self._within(plain, self._words(self._matcher, wording, Followers.NONE))
        if self._count(everything) < FEW:
            return Followers.MOST
        named = self._matcher.named(wording)
        if named is None or self._count(Query.boolean_query([(Must, everything), (Must, named)])) >= FEW:
            return Followers.NONE
        return Followers.NAMED

    def complete(self, beginning: str, assortments: tuple[int, ...], most: int) -> Completions:
        """By the last word's beginning; the words before it must be in the title or elsewhere."""
        words = tokens(beginning[:100])
        if not words:
            return Completions()
        seen = None if self._sees_all(assortments) else any_of(self._schema, "assortment", assortments)
        typed = folded(beginning).strip()
        makers = self._searcher.terms_with_prefix("brand", typed, None, most)
        if makers and seen is not None:
            makers = self._searcher.terms_with_prefix("brand", typed, seen, most)
        key, numbered = loose_key(beginning), tuple[int, ...]()
        if len(key) > 2 and any(map(str.isdigit, key)):
            begins = Query.phrase_prefix_query(self._schema, "code", [key])
            numbered = self._best([begins], seen, most)
        return Completions(
            self._begun(words, seen, most),
            tuple(name.partition(MARK)[2] for name, _count in makers),
            numbered,
        )

    def knows(self, word: str) -> int:
        """How many products have this word, in any of the languages; "" asks for all products."""
        if not word:
            return int(self._searcher.num_docs)
        return max(
            self._searcher.doc_freq(f"all_{language}", term)
            for language in self._languages
            for term in analyser(language).analyze(word) or [""]
        )

    def sees(self, word: str, assortments: tuple[int, ...]) -> int:
        """How many products of these assortments have this word."""
        seen = Query.term_set_query(self._schema, "assortment", list(assortments))
        has = self._matcher.chunk(Chunk((Alternative((word,)),)))
        return self._count(Query.boolean_query([(Must, seen), (Must, has)])) if self.knows(word) else 0

    def _begun(self, words: list[str], seen: Query | None, most: int) -> tuple[int, ...]:
        *before, last = words
        terms: dict[str, int] = {}
        if len(last) > 1 or before:
            for language in self._languages:
                terms |= self._searcher.terms_with_prefix(f"title_{language}", last, None, 200)
        best = sorted(terms, key=lambda term: -terms[term])[:EXPANSIONS]
        before_it = [self._matcher.chunk(one) for one in understood(" ".join(before)).chunks]
        return self._best([self._matcher.beginning(best, last), *before_it], seen, most)

    def _best(self, parts: list[Query], seen: Query | None, most: int) -> tuple[int, ...]:
        """The most popular products of which all this is true."""
        all_of = [(Must, one) for one in (*parts, *((seen,) if seen is not None else ()))]
        query = Query.const_score_query(Query.boolean_query(all_of), 1.0)
        return self._ids(self._searcher.search(query, most, count=False, order_by_field="popular"))

    def _within(self, question: Question, either: list[Query], without: str = "") -> Query:
        """Any of these, none of what is unwanted, within the filters."""
        sees_all = self._sees_all(question.assortments)
        must = narrowing(self._index, self._schema, question, without=without, sees_all=sees_all)
        words = either[0] if len(either) == 1 else Query.boolean_query([(Should, one) for one in either])
        return Query.boolean_query([(Must, words), *must, *self._matcher.without(question.wording)])

    def _sees_all(self, assortments: tuple[int, ...]) -> bool:
        """Whether these assortments hold every entry of this state of the index."""
        kept = self._seeing.get(assortments)
        if kept is None:
            if len(self._seeing) >= MOST_KEPT:
                self._seeing.clear()
            seen = self._count(any_of(self._schema, "assortment", assortments))
            kept = self._seeing[assortments] = seen == self._searcher.num_docs
        return kept

    def _run(self, query: Query, question: Question) -> tuple[tuple[int, ...], int]:
        """The ids of the part asked for, and how many there are."""
        size = max(question.size, 1)
        order = ORDERS.get(question.order, RELEVANCE)
        found = self._searcher.search(query, size, offset=question.skip, **order)
        return self._ids(found), int(getattr(found, "count", 0) or 0)

    def _count(self, query: Query) -> int:
        return int(getattr(self._searcher.search(query, 1), "count", 0) or 0)

    def _ids(self, found: Any) -> tuple[int, ...]:
        addresses = [address for _score, address in found.hits]
        return (
            tuple(int(one or 0) % POPULAR for one in self._searcher.fast_field_values("popular", addresses))
            if addresses
            else ()
        )

    def _stamp(self) -> int:
        return (self.folder / "meta.json").stat().st_mtime_ns


class Node:
    """Finds the index in use, and opens another when that is put in its place."""

    def __init__(self, which: Callable[[], str] = folders.which_database) -> None:
        self._engine: TantivyEngine | None = None
        self._which = which
        self._foreign: Path | None = None
        self._looked = 0.0
        self._lock = threading.Lock()

    def engine(self) -> TantivyEngine | None:
        """The engine, or None where there is no index of this database, or it cannot be read."""
        if time.monotonic() - self._looked > LOOK_EVERY:
            with self._lock:
                self._look()
                self._looked = time.monotonic()
        return self._engine

    def _look(self) -> None:
        folder = folders.current()
        try:
            if folder is None:
                self._engine = None
            elif self._engine is not None and self._engine.folder == folder:
                self._engine = self._engine.followed()
            elif folder != self._foreign:
                state = folders.state_of(folder)
                ours = state is not None and state.database == self._which()
                self._engine = TantivyEngine(folder) if ours else None
                self._foreign = None if ours else folder
        except (OSError, ValueError, DatabaseError) as problem:
            log.warning("search_index_unreadable", problem=str(problem))
            self._engine = None


node = Node()
