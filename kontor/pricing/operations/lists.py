from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.ownership import require_own, selling_company_id
from kontor.companies.models import Company
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import Refused
from kontor.pricing.events import PricesChanged
from kontor.pricing.models import PriceList
from kontor.pricing.permissions import EDIT_PRICES


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceListFacts:
    """A price list as a form gives it; without a code it is made from the name. `currency` is ISO 4217."""

    name: str
    currency: str
    code: str = ""
    is_public: bool = False


@transaction.atomic
def save_price_list(
    *, actor: Actor, facts: PriceListFacts, price_list: PriceList | None = None, seller: Company | None = None
) -> PriceList:
    """Add a price list of the actor's company (the system names the seller), or change one. Publishes PricesChanged.

    Raises Refused: ``incomplete`` at the fields; ``currency_fixed`` once the list has prices; ``code_taken`` at
    ``code``; ``public_taken`` at ``is_public`` when another public list has this currency.
    """
    require(actor, EDIT_PRICES)
    if price_list is None:
        price_list = PriceList(seller_id=selling_company_id(actor, seller))
    else:
        require_own(actor, price_list.seller_id)
    _check(facts, price_list)
    code = slugify(facts.code or facts.name)[:40]
    others = PriceList.objects.filter(seller_id=price_list.seller_id).exclude(pk=price_list.pk)
    if facts.is_public and others.filter(is_public=True, currency=facts.currency).exists():
        message = _("You have a public list in this currency already.")
        raise Refused("public_taken", message, {"is_public": message})
    changes = {"name": [price_list.name, facts.name], "is_public": [price_list.is_public, facts.is_public]}
    price_list.name, price_list.code = facts.name.strip(), code
    price_list.currency, price_list.is_public = facts.currency, facts.is_public
    try:
        with transaction.atomic():
            price_list.save()
    except IntegrityError:
        message = _("Another of your lists has this code.")
        raise Refused("code_taken", message, {"code": message}) from None
    record(actor, "pricing.list_saved", ("price_list", price_list.pk), changes=changes)
    publish(PricesChanged(price_list.pk))
    return price_list


@transaction.atomic
def delete_price_list(*, actor: Actor, price_list: PriceList) -> None:
    """Remove a list with its prices. Refused("still_assigned") while a customer has it."""
    require(actor, EDIT_PRICES)
    require_own(actor, price_list.seller_id)
    pk, name = price_list.pk, price_list.name
    try:
        price_list.delete()
    except ProtectedError:
        message = _("Customers still have this list. Take it off them first.")
        raise Refused("still_assigned", message) from None
    record(actor, "pricing.list_deleted", ("price_list", pk), changes={"name": [name, None]})


def _check(facts: PriceListFacts, price_list: PriceList) -> None:
    problems = {}
    if not facts.name.strip() or len(facts.name) > 120 or not slugify(facts.code or facts.name):
        problems["name"] = _("Enter a name of up to 120 characters.")
    if len(facts.currency) != 3 or not facts.currency.isascii() or not facts.currency.isupper():
        problems["currency"] = _("Choose a currency.")
    if problems:
        raise Refused("incomplete", _("The price list was not saved. Correct the marked fields."), problems)
    moves = price_list.currency not in ("", facts.currency)
    if moves and (price_list.prices.exists() or price_list.assignments.exists()):
        message = _("The currency stays, because the list has prices or customers. Add a new list instead.")
        raise Refused("currency_fixed", message, {"currency": message})
