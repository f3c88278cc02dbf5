"""Pictures of goods as markup: the widths that there are, AVIF before WebP, and the room that a page keeps for them."""

from functools import lru_cache

from django.urls import reverse
from markupsafe import Markup, escape

from kontor.goods.renditions import forms_of, rendition, sides_of, size_of

KEPT = 2_000
CARD_SIZES = "(max-width: 40rem) 45vw, 320px"


@lru_cache(maxsize=KEPT)
def picture(
    file: str, alt: str = "", *, sizes: str = CARD_SIZES, kind: str = "", lazy: bool = True
) -> Markup:
    """A picture by the name of its file; `sizes` says how wide it is shown, `kind` is a class of the style sheet.

    A picture of an earlier version, whose name does not tell its size, is shown as it is.
    """
    size = size_of(file)
    shown = rendition(file, 640)
    facts = {
        "src": picture_address(shown),
        "srcset": _widths(file, "webp"),
        "sizes": sizes if sides_of(file) else "",
        "width": str(size.within(640).width) if size else "",
        "height": str(size.within(640).height) if size else "",
        "class": kind,
        "loading": "lazy" if lazy else "",
        "decoding": "async",
    }
    said = "".join(f' {name}="{escape(value)}"' for name, value in facts.items() if value)
    image = f'<img{said} alt="{escape(alt)}">'
    if "avif" in forms_of(file):
        modern = f'<source type="image/avif" srcset="{_widths(file, "avif")}" sizes="{escape(sizes)}">'
        image = f"<picture>{modern}{image}</picture>"
    return Markup(image)  # noqa: S704  # every value is escaped, or one of our own addresses


def picture_address(file: str) -> str:
    """The address of a stored file."""
    return _address() + file


def _widths(file: str, form: str) -> str:
    """``/media/ab/….320.avif 320w, …``; the whole picture is kept as WebP only."""
    size = size_of(file)
    if size is None:
        return ""
    sides = [
        f"{picture_address(rendition(file, side, form))} {size.within(side).width}w"
        for side in sides_of(file)
    ]
    if sides and form == "webp":
        sides.append(f"{picture_address(file)} {size.width}w")
    return ", ".join(sides)


@lru_cache(maxsize=1)
def _address() -> str:
    return reverse("storefront:medium", args=["x"]).removesuffix("x")
