"""What people may do in invoicing."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.capabilities import declare

ISSUE_INVOICES = declare(
    "invoicing.issue",
    _("Issue invoices and credit notes"),
    roles=("finance", "seller_admin"),
)
SEE_INVOICES = declare(
    "invoicing.see",
    _("See invoices"),
    roles=("admin", "buyer", "approver", "viewer", "finance", "sales", "seller_admin"),
)
