"""Files of products: checked, made again where they are pictures, and kept under the SHA-256 of what they hold.

A name says the content and, of a picture, its size: files are never overwritten, may be cached for ever, and the name
alone tells which widths there are.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.utils.translation import gettext as _

from kontor.kernel.refusal import Refused
from kontor.kernel.storage.chosen import store
from kontor.kernel.storage.store import FilesUnavailable, StoreProblem

FOLDER = "media/"
MAX_BYTES = 10_000_000
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
class StoredFile:
    """A file below `media/` of the store. `digest` is the SHA-256 of the file as it came, before it was made anew."""

    path: str
    media_type: str
    byte_size: int
    digest: str = ""


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


def store_picture(data: bytes) -> StoredFile:
    """Keep a picture, made anew as WebP of at most 1600 pixels, with smaller ones beside it for cards and pages.

    Making it anew leaves behind all that is not the picture: places, cameras, hidden scripts. The whole picture is
    written last, so where it is, all are. Raises Refused at field ``file``: ``file_too_large``, ``not_a_picture`` (SVG
    too: it can carry scripts), ``too_many_pixels``, ``files_unavailable``.
    """
    _check_size(data)
    maker = _maker()
    picture = maker.opened(data)
    large = maker.encoded(picture, "webp")
    name = hashlib.sha256(large).hexdigest()
    path = f"{name[:2]}/{name}-{picture.width}x{picture.height}.webp"
    _keep_all(path, large, maker.renditions(picture, path))
    return StoredFile(path, "image/webp", len(large), digest_of(data))


def store_pdf(data: bytes) -> StoredFile:
    """Keep a PDF as it is. Raises Refused at ``file``: ``file_too_large``, ``not_a_pdf``, ``files_unavailable``."""
    _check_size(data)
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-2048:]:
        message = _("This is not a PDF file. Documents must be PDF.")
        raise Refused("not_a_pdf", message, {"file": message})
    name = digest_of(data)
    path = f"{name[:2]}/{name}.pdf"
    _keep_all(path, data)
    return StoredFile(path, "application/pdf", len(data), name)


def check_picture(data: bytes) -> None:
    """Look at a picture's size, pixels and kind without unpacking it. Raises Refused as `store_picture` does."""
    _check_size(data)
    _maker().checked(data).close()


def _maker() -> Any:
    """What unpacks pictures: 7 MB of memory that a process takes with the first one only."""
    return import_module("kontor.goods.pictures")


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


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


def is_as_named(path: str, data: bytes) -> bool:
    """Whether a file still holds what its name says. Renditions are named after their whole picture and not checked."""
    return path != whole_of(path) or path[3:67] == digest_of(data)


def _check_size(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        message = _("The file is larger than 10 MB.")
        raise Refused("file_too_large", message, {"file": message})


def _keep_all(path: str, data: bytes, renditions: Iterable[tuple[str, bytes]] = ()) -> None:
    """Write a file and before it the renditions of a picture, unless the file is there already."""
    kept = store()
    try:
        if kept.has(FOLDER + path):
            return
        for name, smaller in renditions:
            kept.write(FOLDER + name, smaller)
        kept.write(FOLDER + path, data)
    except StoreProblem as problem:
        raise FilesUnavailable from problem
