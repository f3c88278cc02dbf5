"""What people may do in fulfilment."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.capabilities import declare

SHIP = declare("fulfilment.ship", _("Pick, pack and ship"), roles=("warehouse", "seller_admin"))
RETURN_GOODS = declare("fulfilment.return", _("Return goods"), roles=("admin", "buyer", "approver"))
ACCEPT_RETURNS = declare(
    "fulfilment.accept_returns",
    _("Accept and receive returns"),
    roles=("warehouse", "sales", "seller_admin"),
)
