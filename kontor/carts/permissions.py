"""What people may do in carts."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.capabilities import declare

EDIT_CARTS = declare("carts.edit", _("Fill carts"), roles=("admin", "buyer", "approver"))
