"""The sentences of the trail: each app declares what its verbs mean, and a timeline says it to people.

A sentence may name what is in the entry's `changes`: ``_("Shipped as %(shipment)s with %(carrier)s")``. A fact that an
entry lacks is left out; a change of ``[before, after]`` speaks of the value after it. What is counted has two
sentences: ``ngettext_lazy("%(count)s article", "%(count)s articles", "count")``.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise

from kontor.audit.facts import NOTHING, now_of

_sentences: dict[str, str | Promise] = {}


class _Lacking(int):
    """Written as a dash; a number all the same, by which a sentence chooses between one and several."""

    def __str__(self) -> str:
        return NOTHING


class _Facts(dict[str, Any]):
    def __missing__(self, name: str) -> _Lacking:
        return _Lacking()


def verb(name: str, sentence: str | Promise) -> str:
    """Declare what ``orders.placed`` means; returns the name, so that operations can use the constant."""
    if name in _sentences:
        raise ValueError(f"verb {name} is declared twice")
    _sentences[name] = sentence
    return name


def sentence(name: str, changes: Mapping[str, Any] | None = None) -> str:
    """What happened, in the reader's language; a verb that nobody declared is shown by its name."""
    if name not in _sentences:
        return name.partition(".")[2].replace("_", " ") or name
    told = changes or {}
    currency = told.get("currency")
    said = {
        key: value if type(value) is int else now_of(name, key, value, currency)
        for key, value in told.items()
    }
    return str(_sentences[name] % _Facts(said))


def declared_verbs() -> list[str]:
    """All verbs with a sentence, by name."""
    return sorted(_sentences)
