"""Words, numbers and orders as the search compares them: pure text work."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kontor.kernel.folding import code_key, plain

MAX_TERMS = 8
MAX_WORD = 60
_WORD = re.compile(r"\d+[.,]\d+|[^\W_]+")
_QUERY = re.compile(r"(?P<minus>(?<!\S)-)?(?P<word>\d+[.,]\d+|[^\W_]+)")


def words_of(*texts: str) -> list[str]:
    """The words of some texts, as they are indexed and asked for.

    >>> words_of("Hex bolt M8 x 40", "DIN-933, 2,5 mm")
    ['hex', 'bolt', 'm8', 'x', '40', 'din', '933', '2.5', 'mm']
    """
    return [word.replace(",", ".")[:MAX_WORD] for text in texts for word in _WORD.findall(plain(text))]


@dataclass(frozen=True, slots=True)
class Terms:
    """What somebody asks for: all of `wanted`, none of `unwanted`; `key` is the whole as a product number."""

    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]
    key: str

    def __bool__(self) -> bool:
        return bool(self.wanted)


def terms_of(query: str) -> Terms:
    """Read what was typed; at most 8 words count.

    >>> terms_of("Hex bolt -zinc M8,5")
    Terms(wanted=('hex', 'bolt', 'm8', '5'), unwanted=('zinc',), key='')
    >>> terms_of("bolt-m8").key
    'BOLTM8'
    """
    query = query[:200]
    wanted: dict[str, None] = {}
    unwanted: dict[str, None] = {}
    for found in _QUERY.finditer(plain(query)):
        word = found["word"].replace(",", ".")[:MAX_WORD]
        (unwanted if found["minus"] else wanted)[word] = None
    key = "" if unwanted or len(query.split()) > 3 else code_key(query)
    return Terms(tuple(wanted)[:MAX_TERMS], tuple(unwanted)[:MAX_TERMS], key if len(key) >= 3 else "")


def shelves_of(category_path: str) -> list[str]:
    """The paths of a category and of all above it.

    >>> shelves_of("tools/power/drills")
    ['tools', 'tools/power', 'tools/power/drills']
    """
    parts = category_path.split("/") if category_path else []
    return ["/".join(parts[: n + 1]) for n in range(len(parts))]


def vocabulary(words: Iterable[str]) -> set[str]:
    """The words worth comparing a mistyped one with: three letters or more, no digits.

    >>> sorted(vocabulary(["bolt", "m8", "mp40", "x"]))
    ['bolt']
    """
    return {word for word in words if len(word) >= 3 and word.isalpha()}
