"""What the index holds of a product, made from its rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log1p
from typing import Any

import orjson
from django.conf import settings
from django.db import connection

from kontor.goods.measures import sign
from kontor.inventory.free import ANY_FREE
from kontor.search.engine.schema import LANGUAGES, MARK
from kontor.search.models import UNPRICED
from kontor.search.rules import shelves_of, sort_key
from kontor.search.wording import folded, heads, loose_key, tokens

ROWS = f"""
SELECT p.id, p.seller_id, p.family_id, COALESCE(c.path, ''), COALESCE(c.name, ''), p.sku, p.manufacturer_part_number,
    p.gtin, p.name, p.brand, p.summary, left(p.description, 5000), p.specifications::text, p.attributes::text,
    p.assortments::text, extract(epoch FROM COALESCE(d.listed_at, p.created_at))::bigint, d.list_price::float8,
    COALESCE(d.popularity, 0),
    p.kind NOT IN ('goods', 'kit') OR {ANY_FREE},
    (SELECT json_agg(json_build_array(t.language, t.name, t.summary, left(t.description, 5000)))
     FROM catalog_text t WHERE t.product_id = p.id)::text
FROM catalog_product p
JOIN companies_company s ON s.id = p.seller_id AND s.status = 'active'
LEFT JOIN catalog_category c ON c.id = p.category_id
LEFT JOIN search_document d ON d.product_id = p.id
WHERE p.status = 'active' AND {{which}}
"""
SOME = ROWS.format(which="p.id = ANY (%s::bigint[])") + " ORDER BY p.id"
NEXT = ROWS.format(which="p.id > %s") + " ORDER BY p.id LIMIT %s"
KINDS = "SELECT seller_id, code, kind, unit, name FROM catalog_attribute"
CHOICES = """
SELECT a.seller_id, a.code, c.code, c.label
FROM catalog_attribute_choice c JOIN catalog_attribute a ON a.id = c.attribute_id
"""
TONGUES = "SELECT seller_id, languages FROM catalog_settings"
FIGURE = re.compile(r"-?\d+(\.\d+)?")
LONGEST_VALUE = 80
YES, NO = frozenset(("yes", "ja", "true")), frozenset(("no", "nein", "false"))
"""A specification that is only affirmed says its name; one that is denied says nothing."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """Kinds, units and labels of sellers' attributes, and the languages that sellers write in."""

    kinds: dict[tuple[int, str], tuple[str, str, str]]
    labels: dict[tuple[int, str, str], str]
    languages: dict[int, list[str]]

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


def entries_of(ids: Sequence[int], attributes: Attributes) -> Iterator[tuple[int, str]]:
    """Products among these that are on sale, each with its entry as JSON, in the order of their ids: among hits that
    fit as well the first one entered stands first."""
    with connection.cursor() as cursor:
        cursor.execute(SOME, [list(ids)])
        for row in cursor.fetchall():
            yield row[0], entry(row, attributes)


def entries_after(last: int, size: int, attributes: Attributes) -> list[tuple[int, str]]:
    """The next products on sale in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [last, size])
        return [(row[0], entry(row, attributes)) for row in cursor.fetchall()]


def entry(row: tuple[Any, ...], attributes: Attributes) -> str:
    """One entry as JSON, as tantivy takes it in."""
    (
        product, seller, family, path, category, sku, part, gtin, name, brand, summary, text,
        specifications, values, assortments, listed, price, popularity, stocked, texts,
    ) = row  # fmt: skip
    filters, described = _values(seller, orjson.loads(values), attributes)
    neutral = " ".join(tokens(" ".join((brand, sku, part, category, *described, *_plain(specifications)))))
    keys = dict.fromkeys(loose_key(code) for code in (sku, part, gtin) if code)
    found: dict[str, Any] = {
        "id": product, "seller": seller, "shelf": shelves_of(path), "category": path, "brand": brand,
        "maker": " ".join(tokens(brand)), "code": [key for key in keys if key],
        "assortment": [int(one) for one in assortments.strip("{}").split(",") if one],
        "stocked": int(stocked), "popularity": popularity, "listed": max(listed, 0),
        "price": float(UNPRICED) if price is None else price, "weight": 1 + log1p(popularity) / 10,
        "name_key": name_key(name), "a": filters,
    }  # fmt: skip
    if brand:
        found["brand_key"] = f"{folded(brand)}{MARK}{brand}"
    if family is not None:
        found["family"] = family
    for language in _tongues(seller, attributes):
        _tell(found, language, name, f"{summary} {text}", neutral)
    for language, title, short, long in orjson.loads(texts) if texts else ():
        _tell(found, language, title, f"{short} {long}", neutral)
    return orjson.dumps(found).decode()


def name_key(name: str) -> int:
    """The first eight letters of a name as a number that sorts as they do.

    >>> name_key("Äxte") < name_key("bolt M8") < name_key("Bolt M10") < name_key("bolt n")
    True
    """
    return int.from_bytes(sort_key(name).encode("ascii", "replace")[:8].ljust(8, b"\0"), "big")


def _tongues(seller: int, attributes: Attributes) -> Sequence[str]:
    """The language of a seller's names; who has said nothing may write in any."""
    spoken = attributes.languages.get(seller)
    if not spoken:
        return LANGUAGES if settings.CONFIG.default_language in LANGUAGES else LANGUAGES[:1]
    return spoken[:1]


def _tell(found: dict[str, Any], language: str, name: str, text: str, neutral: str) -> None:
    """Add name and texts in a language; what every language shares is told once in each."""
    language = language[:2] if language[:2] in LANGUAGES else LANGUAGES[0]
    title = " ".join(tokens(name))
    before = found.get(f"all_{language}", neutral)
    found[f"head_{language}"] = (
        f"{found.get(f'head_{language}', '')} {' '.join(heads(name, found['brand']))}".strip()
    )
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
        kind, unit, name = attributes.kinds.get((seller, code), ("text", "", code))
        if kind in ("file", "date"):
            continue
        if kind == "boolean":
            filters[code] = bool(value)
            if value:
                words.append(name)
        elif kind == "number" and FIGURE.fullmatch(str(value)):
            filters[code] = float(value)
            words.append(f"{value} {sign(unit) if unit else ''}")
        elif kind == "range" and isinstance(value, list) and len(value) == 2:
            filters[code] = {"low": float(value[0]), "high": float(value[1])}
            words.append(f"{value[0]} {value[1]} {sign(unit) if unit else ''}")
        elif isinstance(value, dict):
            words += map(str, value.values())
        else:
            several = [str(one) for one in (value if isinstance(value, list) else [value])]
            words += [attributes.labels.get((seller, code, one), one) for one in several]
            filters[code] = [one for one in several if len(one) <= LONGEST_VALUE]
    return filters, words
