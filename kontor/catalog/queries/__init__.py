"""Reads of the catalog: the category tree, products by number, the back office's grid."""

from kontor.catalog.queries.agreements import agreed_quantities
from kontor.catalog.queries.assortments import (
    ListedAssortment,
    Sight,
    assortments_of_seller,
    goods_as_seen,
    holders_of,
    rules_of,
    sight_of,
)
from kontor.catalog.queries.families import (
    FamilyRow,
    attributes_of_families,
    effective_attributes,
    families_of_seller,
    languages_of_seller,
    trait_of,
)
from kontor.catalog.queries.kits import Part, contents_of
from kontor.catalog.queries.media import document_is_seen
from kontor.catalog.queries.options import Configured, judged, options_of
from kontor.catalog.queries.part_numbers import numbers_on_paper, part_numbers_of
from kontor.catalog.queries.shelves import (
    CategoryNode,
    CategoryTree,
    catalog_revision,
    category_tree,
    product_by_sku,
    products_of_seller,
)

__all__ = [
    "CategoryNode",
    "CategoryTree",
    "Configured",
    "FamilyRow",
    "ListedAssortment",
    "Part",
    "Sight",
    "agreed_quantities",
    "assortments_of_seller",
    "attributes_of_families",
    "catalog_revision",
    "category_tree",
    "contents_of",
    "document_is_seen",
    "effective_attributes",
    "families_of_seller",
    "goods_as_seen",
    "holders_of",
    "judged",
    "languages_of_seller",
    "numbers_on_paper",
    "options_of",
    "part_numbers_of",
    "product_by_sku",
    "products_of_seller",
    "rules_of",
    "sight_of",
    "trait_of",
]
