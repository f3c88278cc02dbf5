"""The sentences of the catalog on a trail."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kontor.audit.facts import fact, facts
from kontor.audit.verbs import verb
from kontor.catalog.models import Assortment, CatalogSettings, Product
from kontor.goods import units

verb("catalog.product_saved", _("Saved the product"))
verb("catalog.status_set", _("Set the product to “%(status)s”"))
verb("catalog.category_saved", _("Saved the category %(path)s"))
verb("catalog.category_deleted", _("Deleted a category"))
verb("catalog.medium_added", _("Added “%(title)s” to the product"))
verb("catalog.medium_replaced", _("Replaced the picture “%(title)s”"))
verb("catalog.medium_removed", _("Removed a picture or document"))
verb("catalog.attribute_saved", _("Saved the attribute %(name)s"))
verb("catalog.attribute_deleted", _("Deleted the attribute %(name)s"))
verb("catalog.family_saved", _("Saved the family %(name)s"))
verb("catalog.family_deleted", _("Deleted the family %(name)s"))
verb("catalog.options_saved", _("Saved the options"))
verb("catalog.relations_saved", _("Saved the related products"))
verb("catalog.languages_set", _("Set the languages of the catalog"))
verb("catalog.assortment_saved", _("Saved the assortment %(name)s"))
verb("catalog.assortment_deleted", _("Deleted the assortment %(name)s"))
verb("catalog.assortment_rules_changed", _("Changed what is in the assortment %(name)s"))
verb("catalog.assortment_assigned", _("Changed who has the assortment %(name)s"))
verb("catalog.assortments_given", _("Changed the customer’s assortments"))
verb("catalog.guest_mode_set", _("Set what visitors see"))
verb(
    "catalog.quantities_agreed",
    ngettext_lazy(
        "Agreed quantities of %(count)s article", "Agreed quantities of %(count)s articles", "count"
    ),
)
verb(
    "catalog.part_numbers_kept",
    ngettext_lazy("Kept %(count)s own part number", "Kept %(count)s own part numbers", "count"),
)
verb(
    "catalog.part_numbers_forgotten",
    ngettext_lazy("Removed %(count)s own part number", "Removed %(count)s own part numbers", "count"),
)

facts(
    "catalog",
    {
        "summary": _("Summary"),
        "brand": _("Brand"),
        "manufacturer_part_number": _("Manufacturer’s number"),
        "gtin": _("GTIN"),
        "origin": _("Country of origin"),
        "customs_code": _("Customs code"),
        "category": _("Category"),
        "family": _("Family"),
        "variant_of": _("Variant of"),
        "weight_grams": _("Weight in grams"),
        "lead_days": _("Working days until it leaves"),
        "on_sale_from": _("On sale from"),
        "on_sale_until": _("On sale until"),
        "attributes": _("Attribute"),
        "specifications": _("Specifications"),
        "path": _("Path"),
        "extends": _("Extends"),
        "is_standard": _("Standard for all customers"),
        "given": _("Given"),
        "taken": _("Taken away"),
        "turned": _("Turned round"),
        "goods": _("Articles"),
        "groups": _("Groups"),
        "choices": _("Choices"),
        "rules": _("Rules"),
    },
)
fact("catalog.status", _("Status"), dict(Product.Status.choices))
fact("catalog.kind", _("Kind"), dict(Product.Kind.choices))
fact("catalog.base_unit", _("Base unit"), units.name)
fact("catalog.units", _("Sales units"), units.name, several=True)
fact("catalog.components", _("What is in the kit"), several=True)
fact(
    "catalog.tax_category",
    _("Tax category"),
    {"standard": _("Standard rate"), "reduced": _("Reduced rate"), "zero": _("Zero rate")},
)
fact("catalog.start", _("Begins with"), dict(Assortment.Start.choices))
fact("catalog.guest_mode", _("What visitors see"), dict(CatalogSettings.GuestMode.choices))
fact("catalog.languages", _("Languages"), dict(settings.LANGUAGES), several=True)
fact("catalog.assortments", _("Assortments"), several=True)
