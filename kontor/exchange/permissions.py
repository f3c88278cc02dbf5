"""What people may do with files, beyond changing what the files change."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.capabilities import declare

MAKE_PRICE_FILES = declare(
    "exchange.price_files", _("Have price files made every night"), roles=("admin", "buyer", "approver")
)
