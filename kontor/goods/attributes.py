"""Typed values of goods, without a database: read what people and files write, show what is kept.

What is kept is described at `kontor.catalog.models.family.Values`. Numbers are kept in the attribute's own unit.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from babel.dates import format_date
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import override, to_locale

from kontor.goods import measures
from kontor.kernel.refusal import Refused
from kontor.kernel.texts import printable

LONGEST_TEXT = 400
MOST_CHOICES = 50
LARGEST = Decimal("1e15")
YES = frozenset({"true", "yes", "y", "1", "on", "ja", "oui", "si", "sí", "x", "✓", "wahr"})
NO = frozenset({"false", "no", "n", "0", "off", "nein", "non", "-", "falsch"})
_UNDER = {"¼": "1/4", "½": "1/2", "¾": "3/4", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8"}
_FRACTION = r"(?:(?P<whole>\d{1,9})[\s-]+)?(?P<upper>\d{1,6})\s*[/⁄]\s*(?P<lower>[1-9]\d{0,5})"
_FIGURE = re.compile(
    rf"^\s*(?P<sign>[-−+±]?)\s*(?:{_FRACTION}|(?P<digits>\d[\d.,'\s]*|[.,]\d+))\s*(?P<unit>\D.*)?$"
)
_BETWEEN = re.compile(r"\s*(?:…|\.\.\.?|\bto\b|\bbis\b|–|—|(?<=[\d\w°\"])\s*-(?=\s*[-+\d]))\s*")
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d %b %Y")
_FILE = re.compile(r"[0-9a-f]{2}/[0-9a-f]{16,64}\.[a-z0-9]{2,5}")


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that may be chosen; products keep its code."""

    code: str
    label: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """An attribute as a family uses it. `family_id` is the family of the chain that decides how.

    `group` is its heading in the seller's first language, `headings` the same in further ones. What `is_required` is
    needed before goods go on sale, what one of the `channels` asks for only to be complete there.
    """

    id: int
    code: str
    name: str
    kind: str
    names: Mapping[str, str]
    unit: str = ""
    is_localised: bool = False
    choices: tuple[Choice, ...] = ()
    group: str = ""
    headings: Mapping[str, str] = field(default_factory=dict)
    is_required: bool = False
    channels: tuple[str, ...] = ()
    is_axis: bool = False
    is_facet: bool = False
    position: int = 0
    family_id: int = 0

    def label(self, language: str) -> str:
        """Its name in a language, else in the seller's first."""
        return in_language(self.names, language) or self.name

    def heading(self, language: str) -> str:
        """The heading under which it stands, in a language, else in the seller's first."""
        return in_language(self.headings, language) or self.group

    def is_asked_in(self, channel: str) -> bool:
        """Whether goods without a value are incomplete in a channel."""
        return self.is_required or channel in self.channels


def asked_of(kind: str, traits: Iterable[Trait]) -> list[Trait]:
    """The attributes that goods of a kind can be asked for: what tells variants apart is theirs, not their model's."""
    return [one for one in traits if not (one.is_axis and kind == "model")]


def in_language(texts: Mapping[str, str], language: str) -> str:
    """A text in a language, or in the language without its region; "" when there is none."""
    return texts.get(language) or texts.get(language.partition("-")[0]) or ""


def parse_value(trait: Trait, raw: Any, language: str = "") -> Any:
    """What is kept for what somebody wrote; None for nothing.

    Numbers and days are read as `language` writes them and in the form in which they are kept. Raises
    Refused("wrong_value") with a sentence.
    """
    if isinstance(raw, str):
        raw = printable(raw)
    if raw is None or raw in ("", [], {}):
        return None
    return _PARSERS[trait.kind](trait, raw, language)


def shown_value(trait: Trait, value: Any, language: str) -> tuple[str, str]:
    """A kept value as a reader sees it, and the sign of its unit."""
    unit = measures.sign(trait.unit) if trait.unit else ""
    match trait.kind:
        case "number":
            return shown_number(Decimal(str(value)), trait.unit, language), unit
        case "range":
            lowest, highest = (shown_number(Decimal(str(one)), trait.unit, language) for one in value)
            return f"{lowest} – {highest}", unit
        case "choice":
            return _label(trait, value, language), ""
        case "choices":
            return ", ".join(_label(trait, one, language) for one in value), ""
        case "boolean":
            with override(language):
                return (_("Yes") if value else _("No")), ""
        case "date":
            return _shown_day(str(value), language), ""
    if isinstance(value, Mapping):
        return in_language(value, language) or next(iter(value.values()), ""), ""
    return str(value), ""


def shown_number(value: Decimal, unit: str, language: str) -> str:
    """A figure with the reader's signs, grouped from five digits on; inches as the fractions of a ruler.

    >>> shown_number(Decimal("12.7"), "MMT", "de"), shown_number(Decimal("1.25"), "INH", "en")
    ('12,7', '1 1/4')
    """
    exact = Fraction(value)
    if unit == "INH" and exact.denominator in (2, 4, 8, 16, 32, 64):
        whole, rest = divmod(abs(exact), 1)
        parts = f"{whole} {rest}" if whole else str(rest)
        return f"-{parts}" if exact < 0 else parts
    text = f"{measures.plain(value):f}"
    whole_text, _dot, decimals = text.partition(".")
    if len(whole_text.lstrip("-")) > 4:
        whole_text = f"{int(whole_text):,}".replace(
            ",", str(get_format("THOUSAND_SEPARATOR", language, use_l10n=True))
        )
    point = str(get_format("DECIMAL_SEPARATOR", language, use_l10n=True)) if language else "."
    return f"{whole_text}{point}{decimals}" if decimals else whole_text


def as_typed(trait: Trait, value: Any, language: str) -> Any:
    """A kept value as a form field holds it; `parse_value` reads it back as the same."""
    if value is None:
        return ""
    match trait.kind:
        case "number":
            return _typed_number(value, language)
        case "range":
            return " … ".join(_typed_number(one, language) for one in value)
        case "boolean":
            return "yes" if value else "no"
    return value


def _typed_number(value: Any, language: str) -> str:
    point = str(get_format("DECIMAL_SEPARATOR", language, use_l10n=True)) if language else "."
    return f"{Decimal(str(value)):f}".replace(".", point)


def figure_from(text: str, language: str = "") -> tuple[Decimal, str] | None:
    """A figure with the unit behind it, as people write them, or None.

    >>> figure_from("1/2 in"), figure_from('1 1/4"'), figure_from("-12,5 °C", "de"), figure_from("1,250 kg", "en")
    ((Decimal('0.5'), 'in'), (Decimal('1.25'), '"'), (Decimal('-12.5'), '°C'), (Decimal('1250'), 'kg'))
    """
    for sign, digits in _UNDER.items():
        text = re.sub(rf"\s*{sign}", f" {digits}", text)
    match = _FIGURE.match(text.strip())
    if match is None:
        return None
    if match["upper"]:
        exact = Fraction(int(match["whole"] or 0)) + Fraction(int(match["upper"]), int(match["lower"]))
        value = measures.rounded(exact)
    else:
        read = _decimal(match["digits"], language)
        if read is None:
            return None
        value = read
    if match["sign"] in ("-", "−"):
        value = -value
    return measures.plain(value), (match["unit"] or "").strip()


def _decimal(digits: str, language: str) -> Decimal | None:
    """Digits with a decimal sign and groups of three."""
    digits = re.sub(r"[\s'\u00a0\u202f]", "", digits)
    point = str(get_format("DECIMAL_SEPARATOR", language, use_l10n=True)) if language else "."
    group = "." if point == "," else ","
    if (
        re.fullmatch(rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+(?:{re.escape(point)}\d*)?", digits)
        and language
    ):
        digits = digits.replace(group, "")
    digits = digits.replace(",", ".")
    if digits.count(".") > 1 or not digits.strip(".") or len(digits) > 30:
        return None
    return Decimal(digits)


def _number(trait: Trait, raw: Any, language: str) -> str:
    found = (
        figure_from(str(raw), language) if isinstance(raw, (str, int, Decimal)) and raw is not True else None
    )
    if found is None:
        example = shown_number(Decimal("12.5"), "", language or "en")
        raise _wrong(
            _("“%(text)s” is not a number. Write it as %(example)s.")
            % {"text": _cut(raw), "example": example}
        )
    value, written = found
    unit = measures.code_of(written) if written else trait.unit
    if unit != trait.unit and not (trait.unit and unit and measures.are_alike(unit, trait.unit)):
        if not trait.unit:
            raise _wrong(_("This number has no unit. Leave “%(unit)s” out.") % {"unit": written[:20]})
        text = {"unit": written[:20], "own": measures.sign(trait.unit)}
        raise _wrong(_("“%(unit)s” cannot be converted to %(own)s.") % text)
    if unit and unit != trait.unit:
        value = measures.convert(value, unit, trait.unit)
    if abs(value) > LARGEST:
        raise _wrong(_("This number is too large."))
    return f"{measures.plain(value):f}"


def _range(trait: Trait, raw: Any, language: str) -> list[str]:
    if isinstance(raw, str):
        parts: Sequence[Any] = [part for part in _BETWEEN.split(raw) if part]
        if (
            len(parts) == 2
            and (unit := _unit_behind(str(parts[1]), language))
            and not _unit_behind(str(parts[0]), language)
        ):
            parts = [f"{parts[0]} {unit}", parts[1]]
    else:
        parts = raw if isinstance(raw, (list, tuple)) else [raw]
    if len(parts) == 1:
        parts = [parts[0], parts[0]]
    if len(parts) != 2:
        raise _wrong(_("Write a range as 5 … 10."))
    lowest, highest = (_number(trait, one, language) for one in parts)
    if Decimal(lowest) > Decimal(highest):
        raise _wrong(_("The first number of a range is the smaller one."))
    return [lowest, highest]


def _unit_behind(text: str, language: str) -> str:
    found = figure_from(text, language)
    return found[1] if found else ""


def _text(trait: Trait, raw: Any, language: str) -> Any:
    if trait.is_localised and isinstance(raw, Mapping):
        texts = {str(code): _one_text(text) for code, text in raw.items() if str(text or "").strip()}
        return texts or None
    if trait.is_localised and language:
        return {language: _one_text(raw)}
    return _one_text(raw)


def _one_text(raw: Any) -> str:
    if isinstance(raw, (Mapping, list, tuple)):
        raise _wrong(_("One text is needed here."))
    text = printable(str(raw))
    if len(text) > LONGEST_TEXT:
        raise _wrong(_("At most %(most)s characters.") % {"most": LONGEST_TEXT})
    return text


def _choice(trait: Trait, raw: Any, language: str) -> str:
    wanted = str(raw).strip()
    for one in trait.choices:
        if wanted == one.code:
            return one.code
    folded = wanted.casefold()
    for one in trait.choices:
        if folded in _names_of(one):
            return one.code
    known = ", ".join(one.label for one in trait.choices[:6])
    raise _wrong(_("“%(text)s” is not among the choices: %(known)s.") % {"text": _cut(raw), "known": known})


def _choices(trait: Trait, raw: Any, language: str) -> list[str] | None:
    if isinstance(raw, str):
        wide = re.split(r"[;|\n]", raw)
        raw = wide if len(wide) > 1 or _is_choice(trait, raw) else raw.split(",")
    if not isinstance(raw, Iterable) or isinstance(raw, Mapping):
        raise _wrong(_("Give a list of choices."))
    chosen = {_choice(trait, one, language) for one in raw if str(one).strip()}
    if len(chosen) > MOST_CHOICES:
        raise _wrong(_("At most %(most)s choices.") % {"most": MOST_CHOICES})
    return [one.code for one in trait.choices if one.code in chosen] or None


def _is_choice(trait: Trait, text: str) -> bool:
    return any(text.strip().casefold() in _names_of(one) for one in trait.choices)


def _names_of(choice: Choice) -> set[str]:
    return {text.casefold() for text in (choice.code, choice.label, *choice.labels.values())}


def _boolean(trait: Trait, raw: Any, language: str) -> bool:
    if isinstance(raw, bool):
        return raw
    folded = str(raw).strip().casefold()
    if folded in YES or folded in NO:
        return folded in YES
    raise _wrong(_("Write yes or no."))


def _date(trait: Trait, raw: Any, language: str) -> str:
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    text = str(raw).strip()
    for pattern in _DAYS:
        try:
            return datetime.strptime(text, pattern).date().isoformat()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    raise _wrong(_("“%(text)s” is not a day. Write it as 2026-11-22.") % {"text": _cut(raw)})


def _file(trait: Trait, raw: Any, language: str) -> str:
    text = str(raw).strip()
    if not _FILE.fullmatch(text):
        raise _wrong(_("Choose one of the product’s files."))
    return text


def _label(trait: Trait, code: Any, language: str) -> str:
    for one in trait.choices:
        if one.code == code:
            return in_language(one.labels, language) or one.label
    return str(code)


def _shown_day(text: str, language: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    locale = "en_GB" if language in ("", "en") else to_locale(language)
    return format_date(day, locale=locale)


def _cut(raw: Any) -> str:
    return str(raw)[:40]


def _wrong(message: str) -> Refused:
    return Refused("wrong_value", message)


_PARSERS = {
    "text": _text,
    "number": _number,
    "range": _range,
    "choice": _choice,
    "choices": _choices,
    "boolean": _boolean,
    "date": _date,
    "file": _file,
}
