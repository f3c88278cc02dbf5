"""The sentences of approvals on a trail."""

from django.utils.translation import gettext_lazy as _

from kontor.audit.facts import fact
from kontor.audit.verbs import verb

verb("approvals.requested", _("Asked for approval of %(amount)s %(currency)s net"))
verb("approvals.approved", _("Approved"))
verb("approvals.sent_back", _("Sent back"))

fact("approvals.reason", _("Reason"), {"over_limit": _("Above the order limit")})
