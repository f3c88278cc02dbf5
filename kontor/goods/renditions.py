"""The names of kept pictures: what a name tells of its size, and which smaller ones lie beside it."""

import re
from dataclasses import dataclass

LONGEST_SIDE = 1600
CARD_SIDE = 320
SIDES = (CARD_SIDE, 640, 960)
"""Longest sides in which each larger picture is kept as well."""
_NAME = re.compile(
    r"[0-9a-f]{2}/[0-9a-f]{64}(-(?P<width>[1-9]\d{0,3})x(?P<height>[1-9]\d{0,3}))?"
    r"(\.(card|(?P<side>\d{3})))?\.(?P<form>webp|avif|pdf)"
)
TYPES = {"webp": "image/webp", "avif": "image/avif", "pdf": "application/pdf"}


@dataclass(frozen=True, slots=True)
class Size:
    """Of a picture, in pixels."""

    width: int
    height: int

    def within(self, side: int) -> "Size":
        """The size at which its longest side is at most this.

        >>> Size(1600, 801).within(320)
        Size(width=320, height=160)
        """
        longest = max(self.width, self.height, side)
        return Size(max(self.width * side // longest, 1), max(self.height * side // longest, 1))


def card_path(path: str) -> str:
    """The small picture of a picture: ``ab/abc…-1600x800.webp`` -> ``ab/abc…-1600x800.320.webp``."""
    return rendition(path, CARD_SIDE)


def rendition(path: str, side: int, form: str = "webp") -> str:
    """The name of a picture at one of `SIDES`; the picture itself where it is not larger."""
    size = size_of(path)
    stem, dot, ending = path.rpartition(".")
    if size is None:  # kept before names had sizes: there is one small picture
        return f"{stem}.card.webp" if side <= CARD_SIDE and ending == "webp" else path
    return f"{stem}.{side}{dot}{form}" if max(size.width, size.height) > side else path


def sides_of(path: str) -> tuple[int, ...]:
    """The sides in which a picture is kept besides its own size."""
    size = size_of(path)
    return tuple(side for side in SIDES if size and max(size.width, size.height) > side)


def forms_of(path: str) -> tuple[str, ...]:
    """The forms in which its sides are kept. A picture that is not larger than they are is kept as WebP only: what a
    browser took of AVIF would be smaller than the picture.
    """
    return ("avif", "webp") if SIDES[-1] in sides_of(path) else ("webp",)


def size_of(path: str) -> Size | None:
    """The size of a whole picture, by its name."""
    found = _NAME.fullmatch(path)
    return Size(int(found["width"]), int(found["height"])) if found and found["width"] else None


def media_type_of(path: str) -> str:
    """What kind of file it is, by its name; "" when the name is not one of ours."""
    found = _NAME.fullmatch(path)
    return TYPES[found["form"]] if found else ""


def whole_of(path: str) -> str:
    """The file that a row names, of a rendition's name: ``ab/abc….320.avif`` -> ``ab/abc….webp``."""
    return re.sub(r"\.(card|\d{3})\.(webp|avif)$", ".webp", path)
