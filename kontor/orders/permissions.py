"""What people may do in orders."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.capabilities import declare

PLACE_ORDERS = declare("orders.place", _("Place and cancel orders"), roles=("admin", "buyer", "approver"))
CONFIRM_ORDERS = declare(
    "orders.confirm",
    _("Confirm and cancel customers’ orders"),
    roles=("sales", "seller_admin"),
)
ENTER_ORDERS = declare("orders.enter", _("Order on behalf of customers"), roles=("sales", "seller_admin"))
