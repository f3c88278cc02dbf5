from kontor.catalog.models.agreement import AgreedQuantity
from kontor.catalog.models.assortment import Assortment, AssortmentAssignment, AssortmentRule
from kontor.catalog.models.category import Category
from kontor.catalog.models.configuration import Configuration, ProductOptions
from kontor.catalog.models.family import (
    Attribute,
    AttributeChoice,
    CatalogSettings,
    Channel,
    Family,
    FamilyAttribute,
    Heading,
    Values,
)
from kontor.catalog.models.kinship import (
    BuyerPartNumber,
    Classification,
    Hazard,
    KitComponent,
    ProductRelation,
    ProductText,
    ProductVersion,
)
from kontor.catalog.models.medium import Medium
from kontor.catalog.models.product import Product, ProductQuerySet, SalesUnit

__all__ = [
    "AgreedQuantity",
    "Assortment",
    "AssortmentAssignment",
    "AssortmentRule",
    "Attribute",
    "AttributeChoice",
    "BuyerPartNumber",
    "CatalogSettings",
    "Category",
    "Channel",
    "Classification",
    "Configuration",
    "Family",
    "FamilyAttribute",
    "Hazard",
    "Heading",
    "KitComponent",
    "Medium",
    "Product",
    "ProductOptions",
    "ProductQuerySet",
    "ProductRelation",
    "ProductText",
    "ProductVersion",
    "SalesUnit",
    "Values",
]
