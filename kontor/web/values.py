"""Single values as markup: amounts, unit prices, quantities, statuses, times, initials."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zlib import crc32

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from kontor.kernel.money import Money
from kontor.web.dates import date_text, datetime_text, iso, relative_time
from kontor.web.numbers import Written, number, written_amount, written_price
from kontor.web.units import unit_name

Amount = Decimal | Money | None
KEPT_NUMBERS = 10_000

_SHAPES = {
    "neutral": '<circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" stroke-width="1.5"/>',
    "waiting": '<circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" stroke-width="1.5"/>'
    '<path d="M6 1.75a4.25 4.25 0 0 1 0 8.5z" fill="currentColor"/>',
    "active": '<circle cx="6" cy="6" r="5" fill="currentColor"/>',
    "done": '<path d="M2 6.4 4.8 9.2 10.2 3" fill="none" stroke="currentColor" stroke-width="2"/>',
    "warning": '<path d="M6 .8 11.6 11H.4z" fill="currentColor"/>',
    "bad": '<path d="M6 .5 11.5 6 6 11.5.5 6z" fill="currentColor"/>',
    "off": '<path d="M2.2 2.2l7.6 7.6m0-7.6-7.6 7.6" fill="none" stroke="currentColor" stroke-width="1.8"/>',
}


def _amount(value: Amount, currency: str) -> tuple[Decimal, str] | None:
    if value is None:
        return None
    return (value.amount, value.currency) if isinstance(value, Money) else (value, currency)


def money_text(value: Amount, currency: str = "") -> str:
    """An amount as plain text: €1,234.50."""
    known = _amount(value, currency)
    return str(written_amount(*known)) if known else ""


@lru_cache(maxsize=512)
def _quietly(part: str) -> str:
    return f'<span class="cur">{escape(part)}</span>' if part else ""


def _set(written: Written) -> str:
    return f"{_quietly(written.before)}{written.figures}{_quietly(written.after)}"


@lru_cache(maxsize=64)
def _money_classes(kind: str, negative: bool) -> str:
    return str(escape(" ".join(filter(None, ("money", kind, "negative" if negative else "")))))


def money(value: Amount, currency: str = "", kind: str = "") -> Markup:
    """An amount with its currency quiet beside it; negative ones are marked by sign and class."""
    known = _amount(value, currency)
    if known is None:
        return Markup('<span class="quiet">–</span>')
    classes = _money_classes(kind, known[0] < 0)
    return Markup(f'<span class="{classes}">{_set(written_amount(*known))}</span>')  # noqa: S704  # parts escaped


def per_text(base: Decimal | int, unit: str) -> str:
    """What a price is for: "per pc", "per 100 m"."""
    amount = "" if base == 1 else number(base) + "\u00a0"
    return _("per %(base)s") % {"base": amount + unit_name(unit)} if unit or amount else ""


def unit_price_text(value: Amount, currency: str = "", base: Decimal | int = 1, unit: str = "") -> str:
    """A price per base quantity as plain text: €12.40 per 100 m."""
    known = _amount(value, currency)
    return f"{written_price(*known)} {per_text(base, unit)}".strip() if known else ""


def unit_price(
    value: Amount, currency: str = "", base: Decimal | int = 1, unit: str = "", kind: str = ""
) -> Markup:
    """A price per base quantity, currency and base quiet beside the figures. At most six decimals."""
    known = _amount(value, currency)
    if known is None:
        return Markup('<span class="quiet">–</span>')
    return _unit_price(*known, base, unit, kind, get_language())


# How a number is written depends on nobody: these remember the writing, never whose price it is.
@lru_cache(maxsize=KEPT_NUMBERS)
def _unit_price(
    amount: Decimal, currency: str, base: Decimal | int, unit: str, kind: str, _language: str | None
) -> Markup:
    per = per_text(base, unit)
    behind = f' <span class="per">{escape(per)}</span>' if per else ""
    classes = escape(f"money price {kind}".strip())
    return Markup(f'<span class="{classes}">{_set(written_price(amount, currency))}{behind}</span>')  # noqa: S704  # parts escaped


def quantity_text(value: Decimal | int | None, unit: str = "") -> str:
    """A quantity with the short name of its unit as plain text: 1,200 pc."""
    if value is None:
        return ""
    return f"{number(value)}\u00a0{unit_name(unit)}" if unit else number(value)


def quantity(value: Decimal | int | None, unit: str = "") -> Markup:
    """A quantity with its unit quiet beside it."""
    if value is None:
        return Markup('<span class="quiet">–</span>')
    return _quantity(value, unit, get_language())


@lru_cache(maxsize=KEPT_NUMBERS)
def _quantity(value: Decimal | int, unit: str, _language: str | None) -> Markup:
    behind = f' <span class="unit">{escape(unit_name(unit))}</span>' if unit else ""
    return Markup(f'<span class="qty">{number(value)}{behind}</span>')  # noqa: S704  # parts escaped


@lru_cache(maxsize=512)
def _status(word: str, kind: str) -> Markup:
    shape = _SHAPES.get(kind) or _SHAPES["neutral"]
    return Markup(  # noqa: S704  # word and kind escaped
        f'<span class="status {escape(kind)}"><svg class="shape" viewBox="0 0 12 12" width="10" height="10"'
        f' aria-hidden="true">{shape}</svg>{escape(word)}</span>'
    )


def status(word: object, kind: str = "neutral") -> Markup:
    """A state as a word with a shape. Kinds: neutral, waiting, active, done, warning, bad, off."""
    return _status(str(word), kind)


def time(value: datetime | date | None, relative: bool = False) -> Markup:
    """A moment or a day, with the machine's form beside it; `relative` shows "3 hours ago", the rest as title."""
    if value is None:
        return Markup('<span class="quiet">–</span>')
    exact = datetime_text(value) if isinstance(value, datetime) else date_text(value)
    shown, title = (relative_time(value), f' title="{escape(exact)}"') if relative else (exact, "")
    return Markup(f'<time datetime="{iso(value)}"{title}>{escape(shown)}</time>')  # noqa: S704  # parts escaped


def day(value: datetime | date | None) -> Markup:
    """The day of a moment in the reader's time zone."""
    if value is None:
        return Markup('<span class="quiet">–</span>')
    return Markup(f'<time datetime="{iso(value)}">{escape(date_text(value))}</time>')  # noqa: S704  # parts escaped


def sku(value: object) -> Markup:
    """An article number, document number or other code, set so that it is read character by character."""
    return Markup(f'<span class="sku">{escape(value)}</span>')  # noqa: S704  # escaped


def initials(name: str) -> str:
    """Up to two letters for an avatar."""
    words = [word for word in name.split() if word[0].isalnum()]
    return (
        "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words[:1])).upper() or "?"
    )


def tone(name: str) -> int:
    """One of six avatar tones, always the same for a name."""
    return crc32(name.encode()) % 6
