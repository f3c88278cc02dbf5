"""What people may do in orders."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.actors import Actor
from kontor.kernel.capabilities import Capability, declare

PLACE_ORDERS = declare("orders.place", _("Place and cancel orders"), roles=("admin", "buyer", "approver"))
CONFIRM_ORDERS = declare(
    "orders.confirm",
    _("Confirm and cancel customers’ orders"),
    roles=("sales", "seller_admin"),
)
ENTER_ORDERS = declare("orders.enter", _("Order on behalf of customers"), roles=("sales", "seller_admin"))


def right_to_order(actor: Actor) -> Capability:
    """What it takes to order, to order again and to cancel for a buyer: its own people's right, or that of a
    representative who works on its behalf and so needs no right in the customer's company."""
    return ENTER_ORDERS if actor.acting_for_id else PLACE_ORDERS
