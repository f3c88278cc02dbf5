"""From a wording to a query of tantivy: which fields count how much.

The figures were chosen by `bench/relevance`, see docs/reference/relevance.md. A word is looked for in the text as a
whole, which holds the title and the maker's name too; standing in one of these counts besides. So the one list of the
whole text leads, and the others are only looked into where that has a hit.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from math import ceil, log1p

from tantivy import Occur, Query, Schema

from kontor.goods.wording import Alternative, Chunk, Wording, joined_readings, splits, thing
from kontor.search.engine.schema import LANGUAGES, analyser

TITLE, MAKER, HEAD = 0.4, 1.0, 0.3
"""Weight of a word in the title, as the maker, and where it says what the product is; anywhere it counts 1."""
OTHERS = 0.35
"""Part of the score of other languages and synonyms that is added to the best one's."""
ALL_WORDS = 10.0
"""What having every word counts beside having some: about what two rare words do."""
ENOUGH_OF = 0.5
"""Part of the words that is enough when no product has all."""

Must, Should, MustNot = Occur.Must, Occur.Should, Occur.MustNot
Known = Callable[[str], int]
"""How many products have a word; "" counts all products."""


class Composer:
    """Composes queries for one index. `known` says how many products have a word.

    Without `ranks` they find the same products in no order, for a part of the work: to count them.
    """

    def __init__(self, schema: Schema, languages: Sequence[str], known: Known, *, ranks: bool = True) -> None:
        self._schema = schema
        self._languages = [one for one in LANGUAGES if one in languages] or list(LANGUAGES[:1])
        self._known = known
        self._ranks = ranks

    def all_words(self, wording: Wording) -> Query:
        """Products that have every word, read as one or two words where that may be meant."""
        if not wording:
            return Query.all_query()
        parts = [self.chunk(one) for one in wording.chunks]
        whole = self._and(parts)
        readings = [whole]
        for at, joined in joined_readings(wording):
            if self._known(joined):
                one = self._alternatives([Alternative((joined,))])
                readings.append(self._and([*parts[:at], one, *parts[at + 2 :]]))
        return self._either(readings)

    def some_words(self, wording: Wording, *, named: bool = False) -> Query:
        """Products that have most of the words; those with every word come first.

        With `named` those without every word have at least the thing asked for in their name.
        """
        parts = [self.chunk(one) for one in wording.chunks]
        enough = max(1, ceil(len(parts) * ENOUGH_OF))
        loose = Query.boolean_query([(Should, part) for part in parts], minimum_number_should_match=enough)
        every = Query.const_score_query(self.all_words(wording), ALL_WORDS)
        thing_named = self.named(wording) if named else None
        if thing_named is None:
            return Query.boolean_query([(Should, every), (Must, loose)])
        either = Query.boolean_query([(Should, every), (Should, Query.const_score_query(thing_named, 0.0))])
        return Query.boolean_query([(Must, either), (Must, loose)])

    def named(self, wording: Wording) -> Query | None:
        """Products with the thing asked for in their name, not just somewhere; None for a single word."""
        at = thing(wording)
        if at is None or len(wording.chunks) < 2:
            return None
        names = [
            self._and([self._term(f"title_{language}", term) for term in terms])
            for one in wording.chunks[at].alternatives
            for language in self._languages
            if (terms := analyser(language).analyze(" ".join(one.tokens)))
        ]
        return self._either(names) if names else None

    def without(self, wording: Wording) -> list[tuple[Occur, Query]]:
        """What must not occur."""
        return [(MustNot, self._alternatives([Alternative(one)])) for one in wording.unwanted]

    def chunk(self, chunk: Chunk) -> Query:
        """Any alternative of a chunk in any field."""
        alternatives = list(chunk.alternatives)
        if len(chunk.word) > 5:
            both = (pair for pair in splits(chunk.word) if all(map(self._known, pair)))
            alternatives += [Alternative(pair, 90) for pair in both]
        return self._alternatives(alternatives)

    def beginning(self, terms: Iterable[str], exact: str) -> Query:
        """Titles with one of these terms, or with the word itself."""
        several = list(terms)
        queries = [
            Query.term_set_query(
                self._schema, f"title_{language}", [*several, *analyser(language).analyze(exact)]
            )
            for language in self._languages
        ]
        return self._either(queries)

    def _alternatives(self, alternatives: Sequence[Alternative]) -> Query:
        found: list[Query] = []
        for one in self._as_one_word(alternatives):
            if one.apart:
                words = [self._alternatives([Alternative((token,), one.hundredths)]) for token in one.tokens]
                found.append(self._and(words))
                continue
            for language in self._languages:
                terms = analyser(language).analyze(" ".join(one.tokens))
                if terms:
                    found.append(self._reading(one, language, terms))
        return self._either(found, OTHERS) if found else Query.empty_query()

    def _reading(self, one: Alternative, language: str, terms: list[str]) -> Query:
        """Words of one language side by side; each place where they count besides is looked into by itself."""
        anywhere = f"all_{language}"
        if len(terms) > 1:
            found = Query.phrase_query(self._schema, anywhere, list(terms))
        else:
            found = self._term(anywhere, terms[0])
        if not self._ranks:
            return found
        # Places are kept of the text as a whole only, so of several words none are looked for in the title.
        more = [(f"title_{language}", terms[0], TITLE)] if len(terms) == 1 else []
        more += [("maker", one.tokens[0], MAKER)] if len(one.tokens) == 1 else []
        more += [(f"head_{language}", terms[-1], HEAD)] if terms[-1].isalpha() else []
        for field, term, weight in more:
            besides = Query.boost_query(self._term(field, term), weight)
            found = Query.boolean_query([(Must, found), (Should, besides)])
        return found if one.hundredths == 100 else Query.boost_query(found, one.hundredths / 100)

    def _as_one_word(self, alternatives: Sequence[Alternative]) -> Sequence[Alternative]:
        """Words that mean the same count alike: a rare one among them as little as the commonest.

        Otherwise the few products that say "laptop" would stand before all that say "notebook".
        """
        if not self._ranks:
            return alternatives
        known = {one.tokens: self._known(one.tokens[0]) for one in alternatives if len(one.tokens) == 1}
        if len(known) < 2 or not any(known.values()):
            return alternatives
        everything = self._known("")
        rare = {words: _rareness(count, everything) for words, count in known.items()}
        least = min(rare.values())
        return [
            replace(one, hundredths=round(one.hundredths * least / rare[one.tokens]))
            if one.tokens in rare
            else one
            for one in alternatives
        ]

    def _term(self, field: str, term: str) -> Query:
        return Query.term_query(self._schema, field, term)

    def _either(self, queries: Sequence[Query], others: float = 0.0) -> Query:
        if len(queries) == 1:
            return queries[0]
        if self._ranks:
            return Query.disjunction_max_query(queries, others)
        return Query.boolean_query([(Should, one) for one in queries])

    @staticmethod
    def _and(parts: Sequence[Query]) -> Query:
        return parts[0] if len(parts) == 1 else Query.boolean_query([(Must, part) for part in parts])


def _rareness(count: int, everything: int) -> float:
    """What BM25 counts a word for that so many of all products have."""
    return log1p((max(everything - count, 0) + 0.5) / (count + 0.5))
