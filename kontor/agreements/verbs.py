"""The sentences of agreements on a trail."""

from django.utils.translation import gettext_lazy as _

from kontor.audit.facts import facts
from kontor.audit.verbs import verb

verb("agreements.agreement_saved", _("Saved the agreement %(number)s"))
verb("agreements.commitments_saved", _("Saved what is committed"))
verb("agreements.activated", _("Put the agreement in force"))
verb("agreements.terminated", _("Terminated the agreement"))
verb("agreements.renewed", _("Renewed the agreement %(number)s"))
verb("agreements.draft_deleted", _("Deleted the draft %(number)s"))

facts(
    "agreements",
    {
        "title": _("Title"),
        "buyer_number": _("Customer’s number"),
        "contact": _("Contact at the customer"),
        "terms": _("Terms"),
        "valid_from": _("From"),
        "valid_until": _("Until"),
        "price_list_id": _("Price list"),
        "committed": _("Committed"),
    },
)
