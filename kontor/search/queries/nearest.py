"""What may have been meant by words that no product has, or hardly any: told from what the reader may see."""

from dataclasses import dataclass

from django.db import connection

from kontor.goods.wording import Wording, distance, tolerance, with_alternatives
from kontor.search.engine.port import Engine

NEAR = """
SELECT asked.term,
    ARRAY(SELECT w.word FROM search_word w WHERE w.word LIKE '%%' || asked.term || '%%'
          ORDER BY length(w.word), w.word LIMIT 20),
    ARRAY(SELECT w.word FROM search_word w WHERE w.word %% asked.term
          ORDER BY similarity(w.word, asked.term) DESC, w.word LIMIT 40)
FROM unnest(%s::text[]) AS asked (term)
"""
MUCH_MORE = 20
"""A word is offered instead when so many times more products have it."""


@dataclass(frozen=True, slots=True)
class _Near:
    """Words that hold what was typed, and words that look like it."""

    holding: tuple[str, ...]
    similar: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """The words of the products in some assortments, and how many of these products have each."""

    engine: Engine
    assortments: tuple[int, ...]

    def of(self, word: str) -> int:
        return self.engine.sees(word, self.assortments)


def corrected(sight: Sight, wording: Wording) -> tuple[Wording | None, str]:
    """The wording with other words for those that no product has, and how that reads ("" when only parts were found).

    None when nothing better is known.
    """
    unknown = [chunk.word for chunk in wording.chunks if len(chunk.word) > 2 and not sight.of(chunk.word)]
    near = _near(unknown)
    others: dict[str, tuple[str, ...]] = {}
    shown: dict[str, str] = {}
    for word, facts in near.items():
        holding = tuple(filter(sight.of, facts.holding))
        if holding:
            others[word] = holding
        elif best := _best(sight, word, facts.similar):
            others[word], shown[word] = (best,), best
    if not others:
        return None, ""
    reads = " ".join(shown.get(token, token) for token in wording.text.split()) if shown else ""
    return with_alternatives(wording, others), reads


def suggestion(sight: Sight, wording: Wording) -> str:
    """Another wording that would find far more: "did you mean"; "" when none would."""
    rare = {one.word: sight.of(one.word) for one in wording.chunks if tolerance(one.word)}
    rare = {word: count for word, count in rare.items() if count <= 2}
    shown = {}
    for word, facts in _near(list(rare)).items():
        best = _best(sight, word, facts.similar)
        if best and sight.of(best) > MUCH_MORE * max(rare[word], 1):
            shown[word] = best
    return " ".join(shown.get(token, token) for token in wording.text.split()) if shown else ""


def _best(sight: Sight, word: str, similar: tuple[str, ...]) -> str:
    """The likeliest of similar words: few mistakes first, then the one that most products have."""
    near = [(distance(word, other), other) for other in similar if other != word]
    fitting = [
        (mistakes, -count, other)
        for mistakes, other in near
        if mistakes <= tolerance(word) and (count := sight.of(other))
    ]
    return min(fitting)[2] if fitting else ""


def _near(words: list[str]) -> dict[str, _Near]:
    if not words:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(NEAR, [words])
        return {word: _Near(tuple(holding), tuple(similar)) for word, holding, similar in cursor.fetchall()}
