"""What the index holds of a product, made from its rows."""

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log1p
from typing import Any

import orjson
from django.conf import settings
from django.db import connection

from kontor.goods.measures import sign
from kontor.goods.wording import heads, loose_key, tokens
from kontor.inventory.free import ANY_FREE
from kontor.kernel.folding import sort_key
from kontor.search.engine.schema import LANGUAGES, POPULAR, PRICE_STEPS, WEIGHT_STEPS, brand_term
from kontor.search.models import UNPRICED
from kontor.search.rules import shelves_of

SOME = f"""
SELECT p.id, p.seller_id, p.family_id, COALESCE(c.path, ''), COALESCE(c.name, ''), p.sku, p.manufacturer_part_number,
    p.gtin, p.name, p.brand, p.summary, left(p.description, 5000), p.specifications::text, p.attributes::text,
    p.assortments::text, extract(epoch FROM COALESCE(d.listed_at, p.created_at))::bigint,
    (d.list_price * {PRICE_STEPS})::bigint, COALESCE(d.popularity, 0),
    p.kind NOT IN ('goods', 'kit') OR {ANY_FREE},
    (SELECT json_agg(json_build_array(t.language, t.name, t.summary, left(t.description, 5000)))
     FROM catalog_text t WHERE t.product_id = p.id)::text
FROM catalog_product p
JOIN companies_company s ON s.id = p.seller_id AND s.status = 'active'
LEFT JOIN catalog_category c ON c.id = p.category_id
LEFT JOIN search_document d ON d.product_id = p.id
WHERE p.status = 'active' AND p.id = ANY (%s::bigint[])
"""
TOGETHER = "SELECT id FROM catalog_product WHERE status = 'active' ORDER BY family_id, category_id, id"
"""Goods of a family and a category side by side make the index smaller, and counting in it faster."""
KINDS = "SELECT seller_id, code, kind, unit, name FROM catalog_attribute"
CHOICES = """
SELECT a.seller_id, a.code, c.code, c.label
FROM catalog_attribute_choice c JOIN catalog_attribute a ON a.id = c.attribute_id
"""
TONGUES = "SELECT seller_id, languages FROM catalog_settings"
FIGURE = re.compile(r"-?\d+(\.\d+)?")
LONGEST_VALUE = 80
MOST_TOLD = 100_000
YES, NO = frozenset(("yes", "ja", "true")), frozenset(("no", "nein", "false"))
"""A specification that is only affirmed says its name; one that is denied says nothing."""


@dataclass(frozen=True, slots=True)
class Told:
    """An attribute's value as filters compare it (None: they do not), and as words."""

    filter: Any = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Attributes:
    """Kinds, units and labels of sellers' attributes, and the languages that sellers write in."""

    kinds: dict[tuple[int, str], tuple[str, str, str]]
    labels: dict[tuple[int, str, str], str]
    languages: dict[int, list[str]]
    told: dict[tuple[int, str, str], Told] = field(default_factory=dict)
    """What was found of values so far: few values are those of many products."""

    @classmethod
    def read(cls) -> "Attributes":
        with connection.cursor() as cursor:
            cursor.execute(KINDS)
            kinds = {
                (seller, code): (kind, unit, name) for seller, code, kind, unit, name in cursor.fetchall()
            }
            cursor.execute(CHOICES)
            labels = {(seller, code, choice): label for seller, code, choice, label in cursor.fetchall()}
            cursor.execute(TONGUES)
            languages = {seller: list(spoken) for seller, spoken in cursor.fetchall() if spoken}
        return cls(kinds, labels, languages)


def entries_of(ids: Sequence[int], attributes: Attributes) -> Iterator[str]:
    """Entries as JSON of those of these products that are on sale, in this order: among hits that fit as well the first
    one entered stands first."""
    with connection.cursor() as cursor:
        cursor.execute(SOME, [list(ids)])
        rows = {row[0]: row for row in cursor.fetchall()}
    for one in ids:
        if one in rows:
            yield entry(rows[one], attributes)


def together() -> "array[int]":
    """The products on sale, in the order in which an index is built."""
    with connection.cursor() as cursor:
        cursor.execute(TOGETHER)
        return array("q", (one for (one,) in cursor.fetchall()))


def entry(row: tuple[Any, ...], attributes: Attributes) -> str:
    """One entry as JSON, as tantivy takes it in."""
    (
        product, seller, family, path, category, sku, part, gtin, name, brand, summary, text,
        specifications, values, assortments, listed, price, popularity, stocked, texts,
    ) = row  # fmt: skip
    filters, described = _values(seller, orjson.loads(values), attributes)
    numbers, plain = tokens(f"{sku} {part}"), tokens(" ".join(_plain(specifications)))
    neutral = " ".join((_words(brand), *numbers, _words(category), *described, *plain))
    keys = dict.fromkeys(loose_key(code) for code in (sku, part, gtin) if code)
    found: dict[str, Any] = {
        "id": product, "seller": seller, "shelf": _shelves(path), "category": path,
        "maker": _words(brand), "code": [key for key in keys if key],
        "assortment": [int(one) for one in assortments.strip("{}").split(",") if one],
        "stocked": int(stocked), "popular": popularity * POPULAR + product, "listed": max(listed, 0),
        "price": int(UNPRICED) * PRICE_STEPS if price is None else price,
        "weight": 1 + round(log1p(popularity) / 10 * WEIGHT_STEPS) / WEIGHT_STEPS,
        "name_key": name_key(name), "a": filters,
    }  # fmt: skip
    if brand:
        found["brand"] = brand_term(brand)
    if family is not None:
        found["family"] = family
    for language in _tongues(seller, attributes):
        _tell(found, language, name, brand, f"{summary} {text}", neutral)
    for language, title, short, long in orjson.loads(texts) if texts else ():
        _tell(found, language, title, brand, f"{short} {long}", neutral)
    return orjson.dumps(found).decode()


def name_key(name: str) -> int:
    """The first eight letters of a name as a number that sorts as they do.

    >>> name_key("Äxte") < name_key("bolt M8") < name_key("Bolt M10") < name_key("bolt n")
    True
    """
    return int.from_bytes(sort_key(name.strip()[:24]).encode("ascii", "replace")[:8].ljust(8, b"\0"), "big")


def _tongues(seller: int, attributes: Attributes) -> Sequence[str]:
    """The language of a seller's names; who has said nothing may write in any."""
    spoken = attributes.languages.get(seller)
    if not spoken:
        return LANGUAGES if settings.CONFIG.default_language in LANGUAGES else LANGUAGES[:1]
    return spoken[:1]


def _tell(found: dict[str, Any], language: str, name: str, brand: str, text: str, neutral: str) -> None:
    """Add name and texts in a language; what every language shares is told once in each."""
    language = language[:2] if language[:2] in LANGUAGES else LANGUAGES[0]
    title = " ".join(tokens(name))
    before = found.get(f"all_{language}", neutral)
    found[f"head_{language}"] = f"{found.get(f'head_{language}', '')} {' '.join(heads(name, brand))}".strip()
    found[f"title_{language}"] = f"{found.get(f'title_{language}', '')} {title}".strip()
    found[f"all_{language}"] = " ".join((title, before, *tokens(text)))


def _plain(specifications: str) -> Iterator[str]:
    if specifications == "[]":
        return
    for one in orjson.loads(specifications):
        value = str(one.get("value", ""))
        said = value.casefold()
        if said in YES:
            yield str(one.get("name", ""))
        elif said not in NO:
            yield f"{value} {one.get('unit', '')}"


def _values(seller: int, values: dict[str, Any], attributes: Attributes) -> tuple[dict[str, Any], list[str]]:
    """Attribute values as filters compare them, and as words."""
    filters: dict[str, Any] = {}
    words: list[str] = []
    for code, value in values.items():
        told = attributes.told.get((seller, code, value)) if isinstance(value, str) else None
        if told is None:
            told = _told(seller, code, value, attributes)
            if isinstance(value, str) and len(attributes.told) < MOST_TOLD:
                attributes.told[seller, code, value] = told
        if told.filter is not None:
            filters[code] = told.filter
        if told.words:
            words.append(told.words)
    return filters, words


def _told(seller: int, code: str, value: Any, attributes: Attributes) -> Told:
    kind, unit, name = attributes.kinds.get((seller, code), ("text", "", code))
    if kind in ("file", "date"):
        return Told()
    if kind == "boolean":
        return Told(bool(value), _words(name) if value else "")
    if kind == "number" and FIGURE.fullmatch(str(value)):
        return Told(float(value), _words(f"{value} {sign(unit) if unit else ''}"))
    if kind == "range" and isinstance(value, list) and len(value) == 2:
        ends = {"low": float(value[0]), "high": float(value[1])}
        return Told(ends, _words(f"{value[0]} {value[1]} {sign(unit) if unit else ''}"))
    if isinstance(value, dict):
        return Told(None, _words(" ".join(map(str, value.values()))))
    several = [str(one) for one in (value if isinstance(value, list) else [value])]
    labels = (attributes.labels.get((seller, code, one), one) for one in several)
    return Told([one for one in several if len(one) <= LONGEST_VALUE], _words(" ".join(labels)))


@lru_cache(maxsize=10_000)
def _words(text: str) -> str:
    return " ".join(tokens(text))


_shelves = lru_cache(maxsize=10_000)(shelves_of)
