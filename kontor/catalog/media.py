"""Files of products: checked, made again where they are pictures, and kept under the SHA-256 of what they hold.

A name says nothing but the content, so files are never overwritten, and may be cached for ever.
"""

import hashlib
import io
import os
import re
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from kontor.kernel.refusal import Refused

MAX_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
LONGEST_SIDE = 1600
CARD_SIDE = 320
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP")
_NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}(\.card)?\.(webp|pdf)")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the media folder: `path` is relative to it, `byte_size` in bytes."""

    path: str
    media_type: str
    byte_size: int


def store_picture(data: bytes) -> StoredFile:
    """Keep a picture, made anew as WebP of at most 1600 pixels, with a small one for cards beside it.

    Making it anew leaves behind everything that is not the picture: places, cameras, hidden scripts. Raises Refused at
    field ``file``: ``file_too_large``, ``not_a_picture`` (SVG too: it can carry scripts), ``too_many_pixels``.
    """
    picture = _opened(data)
    large, card = _encoded(picture, LONGEST_SIDE), _encoded(picture, CARD_SIDE)
    name = hashlib.sha256(large).hexdigest()
    path = f"{name[:2]}/{name}.webp"
    _write(path, large)
    _write(card_path(path), card)
    return StoredFile(path, "image/webp", len(large))


def store_pdf(data: bytes) -> StoredFile:
    """Keep a PDF as it is. Raises Refused at field ``file``: ``file_too_large``, ``not_a_pdf``."""
    _check_size(data)
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-2048:]:
        message = _("This is not a PDF file. Documents must be PDF.")
        raise Refused("not_a_pdf", message, {"file": message})
    name = hashlib.sha256(data).hexdigest()
    path = f"{name[:2]}/{name}.pdf"
    _write(path, data)
    return StoredFile(path, "application/pdf", len(data))


def card_path(path: str) -> str:
    """The small picture beside a picture: ``ab/abc….webp`` -> ``ab/abc….card.webp``."""
    return path.removesuffix(".webp") + ".card.webp" if path.endswith(".webp") else path


def file_of(path: str) -> Path | None:
    """Where a stored file lies on the disk; None when there is none of that name, or the name is not one of ours."""
    if not _NAME.fullmatch(path):
        return None
    file = Path(settings.MEDIA_FOLDER) / path
    return file if file.is_file() else None


def _check_size(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        message = _("The file is larger than 10 MB.")
        raise Refused("file_too_large", message, {"file": message})


def _opened(data: bytes) -> Image.Image:
    _check_size(data)
    try:
        with warnings.catch_warnings():
            # A small file may unpack to gigabytes: the header is asked before anything is unpacked.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
        _check_pixels(picture.width * picture.height)
        picture.load()
        turned = ImageOps.exif_transpose(picture)
    except Image.DecompressionBombError:
        _check_pixels(MAX_PIXELS + 1)
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        message = _("This is not a picture that we can read. Use JPEG, PNG or WebP.")
        raise Refused("not_a_picture", message, {"file": message}) from None
    has_holes = turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info
    return turned.convert("RGBA" if has_holes else "RGB")


def _check_pixels(pixels: int) -> None:
    if pixels > MAX_PIXELS:
        message = _("The picture has more than 40 million pixels. Make it smaller.")
        raise Refused("too_many_pixels", message, {"file": message})


def _encoded(picture: Image.Image, side: int) -> bytes:
    small = picture.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=82, method=4)
    return out.getvalue()


def _write(path: str, data: bytes) -> None:
    """Write under a temporary name and rename: nobody ever reads half a file."""
    file = Path(settings.MEDIA_FOLDER) / path
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(file)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
