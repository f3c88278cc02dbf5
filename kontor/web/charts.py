"""Charts as SVG, drawn on the server. Numbers stand in a table beside them (`ui.bar_chart`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from kontor.web.numbers import number

BAR, GAP = 28, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar; `shown` is its value as text, `url` leads to the records behind it, `kind` as for a status."""

    label: str
    value: Decimal | int
    shown: str = ""
    url: str = ""
    kind: str = ""


def _get(bar: Bar | Mapping[str, Any], name: str) -> Any:
    return bar.get(name, "") if isinstance(bar, Mapping) else getattr(bar, name)


def bars_svg(bars: Sequence[Bar | Mapping[str, Any]], title: str, height: int = 160) -> Markup:
    """Vertical bars with their labels below; negative values are drawn as nothing."""
    most = max([Decimal(0), *(Decimal(_get(bar, "value")) for bar in bars)]) or Decimal(1)
    room, width = height - 34, max(len(bars) * (BAR + GAP) + GAP, 120)
    parts = [f'<line class="axis" x1="0" x2="{width}" y1="{height - 18}" y2="{height - 18}"/>']
    for index, bar in enumerate(bars):
        value, url = Decimal(_get(bar, "value")), _get(bar, "url")
        tall = max(int(room * value / most), 2 if value > 0 else 0)
        x, top = GAP + index * (BAR + GAP), height - 18 - tall
        said = escape(f"{_get(bar, 'label')}: {_get(bar, 'shown') or number(value)}")
        drawn = (
            f'<rect class="bar {escape(_get(bar, "kind"))}" x="{x}" y="{top}" width="{BAR}" height="{tall}" rx="2">'
            f"<title>{said}</title></rect>"
        )
        parts.append(f'<a href="{escape(url)}" aria-label="{said}">{drawn}</a>' if url else drawn)
        parts.append(f'<text x="{x + BAR // 2}" y="{height - 4}">{escape(_get(bar, "label"))}</text>')
    role = "group" if any(_get(bar, "url") for bar in bars) else "img"
    return Markup(  # noqa: S704  # texts escaped
        f'<svg class="bars" viewBox="0 0 {width} {height}" role="{role}" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )


def sparkline_svg(values: Sequence[Decimal | int], label: str) -> Markup:
    """A small line for a trend; `label` says in words what it shows."""
    if not values:
        return Markup("")
    width, height, pad = 96, 24, 2
    low, high = min(values), max(values)
    span = (high - low) or 1
    step = Decimal(width - 2 * pad) / max(len(values) - 1, 1)
    points = [
        f"{pad + step * i:.1f},{height - pad - Decimal(height - 2 * pad) * (value - low) / span:.1f}"
        for i, value in enumerate(values)
    ]
    x, y = points[-1].split(",")
    return Markup(  # noqa: S704  # label escaped
        f'<svg class="spark" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        f' aria-label="{escape(label)}"><polyline points="{" ".join(points)}"/><circle cx="{x}" cy="{y}" r="2"/></svg>'
    )
