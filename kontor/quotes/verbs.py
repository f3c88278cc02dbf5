"""The sentences of requests and offers on a timeline."""

from django.utils.translation import gettext_lazy as _

from kontor.audit.facts import facts
from kontor.audit.verbs import verb

verb("quotes.requested", _("Asked for prices: %(number)s"))
verb("quotes.asked_again", _("Answered version %(version)s with a wish"))
verb("quotes.withdrawn", _("Withdrew the request"))
verb("quotes.offer_started", _("Began version %(version)s of the offer"))
verb("quotes.offer_saved", _("Saved the draft of version %(version)s"))
verb("quotes.offer_sent", _("Sent version %(version)s: %(net_total)s %(currency)s net"))
verb("quotes.declined", _("Declined the request"))
verb("quotes.offer_refused", _("Refused version %(version)s"))
verb("quotes.offer_accepted", _("Accepted version %(version)s: %(net_total)s %(currency)s net"))
verb("quotes.agreed_on", _("Made agreement %(agreement)s of the offer"))

facts("quotes", {"valid_until": _("Valid until"), "content_hash": _("Seal"), "agreement": _("Agreement")})
