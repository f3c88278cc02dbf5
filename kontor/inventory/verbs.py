"""The sentences of stock on a trail."""

from django.utils.translation import gettext_lazy as _

from kontor.audit.facts import facts
from kontor.audit.verbs import verb

verb("inventory.adjusted", _("Corrected the stock in %(warehouse)s to %(on_hand)s"))
verb("inventory.warehouse_saved", _("Saved the warehouse %(code)s"))
verb("inventory.expected", _("Announced goods for %(day)s"))
verb("inventory.expected_moved", _("Moved the arrival of announced goods to %(day)s"))
verb("inventory.expected_dropped", _("Cancelled the goods announced for %(day)s"))

facts("inventory", {"on_hand": _("On the shelf"), "articles": _("Articles")})
