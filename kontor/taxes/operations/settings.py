"""Where a seller is registered for tax, and how it deals with evidence."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.companies.countries import COUNTRIES, EU
from kontor.companies.models import CustomerAccount
from kontor.companies.ownership import own_company_id, require_own
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import Refused
from kontor.kernel.texts import checked_text
from kontor.taxes.models import Policy, Prices, PricesShown, Registration
from kontor.taxes.permissions import MANAGE_TAXES
from kontor.taxes.places import REGIONAL, place_of

AGES = range(1, 367)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationFacts:
    """`region` as in ``TX``, needed where states tax by themselves; days are inclusive."""

    country: str
    number: str
    valid_from: date | None
    region: str = ""
    scheme: str = "local"
    valid_until: date | None = None


@transaction.atomic
def save_registration(
    *, actor: Actor, facts: RegistrationFacts, registration: Registration | None = None
) -> Registration:
    """Add or change a registration of the actor's company. Raises Refused("registration_wrong")."""
    require(actor, MANAGE_TAXES)
    if registration is not None:
        require_own(actor, registration.seller_id)
    row = registration or Registration(seller_id=own_company_id(actor))
    row.number = checked_text(facts.number, field="number", limit=40)
    row.country, row.scheme = facts.country.strip().upper(), facts.scheme
    row.region = place_of({"country": row.country, "region": facts.region}).region
    _check(row, facts)
    row.valid_from, row.valid_until = facts.valid_from or date.min, facts.valid_until
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        sentence = _("There is a registration for this place from this day already. Change that one.")
        raise Refused("registered_already", sentence, {"valid_from": sentence}) from None
    record(
        actor,
        "taxes.registration_saved",
        ("company", row.seller_id),
        changes={"place": _place(row), "number": row.number},
    )
    return row


def _check(row: Registration, facts: RegistrationFacts) -> None:
    wrong = {}
    if row.country not in COUNTRIES | {"XI"}:
        wrong["country"] = _("Choose a country.")
    if row.scheme not in Registration.Scheme.values:
        wrong["scheme"] = _("Choose how you are registered.")
    elif row.scheme == Registration.Scheme.UNION and row.country not in EU:
        wrong["country"] = _("The one-stop shop is that of a member state. Choose it.")
    if row.country in REGIONAL and not row.region:
        wrong["region"] = _("Each state taxes by itself here. Enter which.")
    if not row.number:
        wrong["number"] = _("Enter the number that you have there.")
    if facts.valid_from is None:
        wrong["valid_from"] = _("Enter the first day.")
    elif facts.valid_until is not None and facts.valid_until < facts.valid_from:
        wrong["valid_until"] = _("The last day is before the first.")
    if wrong:
        raise Refused("registration_wrong", _("The registration cannot be taken as it is."), wrong)


@transaction.atomic
def remove_registration(*, actor: Actor, registration: Registration) -> None:
    """Take a registration away that was entered by mistake; one that is over is ended by its last day instead."""
    require(actor, MANAGE_TAXES)
    require_own(actor, registration.seller_id)
    facts = {"place": _place(registration), "number": registration.number}
    registration.delete()
    record(actor, "taxes.registration_removed", ("company", registration.seller_id), changes=facts)


def _place(row: Registration) -> str:
    return f"{row.country}-{row.region}" if row.region else row.country


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFacts:
    """Values as `taxes.models.Policy` names them; `max_age_days` from 1 to 366."""

    evidence: str
    max_age_days: int
    unproven: str
    deposits: str
    prices: str = Prices.NET


@transaction.atomic
def save_policy(*, actor: Actor, facts: PolicyFacts) -> Policy:
    """Say how the actor's company deals with evidence and shows prices. Raises Refused("policy_wrong")."""
    require(actor, MANAGE_TAXES)
    wrong = {}
    for name, choices in (
        ("evidence", Policy.Evidence),
        ("unproven", Policy.Unproven),
        ("deposits", Policy.Deposits),
        ("prices", Prices),
    ):
        if getattr(facts, name) not in choices.values:
            wrong[name] = _("Choose one of these.")
    if facts.max_age_days not in AGES:
        wrong["max_age_days"] = _("Enter a number of days from 1 to 366.")
    if wrong:
        raise Refused("policy_wrong", _("These settings cannot be taken as they are."), wrong)
    values = {
        name: getattr(facts, name) for name in ("evidence", "max_age_days", "unproven", "deposits", "prices")
    }
    row, _made = Policy.objects.update_or_create(seller_id=own_company_id(actor), defaults=values)
    record(actor, "taxes.policy_saved", ("company", row.seller_id), changes=values)
    return row


@transaction.atomic
def show_prices(*, actor: Actor, account: CustomerAccount, prices: str) -> None:
    """Show prices to a customer in a way of its own; "" as to everybody. Raises Refused("prices_wrong")."""
    require(actor, MANAGE_TAXES)
    require_own(actor, account.seller_id)
    if prices not in ("", *Prices.values):
        sentence = _("Choose one of these.")
        raise Refused("prices_wrong", sentence, {"prices": sentence})
    if prices:
        PricesShown.objects.update_or_create(account=account, defaults={"prices": prices})
    else:
        PricesShown.objects.filter(account=account).delete()
    record(actor, "taxes.prices_shown", ("account", account.pk), changes={"prices": prices})
