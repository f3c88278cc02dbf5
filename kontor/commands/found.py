"""`kontor found`: the first company of an installation without the demo. It sells, and it operates the platform."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.commands.start import fail
from kontor.commands.steps import console
from kontor.companies.models import Membership
from kontor.companies.operations import AddressFacts, Contact, Registration, open_store, register_company
from kontor.kernel.actors import system_actor
from kontor.kernel.configuration import Configuration
from kontor.kernel.refusal import Refused


@dataclass(frozen=True, kw_only=True)
class Founding:
    """What is asked for. `country` is an ISO 3166 code; the person becomes administrator of everything."""

    company: str
    country: str
    street: str
    postal_code: str
    city: str
    name: str
    email: str
    password: str
    vat_id: str = ""


def found(founding: Founding, config: Configuration) -> None:
    """Make the company and its administrator, and say where to sign in. What is wrong is listed by field."""
    try:
        make(founding, config)
    except Refused as refusal:
        wrong = "".join(
            f"\n  {field.rpartition('/')[2]}: {message}" for field, message in refusal.fields.items()
        )
        fail(f"{refusal.message}{wrong}")
    console.print(f"  {founding.company} is open. Sign in as {founding.email} at {config.address}")


@transaction.atomic
def make(founding: Founding, config: Configuration) -> Membership:
    """Register, open the store, and hand over the platform. Raises Refused as registration does."""
    membership = register_company(registration=_registration(founding, config))
    if membership is None:
        raise Refused("email_taken", _("There is an account with this e-mail already."))
    actor, company = system_actor("kontor found", door="shell"), membership.company
    open_store(actor=actor, company=company)
    membership.refresh_from_db()
    membership.roles = [*membership.roles, "operator"]
    membership.save(update_fields=["roles"])
    company.refresh_from_db()
    company.is_operator = True
    company.save(update_fields=["is_operator"])
    return membership


def _registration(founding: Founding, config: Configuration) -> Registration:
    return Registration(
        legal_name=founding.company,
        country=founding.country.upper(),
        vat_id=founding.vat_id,
        currency=config.default_currency,
        timezone=config.default_timezone,
        address=AddressFacts(
            recipient=founding.company,
            street=founding.street,
            postal_code=founding.postal_code,
            city=founding.city,
            country=founding.country.upper(),
        ),
        contact=Contact(
            name=founding.name,
            email=founding.email,
            password=founding.password,
            language=config.default_language,
        ),
    )
