"""From a wording to a query of tantivy: which fields count how much.

The figures were chosen by `bench/relevance`, see docs/reference/relevance.md. Each word counts where it weighs most
(title, maker, or anywhere), and a little for the other fields; a word that stands anywhere counts in the text as a
whole, so that a long list of attributes does not drown a title.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from math import ceil, log1p

from tantivy import Occur, Query, Schema

from kontor.search.engine.schema import LANGUAGES, analyser
from kontor.search.wording import Alternative, Chunk, Wording, joined_readings, splits, thing

TITLE, MAKER, ANYWHERE = 1.0, 1.5, 1.0
HEAD = 0.3
"""Weight of a word where it says what the product is, beside what it counts anywhere."""
OTHER_FIELDS = 0.2
"""Part of the other fields' score that is added to the best one's."""
EXACT_CODE, CODE_BEGINNING = 1000.0, 100.0
ALL_WORDS = 10.0
"""What having every word counts beside having some: about what two rare words do."""
ENOUGH_OF = 0.5
"""Part of the words that is enough when no product has all."""

Must, Should, MustNot = Occur.Must, Occur.Should, Occur.MustNot
Known = Callable[[str], int]
"""How many products have a word; "" counts all products."""


class Composer:
    """Composes queries for one index. `known` says how many products have a word."""

    def __init__(self, schema: Schema, languages: Sequence[str], known: Known) -> None:
        self._schema = schema
        self._languages = [one for one in LANGUAGES if one in languages] or list(LANGUAGES[:1])
        self._known = known

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
        return Query.disjunction_max_query(readings) if len(readings) > 1 else whole

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
            self._and([Query.term_query(self._schema, f"title_{language}", term) for term in terms])
            for one in wording.chunks[at].alternatives
            for language in self._languages
            if (terms := analyser(language).analyze(" ".join(one.tokens)))
        ]
        return Query.disjunction_max_query(names) if names else None

    def codes(self, key: str, *, beginning: bool) -> list[Query]:
        """Products of that number, or whose number begins so."""
        if not key:
            return []
        exact = Query.const_score_query(Query.term_query(self._schema, "code", key), EXACT_CODE)
        if not beginning or len(key) < 3:
            return [exact]
        begins = Query.regex_query(self._schema, "code", f"{key}.*")
        return [exact, Query.const_score_query(begins, CODE_BEGINNING)]

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
        return Query.disjunction_max_query(queries)

    def _alternatives(self, alternatives: Sequence[Alternative]) -> Query:
        queries, heads = [], []
        for one in self._as_one_word(alternatives):
            if one.apart:
                words = [self._alternatives([Alternative((token,), one.hundredths)]) for token in one.tokens]
                queries.append(self._and(words))
                continue
            for field, weight in self._fields():
                found = self._side_by_side(field, one.tokens)
                if found is not None:
                    queries.append(Query.boost_query(found, weight * one.hundredths / 100))
            heads += self._heads(one)
        if not queries:
            return Query.empty_query()
        anywhere = Query.disjunction_max_query(queries, OTHER_FIELDS)
        if not heads:
            return anywhere
        return Query.boolean_query([(Must, anywhere), (Should, Query.disjunction_max_query(heads))])

    def _as_one_word(self, alternatives: Sequence[Alternative]) -> Sequence[Alternative]:
        """Words that mean the same count alike: a rare one among them as little as the commonest.

        Otherwise the few products that say "laptop" would stand before all that say "notebook".
        """
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

    def _heads(self, one: Alternative) -> list[Query]:
        """Products that are this, by their name, rather than have it or fit it."""
        found = []
        for language in self._languages if HEAD else ():
            terms = analyser(language).analyze(" ".join(one.tokens))
            if terms and terms[-1].isalpha():
                head = Query.term_query(self._schema, f"head_{language}", terms[-1])
                query = Query.boost_query(head, HEAD * one.hundredths / 100)
                if len(terms) > 1:
                    whole = Query.phrase_query(self._schema, f"all_{language}", list(terms))
                    query = self._and([query, Query.const_score_query(whole, 0.0)])
                found.append(query)
        return found

    def _fields(self) -> list[tuple[str, float]]:
        fields = [("maker", MAKER)]
        for language in self._languages:
            fields += [(f"title_{language}", TITLE), (f"all_{language}", ANYWHERE)]
        return fields

    def _side_by_side(self, field: str, tokens: tuple[str, ...]) -> Query | None:
        if field == "maker":
            return Query.term_query(self._schema, field, tokens[0]) if len(tokens) == 1 else None
        terms = analyser(field[-2:]).analyze(" ".join(tokens))
        if len(terms) == 1:
            return Query.term_query(self._schema, field, terms[0])
        if field.startswith("title"):
            return None  # places are kept of the text as a whole only, of which the title is a part
        return Query.phrase_query(self._schema, field, list(terms)) if terms else None

    @staticmethod
    def _and(parts: Sequence[Query]) -> Query:
        return parts[0] if len(parts) == 1 else Query.boolean_query([(Must, part) for part in parts])


def _rareness(count: int, everything: int) -> float:
    """What BM25 counts a word for that so many of all products have."""
    return log1p((max(everything - count, 0) + 0.5) / (count + 0.5))
