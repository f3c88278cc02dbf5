"""Texts and numbers of goods as they are compared: without case, accents and what people leave out or add."""

import re
import unicodedata

_EXTRA = str.maketrans(
    {"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"}
)
_NOT_A_KEY = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+")


def plain(text: str) -> str:
    """Lower case without accents.

    >>> plain("Schläuche STRAẞE Ø 8")
    'schlauche strasse o 8'
    """
    text = text.casefold()
    if text.isascii():
        return text
    text = text.translate(_EXTRA)
    # Letters of mathematics come out of the decomposition as capitals.
    bare = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in bare if not unicodedata.combining(c))


def sort_key(name: str) -> str:
    """A name so that plain comparison sorts it as people do: no case, no accents, numbers by size.

    >>> sorted(["Bolt M10", "bolt M8", "Äxte"], key=sort_key)
    ['Äxte', 'bolt M8', 'Bolt M10']
    """
    return _NUMBER.sub(lambda number: number.group().lstrip("0").zfill(8), plain(name).strip())[:120]


def code_key(code: str) -> str:
    """A number of a product without what people leave out or add: dashes, blanks, dots, case.

    >>> code_key("bolt-m8/40 A")
    'BOLTM840A'
    """
    return _NOT_A_KEY.sub("", plain(code)).upper()
