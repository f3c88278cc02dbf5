"""The sentences of companies and their people on a trail."""

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from kontor.audit.facts import fact, facts
from kontor.audit.verbs import verb
from kontor.companies.models import Company
from kontor.companies.roles import ROLES

verb("companies.registered", _("Registered the company"))
verb("companies.company_changed", _("Changed the company’s data"))
verb("companies.company_activated", _("Activated the company"))
verb("companies.company_blocked", _("Blocked the company"))
verb("companies.store_opened", _("Opened the company’s store"))
verb("companies.payment_term_saved", _("Saved the payment term %(code)s: %(name)s"))

verb("companies.account_requested", _("Asked for a customer account"))
verb("companies.customer_accepted", _("Accepted as customer %(customer_number)s, %(payment_term)s"))
verb("companies.customer_declined", _("Declined the customer account"))
verb("companies.customer_blocked", _("Blocked the customer account"))
verb("companies.customer_unblocked", _("Unblocked the customer account"))
verb("companies.customer_terms_changed", _("Changed the terms of the customer account"))
verb("companies.customer_note_changed", _("Changed the internal note on the customer"))

verb("companies.group_saved", _("Saved the customer group %(name)s"))
verb("companies.group_deleted", _("Deleted the customer group %(name)s"))
verb("companies.put_in_group", _("Put the customer into the group %(group)s"))
verb("companies.taken_out_of_group", _("Took the customer out of its group"))

verb("companies.colleague_invited", _("Invited %(email)s"))
verb("companies.invitation_withdrawn", _("Withdrew the invitation of %(email)s"))
verb("companies.invitation_accepted", _("Accepted the invitation"))
verb("companies.member_changed", _("Changed roles, limit or title"))
verb("companies.member_deactivated", _("Took the access away"))
verb("companies.member_reactivated", _("Gave the access back"))
verb("companies.profile_changed", _("Changed the own profile"))

verb("companies.address_added", _("Added the address %(address)s"))
verb("companies.address_changed", _("Changed an address"))
verb("companies.address_archived", _("Removed the address %(address)s"))
verb("companies.billing_address_set", _("Invoices go to %(address)s"))
verb("companies.default_delivery_set", _("Deliveries usually go to %(address)s"))

verb("companies.api_key_created", _("Created the API key %(name)s"))
verb("companies.api_key_revoked", _("Revoked the API key %(name)s"))


def in_cents(text: str) -> str:
    """A limit as the reader's language writes amounts."""
    return number_format(text, decimal_pos=2, force_grouping=True)


facts(
    "companies",
    {
        "legal_name": _("Legal name"),
        "trade_name": _("Trade name"),
        "vat_id": _("VAT id"),
        "registration_number": _("Register number"),
        "timezone": _("Time zone"),
        "phone": _("Phone"),
        "website": _("Website"),
        "invoice_email": _("E-mail for invoices"),
        "po_number_required": _("Order number needed"),
        "prices_for_guests": _("Prices for visitors"),
        "bank_iban": _("IBAN"),
        "bank_bic": _("BIC"),
        "bank_name": _("Bank"),
        "accent": _("Colour"),
        "job_title": _("Job title"),
        "recipient": _("Recipient"),
        "attention": _("For the attention of"),
        "street": _("Street and number"),
        "street2": _("Second line"),
        "postal_code": _("Postal code"),
        "city": _("City"),
        "region": _("Region"),
        "label": _("Name of the address"),
        "payment_term": _("Payment term"),
        "sales_rep": _("Sales representative"),
        "customer_number": _("Customer number"),
        "group": _("Customer group"),
        "before": _("Name before"),
        "address": _("Address"),
        "email": _("E-mail"),
        "read_only": _("May only read"),
        "country": _("Country"),
    },
)
fact("companies.order_limit", _("Order limit"), in_cents, nothing=_("no limit"))
fact("companies.roles", _("Roles"), ROLES, several=True)
fact("companies.invoice_by", _("Invoices"), dict(Company.InvoiceBy.choices))
