"""What somebody means by the words typed: words, measures, numbers, and what may stand for them. Pure text work."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from kontor.goods.measures import MEASURES
from kontor.kernel.folding import code_key

MAX_CHUNKS = 8
MAX_TOKENS = 8
_SPECIAL = str.maketrans(
    {"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d", "×": "x"}
    | dict.fromkeys("®™©", " ")
)
_MARKS = re.compile("[\u0300-\u036f]+")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_INCHES = re.compile(r"(?<=\d)\s?(?:[\"″”]|'')")
_PIECE = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<quoted>[^"]+)"(?!\d)|(?P<word>\S+))')
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_FRACTION = re.compile(r"\d\s?[/⁄]\s?\d")
_PIECES = re.compile(r"[^\W_]+|[^\w\s/-]")
_JOINTS = "for with without and in to of by on from per fur mit ohne und zu zum zur von aus pro inkl incl"
_ADDING = frozenset(_JOINTS.split())
_HUES = """
black white grey gray silver blue red green yellow orange pink purple brown beige gold transparent clear
schwarz weiss grau silber blau rot grun gelb violett braun
"""
_COLOURS = frozenset(_HUES.split())
_ENDING = re.compile(r"(?:es|en|er|s|n|e)$")


def folded(text: str) -> str:
    """Lower case without accents and marks.

    >>> folded("Größe ½ Café™ 3×4")
    'grosse 1⁄2 cafe  3x4'
    """
    text = text.casefold()
    if text.isascii():
        return text
    # Letters of mathematics come out of the decomposition as capitals.
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.translate(_SPECIAL)).casefold())


def tokens(text: str) -> list[str]:
    """The runs of letters and of digits in a text, folded: what is written together or apart becomes the same.

    >>> tokens('Hex bolt M8x40, 17" 230V TN-2110')
    ['hex', 'bolt', 'm', '8', 'x', '40', '17', 'in', '230', 'v', 'tn', '2110']
    """
    if '"' in text or "″" in text or "”" in text or "''" in text:
        text = _INCHES.sub(" in ", text)
    return _TOKEN.findall(folded(text))


def heads(name: str, brand: str = "") -> list[str]:
    """What a thing is by its name: the last word before a figure, a mark, or a word that begins an addition.

    In "Gel mouse pad, blue" that is the pad; what follows "for" is what it fits, not what it is; the brand is neither.

    >>> heads("Kensington Gel Mouse Pad Blue"), heads("Bit set for drill"), heads("Dell 1700 Laser mouse", "Dell")
    (['pad'], ['set'], ['mouse'])
    """
    found: list[str] = []
    makers = _makers(brand)
    run, fits = "", False
    for piece in _PIECES.findall(folded(name)):
        if piece in _COLOURS:
            continue
        if piece.isalpha() and piece not in _ADDING:
            run = "" if piece in makers else piece
            continue
        if run and not fits:
            found.append(run)
        fits = piece in _ADDING or (fits and piece.isalnum())
        run = ""
    if run and not fits:
        found.append(run)
    return found


@lru_cache(maxsize=10_000)
def _makers(brand: str) -> frozenset[str]:
    return frozenset(tokens(brand))


def loose_key(code: str) -> str:
    """A product's number without what people leave out: dashes, blanks, case, leading zeros of its figures.

    >>> loose_key("TN-02110"), loose_key("tn 2110"), loose_key("0042.17"), loose_key("100-A")
    ('TN2110', 'TN2110', '4217', '100A')
    """
    return _ZEROS.sub("", code_key(code))


def trunk(word: str) -> str:
    """A word without its commonest endings: good enough to compare synonyms by.

    >>> trunk("laptops"), trunk("laptop"), trunk("schrauben"), trunk("bus")
    ('laptop', 'laptop', 'schraub', 'bus')
    """
    return _ENDING.sub("", word) if len(word) > 3 else word


@dataclass(frozen=True, slots=True)
class Alternative:
    """Tokens that stand side by side, and how much a hit counts (1: what was typed)."""

    tokens: tuple[str, ...]
    hundredths: int = 100
    apart: bool = False
    """Whether the tokens may stand anywhere, as words typed one by one do."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One thing asked for; any alternative will do. The first is what was typed."""

    alternatives: tuple[Alternative, ...]

    @property
    def typed(self) -> tuple[str, ...]:
        return self.alternatives[0].tokens

    @property
    def word(self) -> str:
        """The only token, when it is one of letters; else ""."""
        return self.typed[0] if len(self.typed) == 1 and self.typed[0].isalpha() else ""

    def also(self, others: Iterable[Alternative]) -> "Chunk":
        """The same with further alternatives."""
        known = {one.tokens for one in self.alternatives}
        more = {one.tokens: one for one in others if one.tokens not in known}
        return Chunk((*self.alternatives, *more.values()))


@dataclass(frozen=True, slots=True)
class Wording:
    """All of `chunks`, none of `unwanted`; `key` is the whole as a product's number ("" when it cannot be one).

    With `is_measured` figures were typed apart from their unit: no number begins so.
    """

    chunks: tuple[Chunk, ...] = ()
    unwanted: tuple[tuple[str, ...], ...] = ()
    key: str = ""
    is_measured: bool = False

    def __bool__(self) -> bool:
        return bool(self.chunks)

    @property
    def text(self) -> str:
        """What was asked for as plain words: the name under which it is counted and curated."""
        return " ".join(token for chunk in self.chunks for token in chunk.typed)


Synonyms = Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]]
"""What else may be meant by some words, by the trunks of these words."""


def understood(query: str, synonyms: Synonyms | None = None) -> Wording:
    """Read what was typed; at most eight things count.

    >>> understood("m8 x 40").text, len(understood("m8 x 40").chunks)
    ('m 8 x 40', 1)
    >>> [one.typed for one in understood("bolt 230 V -zinc").chunks]
    [('bolt',), ('230', 'v')]
    >>> understood("TN-02110").key
    'TN2110'
    >>> [one.tokens for one in understood("1/2 inch").chunks[0].alternatives if "inch" in one.tokens]
    [('1', '2', 'inch'), ('0', '5', 'inch')]
    """
    query = query[:200]
    wanted: list[tuple[str, ...]] = []
    unwanted: list[tuple[str, ...]] = []
    for piece in _PIECE.finditer(_INCHES.sub(" in ", query)):
        found = tuple(tokens(piece["quoted"] or piece["word"])[:MAX_TOKENS])
        if found:
            (unwanted if piece["minus"] else wanted).append(found)
    joined = _measures_together(wanted)[:MAX_CHUNKS]
    has_fraction = bool(_FRACTION.search(folded(query)))
    chunks = [
        Chunk((Alternative(one),)).also(_other_units(one)).also(_as_decimal(one) if has_fraction else ())
        for one in dict.fromkeys(joined)
    ]
    key = "" if unwanted or len(query.split()) > 4 else loose_key(query)
    chunks = _with_synonyms(chunks, synonyms or {})
    measured = len(joined) < min(len(wanted), MAX_CHUNKS)
    return Wording(tuple(chunks), tuple(unwanted[:MAX_CHUNKS]), key if len(key) >= 2 else "", measured)


def _spellings() -> dict[str, tuple[str, ...]]:
    spellings: dict[str, tuple[str, ...]] = {}
    for measure in MEASURES.values():
        words = [tokens(sign) for sign in (measure.sign, *measure.others)]
        same = tuple(dict.fromkeys(word[0] for word in words if len(word) == 1 and word[0].isalpha()))
        for one in same:
            spellings.setdefault(one, same)
    return spellings


UNITS = _spellings()
"""The signs of each unit by each of them: ``{"in": ("in", "inch", "inches", "zoll"), ...}``."""


def _has_digit(chunk: tuple[str, ...]) -> bool:
    return any(token.isdigit() for token in chunk)


def _measures_together(pieces: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Figures with their units, and with other figures across an x, as one thing."""
    joined: list[tuple[str, ...]] = []
    position = 0
    while position < len(pieces):
        chunk = pieces[position]
        position += 1
        while position < len(pieces) and _has_digit(chunk) and len(chunk) < MAX_TOKENS:
            follower = pieces[position]
            across = position + 1 < len(pieces) and follower == ("x",) and _has_digit(pieces[position + 1])
            if across:
                chunk += follower + pieces[position + 1]
                position += 2
            elif chunk[-1].isdigit() and len(follower) == 1 and follower[0] in UNITS:
                chunk += follower
                position += 1
            else:
                break
        joined.append(chunk)
    return joined


def _other_units(chunk: tuple[str, ...]) -> list[Alternative]:
    """The same figure with other signs of its unit."""
    if len(chunk) < 2 or not chunk[-2].isdigit():
        return []
    return [Alternative((*chunk[:-1], sign)) for sign in UNITS.get(chunk[-1], ())]


def _as_decimal(chunk: tuple[str, ...]) -> list[Alternative]:
    """Half an inch as 0.5 inch, with all signs of the unit; nothing for what is no common fraction with a unit."""
    if len(chunk) != 3 or chunk[-1] not in UNITS or not (chunk[0].isdigit() and chunk[1].isdigit()):
        return []
    above, below = int(chunk[0]), int(chunk[1])
    if below not in (2, 4, 8, 16, 32) or above >= below:
        return []
    figure = tuple(tokens(f"{above / below:f}".rstrip("0")))
    return [Alternative((*figure, sign)) for sign in UNITS[chunk[-1]]]


def _with_synonyms(chunks: list[Chunk], synonyms: Synonyms) -> list[Chunk]:
    """Chunks with what else may be meant; words that have a synonym together become one chunk."""
    if not synonyms:
        return chunks
    longest = max(map(len, synonyms))
    found: list[Chunk] = []
    position = 0
    while position < len(chunks):
        for length in range(min(longest, len(chunks) - position), 0, -1):
            here = chunks[position : position + length]
            words = tuple(token for chunk in here for token in chunk.typed)
            others = synonyms.get(tuple(map(trunk, words)))
            if others:
                typed = here[0] if length == 1 else Chunk((Alternative(words, apart=True),))
                found.append(typed.also(Alternative(other, 90) for other in others))
                position += length
                break
        else:
            found.append(chunks[position])
            position += 1
    return found


def synonyms_of(groups: Iterable[Iterable[str]]) -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Groups of words that mean the same, as `understood` asks for them.

    >>> synonyms_of([["USB stick", "flash drive"]])[("flash", "driv")]
    (('usb', 'stick'),)
    """
    table: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}
    for group in groups:
        terms = [tuple(tokens(term)) for term in group]
        for term in filter(None, terms):
            others = tuple(other for other in terms if other and other != term)
            at = tuple(map(trunk, term))
            table[at] = tuple(dict.fromkeys((*table.get(at, ()), *others)))
    return table


def joined_readings(wording: Wording) -> list[tuple[int, str]]:
    """Words typed apart that may be one: the position of the first, and the word.

    >>> joined_readings(understood("docking station usb hub"))
    [(0, 'dockingstation'), (1, 'stationusb'), (2, 'usbhub')]
    """
    words = [chunk.word for chunk in wording.chunks]
    pairs = enumerate(pairwise(words))
    return [(at, one + other) for at, (one, other) in pairs if len(one) > 1 and len(other) > 1]


def thing(wording: Wording) -> int | None:
    """Which chunk says what is wanted, rather than of which kind: the last word, or the last before a joint.

    >>> thing(understood("wireless mouse")), thing(understood("tasche mit rollen")), thing(understood("m8 x 40"))
    (1, 0, None)
    """
    found = None
    for at, chunk in enumerate(wording.chunks):
        if chunk.word in _ADDING and found is not None:
            break
        if chunk.word and chunk.word not in _ADDING:
            found = at
    return found


def splits(word: str) -> list[tuple[str, str]]:
    """The ways to read a word as two, each of three letters or more."""
    return [(word[:at], word[at:]) for at in range(3, len(word) - 2)]


def with_alternatives(wording: Wording, others: Mapping[str, Iterable[str]]) -> Wording:
    """The wording with further words for some of its words."""
    chunks = tuple(
        chunk.also(Alternative((other,), 80) for other in others.get(chunk.word, ())) if chunk.word else chunk
        for chunk in wording.chunks
    )
    return replace(wording, chunks=chunks)


def distance(one: str, other: str, most: int = 3) -> int:
    """How many letters to change, add, leave out or swap; `most` + 1 when it is more.

    >>> distance("schruabe", "schraube"), distance("bolt", "bold"), distance("a", "abcdef")
    (1, 1, 4)
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def tolerance(word: str) -> int:
    """How many mistakes are forgiven in a word of this length: none below four letters, one below eight, else two."""
    return 0 if len(word) < 4 or not word.isalpha() else 1 if len(word) < 8 else 2
