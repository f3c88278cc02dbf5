"""What people may do with bonus agreements. Who settles one issues documents, and needs the right to do that."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.capabilities import declare

SEE_REBATES = declare(
    "rebates.see",
    _("See bonus agreements and what they have come to"),
    roles=("admin", "buyer", "approver", "viewer", "finance", "sales", "seller_admin"),
)
EDIT_REBATES = declare("rebates.edit", _("Agree bonuses with customers"), roles=("sales", "seller_admin"))
