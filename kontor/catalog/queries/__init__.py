"""Reads of the catalog: the category tree, products by number, the back office's grid."""

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
    "catalog_revision",
    "category_tree",
    "product_by_sku",
    "products_of_seller",
]
