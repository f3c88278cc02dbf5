"""A company signs up."""

from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.companies.entries import Entries
from kontor.companies.events import AccountRequested, CompanyRegistered, RegistrationRepeated
from kontor.companies.models import Company, CustomerAccount, Membership, User
from kontor.companies.operations.address import AddressFacts, cleaned_address
from kontor.companies.queries import house_seller
from kontor.companies.rules import free_slug, slug_of
from kontor.kernel.actors import Actor
from kontor.kernel.events import publish
from kontor.kernel.refusal import NotAllowed, Refused

ATTEMPTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """The person who registers and becomes the company's administrator. Nothing but the job title counts for
    somebody who is signed in already."""

    name: str = ""
    email: str = ""
    password: str = field(default="", repr=False)
    job_title: str = ""
    phone: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What the registration form asks for. The VAT id may be empty; `timezone` empty means the usual one."""

    legal_name: str
    country: str
    address: AddressFacts
    contact: Contact
    vat_id: str = ""
    registration_number: str = ""
    currency: str = "EUR"
    phone: str = ""
    website: str = ""
    invoice_by: str = "email"
    invoice_email: str = ""
    timezone: str = ""


@transaction.atomic
def register_company(
    *, registration: Registration, actor: Actor | None = None, seller: Company | None = None
) -> Membership | None:
    """Register a company with its address and administrator, and ask `seller` (or the house's) for an account.

    `actor` is given when a signed-in person adds a company. Otherwise the contact becomes a new user; when the e-mail
    has a user already, nothing is created, that user is told by mail and the result is None, which the caller must
    answer like success. Raises Refused("invalid_entries") and Refused("vat_id_taken"), each with fields.
    """
    user = _signed_in(actor)
    entries = Entries()
    company = _cleaned_company(entries, registration)
    address = cleaned_address(entries, registration.address, prefix="address/")
    job_title = entries.text("contact/job_title", registration.contact.job_title, longest=100)
    newcomer = None if user else _cleaned_contact(entries, registration.contact)
    entries.done()
    if Company.objects.filter(vat_id=company.vat_id).exclude(vat_id="").exists():
        raise _vat_id_taken()
    user = user or _enrolled(newcomer, registration.contact.password)
    if user is None:
        return None
    _save_company(company)
    address.company = company
    address.is_billing = address.is_default_delivery = True
    address.save()
    membership = Membership.objects.create(company=company, user=user, roles=["admin"], job_title=job_title)
    _welcome(membership, actor, seller or house_seller())
    return membership


def _signed_in(actor: Actor | None) -> User | None:
    if actor is None:
        return None
    user = User.objects.filter(pk=actor.user_id, is_active=True).first() if actor.user_id else None
    if user is None:
        raise NotAllowed("not_allowed", _("Only a person can register a company. Sign in first."))
    return user


def _cleaned_company(entries: Entries, registration: Registration) -> Company:
    given = registration
    country = entries.country("country", given.country)
    invoice_by = entries.choice("invoice_by", given.invoice_by, Company.InvoiceBy.values)
    company = Company(
        legal_name=entries.text("legal_name", given.legal_name, longest=200, required=True),
        country=country,
        vat_id=entries.vat_id("vat_id", given.vat_id, country),
        registration_number=entries.text("registration_number", given.registration_number, longest=40),
        currency=entries.currency("currency", given.currency),
        phone=entries.text("phone", given.phone, longest=40),
        website=entries.text("website", given.website, longest=200),
        invoice_by=invoice_by,
        invoice_email=entries.email("invoice_email", given.invoice_email, required=False),
        language=entries.language("contact/language", given.contact.language),
    )
    if given.timezone:
        company.timezone = entries.timezone("timezone", given.timezone)
    if invoice_by == Company.InvoiceBy.EMAIL and not company.invoice_email:
        company.invoice_email = given.contact.email.strip().lower()
    return company


def _cleaned_contact(entries: Entries, contact: Contact) -> User:
    user = User(
        name=entries.text("contact/name", contact.name, longest=150, required=True),
        email=entries.email("contact/email", contact.email),
        language=contact.language,
    )
    entries.password("contact/password", contact.password, user)
    return user


def _enrolled(newcomer: User | None, password: str) -> User | None:
    """The new user, saved; None when the e-mail is known, after telling its owner."""
    if newcomer is None:
        return None
    # Hashed before anybody looks whether the e-mail is known: both ways take the same time.
    newcomer.password = make_password(password)
    known = User.objects.filter(email__iexact=newcomer.email).first()
    if known is None:
        try:
            with transaction.atomic():
                newcomer.save()
        except IntegrityError:
            known = User.objects.get(email__iexact=newcomer.email)
    if known is not None:
        publish(RegistrationRepeated(user_id=known.pk))
        return None
    return newcomer


def _vat_id_taken() -> Refused:
    message = _(
        "A company with this VAT id is registered already. Ask its administrator for an invitation, or write to us."
    )
    return Refused("vat_id_taken", message, {"vat_id": message})


def _save_company(company: Company) -> None:
    """Insert under a slug that nobody has; another registration may take it at the same moment."""
    wanted = slug_of(company.legal_name)
    for attempt in range(ATTEMPTS):
        taken = set(Company.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
        company.slug = free_slug(wanted, taken)
        try:
            with transaction.atomic():
                company.save()
        except IntegrityError:
            company.pk = None
            if Company.objects.filter(vat_id=company.vat_id).exclude(vat_id="").exists():
                raise _vat_id_taken() from None
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return


def _welcome(membership: Membership, actor: Actor | None, seller: Company | None) -> None:
    company = membership.company
    who = membership.as_actor(actor.door if actor else "page")
    record(who, "companies.registered", ("company", company.pk))
    publish(CompanyRegistered(company_id=company.pk))
    if seller is not None:
        account = CustomerAccount.objects.create(seller=seller, buyer=company)
        record(who, "companies.account_requested", ("account", account.pk), shared=True)
        publish(AccountRequested(account_id=account.pk))
