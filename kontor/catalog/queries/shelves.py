"""Reads of the catalog: the category tree, products by number, the back office's grid."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Q, QuerySet

from kontor.catalog.models import Category, Product
from kontor.kernel.actors import Actor

SHELVES = "SELECT id, name, slug, path, description FROM catalog_category ORDER BY position, name, id"
# One row for each category and kind of visibility, of which there are few: any company's counts are sums of these.
ON_SALE = """
SELECT p.category_id, p.assortments, count(*) FROM catalog_product p
JOIN companies_company s ON s.id = p.seller_id AND s.status = 'active'
WHERE p.status = 'active' AND p.category_id IS NOT NULL GROUP BY p.category_id, p.assortments
"""
MOST_KEPT = 200
SLOW, PATIENCE = 500_000_000, 60
"""Counting that took more nanoseconds than SLOW is done again only after PATIENCE times as long, whatever changes."""


@dataclass(frozen=True, slots=True)
class OnSale:
    """What is on sale by category, as counted at a revision of the catalog; `due` is on the process's clock."""

    revision: int
    due: int
    counts: dict[int, list[tuple[list[int], int]]]

    def serves(self, revision: int) -> bool:
        return self.revision == revision or time.monotonic_ns() < self.due


@dataclass(slots=True)
class CategoryNode:
    """A category with what stands below it; `products` counts those that the reader may see in it and below."""

    id: int
    name: str
    slug: str
    path: str
    description: str
    products: int
    children: list["CategoryNode"] = field(default_factory=list)

    @property
    def depth(self) -> int:
        return self.path.count("/")

    def walk(self) -> Iterator["CategoryNode"]:
        """This category and all below it, each before its children."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class CategoryTree:
    """All categories of the shop as a reader sees them, kept by the catalog's revision: do not change what is in it."""

    revision: int
    roots: list[CategoryNode]
    by_path: dict[str, CategoryNode]

    def trail(self, path: str) -> list[CategoryNode]:
        """The categories from the root to this one, for breadcrumbs; empty when there is no such path."""
        if path not in self.by_path:
            return []
        parts = path.split("/")
        return [self.by_path["/".join(parts[: n + 1])] for n in range(len(parts))]


_on_sale: list[OnSale] = []
_counting = threading.Lock()
_kept: dict[frozenset[int] | None, tuple[CategoryTree, OnSale]] = {}


def catalog_revision() -> int:
    """A number that rises with every change of categories and of what is listed in them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM catalog_revision")
        (revision,) = cursor.fetchone() or (0,)
    return int(revision)


def category_tree(assortments: Sequence[int] | None, known_revision: int | None = None) -> CategoryTree:
    """The category tree with counts of what these assortments hold (None: of all goods, for the back office).

    Read again only when the catalog's revision rose. A page that has read a listing knows the revision already
    (`Listing.revision`) and saves the question for it. In a large catalog, where counting takes more than half a
    second, counts may be older.
    """
    revision = catalog_revision() if known_revision is None else known_revision
    on_sale = _counted(revision)
    key = None if assortments is None else frozenset(assortments)
    tree, made_of = _kept.get(key, (None, None))
    if tree is None or tree.revision != revision or made_of is not on_sale:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        tree = _tree(revision, key, on_sale)
        _kept[key] = tree, on_sale
    return tree


def _tree(revision: int, seen: frozenset[int] | None, on_sale: OnSale) -> CategoryTree:
    with connection.cursor() as cursor:
        cursor.execute(SHELVES)
        rows = cursor.fetchall()
    nodes = [CategoryNode(key, name, slug, path, text, 0) for key, name, slug, path, text in rows]
    for node in nodes:
        for assortments, products in on_sale.counts.get(node.id, ()):
            if seen is None or not seen.isdisjoint(assortments):
                node.products += products
    by_path = {node.path: node for node in nodes}
    roots: list[CategoryNode] = []
    for node in nodes:
        parent = by_path.get(node.path.rpartition("/")[0])
        (parent.children if parent else roots).append(node)
    for node in sorted(nodes, key=lambda one: one.depth, reverse=True):
        node.products += sum(child.products for child in node.children)
    return CategoryTree(revision, roots, by_path)


def _counted(revision: int) -> OnSale:
    """The counts of this revision, or slightly older ones while one thread counts anew."""
    if _on_sale and _on_sale[0].serves(revision):
        return _on_sale[0]
    if not _counting.acquire(blocking=not _on_sale):
        return _on_sale[0]
    try:
        if not (_on_sale and _on_sale[0].serves(revision)):
            _on_sale[:] = [_count(revision)]
        return _on_sale[0]
    finally:
        _counting.release()


def _count(revision: int) -> OnSale:
    begun = time.monotonic_ns()
    counts: dict[int, list[tuple[list[int], int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(ON_SALE)
        for category, assortments, products in cursor.fetchall():
            counts.setdefault(category, []).append((assortments, products))
    now = time.monotonic_ns()
    took = now - begun
    return OnSale(revision, now + PATIENCE * took if took > SLOW else 0, counts)


def product_by_sku(actor: Actor | None, seller_id: int, sku: str) -> Product | None:
    """A seller's product by its exact SKU, when this actor may see it."""
    return Product.objects.visible_to(actor).filter(seller_id=seller_id, sku=sku).first()


def products_of_seller(
    actor: Actor, *, search: str = "", status: str = "", category: Category | None = None
) -> QuerySet[Product]:
    """The seller's own products for the back office's grid, drafts included; page it with a cursor.

    `search` looks in SKU, name, brand, part number and GTIN; `category` takes in what stands below it.
    """
    rows = Product.objects.select_related("category")
    if not actor.is_system:
        rows = rows.filter(seller_id=actor.company_id)
    for word in search.split()[:8]:
        names = Q(sku__icontains=word) | Q(name__icontains=word) | Q(brand__icontains=word)
        rows = rows.filter(names | Q(manufacturer_part_number__icontains=word) | Q(gtin=word))
    if status:
        rows = rows.filter(status=status)
    if category is not None:
        rows = rows.filter(Q(category=category) | Q(category__path__startswith=f"{category.path}/"))
    return rows
