"""The engine of this node: tantivy, read only. Built and kept current by `indexer`, in another process."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from django.db import Error as DatabaseError
from tantivy import Index, Order, Query, Searcher

from kontor.search.engine import folder as folders
from kontor.search.engine.counting import Counter
from kontor.search.engine.indexer import open_index
from kontor.search.engine.narrowing import any_of, narrowing
from kontor.search.engine.port import Completions, Counted, Found, Question, Wanted
from kontor.search.engine.ranking import Composer, Must, Should
from kontor.search.engine.schema import LANGUAGES, MARK, analyser, schema
from kontor.search.wording import Alternative, Chunk, Wording, folded, loose_key, tokens, understood

log = structlog.get_logger(__name__)

LOOK_EVERY = 0.2
"""Seconds after which a reader looks whether the index changed."""
FEW = 12
"""With fewer products that have every word, and the thing asked for in their name, those with most words follow."""
ORDERS = {
    "popular": ("popularity", Order.Desc),
    "name": ("name_key", Order.Asc),
    "newest": ("listed", Order.Desc),
    "price": ("price", Order.Asc),
    "-price": ("price", Order.Desc),
}
EXPANSIONS = 30


class TantivyEngine:
    """One index, opened. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index: Index = open_index(folder)
        self._schema = schema()
        self._searcher: Searcher = self._index.searcher()
        self._meta = folder / "meta.json"
        self._seen = self._stamp()
        self._looked = time.monotonic()
        self._lock = threading.Lock()
        self._take_up()

    def refresh(self) -> None:
        """See what the indexer wrote since."""
        now = time.monotonic()
        if now - self._looked < LOOK_EVERY:
            return
        with self._lock:
            self._looked = now
            stamp = self._stamp()
            if stamp != self._seen:
                self._index.reload()
                self._searcher = self._index.searcher()
                self._take_up()
                self._seen = stamp

    @property
    def revision(self) -> int:
        """Rises with every change of the index."""
        return self._seen

    def find(self, question: Question) -> Found:
        """Products with every word, by relevance or in the order asked for; few or none: those with most words."""
        codes, strict = self._strict(question.wording)
        ids, total = self._run(self._within(question, strict), question)
        loose = self._looser(question, codes, strict, total)
        if loose is None:
            return Found(ids, total, total)
        ids, everything = self._run(self._within(question, loose), question)
        return Found(ids, everything, total)

    def count(self, question: Question, wanted: Wanted) -> Counted:
        """Facets of what `find` finds with every word, or else with most of them."""
        codes, either = self._strict(question.wording)
        either = self._looser(question, codes, either) or either
        return Counter(self._searcher, partial(self._within, question, either), question).count(wanted)

    def _strict(self, wording: Wording) -> tuple[list[Query], list[Query]]:
        """The number that the words may be, and that number or every word."""
        is_number = any(letter.isdigit() for letter in wording.key) and not wording.is_measured
        codes = self._composer.codes(wording.key, beginning=is_number)
        return codes, [*codes, self._composer.all_words(wording)]

    def _looser(
        self, question: Question, codes: list[Query], strict: list[Query], total: int | None = None
    ) -> list[Query] | None:
        """Most words instead of all, where little has all; else None. What narrows a question does not change that.

        Words that are only strewn over long descriptions are little, too: then products with the thing asked for in
        their name follow. A known number is never little. `total` is how many `strict` finds within the question.
        """
        wording = question.wording
        if len(wording.chunks) < 2:
            return None
        plain = Question(wording, question.assortments)
        if codes and self._count(self._within(plain, codes[:1])):
            return None
        everything = self._within(plain, strict)
        asked = replace(plain, order=question.order, skip=question.skip, size=question.size)
        if total is None or question != asked:
            total = self._count(everything)
        if total < FEW:
            return [self._composer.some_words(wording), *codes]
        named = self._composer.named(wording)
        if named is None or self._count(Query.boolean_query([(Must, everything), (Must, named)])) >= FEW:
            return None
        return [self._composer.some_words(wording, named=True), *codes]

    def complete(self, beginning: str, assortments: tuple[int, ...], most: int) -> Completions:
        """By the last word's beginning; the words before it must be in the title or elsewhere."""
        words = tokens(beginning[:100])
        if not words:
            return Completions()
        seen = any_of(self._schema, "assortment", assortments)
        makers = self._searcher.terms_with_prefix("brand_key", folded(beginning).strip(), seen, most)
        numbers: list[tuple[str, int]] = []
        key = loose_key(beginning)
        if len(key) > 2 and any(map(str.isdigit, key)):
            for code, _count in self._searcher.terms_with_prefix("code", key, seen, most):
                one = Query.boolean_query(
                    [(Must, Query.term_query(self._schema, "code", code)), (Must, seen)]
                )
                numbers += [
                    (code, product) for product in self._ids(self._searcher.search(one, 1, count=False))
                ]
        return Completions(
            self._begun(words, seen, most),
            tuple(name.partition(MARK)[2] for name, _count in makers),
            tuple(numbers),
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
        has = self._composer.chunk(Chunk((Alternative((word,)),)))
        return self._count(Query.boolean_query([(Must, seen), (Must, has)])) if self.knows(word) else 0

    def _begun(self, words: list[str], seen: Query, most: int) -> tuple[int, ...]:
        *before, last = words
        terms: dict[str, int] = {}
        if len(last) > 1 or before:
            for language in self._languages:
                terms |= self._searcher.terms_with_prefix(f"title_{language}", last, None, 200)
        best = sorted(terms, key=lambda term: -terms[term])[:EXPANSIONS]
        parts = [(Must, seen), (Must, self._composer.beginning(best, last))]
        parts += [(Must, self._composer.chunk(one)) for one in understood(" ".join(before)).chunks]
        query = Query.const_score_query(Query.boolean_query(parts), 1.0)
        return self._ids(self._searcher.search(query, most, count=False, order_by_field="popularity"))

    def _within(self, question: Question, either: list[Query], without: str = "") -> Query:
        """Any of these, none of what is unwanted, within the filters."""
        must = narrowing(self._index, self._schema, question, without=without)
        words = either[0] if len(either) == 1 else Query.boolean_query([(Should, one) for one in either])
        return Query.boolean_query([(Must, words), *must, *self._composer.without(question.wording)])

    def _run(self, query: Query, question: Question) -> tuple[tuple[int, ...], int]:
        """The ids of the part asked for, and how many there are."""
        size = max(question.size, 1)
        order = ORDERS.get(question.order)
        if order is None:
            found = self._searcher.search(query, size, offset=question.skip, weight_by_field="weight")
        else:
            field, direction = order
            found = self._searcher.search(
                query, size, offset=question.skip, order_by_field=field, order=direction
            )
        return self._ids(found), int(getattr(found, "count", 0) or 0)

    def _count(self, query: Query) -> int:
        return int(getattr(self._searcher.search(query, 1), "count", 0) or 0)

    def _ids(self, found: Any) -> tuple[int, ...]:
        addresses = [address for _score, address in found.hits]
        return (
            tuple(int(one or 0) for one in self._searcher.fast_field_values("id", addresses))
            if addresses
            else ()
        )

    def _take_up(self) -> None:
        """What is computed once for each state of the index."""
        searcher = self._searcher
        self._languages = [
            one for one in LANGUAGES if searcher.terms_with_prefix(f"all_{one}", "", None, 1)
        ] or list(LANGUAGES[:1])
        self._composer = Composer(self._schema, self._languages, self.knows)

    def _stamp(self) -> int:
        return self._meta.stat().st_mtime_ns


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
        try:
            if self._engine is not None:
                self._engine.refresh()
        except (OSError, ValueError) as problem:
            log.warning("search_index_unreadable", problem=str(problem))
            self._engine = None
        return self._engine

    def _look(self) -> None:
        folder = folders.current()
        if folder is None:
            self._engine = None
        elif folder != self._foreign and (self._engine is None or self._engine.folder != folder):
            state = folders.state_of(folder)
            try:
                ours = state is not None and state.database == self._which()
                self._engine = TantivyEngine(folder) if ours else None
                self._foreign = None if ours else folder
            except (OSError, ValueError, DatabaseError) as problem:
                log.warning("search_index_unreadable", problem=str(problem))
                self._engine = None


node = Node()
