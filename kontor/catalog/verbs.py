"""The sentences of the catalog on a trail."""

from django.utils.translation import gettext_lazy as _

from kontor.audit.verbs import verb

verb("catalog.product_saved", _("Saved the product"))
verb("catalog.status_set", _("Set the product to “%(status)s”"))
verb("catalog.category_saved", _("Saved the category %(path)s"))
verb("catalog.category_deleted", _("Deleted a category"))
verb("catalog.medium_added", _("Added “%(title)s” to the product"))
verb("catalog.medium_removed", _("Removed a picture or document"))
