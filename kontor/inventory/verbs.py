"""The sentences of stock on a trail."""

from django.utils.translation import gettext_lazy as _

from kontor.audit.verbs import verb

verb("inventory.adjusted", _("Corrected the stock in %(warehouse)s to %(on_hand)s"))
verb("inventory.warehouse_saved", _("Saved the warehouse %(code)s"))
