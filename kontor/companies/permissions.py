"""What people may do in companies."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.capabilities import declare

MANAGE_PEOPLE = declare(
    "companies.manage_people",
    _("Invite colleagues and change their roles"),
    roles=("admin", "seller_admin", "operator"),
)
MANAGE_COMPANY = declare(
    "companies.manage_company",
    _("Change company data and addresses"),
    roles=("admin", "seller_admin", "operator"),
)
MANAGE_KEYS = declare(
    "companies.manage_keys",
    _("Create and revoke API keys"),
    roles=("admin", "seller_admin"),
)
ACCEPT_CUSTOMERS = declare(
    "companies.accept_customers",
    _("Accept and decline customers"),
    roles=("sales", "seller_admin"),
)
OPERATE = declare("companies.operate", _("Operate the platform"), roles=("operator",))
