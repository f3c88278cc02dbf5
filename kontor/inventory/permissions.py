"""What people may do in inventory."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.capabilities import declare

SEE_STOCK = declare(
    "inventory.see",
    _("See stock by warehouse"),
    roles=("warehouse", "sales", "catalog", "finance", "seller_admin"),
)
MOVE_STOCK = declare(
    "inventory.move",
    _("Receive goods and correct stock"),
    roles=("warehouse", "seller_admin"),
)
