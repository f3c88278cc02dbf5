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
verb("pricing.policy_set", _("Changed how prices are approved"))
verb("pricing.round_saved", _("Saved the price round %(name)s"))
verb("pricing.round_filled", _("Put prices into a price round: %(rows)s"))
verb("pricing.round_emptied", _("Took prices out of a price round: %(rows)s"))
verb("pricing.round_submitted", _("Submitted a price round"))
verb("pricing.round_withdrawn", _("Took a price round back"))
verb("pricing.round_deleted", _("Deleted a price round"))
verb("pricing.round_rejected", _("Rejected a price round"))
verb("pricing.round_approved", _("Approved a price round: %(rows)s prices"))
verb("pricing.lists_assigned", _("Changed the price lists that are given"))
verb("pricing.rates_imported", _("Took in exchange rates of %(days)s: %(count)s changed"))
verb("pricing.rate_fixed", _("Fixed an exchange rate: %(rate)s"))
verb("pricing.rate_removed", _("Removed an exchange rate"))

facts(
    "pricing",
    {
        "is_public": _("For everybody"),
        "valid_from": _("Valid from"),
        "valid_until": _("Valid until"),
        "is_graduated": _("Graduated quantities"),
        "basis": _("Basis"),
        "factor": _("Factor"),
        "addend": _("Plus for each"),
        "round_to": _("Round to"),
        "ending": _("Ending"),
        "rate_days": _("Exchange rate at most, in days"),
        "is_closed": _("These alone"),
        "takes_lowest": _("The lowest price counts"),
        "days": _("Days"),
        "rate": _("Exchange rate"),
        "starts_at": _("Begins"),
        "reason": _("Reason"),
        "rounds_need_approval": _("A second person approves"),
    },
)
fact("pricing.price_lists", _("Price lists"), several=True)
