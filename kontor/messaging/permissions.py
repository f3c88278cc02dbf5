"""What people may do in messaging."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.capabilities import declare

WRITE_MESSAGES = declare(
    "messaging.write",
    _("Write messages"),
    roles=("admin", "buyer", "approver", "sales", "warehouse", "finance", "seller_admin"),
)
