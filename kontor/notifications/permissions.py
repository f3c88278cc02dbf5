"""What people may do with mails."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.capabilities import declare

SEE_MAILS = declare("notifications.see_mails", _("See sent and failed mails"), roles=("operator",))
