"""The sentences of prices on a trail."""

from django.utils.translation import gettext_lazy as _

from kontor.audit.facts import fact, facts
from kontor.audit.verbs import verb

verb("pricing.list_saved", _("Saved the price list %(name)s"))
verb("pricing.list_deleted", _("Deleted a price list"))
verb("pricing.prices_set", _("Set prices: %(rows)s changed"))
verb("pricing.prices_removed", _("Removed prices: %(rows)s"))
verb("pricing.costs_set", _("Set costs and lowest prices: %(rows)s changed"))
verb("pricing.costs_removed", _("Removed costs: %(rows)s"))
verb("pricing.lists_assigned", _("Changed the customer’s price lists"))

facts("pricing", {"is_public": _("For everybody")})
fact("pricing.price_lists", _("Price lists"), several=True)
