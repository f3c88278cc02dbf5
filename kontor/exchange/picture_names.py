"""Which article a file of an archive belongs to, by its name. Pure: no database."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

_NUMBERED = re.compile(r"(?P<key>.+?)[ _-]+\(?(?P<number>\d{1,3})\)?")
_NUMBER = re.compile(r"\d{1,3}")
_LEFT_OUT = re.compile(r"(^|/)(__MACOSX/|\.(?!\./)|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Claim:
    """A name that a file may have of an article, and which of its pictures it would be."""

    key: str
    number: int


@dataclass(frozen=True, slots=True, order=True)
class Match:
    """An article that has a name; the lower the rank, the surer: SKU, GTIN, maker's number, SKU without its signs."""

    rank: int
    product_id: int
    sku: str


def is_left_out(name: str) -> bool:
    """Whether a program put it there, not a person.

    >>> is_left_out("__MACOSX/A-1.jpg"), is_left_out("pictures/.DS_Store"), is_left_out("A-1.jpg")
    (True, True, False)
    """
    return bool(_LEFT_OUT.search(name))


def claims_of(name: str) -> list[Claim]:
    """What a file may be called after: itself, itself without its number, its folder.

    >>> claims_of("new/A-1_2.png")
    [Claim(key='A-1_2', number=1), Claim(key='A-1', number=2), Claim(key='new', number=2)]
    >>> claims_of("A-1/3.jpg")
    [Claim(key='3', number=1), Claim(key='A-1', number=3)]
    """
    path = PurePosixPath(name)
    claims = [Claim(path.stem.strip(), 1)]
    if numbered := _NUMBERED.fullmatch(path.stem.strip()):
        claims.append(Claim(numbered["key"], int(numbered["number"])))
    if path.parent.name:
        number = int(path.stem) if _NUMBER.fullmatch(path.stem) else claims[-1].number
        claims.append(Claim(path.parent.name.strip(), number))
    return claims


def articles_of(name: str, known: Mapping[str, Iterable[Match]]) -> tuple[list[Match], int]:
    """The articles that a file may belong to (one: it does), and its number among their pictures.

    The surest match counts, and of equals the first claim: ``A-1_2.jpg`` is the picture of an article A-1_2 where there
    is one, else the second of A-1.
    """
    best: list[Match] = []
    number = 1
    for claim in claims_of(name):
        found = sorted(known.get(claim.key, ()))
        surest = [one for one in found if one.rank == found[0].rank]
        if surest and (not best or surest[0].rank < best[0].rank):
            best, number = surest, claim.number
    return best, number
