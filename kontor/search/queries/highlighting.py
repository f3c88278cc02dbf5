"""Names in pieces, so that what was searched for can be marked."""

import re
from collections.abc import Iterable
from functools import lru_cache

from kontor.goods.wording import Wording, folded
from kontor.search.engine.schema import LANGUAGES, analyser
from kontor.search.queries.cards import Card
from kontor.search.queries.counted import Segment

_WORD = re.compile(r"\d+|[^\W\d_]+")


def highlights(wording: Wording, cards: Iterable[Card]) -> dict[int, tuple[Segment, ...]]:
    """The names of cards in pieces, hits marked; names without a hit are left out."""
    typed = {token for chunk in wording.chunks for one in chunk.alternatives for token in one.tokens}
    wanted = {term for language in LANGUAGES for term in analyser(language).analyze(" ".join(sorted(typed)))}
    found: dict[int, tuple[Segment, ...]] = {}
    for card in cards:
        pieces = segments(card.name, typed, wanted)
        if len(pieces) > 1 or any(one.is_hit for one in pieces):
            found[card.product_id] = pieces
    return found


@lru_cache(maxsize=20_000)
def _stems(word: str) -> frozenset[str]:
    return frozenset(term for language in LANGUAGES for term in analyser(language).analyze(word))


def segments(text: str, typed: set[str], wanted: set[str]) -> tuple[Segment, ...]:
    """A text in pieces: words that were typed, or that share a stem with one of them, are hits.

    >>> [(one.text, one.is_hit) for one in segments("Hex bolts M8", {"bolt"}, {"bolt"})]
    [('Hex ', False), ('bolts', True), (' M8', False)]
    """
    pieces: list[Segment] = []
    end = 0
    for word in _WORD.finditer(text):
        plain = folded(word.group()).replace(" ", "")
        if plain in typed or not wanted.isdisjoint(_stems(plain)):
            if word.start() > end:
                pieces.append(Segment(text[end : word.start()], False))
            pieces.append(Segment(word.group(), True))
            end = word.end()
    if end < len(text):
        pieces.append(Segment(text[end:], False))
    return tuple(pieces)
