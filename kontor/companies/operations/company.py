"""A company keeps its own data."""

from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.companies.entries import Entries
from kontor.companies.events import CompanyChanged
from kontor.companies.models import Company
from kontor.companies.ownership import lock_company, own_company_id
from kontor.companies.permissions import MANAGE_COMPANY
from kontor.companies.rules import bic_of, iban_of
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused

LENGTHS = {
    "legal_name": 200,
    "trade_name": 200,
    "registration_number": 40,
    "phone": 40,
    "website": 200,
    "bank_name": 120,
}
ACCENTS = ("harbour", "brick", "moss", "ink", "plum", "amber", "slate", "pine")
"""Names of the colours that a seller's store may have."""
FOR_SELLERS = ("prices_for_guests", "accent", "bank_iban", "bank_bic", "bank_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyChanges:
    """What a company may change itself; None leaves a fact as it is. Country and currency stay as registered."""

    legal_name: str | None = None
    trade_name: str | None = None
    vat_id: str | None = None
    registration_number: str | None = None
    language: str | None = None
    timezone: str | None = None
    phone: str | None = None
    website: str | None = None
    invoice_by: str | None = None
    invoice_email: str | None = None
    po_number_required: bool | None = None
    prices_for_guests: bool | None = None
    bank_iban: str | None = None
    bank_bic: str | None = None
    bank_name: str | None = None
    accent: str | None = None


@transaction.atomic
def change_company(*, actor: Actor, changes: CompanyChanges) -> Company:
    """Change data of the own company. Raises Refused("invalid_entries") and Refused("vat_id_taken") with fields."""
    require(actor, MANAGE_COMPANY)
    company = lock_company(own_company_id(actor))
    entries = Entries()
    cleaned = _cleaned(
        entries, company, {name: new for name, new in asdict(changes).items() if new is not None}
    )
    if not cleaned.keys().isdisjoint({"invoice_by", "invoice_email"}):
        _require_invoice_email(entries, company, cleaned)
    entries.done()
    changed = {
        name: [getattr(company, name), new] for name, new in cleaned.items() if getattr(company, name) != new
    }
    if not changed:
        return company
    for name, (_old, new) in changed.items():
        setattr(company, name, new)
    try:
        with transaction.atomic():
            company.save(update_fields=list(changed))
    except IntegrityError:
        message = _("Another company is registered with this VAT id.")
        raise Refused("vat_id_taken", message, {"vat_id": message}) from None
    record(actor, "companies.company_changed", ("company", company.pk), changes=changed)
    publish(CompanyChanged(company_id=company.pk))
    return company


def _cleaned(entries: Entries, company: Company, given: dict[str, object]) -> dict[str, object]:
    cleaned = dict(given)
    for name, value in given.items():
        if name in FOR_SELLERS and not company.is_seller:
            entries.wrong(name, _("Only sellers have this."))
        elif isinstance(value, str):
            cleaned[name] = _cleaned_text(entries, company, name, value)
    return cleaned


def _require_invoice_email(entries: Entries, company: Company, cleaned: dict[str, object]) -> None:
    by_mail = cleaned.get("invoice_by", company.invoice_by) == Company.InvoiceBy.EMAIL
    if by_mail and not cleaned.get("invoice_email", company.invoice_email):
        entries.wrong("invoice_email", _("Invoices go out by e-mail: enter where to."))


def _cleaned_text(entries: Entries, company: Company, name: str, value: str) -> str:
    if name in LENGTHS:
        return entries.text(name, value, longest=LENGTHS[name], required=name == "legal_name")
    match name:
        case "vat_id":
            return entries.vat_id(name, value, company.country)
        case "language":
            return entries.language(name, value)
        case "timezone":
            return entries.timezone(name, value)
        case "invoice_by":
            return entries.choice(name, value, Company.InvoiceBy.values)
        case "invoice_email":
            return entries.email(name, value, required=False)
        case "accent":
            return entries.choice(name, value, ACCENTS)
        case "bank_iban":
            return _checked(
                entries, name, value, iban_of(value), _("This IBAN is not right. Compare it once more.")
            )
        case "bank_bic":
            return _checked(
                entries, name, value, bic_of(value), _("This BIC is not right. It has 8 or 11 signs.")
            )
    raise ValueError(f"nobody cleans {name}")


def _checked(entries: Entries, name: str, entered: str, found: str | None, message: str) -> str:
    if entered.strip() and found is None:
        entries.wrong(name, message)
    return found or ""
