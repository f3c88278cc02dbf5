"""What people may do in approvals."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.capabilities import declare

DECIDE = declare("approvals.decide", _("Approve orders above a limit"), roles=("admin", "approver"))
