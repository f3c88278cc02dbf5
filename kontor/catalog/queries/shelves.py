"""Reads of the catalog: the category tree, products by number, the back office's grid."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Q, QuerySet

from kontor.catalog.models import Category, Product
from kontor.kernel.actors import Actor

# One row for each category and kind of visibility, of which there are few: any company's counts are sums of these.
TREE = """
WITH on_sale AS (
    SELECT p.category_id, p.assortments, count(*) AS products FROM catalog_product p
    JOIN companies_company s ON s.id = p.seller_id AND s.status = 'active'
    WHERE p.status = 'active' GROUP BY p.category_id, p.assortments
)
SELECT c.id, c.name, c.slug, c.path, c.description, on_sale.assortments, COALESCE(on_sale.products, 0)
FROM catalog_category c LEFT JOIN on_sale ON on_sale.category_id = c.id
ORDER BY c.position, c.name, c.id
"""
MOST_KEPT = 200
Counted = tuple[int, str, str, str, str, list[int] | None, int]


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


_counted: dict[int, list[Counted]] = {}
_kept: dict[frozenset[int] | None, CategoryTree] = {}


def catalog_revision() -> int:
    """A number that rises with every change of categories and of what is listed in them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM catalog_revision")
        (revision,) = cursor.fetchone() or (0,)
    return int(revision)


def category_tree(assortments: Sequence[int] | None, known_revision: int | None = None) -> CategoryTree:
    """The category tree with counts of what these assortments hold (None: of all goods, for the back office).

    Read again only when the catalog's revision rose. A page that has read a listing knows the revision already
    (`Listing.revision`) and saves the question for it.
    """
    revision = catalog_revision() if known_revision is None else known_revision
    key = None if assortments is None else frozenset(assortments)
    tree = _kept.get(key)
    if tree is None or tree.revision != revision:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        tree = _kept[key] = _tree(revision, key)
    return tree


def _tree(revision: int, seen: frozenset[int] | None) -> CategoryTree:
    nodes: list[CategoryNode] = []
    for key, name, slug, path, description, assortments, products in _counts(revision):
        if not nodes or nodes[-1].id != key:
            nodes.append(CategoryNode(key, name, slug, path, description, 0))
        if seen is None or not seen.isdisjoint(assortments or ()):
            nodes[-1].products += products
    by_path = {node.path: node for node in nodes}
    roots: list[CategoryNode] = []
    for node in nodes:
        parent = by_path.get(node.path.rpartition("/")[0])
        (parent.children if parent else roots).append(node)
    for node in sorted(nodes, key=lambda one: one.depth, reverse=True):
        node.products += sum(child.products for child in node.children)
    return CategoryTree(revision, roots, by_path)


def _counts(revision: int) -> list[Counted]:
    rows = _counted.get(revision)
    if rows is None:
        with connection.cursor() as cursor:
            cursor.execute(TREE)
            rows = cursor.fetchall()
        _counted.clear()
        _counted[revision] = rows
    return rows


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
