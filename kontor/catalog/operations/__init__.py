"""Everything that changes the catalog."""

from kontor.catalog.operations.categories import CategoryFacts, delete_category, save_category
from kontor.catalog.operations.facts import ClassFacts, HazardFacts, ProductFacts, TextFacts, UnitFacts
from kontor.catalog.operations.families import (
    AttributeFacts,
    ChoiceFacts,
    FamilyFacts,
    OwnAttribute,
    delete_attribute,
    delete_family,
    save_attribute,
    save_family,
)
from kontor.catalog.operations.languages import set_languages
from kontor.catalog.operations.media import (
    add_data_sheet,
    add_document,
    add_picture,
    order_media,
    remove_medium,
)
from kontor.catalog.operations.products import save_product
from kontor.catalog.operations.relations import RelationFacts, save_relations
from kontor.catalog.operations.snapshots import keep_versions
from kontor.catalog.operations.status import follow_sale_dates, set_status
from kontor.catalog.operations.versions import restore_version

__all__ = [
    "AttributeFacts",
    "CategoryFacts",
    "ChoiceFacts",
    "ClassFacts",
    "FamilyFacts",
    "HazardFacts",
    "OwnAttribute",
    "ProductFacts",
    "RelationFacts",
    "TextFacts",
    "UnitFacts",
    "add_data_sheet",
    "add_document",
    "add_picture",
    "delete_attribute",
    "delete_category",
    "delete_family",
    "follow_sale_dates",
    "keep_versions",
    "order_media",
    "remove_medium",
    "restore_version",
    "save_attribute",
    "save_category",
    "save_family",
    "save_product",
    "save_relations",
    "set_languages",
    "set_status",
]
