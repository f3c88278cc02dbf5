"""Facets of tantivy: one pass for everything that no filter narrows, one more for each filter that does."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from tantivy import Query, Searcher

from kontor.search.engine.port import LISTED, Counted, Counts, Question, Wanted
from kontor.search.engine.schema import MARK, PRICE_STEPS
from kontor.search.models import UNPRICED

MOST_BRANDS, MOST_CATEGORIES, MOST_FAMILIES, MOST_VALUES = 40, 60, 20, 30
STEPS = [step * 10**power for power in range(6) for step in (1, 2, 5)]
ENDS = [*map(Decimal, (0, *STEPS)), UNPRICED - 1]
SHOWN_BANDS = 6
GENERAL: dict[str, dict[str, Any]] = {
    "brand": {"terms": {"field": "brand", "size": MOST_BRANDS}},
    "category": {"terms": {"field": "category", "size": MOST_CATEGORIES}},
    "family": {"terms": {"field": "family", "size": MOST_FAMILIES}},
    "stocked": {"terms": {"field": "stocked", "size": 2}},
}


class Counter:
    """Counts for one question; `query` makes it anew without one of its filters."""

    def __init__(self, searcher: Searcher, query: Callable[[str], Query], question: Question) -> None:
        self._searcher = searcher
        self._query = query
        self._filters = question.filters
        self._prices = question.prices

    def count(self, wanted: Wanted) -> Counted:
        """All facets; those of attributes as wanted for the families that occur."""
        ends = {int(self._prices.listed(end) * PRICE_STEPS): float(end) for end in ENDS}
        bands = [{"from": low, "to": high} for low, high in pairwise(ends)]
        found = self._passes(GENERAL | {"price": {"range": {"field": "price", "ranges": bands}}})
        counted = Counted(
            brands=tuple((term.partition(MARK)[2], count) for term, count in _terms(found["brand"])),
            categories=tuple((path, count) for path, count in _terms(found["category"]) if path),
            families=_terms(found["family"]),
            available=next((count for key, count in _terms(found["stocked"]) if key == "1"), 0),
            prices=_bands(found["price"], ends, [float(price) for _product, price in self._prices.own]),
        )
        attributes = wanted(counted.families)
        asked: dict[str, dict[str, Any]] = {}
        for code, is_number in attributes:
            asked[f"values {code}"] = {"terms": {"field": f"a.{code}", "size": MOST_VALUES}}
            if is_number:
                asked[f"figures {code}"] = {"stats": {"field": f"a.{code}"}}
        found = self._passes(asked)
        bounds = {code: found[f"figures {code}"] for code, is_number in attributes if is_number}
        return replace(
            counted,
            attributes={code: _terms(found[f"values {code}"]) for code, _is_number in attributes},
            figures={
                code: (one["min"], one["max"]) for code, one in bounds.items() if one.get("min") is not None
            },
        )

    def _passes(self, asked: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """What a filter narrows is counted without it, the rest together."""
        narrowed = self._narrowed()
        apart = {name: own for name, own in ((one, _filter_of(one)) for one in asked) if own in narrowed}
        together = {name: one for name, one in asked.items() if name not in apart}
        found: dict[str, Any] = self._searcher.aggregate(self._query(""), together) if together else {}
        for own in dict.fromkeys(apart.values()):
            mine = {name: asked[name] for name, of in apart.items() if of == own}
            found |= self._searcher.aggregate(self._query(own), mine)
        return found

    def _narrowed(self) -> set[str]:
        filters = self._filters
        narrowed = {code for code, _values in filters.attributes} | {code for code, *_ends in filters.ranges}
        if filters.brands:
            narrowed.add("brand")
        if filters.in_stock:
            narrowed.add("stocked")
        if filters.price is not None or self._prices != LISTED:
            narrowed.add("price")
        return narrowed


def _filter_of(name: str) -> str:
    return name.partition(" ")[2] or name


def _terms(found: dict[str, Any]) -> Counts:
    return tuple((_text(one), int(one["doc_count"])) for one in found.get("buckets", ()))


def _text(bucket: dict[str, Any]) -> str:
    if "key_as_string" in bucket:
        return str(bucket["key_as_string"])
    key = bucket["key"]
    return str(int(key)) if isinstance(key, float) and key.is_integer() else str(key)


def _bands(
    found: dict[str, Any], paid: dict[int, float], own_prices: Sequence[float]
) -> tuple[tuple[float | None, float | None, int], ...]:
    """Neighbouring bands joined until few are left, the ends open. `own_prices` are counted beside those listed.

    `paid` says what is paid at the list prices, in steps of the index, at which bands end.
    """
    counts = {
        (paid[one.get("from", 0)], paid[one["to"]]): int(one["doc_count"])
        for one in found.get("buckets", ())
        if one.get("from", 0) in paid and one.get("to") in paid
    }
    for ends in counts:
        counts[ends] += sum(ends[0] <= price < ends[1] for price in own_prices)
    bands = [[low, high, count] for (low, high), count in sorted(counts.items()) if count]
    while len(bands) > SHOWN_BANDS:
        at = min(range(len(bands) - 1), key=lambda no: bands[no][2] + bands[no + 1][2])
        bands[at : at + 2] = [[bands[at][0], bands[at + 1][1], bands[at][2] + bands[at + 1][2]]]
    joined: list[tuple[float | None, float | None, int]] = []
    for no, (low, high, count) in enumerate(bands):
        last = no == len(bands) - 1
        joined.append((low or None, None if last else high, int(count)))
    return tuple(joined)
