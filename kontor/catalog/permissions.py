"""What people may do in the catalog."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.capabilities import declare

EDIT_CATALOG = declare("catalog.edit", _("Edit products and categories"), roles=("catalog", "seller_admin"))
