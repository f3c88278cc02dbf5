"""What people may do about taxes."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.capabilities import declare

MANAGE_TAXES = declare(
    "taxes.manage",
    _("Keep tax registrations, proofs of VAT IDs and certificates"),
    roles=("finance", "seller_admin"),
)
SUBMIT_CERTIFICATES = declare(
    "taxes.submit_certificates", _("Hand in certificates of tax exemption"), roles=("admin",)
)
EDIT_RATES = declare("taxes.edit_rates", _("Edit tax rates"), roles=("operator",))
