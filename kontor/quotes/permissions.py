"""What people may do in quotes, and on which side of a request somebody stands."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.kernel.actors import Actor, require
from kontor.kernel.capabilities import declare
from kontor.kernel.refusal import NotAllowed

REQUEST_QUOTES = declare(
    "quotes.request",
    gettext_lazy("Ask for prices and answer offers"),
    roles=("admin", "buyer", "approver"),
)
ANSWER_QUOTES = declare(
    "quotes.answer", gettext_lazy("Prepare and send offers"), roles=("sales", "seller_admin")
)


def require_buyer_side(actor: Actor, *, buyer_id: int, seller_id: int) -> None:
    """Refuse who does not ask and answer for this buyer. Raises NotAllowed("not_allowed").

    A sales representative does so for a customer of the own company, as when the customer is on the phone.
    """
    if actor.is_system:
        return
    require(actor, ANSWER_QUOTES if actor.acting_for_id else REQUEST_QUOTES)
    if buyer_id != actor.buying_company_id or (actor.acting_for_id and actor.company_id != seller_id):
        raise _foreign()


def require_seller_side(actor: Actor, *, seller_id: int) -> None:
    """Refuse who does not make offers for this seller. Raises NotAllowed("not_allowed")."""
    if actor.is_system:
        return
    require(actor, ANSWER_QUOTES)
    if actor.company_id != seller_id:
        raise _foreign()


def _foreign() -> NotAllowed:
    return NotAllowed("not_allowed", _("This request belongs to other companies."))
