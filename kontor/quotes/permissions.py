"""What people may do in quotes."""

from django.utils.translation import gettext_lazy as _

from kontor.kernel.capabilities import declare

REQUEST_QUOTES = declare(
    "quotes.request",
    _("Ask for prices and answer offers"),
    roles=("admin", "buyer", "approver"),
)
ANSWER_QUOTES = declare("quotes.answer", _("Prepare and send offers"), roles=("sales", "seller_admin"))
