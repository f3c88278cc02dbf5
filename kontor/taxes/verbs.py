"""The sentences of taxes on a trail."""

from django.utils.translation import gettext_lazy as _

from kontor.audit.facts import facts
from kontor.audit.verbs import verb

verb("taxes.registry_asked", _("Had the VAT ID checked"))
verb("taxes.vat_id_valid", _("The registry confirmed the VAT ID %(vat_id)s"))
verb("taxes.vat_id_invalid", _("The registry does not know the VAT ID %(vat_id)s"))
verb("taxes.registration_saved", _("Saved the tax registration %(number)s in %(place)s"))
verb("taxes.registration_removed", _("Removed the tax registration %(number)s in %(place)s"))
verb("taxes.policy_saved", _("Changed how evidence for taxes is dealt with"))
verb("taxes.prices_shown", _("Changed how prices are shown to the customer"))
verb("taxes.certificate_submitted", _("Handed in the certificate of exemption %(number)s for %(place)s"))
verb("taxes.certificate_approved", _("Approved the certificate of exemption %(number)s"))
verb("taxes.certificate_declined", _("Declined the certificate of exemption %(number)s"))
verb("taxes.certificate_revoked", _("Revoked the certificate of exemption %(number)s"))
verb("taxes.rates_saved", _("Saved tax rates: %(rows)s"))
verb("taxes.shipped_rates_taken", _("Took over tax rates that come with Kontor: %(rows)s"))
verb("taxes.rate_removed", _("Removed the tax rate %(rate)s"))
facts(
    "taxes",
    {
        "reference": _("Number of the request"),
        "max_age_days": _("Days that a proof counts"),
        "vat_id": _("VAT ID"),
        "prices": _("Prices in the shop"),
        "place": _("Country or region"),
        "rate": _("Tax rate"),
    },
)
