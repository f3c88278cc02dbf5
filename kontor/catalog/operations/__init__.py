"""Everything that changes the catalog."""

from kontor.catalog.operations.agreements import AgreedFacts, agree_quantities
from kontor.catalog.operations.assortment_rules import RuleFacts, change_assortment_rules
from kontor.catalog.operations.assortments import (
    AssortmentFacts,
    Holders,
    assign_assortment,
    assign_assortments,
    delete_assortment,
    guest_mode_of,
    save_assortment,
    set_guest_mode,
)
from kontor.catalog.operations.categories import CategoryFacts, delete_category, save_category
from kontor.catalog.operations.configurations import keep_configuration, keep_configurations, save_options
from kontor.catalog.operations.facts import (
    ClassFacts,
    ComponentFacts,
    HazardFacts,
    ProductFacts,
    TextFacts,
    UnitFacts,
)
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
    DocumentFacts,
    PictureFacts,
    add_data_sheet,
    add_document,
    add_picture,
    add_video,
    order_media,
    remove_medium,
    renew_picture,
    show_earlier,
    supply_picture,
)
from kontor.catalog.operations.part_numbers import (
    forget_part_numbers,
    keep_part_numbers,
    number_problem,
)
from kontor.catalog.operations.products import save_product
from kontor.catalog.operations.relations import RelationFacts, save_relations
from kontor.catalog.operations.status import follow_sale_dates, set_status
from kontor.catalog.operations.versions import restore_version

__all__ = [
    "AgreedFacts",
    "AssortmentFacts",
    "AttributeFacts",
    "CategoryFacts",
    "ChoiceFacts",
    "ClassFacts",
    "ComponentFacts",
    "DocumentFacts",
    "FamilyFacts",
    "HazardFacts",
    "Holders",
    "OwnAttribute",
    "PictureFacts",
    "ProductFacts",
    "RelationFacts",
    "RuleFacts",
    "TextFacts",
    "UnitFacts",
    "add_data_sheet",
    "add_document",
    "add_picture",
    "add_video",
    "agree_quantities",
    "assign_assortment",
    "assign_assortments",
    "change_assortment_rules",
    "delete_assortment",
    "delete_attribute",
    "delete_category",
    "delete_family",
    "follow_sale_dates",
    "forget_part_numbers",
    "guest_mode_of",
    "keep_configuration",
    "keep_configurations",
    "keep_part_numbers",
    "number_problem",
    "order_media",
    "remove_medium",
    "renew_picture",
    "restore_version",
    "save_assortment",
    "save_attribute",
    "save_category",
    "save_family",
    "save_options",
    "save_product",
    "save_relations",
    "set_guest_mode",
    "set_languages",
    "set_status",
    "show_earlier",
    "supply_picture",
]
