"""The roles that companies give to people, in the order in which pages show them."""

from django.utils.translation import gettext_lazy as _

BUYER_ROLES = {
    "admin": _("Administrator"),
    "buyer": _("Buyer"),
    "approver": _("Approver"),
    "viewer": _("Viewer"),
}
SELLER_ROLES = {
    "seller_admin": _("Store administrator"),
    "sales": _("Sales"),
    "catalog": _("Catalog"),
    "warehouse": _("Warehouse"),
    "finance": _("Finance"),
}
OPERATOR_ROLES = {"operator": _("Operator")}
ROLES = BUYER_ROLES | SELLER_ROLES | OPERATOR_ROLES
