"""Everything that changes the catalog."""

from kontor.catalog.operations.categories import CategoryFacts, delete_category, save_category
from kontor.catalog.operations.media import (
    add_data_sheet,
    add_document,
    add_picture,
    order_media,
    remove_medium,
)
from kontor.catalog.operations.products import ProductFacts, UnitFacts, save_product
from kontor.catalog.operations.status import set_status

__all__ = [
    "CategoryFacts",
    "ProductFacts",
    "UnitFacts",
    "add_data_sheet",
    "add_document",
    "add_picture",
    "delete_category",
    "order_media",
    "remove_medium",
    "save_category",
    "save_product",
    "set_status",
]
