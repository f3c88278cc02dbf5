"""What people decided about certain words: synonyms, redirects, products that stand first."""

import time
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings

from kontor.goods.wording import Synonyms, synonyms_of
from kontor.search.models import Pin, Redirect, Synonym

TRADE_WORDS = Path(__file__).parent.parent / "trade_words.txt"
SECONDS = 5.0
"""So long a process keeps what it has read; a change is seen by all at the latest then."""


@dataclass(frozen=True, slots=True)
class Curation:
    """Synonyms as `wording.understood` takes them; redirects and pins by the words they are for."""

    synonyms: Synonyms = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    pins: dict[str, tuple[int, ...]] = field(default_factory=dict)


class _Kept:
    """What this process has read, and when."""

    at = float("-inf")
    curation = Curation()


def curation() -> Curation:
    """What was decided, at most five seconds old."""
    now = time.monotonic()
    if now - _Kept.at > SECONDS:
        _Kept.curation, _Kept.at = _read(), now
    return _Kept.curation


def forget_curation() -> None:
    """Read it again the next time."""
    _Kept.at = float("-inf")


@cache
def trade_words() -> list[list[str]]:
    """Groups of words that mean the same in every shop, as the file beside this package has them."""
    lines = TRADE_WORDS.read_text(encoding="utf-8").splitlines()
    return [[word.strip() for word in line.split(",")] for line in lines if line and not line.startswith("#")]


def _read() -> Curation:
    pins: defaultdict[str, list[int]] = defaultdict(list)
    for words, product_id in Pin.objects.order_by("words", "position", "id").values_list(
        "words", "product_id"
    ):
        pins[words].append(product_id)
    groups = [*Synonym.objects.values_list("terms", flat=True)]
    return Curation(
        synonyms_of([*trade_words(), *groups] if settings.CONFIG.search_trade_words else groups),
        dict(Redirect.objects.values_list("words", "address")),
        {words: tuple(ids) for words, ids in pins.items()},
    )
