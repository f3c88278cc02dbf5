"""What people may do in pricing."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.capabilities import declare

EDIT_PRICES = declare("pricing.edit", _("Edit price lists and assign them"), roles=("sales", "seller_admin"))
