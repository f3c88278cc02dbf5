from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

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
from kontor.kernel.texts import printable
from kontor.pricing.events import PricesChanged
from kontor.pricing.held import refuse_held
from kontor.pricing.models import PriceList
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.rules import is_unit_price


@dataclass(frozen=True, slots=True)
class Formula:
    """How a list derives from its basis: times `factor`, plus `addend` per base unit, rounded to a multiple of
    `round_to` plus `ending` (None: to six decimals). Of a basis in another currency a rate at most `rate_days` old is
    taken."""

    basis: PriceList
    factor: Decimal = Decimal(1)
    addend: Decimal = Decimal(0)
    round_to: Decimal | None = None
    ending: Decimal = Decimal(0)
    rate_days: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceListFacts:
    """A price list as a form gives it; without a code it is made from the name. `currency` is ISO 4217.

    It is asked from `valid_from` to before `valid_until`, aware moments (None: without limit).
    """

    name: str
    currency: str
    code: str = ""
    is_public: bool = False
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    is_graduated: bool = False
    formula: Formula | None = None

    def columns(self) -> dict[str, Any]:
        """As the table has them, but for the code."""
        formula = self.formula
        return {
            "name": printable(self.name),
            "currency": self.currency,
            "is_public": self.is_public,
            "valid_from": self.valid_from,
            "valid_until": self.valid_until,
            "is_graduated": self.is_graduated,
            "basis_id": formula.basis.pk if formula else None,
            "factor": formula.factor if formula else Decimal(1),
            "addend": formula.addend if formula else Decimal(0),
            "round_to": formula.round_to if formula else None,
            "ending": formula.ending if formula else Decimal(0),
            "rate_days": formula.rate_days if formula else 7,
        }


@transaction.atomic
def save_price_list(
    *, actor: Actor, facts: PriceListFacts, price_list: PriceList | None = None, seller: Company | None = None,
    agreed: bool = False,
) -> PriceList:  # fmt: skip
    """Add a price list of the actor's company (the system names the seller), or change one. Publishes PricesChanged.

    Raises Refused: ``incomplete`` at the fields; ``currency_fixed`` once the list has prices; ``code_taken`` at
    ``code``; ``public_taken`` at ``is_public`` when another public list has this currency; ``basis_too_deep`` at
    ``basis`` when lists would derive in a circle or over more than three steps; ``needs_round`` where a second person
    approves prices and more than the name changes of a list that is there, or a list is added that is public or derives
    from another, unless an agreement with a customer says so (`agreed`).
    """
    require(actor, EDIT_PRICES)
    if price_list is None:
        price_list = PriceList(seller_id=selling_company_id(actor, seller))
    else:
        require_own(actor, price_list.seller_id)
    _check(facts, price_list)
    others = PriceList.objects.filter(seller_id=price_list.seller_id).exclude(pk=price_list.pk)
    if facts.is_public and others.filter(is_public=True, currency=facts.currency).exists():
        message = _("You have a public list in this currency already.")
        raise Refused("public_taken", message, {"is_public": message})
    changes: dict[str, list[Any]] = {}
    for name, value in facts.columns().items():
        before = getattr(price_list, name)
        if before != value:
            changes[name] = [before, value]
            setattr(price_list, name, value)
    if not agreed and changes.keys() - {"name"} and (price_list.pk or facts.is_public or facts.formula):
        refuse_held(actor, price_list.seller_id)
    if ids := changes.pop("basis_id", None):
        names = PriceList.objects.in_bulk([key for key in ids if key])
        changes["basis"] = [names[key].name if key else None for key in ids]
    price_list.code = slugify(facts.code or facts.name)[:40]
    _save(price_list)
    record(actor, "pricing.list_saved", ("price_list", price_list.pk), changes=changes)
    publish(PricesChanged(price_list.pk))
    return price_list


def _save(price_list: PriceList) -> None:
    try:
        with transaction.atomic():
            price_list.save()
    except IntegrityError as problem:
        if "three steps" in str(problem):
            message = _("Lists derive from each other over three steps at most, and never in a circle.")
            raise Refused("basis_too_deep", message, {"basis": message}) from None
        message = _("Another of your lists has this code.")
        raise Refused("code_taken", message, {"code": message}) from None


@transaction.atomic
def delete_price_list(*, actor: Actor, price_list: PriceList) -> None:
    """Remove a list with its prices. Refused("still_assigned") while a customer has it, ("still_basis") while another
    list derives from it, ("needs_round") for the public one where a second person approves prices."""
    require(actor, EDIT_PRICES)
    require_own(actor, price_list.seller_id)
    if price_list.is_public:
        refuse_held(actor, price_list.seller_id)
    pk, name = price_list.pk, price_list.name
    if price_list.derived.exists():
        message = _("Other lists derive from this one. Give them another basis first.")
        raise Refused("still_basis", message)
    try:
        price_list.delete()
    except ProtectedError:
        message = _("Customers or groups still have this list. Take it off them first.")
        raise Refused("still_assigned", message) from None
    record(actor, "pricing.list_deleted", ("price_list", pk), changes={"name": [name, None]})


def _check(facts: PriceListFacts, price_list: PriceList) -> None:
    problems = {}
    if not printable(facts.name) or len(facts.name) > 120 or not slugify(facts.code or facts.name):
        problems["name"] = _("Enter a name of up to 120 characters.")
    if len(facts.currency) != 3 or not facts.currency.isascii() or not facts.currency.isupper():
        problems["currency"] = _("Choose a currency.")
    if facts.valid_from and facts.valid_until and facts.valid_until <= facts.valid_from:
        problems["valid_until"] = _("The list must end after it begins.")
    problems |= _wrong_formula(facts.formula, price_list)
    if problems:
        raise Refused("incomplete", _("The price list was not saved. Correct the marked fields."), problems)
    moves = price_list.currency not in ("", facts.currency)
    if moves and (price_list.prices.exists() or price_list.assignments.exists()):
        message = _("The currency stays, because the list has prices or customers. Add a new list instead.")
        raise Refused("currency_fixed", message, {"currency": message})


def _wrong_formula(formula: Formula | None, price_list: PriceList) -> dict[str, str]:
    if formula is None:
        return {}
    found = {}
    if formula.basis.seller_id != price_list.seller_id:
        found["basis"] = _("Choose one of your lists.")
    if not (0 < formula.factor <= 1000 and formula.factor == round(formula.factor, 6)):
        found["factor"] = _("Enter a factor above 0, such as 0.95 for 5 % less.")
    if not is_unit_price(abs(formula.addend)):
        found["addend"] = _("Enter an amount with at most six decimals.")
    if formula.round_to is not None and (not is_unit_price(formula.round_to) or formula.round_to == 0):
        found["round_to"] = _("Enter the step to round to, such as 0.05.")
    if not is_unit_price(abs(formula.ending)):
        found["ending"] = _("Enter an amount with at most six decimals.")
    if not 0 <= formula.rate_days <= 366:
        found["rate_days"] = _("Enter a number of days up to 366.")
    return found
