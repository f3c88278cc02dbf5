"""Facets as people read them: which attributes are offered, what they are called, and how many products have what."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontor.catalog.queries import category_tree
from kontor.goods.measures import plain
from kontor.kernel.folding import sort_key
from kontor.kernel.money import ZERO
from kontor.search.engine.port import Counted, Counts, Engine, Question
from kontor.search.queries.counted import AttributeFacet, Facets, FacetValue, PriceBand
from kontor.search.queries.kept import Kept
from kontor.search.queries.own_prices import LIST_TERMS, Terms, own_prices, terms_of
from kontor.search.queries.viewer import Viewer

MOST_ATTRIBUTES = 12
MOST_BANDED = 1000
"""So many hits with own prices are counted in bands; of more, all are by list price, until a band is chosen."""
OFFERED = """
WITH RECURSIVE line AS (
    SELECT id AS family, id AS at, 0 AS depth FROM catalog_family
    UNION ALL
    SELECT line.family, f.parent_id, depth + 1 FROM line
    JOIN catalog_family f ON f.id = line.at WHERE f.parent_id IS NOT NULL AND depth < 20
), nearest AS (
    SELECT DISTINCT ON (line.family, own.attribute_id) line.family, own.attribute_id, own.is_facet, own.position
    FROM line JOIN catalog_family_attribute own ON own.family_id = line.at
    ORDER BY line.family, own.attribute_id, line.depth
)
SELECT n.family, n.position, a.code, a.name, a.names::text, a.kind, a.unit,
    (SELECT json_object_agg(c.code, json_build_object('label', c.label, 'labels', c.labels) ORDER BY c.position, c.id)
     FROM catalog_attribute_choice c WHERE c.attribute_id = a.id)
FROM nearest n JOIN catalog_attribute a ON a.id = n.attribute_id
WHERE n.is_facet AND a.kind NOT IN ('date', 'file') ORDER BY n.family, n.position, a.code
"""
_offered: "Kept[dict[int, list[Offered]]]" = Kept()
_counted: Kept[Facets] = Kept()
_terms: Kept[Terms] = Kept()


@dataclass(frozen=True, slots=True)
class Offered:
    """An attribute that a family offers as a filter; its choices in the order in which it declares them."""

    code: str
    name: str
    names: dict[str, str]
    kind: str
    unit: str
    choices: dict[str, dict[str, Any]]

    def called(self, language: str) -> str:
        return self.names.get(language) or self.name

    def label(self, value: str, language: str) -> str:
        """How a value is read: a choice by its label, a number without needless zeros, yes or no."""
        if self.kind == "boolean":
            return _("Yes") if value == "true" else _("No")
        choice = self.choices.get(value)
        if choice is not None:
            return str(choice["labels"].get(language) or choice["label"])
        figure = _figure(value) if self.kind == "number" else None
        return value if figure is None else f"{plain(figure):f}"

    def ordered(self, values: Iterable[FacetValue]) -> list[FacetValue]:
        """As people look for them: choices as they are declared, numbers by size, texts by the alphabet."""
        places = {code: place for place, code in enumerate(self.choices)}
        if self.kind == "number":
            return sorted(values, key=lambda one: _figure(one.value) or ZERO)
        if self.kind == "boolean":
            return sorted(values, key=lambda one: one.value, reverse=True)
        return sorted(values, key=lambda one: (places.get(one.value, len(places)), sort_key(one.label)))


def facets_of(engine: Engine, viewer: Viewer, question: Question, revision: int) -> Facets:
    """What a question's hits can be narrowed to. Counted at most twice a minute for one question."""
    language = get_language() or "en"
    whose = (viewer.chain, viewer.company_id)
    terms = _terms.get(whose, revision, lambda: terms_of(viewer))
    asked = (question.wording, question.filters, question.assortments, question.among)
    key = (asked, language, terms == LIST_TERMS or whose)

    def count() -> Facets:
        most = MOST_BANDED if question.filters.price is None else None
        prices = own_prices(engine, viewer, question, terms, most)
        return _count(engine, replace(question, prices=prices), revision, language)

    return _counted.get(key, revision, count)


def _count(engine: Engine, question: Question, revision: int, language: str) -> Facets:
    offered: list[Offered] = []

    def chosen(families: Counts) -> tuple[tuple[str, bool], ...]:
        offered.extend(_of_families(families, revision))
        kinds = {one.code: one.kind for one in offered}
        asked = [one[0] for one in question.filters.attributes] + [one[0] for one in question.filters.ranges]
        codes = list(dict.fromkeys((*asked, *kinds)))[:MOST_ATTRIBUTES]
        return tuple((code, kinds.get(code) == "number") for code in codes)

    counted = engine.count(question, chosen)
    names = category_tree(question.assortments, revision).by_path
    return Facets(
        brands=counted.brands,
        categories=tuple(
            (path, names[path].name, count) for path, count in counted.categories if path in names
        ),
        attributes=tuple(
            facet
            for one in offered
            if one.code in counted.attributes and (facet := _facet(one, counted, language)).values
        ),
        prices=tuple(PriceBand(_money(low), _money(high), count) for low, high, count in counted.prices),
        available=counted.available,
    )


def _of_families(families: Counts, revision: int) -> list[Offered]:
    """The attributes that these families offer, those of most products first."""
    table = _offered.get("families", revision, _read_offered)
    weights: Counter[str] = Counter()
    first: dict[str, Offered] = {}
    for family, count in families:
        for one in table.get(int(family), ()):
            weights[one.code] += count
            first.setdefault(one.code, one)
    order = sorted(first, key=lambda code: -weights[code])
    return [first[code] for code in order]


def _read_offered() -> dict[int, list[Offered]]:
    table: dict[int, list[Offered]] = {}
    with connection.cursor() as cursor:
        cursor.execute(OFFERED)
        for family, _position, code, name, names, kind, unit, choices in cursor.fetchall():
            one = Offered(code, name, orjson.loads(names), kind, unit, choices or {})
            table.setdefault(family, []).append(one)
    return table


def _facet(one: Offered, counted: Counted, language: str) -> AttributeFacet:
    low, high = counted.figures.get(one.code, (None, None)) if one.kind == "number" else (None, None)
    values = counted.attributes.get(one.code, ())
    shown = tuple(
        one.ordered(FacetValue(value, one.label(value, language), count) for value, count in values)
    )
    return AttributeFacet(
        one.code, one.called(language), one.unit, one.kind, shown, _money(low), _money(high)
    )


def _figure(value: str) -> Decimal | None:
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def _money(value: object) -> Decimal | None:
    """A figure of the index as a decimal; bounds come from it, never amounts to be paid."""
    return None if value is None else plain(Decimal(str(value)))
