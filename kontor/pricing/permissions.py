"""What people may do in pricing."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.capabilities import declare

EDIT_PRICES = declare("pricing.edit", _("Edit price lists and assign them"), roles=("sales", "seller_admin"))
SEE_COSTS = declare(
    "pricing.see_costs", _("See costs, lowest prices and margins"), roles=("sales", "seller_admin")
)
BELOW_FLOOR = declare("pricing.below_floor", _("Sell below the lowest price"), roles=("seller_admin",))
APPROVE_ROUND = declare("pricing.approve_round", _("Approve price rounds"), roles=("seller_admin",))
