"""The sentences of the catalog on a trail."""

from django.utils.translation import gettext_lazy as _

from kontor.audit.verbs import verb

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
verb("catalog.quantities_agreed", _("Agreed quantities of %(count)s articles"))
verb("catalog.part_numbers_kept", _("Kept %(count)s own part numbers"))
verb("catalog.part_numbers_forgotten", _("Removed %(count)s own part numbers"))
