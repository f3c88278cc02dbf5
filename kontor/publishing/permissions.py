"""What people may do with files, beyond changing what the files change."""

from django.utils.translation import gettext_lazy as _

from kontor.catalog.permissions import EDIT_CATALOG
from kontor.exchange.operations.take_in import may_import
from kontor.kernel.actors import Actor
from kontor.kernel.capabilities import declare
from kontor.publishing.models import Schedule

MAKE_PRICE_FILES = declare(
    "publishing.price_files", _("Have price files made every night"), roles=("admin", "buyer", "approver")
)


def may_schedule(actor: Actor, kind: str) -> bool:
    """Whether this person's role includes schedules of this kind."""
    if kind == Schedule.Kind.PRICES:
        return actor.may(MAKE_PRICE_FILES)
    return may_import(actor) if kind == Schedule.Kind.IMPORT else actor.may(EDIT_CATALOG)
