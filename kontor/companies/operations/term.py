"""A seller keeps its payment terms."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.companies.entries import Entries
from kontor.companies.models import Company, PaymentTerm
from kontor.companies.ownership import own_company_id
from kontor.companies.permissions import MANAGE_COMPANY
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import NotAllowed

LONGEST_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class TermFacts:
    """A payment term: `discount_percent` off when paid within `discount_days`, else all within `net_days`."""

    code: str
    name: str
    net_days: int = 0
    discount_percent: Decimal = Decimal(0)
    discount_days: int = 0
    is_prepayment: bool = False


@transaction.atomic
def save_payment_term(*, actor: Actor, term: TermFacts) -> PaymentTerm:
    """Create the own company's payment term of this code, or change it. Raises Refused("invalid_entries")."""
    require(actor, MANAGE_COMPANY)
    seller = Company.objects.get(pk=own_company_id(actor))
    if not seller.is_seller:
        raise NotAllowed("not_a_seller", _("Only sellers have payment terms."))
    entries = Entries()
    code = entries.text("code", term.code, longest=20, required=True).upper()
    name = entries.text("name", term.name, longest=80, required=True)
    for field, days in (("net_days", term.net_days), ("discount_days", term.discount_days)):
        if not 0 <= days <= LONGEST_DAYS:
            entries.wrong(field, _("Enter 0 to %(most)s days.") % {"most": LONGEST_DAYS})
    percent = term.discount_percent
    if not percent.is_finite() or not 0 <= percent < 100 or percent != round(percent, 2):
        entries.wrong("discount_percent", _("Enter a percentage from 0 to 99.99."))
    elif percent and term.discount_days > term.net_days:
        entries.wrong("discount_days", _("The discount must end before the payment is due."))
    entries.done()
    saved, _is_new = PaymentTerm.objects.update_or_create(
        seller=seller,
        code=code,
        defaults={
            "name": name,
            "net_days": term.net_days,
            "discount_percent": percent,
            "discount_days": term.discount_days,
            "is_prepayment": term.is_prepayment,
        },
    )
    record(
        actor, "companies.payment_term_saved", ("company", seller.pk), changes={"code": code, "name": name}
    )
    return saved
