"""A company keeps its address book. Documents copy addresses; a changed one is archived and written anew."""

from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.companies.countries import EU
from kontor.companies.entries import Entries
from kontor.companies.models import Address
from kontor.companies.ownership import lock_company, own_company_id, require_own
from kontor.companies.permissions import MANAGE_COMPANY
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import Refused, Stale

LENGTHS = {
    "label": 60,
    "recipient": 200,
    "attention": 120,
    "street": 200,
    "street2": 200,
    "postal_code": 20,
    "city": 120,
    "region": 80,
    "phone": 40,
}
NEEDED = ("recipient", "street", "city")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressFacts:
    """A postal address as somebody types it; `country` is an ISO 3166 code."""

    recipient: str
    street: str
    city: str
    country: str
    label: str = ""
    attention: str = ""
    street2: str = ""
    postal_code: str = ""
    region: str = ""
    phone: str = ""


def cleaned_address(entries: Entries, facts: AddressFacts, *, prefix: str = "") -> Address:
    """An unsaved address; what is wrong goes into `entries` under `prefix`."""
    texts = {
        name: entries.text(f"{prefix}{name}", getattr(facts, name), longest=longest, required=name in NEEDED)
        for name, longest in LENGTHS.items()
    }
    country = entries.country(f"{prefix}country", facts.country)
    if country in EU and not texts["postal_code"]:
        entries.wrong(f"{prefix}postal_code", _("This is needed."))
    return Address(country=country, **texts)


@transaction.atomic
def add_address(
    *, actor: Actor, address: AddressFacts, is_billing: bool = False, is_default_delivery: bool = False
) -> Address:
    """Add an address to the own company; the first one is for invoices and for deliveries."""
    require(actor, MANAGE_COMPANY)
    company_id = own_company_id(actor)
    entries = Entries()
    new = cleaned_address(entries, address)
    entries.done()
    lock_company(company_id)
    kept = Address.objects.filter(company_id=company_id, is_archived=False)
    new.company_id = company_id
    new.is_billing = is_billing or not kept.filter(is_billing=True).exists()
    new.is_default_delivery = is_default_delivery or not kept.filter(is_default_delivery=True).exists()
    _free_roles(new)
    new.save()
    record(actor, "companies.address_added", ("company", company_id), changes={"address": str(new)})
    return new


@transaction.atomic
def change_address(*, actor: Actor, address: Address, changed: AddressFacts) -> Address:
    """Archive the address and add the changed one in its place. Raises Stale when it was archived meanwhile."""
    require(actor, MANAGE_COMPANY)
    require_own(actor, address.company_id)
    entries = Entries()
    new = cleaned_address(entries, changed)
    entries.done()
    old = _locked(address)
    new.company_id = old.company_id
    new.is_billing, new.is_default_delivery = old.is_billing, old.is_default_delivery
    _archive(old)
    new.save()
    before, after = old.as_dict(), new.as_dict()
    changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    record(actor, "companies.address_changed", ("company", old.company_id), changes=changes)
    return new


@transaction.atomic
def archive_address(*, actor: Actor, address: Address) -> Address:
    """Take an address out of the book. Refused("address_in_use") for the billing and the usual delivery address."""
    require(actor, MANAGE_COMPANY)
    require_own(actor, address.company_id)
    old = _locked(address)
    if old.is_billing or old.is_default_delivery:
        raise Refused(
            "address_in_use",
            _("Invoices or deliveries go to this address. Choose another one for them first."),
        )
    _archive(old)
    record(actor, "companies.address_archived", ("company", old.company_id), changes={"address": str(old)})
    return old


@transaction.atomic
def set_billing_address(*, actor: Actor, address: Address) -> Address:
    """Send invoices to this address from now on."""
    return _give_role(actor, address, billing=True)


@transaction.atomic
def set_default_delivery(*, actor: Actor, address: Address) -> Address:
    """Offer this address first when ordering."""
    return _give_role(actor, address, billing=False)


def _give_role(actor: Actor, address: Address, *, billing: bool) -> Address:
    require(actor, MANAGE_COMPANY)
    require_own(actor, address.company_id)
    chosen = _locked(address)
    if billing:
        chosen.is_billing = True
    else:
        chosen.is_default_delivery = True
    _free_roles(chosen)
    chosen.save(update_fields=["is_billing", "is_default_delivery"])
    verb = "companies.billing_address_set" if billing else "companies.default_delivery_set"
    record(actor, verb, ("company", chosen.company_id), changes={"address": str(chosen)})
    return chosen


def _locked(address: Address) -> Address:
    """The address as it is now, its company held. Raises Stale when somebody archived it."""
    lock_company(address.company_id)
    current = Address.objects.filter(pk=address.pk, is_archived=False).first()
    if current is None:
        raise Stale("address_gone", _("Somebody has changed or removed this address. Reload the page."))
    return current


def _free_roles(chosen: Address) -> None:
    """Take the roles of `chosen` away from the others; the company is locked."""
    others = Address.objects.filter(company_id=chosen.company_id).exclude(pk=chosen.pk)
    if chosen.is_billing:
        others.filter(is_billing=True).update(is_billing=False)
    if chosen.is_default_delivery:
        others.filter(is_default_delivery=True).update(is_default_delivery=False)


def _archive(old: Address) -> None:
    old.is_archived, old.is_billing, old.is_default_delivery = True, False, False
    old.save(update_fields=["is_archived", "is_billing", "is_default_delivery"])


def facts_of(address: Address) -> AddressFacts:
    """An address as the form that changes it shows it."""
    blank = AddressFacts(recipient="", street="", city="", country=address.country)
    return replace(blank, **{name: getattr(address, name) for name in LENGTHS})
