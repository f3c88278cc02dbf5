"""How the timeline speaks of goods."""

from django.utils.translation import gettext_lazy as _

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
