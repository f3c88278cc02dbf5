"""Icons of the packaged set, as inline SVG that screen readers skip."""

from functools import lru_cache
from typing import Literal

from heroicons.jinja import heroicon_micro, heroicon_mini, heroicon_outline, heroicon_solid
from markupsafe import Markup

Style = Literal["mini", "micro", "outline", "solid"]
_DRAW = {"micro": heroicon_micro, "mini": heroicon_mini, "outline": heroicon_outline, "solid": heroicon_solid}


@lru_cache(maxsize=1024)
def icon(name: str, size: int = 20, style: Style | None = None, flip: bool = False) -> Markup:
    """An icon by its Heroicons name; `flip` mirrors it where the script runs from right to left.

    Sizes up to 16 use the micro drawing, up to 20 the mini one, above that the outline, unless `style` says otherwise.
    """
    chosen = style or ("micro" if size <= 16 else "mini" if size <= 20 else "outline")
    classes = "icon flip" if flip else "icon"
    return Markup(_DRAW[chosen](name, size=size, **{"class": classes, "aria-hidden": "true"}))  # noqa: S704  # ours
