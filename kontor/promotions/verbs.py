"""The sentences of promotions on a trail."""

from django.utils.translation import gettext_lazy as _

from kontor.audit.facts import facts
from kontor.audit.verbs import verb

verb("promotions.saved", _("Saved the promotion %(name)s"))
verb("promotions.started", _("Started the promotion"))
verb("promotions.stopped", _("Stopped the promotion"))
verb("promotions.deleted", _("Deleted the promotion %(name)s"))
verb("promotions.codes_made", _("Made %(count)s codes: %(batch)s"))
verb("promotions.codes_stopped", _("Stopped the codes %(batch)s"))

facts(
    "promotions",
    {
        "stacking": _("With other promotions"),
        "conditions": _("Conditions"),
        "effects": _("What it gives"),
        "below_floor": _("May go below the lowest price"),
        "needs_code": _("Needs a code"),
        "limit_total": _("Uses in all"),
        "limit_company": _("Uses per company"),
        "limit_person": _("Uses per person"),
        "budget": _("Budget"),
        "most": _("At most per order"),
        "batch": _("Codes"),
    },
)
