"""How the timeline speaks of goods."""

from django.utils.translation import gettext_lazy as _

from kontor.audit.facts import facts
from kontor.audit.verbs import verb

verb("fulfilment.released", _("Pick lists made: %(pick_lists)s"))
verb("fulfilment.picking_started", _("The warehouse prepares the goods"))
verb("fulfilment.picked", _("Picked from %(pick_list)s"))
verb("fulfilment.picking_cancelled", _("Pick list %(pick_list)s dropped"))
verb("fulfilment.packed", _("Packed as %(shipment)s"))
verb("fulfilment.unpacked", _("%(shipment)s unpacked again"))
verb("fulfilment.shipped", _("%(shipment)s is on its way"))
verb("fulfilment.delivered", _("%(shipment)s delivered, received by %(received_by)s"))
verb("fulfilment.return_requested", _("Return %(return)s announced"))
verb("fulfilment.return_accepted", _("Return %(return)s accepted"))
verb("fulfilment.return_declined", _("Return %(return)s declined"))
verb("fulfilment.return_received", _("Goods of return %(return)s received"))

facts(
    "fulfilment",
    {
        "pick_list": _("Pick list"),
        "pick_lists": _("Pick lists"),
        "packages": _("Packages"),
        "short_lines": _("Lines with too little"),
        "carrier": _("Carrier"),
        "tracking_number": _("Tracking number"),
        "arrives_on": _("Arrives on"),
        "received_by": _("Received by"),
    },
)
