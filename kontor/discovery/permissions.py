"""What people may do while they look for goods."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.kernel.actors import Actor, require
from kontor.kernel.capabilities import declare
from kontor.kernel.refusal import NotAllowed

WATCH = declare(
    "discovery.watch",
    gettext_lazy("Save searches and watch products"),
    roles=("admin", "buyer", "approver", "viewer"),
)
ANSWER_INQUIRIES = declare(
    "discovery.answer", gettext_lazy("Answer customers’ questions"), roles=("sales", "seller_admin")
)


def may_watch(actor: Actor | None) -> bool:
    """Whether alerts make sense for the reader: they belong to one person of a buying company."""
    return actor is not None and actor.acting_for_id is None and actor.may(WATCH)


def require_watcher(actor: Actor) -> int:
    """The membership whose alerts these are. Raises NotAllowed("not_allowed")."""
    require(actor, WATCH)
    if actor.acting_for_id is not None or actor.membership_id is None:
        raise NotAllowed("not_allowed", _("Alerts belong to a person; you are working for a customer."))
    return actor.membership_id
