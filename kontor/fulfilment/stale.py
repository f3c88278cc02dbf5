"""The refusal for a pick list, shipment or return that somebody else moved on meanwhile."""

from django.utils.translation import gettext as _

from kontor.fulfilment.models import PickList, Return, Shipment
from kontor.kernel.refusal import Stale


def moved_on(row: PickList | Shipment | Return) -> Stale:
    """Says what it is now."""
    row.refresh_from_db(fields=["status"])
    return Stale(
        "changed_meanwhile",
        _("%(number)s is “%(status)s” by now; this cannot be done with it. Reload the page.")
        % {"number": row.number, "status": row.get_status_display()},
    )
