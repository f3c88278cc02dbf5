"""Families with all that they inherit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from django.db import connection
from django.db.models import Count, QuerySet

from kontor.catalog.models import Attribute, CatalogSettings, Family, FamilyAttribute, Product
from kontor.goods.attributes import Choice, Trait

DEEPEST, KEPT = 20, 200
# The nearest family that names an attribute decides how it is used; what is inherited stands first.
TRAITS = f"""(
    WITH RECURSIVE chain(id, parent_id, depth) AS (
        SELECT f.id, f.parent_id, 0 FROM catalog_family f WHERE f.id = p.family_id
        UNION ALL
        SELECT f.id, f.parent_id, chain.depth + 1 FROM chain
        JOIN catalog_family f ON f.id = chain.parent_id WHERE chain.depth < {DEEPEST}
    ),
    nearest AS (
        SELECT DISTINCT ON (fa.attribute_id) chain.depth, chain.id AS family_id,
            fa.attribute_id, fa."group", fa.is_required, fa.channels, fa.is_axis, fa.is_facet, fa.position,
            fa.id AS row_id
        FROM chain JOIN catalog_family_attribute fa ON fa.family_id = chain.id
        ORDER BY fa.attribute_id, chain.depth
    )
    SELECT json_agg(json_build_array(a.id, a.code, a.name, a.names, a.kind, a.unit, a.is_localised,
        (SELECT json_agg(json_build_array(c.code, c.label, c.labels) ORDER BY c.position, c.id)
         FROM catalog_attribute_choice c WHERE c.attribute_id = a.id),
        n."group", h.names, n.is_required, n.channels, n.is_axis, n.is_facet, n.position, n.family_id)
        ORDER BY n.depth DESC, n.position, n.row_id)
    FROM nearest n JOIN catalog_attribute a ON a.id = n.attribute_id
    LEFT JOIN catalog_heading h ON h.seller_id = a.seller_id AND h.name = n."group"
)::text"""
"""The attributes of the family of the row `p` as JSON, which `read_traits` reads."""
TRAITS_OF = f"SELECT p.family_id, {TRAITS} FROM unnest(%(families)s::bigint[]) AS p (family_id)"


def effective_attributes(family_id: int | None) -> list[Trait]:
    """The attributes of a family with those it inherits, in the order in which they are shown."""
    return attributes_of_families([family_id]).get(family_id, []) if family_id is not None else []


def attributes_of_families(family_ids: Iterable[int | None]) -> dict[int, list[Trait]]:
    """`effective_attributes` of many families in one statement; attributes of one heading stand together."""
    wanted = sorted({one for one in family_ids if one is not None})
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(TRAITS_OF, {"families": wanted})
        return {family: list(read_traits(text)) for family, text in cursor.fetchall()}


@lru_cache(maxsize=KEPT)
def read_traits(text: str | None) -> tuple[Trait, ...]:
    """What TRAITS gives, those of one heading together. Kept by the text itself, so a change shows at once."""
    traits = [_trait(row) for row in orjson.loads(text or "[]")]
    headings = list(dict.fromkeys(one.group for one in traits))
    return tuple(sorted(traits, key=lambda one: headings.index(one.group)))


def _trait(row: Sequence[Any]) -> Trait:
    names = (
        "id", "code", "name", "names", "kind", "unit", "is_localised", "choices", "group", "headings", "is_required",
        "channels", "is_axis", "is_facet", "position", "family_id",
    )  # fmt: skip
    facts = dict(zip(names, row, strict=True))
    facts["channels"] = tuple(facts["channels"])
    facts["choices"] = tuple(Choice(*one) for one in facts["choices"] or ())
    facts["headings"] = facts["headings"] or {}
    return Trait(**facts)


def trait_of(attribute: Attribute) -> Trait:
    """An attribute outside a family, for reading values."""
    return Trait(
        id=attribute.pk,
        code=attribute.code,
        name=attribute.name,
        names=attribute.names,
        kind=attribute.kind,
        unit=attribute.unit,
        is_localised=attribute.is_localised,
        choices=tuple(Choice(one.code, one.label, one.labels) for one in attribute.choices.all()),
    )


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """A family in the tree of its seller; `products` counts those of the family itself."""

    family: Family
    depth: int
    products: int
    own: int


def families_of_seller(seller_id: int | None) -> list[FamilyRow]:
    """All families of a seller as a tree, each before those below it."""
    families = list(Family.objects.filter(seller_id=seller_id).order_by("name", "id"))
    products = _by_family(Product.objects.filter(family__in=families))
    own = _by_family(FamilyAttribute.objects.filter(family__in=families))
    below: dict[int | None, list[Family]] = {}
    for one in families:
        below.setdefault(one.parent_id, []).append(one)
    rows: list[FamilyRow] = []

    def walk(parent: int | None, depth: int) -> None:
        for one in below.get(parent, []):
            rows.append(FamilyRow(one, depth, products.get(one.pk, 0), own.get(one.pk, 0)))
            if depth < DEEPEST:
                walk(one.pk, depth + 1)

    walk(None, 0)
    return rows


def _by_family(rows: QuerySet[Any]) -> dict[int, int]:
    return dict(rows.values_list("family").annotate(Count("pk")).order_by())


def languages_of_seller(seller_id: int | None, default: str) -> list[str]:
    """A seller's languages; the first is that of the texts on its products."""
    kept = CatalogSettings.objects.filter(seller_id=seller_id).values_list("languages", flat=True).first()
    return list(kept) if kept else [default]
