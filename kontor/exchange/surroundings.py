"""What rows refer to by name: categories, families and their attributes; looked up once per run, made where wanted."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import connection
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kontor.catalog.models import Attribute, Category, Family
from kontor.catalog.operations import CategoryFacts, save_category
from kontor.catalog.queries.families import attributes_of_families
from kontor.exchange.fields import CellProblem
from kontor.goods.attributes import Trait
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused
from kontor.tables.names import folded

BETWEEN = re.compile(r"\s*(?:>|»|\||/|\\|::)\s*")
APART = "\x1f"
"""Stands in no SKU. PostgreSQL takes a text apart faster than an array is put together here."""
EXISTING = """
SELECT p.sku, p.id, p.family_id, p.status, p.kind, p.base_unit, p.category_id, p.variant_of_id,
    EXISTS (SELECT FROM catalog_kit_component k WHERE k.component_id = p.id),
    p.kind = 'configurable' AND EXISTS (SELECT FROM catalog_options o WHERE o.product_id = p.id)
FROM catalog_product p WHERE p.seller_id = %s AND p.sku = ANY (string_to_array(%s, chr(31)))
"""


class Shelves:
    """Categories by path or by names: ``tools/pliers``, ``Tools > Pliers``."""

    def __init__(self, actor: Actor, *, makes: bool) -> None:
        self._actor, self._makes = actor, makes
        self._found: dict[str, int] = {}
        self.made: list[str] = []
        rows = list(Category.objects.values_list("id", "path", "name", "parent_id"))
        names = {pk: name for pk, _path, name, _parent in rows}
        parents = {pk: parent for pk, _path, _name, parent in rows}
        self._paths = {path: pk for pk, path, _name, _parent in rows}
        self._names: dict[tuple[str, ...], int] = {}
        for pk in names:
            chain: list[str] = []
            at: int | None = pk
            while at is not None:
                chain.append(names[at].casefold())
                at = parents[at]
            self._names[tuple(reversed(chain))] = pk

    def id_of(self, text: str) -> int:
        """The category's id. Raises CellProblem when there is none and none may be made."""
        found = self._found.get(text)
        if found is None:
            found = self._found[text] = self._look(text)
        return found

    def _look(self, text: str) -> int:
        if text in self._paths:
            return self._paths[text]
        parts = [" ".join(part.split()) for part in BETWEEN.split(text) if part.strip()]
        known = self._names.get(tuple(part.casefold() for part in parts))
        if known is not None:
            return known
        if not self._makes or not parts:
            raise CellProblem(self._unknown(text[:80], parts))
        return self._make(parts)

    def _unknown(self, text: str, parts: list[str]) -> str:
        """What is wrong with a name that no category has at the top; one that is further down is named."""
        ends = tuple(part.casefold() for part in parts)
        below = {pk for chain, pk in self._names.items() if ends and chain[-len(ends) :] == ends}
        if path := next((path for path, pk in self._paths.items() if pk in below), ""):
            return _("“%(text)s” stands below other categories. Write it with them: %(path)s.") % {
                "text": text,
                "path": path,
            }
        return _("There is no category “%(text)s”. Add it, or let the import add it.") % {"text": text}

    def _make(self, parts: list[str]) -> int:
        parent = 0
        for depth in range(1, len(parts) + 1):
            chain = tuple(part.casefold() for part in parts[:depth])
            if chain not in self._names:
                self.made.append(" > ".join(parts[:depth]))
                self._names[chain] = self._added(parts[depth - 1], parent)
            parent = self._names[chain]
        return parent

    def _added(self, name: str, parent_id: int) -> int:
        parent = Category.objects.filter(pk=parent_id).first() if parent_id else None
        position = Category.objects.filter(parent=parent).count()
        facts = CategoryFacts(name=name[:120], parent=parent, position=position)
        try:
            return save_category(actor=self._actor, facts=facts).pk
        except Refused as refusal:
            path = f"{parent.path}/{slugify(name)[:80]}" if parent else slugify(name)[:80]
            if path in self._paths:
                return self._paths[path]
            raise CellProblem(refusal.message) from None


class Families:
    """A seller's families by code or name, with the attributes that each has."""

    def __init__(self, seller_id: int) -> None:
        rows = list(Family.objects.filter(seller_id=seller_id).values_list("id", "code", "name"))
        self._by_name = {folded(name): pk for pk, _code, name in rows} | {
            code: pk for pk, code, _name in rows
        }
        self._codes = {pk: code for pk, code, _name in rows}
        self._traits: dict[int, dict[str, Trait]] = {}
        self._seller_id = seller_id
        self._names: dict[str, str] | None = None

    def id_of(self, text: str) -> int:
        found = self._by_name.get(text) or self._by_name.get(folded(text))
        if found is None:
            raise CellProblem(_("You have no family “%(text)s”.") % {"text": text[:80]})
        return found

    def traits_of(self, family_id: int | None) -> Mapping[str, Trait]:
        """By code."""
        if family_id is None:
            return {}
        if family_id not in self._traits:
            found = attributes_of_families([family_id]).get(family_id, [])
            self._traits[family_id] = {one.code: one for one in found}
        return self._traits[family_id]

    def attribute_name(self, code: str) -> str:
        """What the seller calls an attribute, whatever families have it; its code where there is none of this code."""
        if self._names is None:
            self._names = dict(
                Attribute.objects.filter(seller_id=self._seller_id).values_list("code", "name")
            )
        return self._names.get(code, code)


class Known(NamedTuple):
    """A product that is there."""

    id: int
    family: int | None
    status: str
    kind: str
    base_unit: str
    category: int | None
    variant_of: int | None
    in_kit: bool
    """Whether a kit consists of it."""
    has_options: bool


def existing(seller_id: int, skus: list[str]) -> dict[str, Known]:
    """The products that are there, by SKU."""
    with connection.cursor() as cursor:
        cursor.execute(EXISTING, [seller_id, APART.join(skus)])
        return {row[0]: Known._make(row[1:]) for row in cursor.fetchall()}


def kept_json(product_ids: list[int], column: str) -> dict[int, Any]:
    """`attributes` or `specifications` of products, for rows that change a part of them."""
    known = {"attributes": "attributes", "specifications": "specifications"}[column]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {known} FROM catalog_product WHERE id = ANY (%s::bigint[])", [product_ids]
        )
        return dict(cursor.fetchall())
