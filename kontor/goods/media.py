"""Files of products: checked, made again where they are pictures, and kept under the SHA-256 of what they hold.

A name says the content and, of a picture, its size: files are never overwritten, may be cached for ever, and the name
alone tells which widths there are.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.utils.translation import gettext as _

from kontor.goods.renditions import whole_of
from kontor.kernel.refusal import Refused
from kontor.kernel.storage.chosen import store
from kontor.kernel.storage.store import FilesUnavailable, StoreProblem

FOLDER = "media/"
MAX_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file below `media/` of the store. `digest` is the SHA-256 of the file as it came, before it was made anew."""

    path: str
    media_type: str
    byte_size: int
    digest: str = ""


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
