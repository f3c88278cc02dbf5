"""Pictures unpacked, turned, made smaller and packed again; `kontor.goods.media` keeps them and is what others call."""

import io
import warnings
from collections.abc import Iterator

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from kontor.goods.renditions import LONGEST_SIDE, forms_of, rendition, sides_of
from kontor.kernel.refusal import Refused

MAX_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP")


def checked(data: bytes) -> Image.Image:
    """The picture, of which only the beginning was read."""
    try:
        with warnings.catch_warnings():
            # A small file may unpack to gigabytes: the header is asked before anything is unpacked.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        raise _not_a_picture() from None
    if picture.width * picture.height > MAX_PIXELS:
        raise _too_many_pixels()
    return picture


def opened(data: bytes) -> Image.Image:
    """The picture alone, upright, of at most 1600 pixels. Raises Refused."""
    picture = checked(data)
    try:
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is never unpacked in full
        picture.load()
        turned = ImageOps.exif_transpose(picture)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        raise _not_a_picture() from None
    has_holes = turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info
    made = turned.convert("RGBA" if has_holes else "RGB")
    made.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return made


def _too_many_pixels() -> Refused:
    message = _("The picture has more than 40 million pixels. Make it smaller.")
    return Refused("too_many_pixels", message, {"file": message})


def _not_a_picture() -> Refused:
    message = _("This is not a picture that we can read. Use JPEG, PNG or WebP.")
    return Refused("not_a_picture", message, {"file": message})


def renditions(picture: Image.Image, path: str) -> Iterator[tuple[str, bytes]]:
    """Its smaller ones as (name, file), largest first; the picture itself becomes smaller with them."""
    for side in reversed(sides_of(path)):
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        for form in forms_of(path):
            yield rendition(path, side, form), encoded(picture, form)


def encoded(picture: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    if form == "avif":
        picture.save(out, "AVIF", quality=60, speed=8, max_threads=1)
    else:
        picture.save(out, "WEBP", quality=82, method=4)
    return out.getvalue()
