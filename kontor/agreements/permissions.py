"""What people may do with agreements. Whoever may edit prices may conclude and end them."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.capabilities import declare

SEE_AGREEMENTS = declare(
    "agreements.see",
    _("See agreements on prices and what is used of them"),
    roles=("admin", "buyer", "approver", "sales", "seller_admin"),
)
