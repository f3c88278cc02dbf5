"""The facts of an entry as people read them: each app names the fields that it records, and says what their codes mean.

A field that nobody named is shown by its own name, a code that nobody explained as it stands.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from kontor.kernel.money import minor_units

NOTHING = "–"
Meanings = Mapping[str, str | Promise] | Callable[[str], str]
_FIGURE = re.compile(r"-?\d+\.\d{2,6}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d\S*)?", re.ASCII)
_PART = re.compile(r"[ /]")


@dataclass(frozen=True, slots=True)
class Fact:
    """A field on the trail: its name, what its codes mean, whether it holds several at once, what none of them says."""

    label: str | Promise
    meanings: Meanings | None = None
    several: bool = False
    nothing: str | Promise = NOTHING


_known: dict[str, Fact] = {}


def fact(
    name: str,
    label: str | Promise,
    meanings: Meanings | None = None,
    *,
    several: bool = False,
    nothing: str | Promise = NOTHING,
) -> None:
    """Declare what ``catalog.status`` is called, or ``name`` in every app that does not call it otherwise."""
    if name in _known:
        raise ValueError(f"fact {name} is declared twice")
    _known[name] = Fact(label, meanings, several, nothing)


def facts(app: str, labels: Mapping[str, str | Promise]) -> None:
    """Declare several plain fields of an app, or of all with ""."""
    for name, label in labels.items():
        fact(f"{app}.{name}" if app else name, label)


def _fact(verb: str, name: str) -> Fact | None:
    return _known.get(f"{verb.partition('.')[0]}.{name}") or _known.get(name)


def is_named(verb: str, name: str) -> bool:
    """Whether somebody declared the field."""
    return _fact(verb, _PART.split(name, maxsplit=1)[0]) is not None


def label_of(verb: str, name: str) -> str:
    """What people call a field of an entry; ``line 3`` and ``attributes/colour`` are called after their first part."""
    first, *rest = _PART.split(name, maxsplit=1)
    known = _fact(verb, first)
    return " ".join([str(known.label), *rest]) if known else name.replace("_", " ")


def now_of(verb: str, name: str, value: Any, currency: Any = None) -> str:
    """A fact, or what a change made of it."""
    return _said(verb, name, _pair(verb, name, value)[-1], currency)


def told_facts(verb: str, changes: Mapping[str, Any]) -> list[tuple[str, str]]:
    """All facts of an entry as (label, text); of a change the text says before and after. Empty facts are left out."""
    currency = changes.get("currency")
    return [
        (
            label_of(verb, name),
            " → ".join(_said(verb, name, one, currency) for one in _pair(verb, name, value)),
        )
        for name, value in changes.items()
        if value not in ("", None, [])
    ]


def _pair(verb: str, name: str, value: Any) -> list[Any]:
    """Before and after, or the one value there is."""
    known = _fact(verb, name)
    several = known is not None and known.several
    is_change = isinstance(value, list) and len(value) == 2
    if is_change and (not several or all(one is None or isinstance(one, list) for one in value)):
        return value
    return [value]


def _said(verb: str, name: str, value: Any, currency: Any) -> str:
    known = _fact(verb, name)
    if value is None or value in ("", []):
        return str(known.nothing) if known else NOTHING
    if isinstance(value, list):
        return ", ".join(_said(verb, name, one, currency) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if known is not None and known.meanings is not None:
        meanings = known.meanings
        return meanings(str(value)) if callable(meanings) else str(meanings.get(str(value), value))
    return _written(value, currency) if isinstance(value, str) else str(value)


def _written(text: str, currency: Any) -> str:
    """A figure, a day or a moment as the reader's language writes it; without a currency a figure is a quantity."""
    if _MOMENT.fullmatch(text):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return text
        return date_format(localtime(moment), "DATETIME_FORMAT") if moment.tzinfo else date_format(moment)
    if not _FIGURE.fullmatch(text):
        return text
    figure = Decimal(text)
    places = minor_units(currency) if isinstance(currency, str) else len(text.partition(".")[2].rstrip("0"))
    return number_format(figure, decimal_pos=places, force_grouping=True)
