from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.ownership import require_own
from kontor.charges.models import Rule, Step, Tariff
from kontor.charges.places import MOST_POSTCODES, plain_range
from kontor.companies.countries import COUNTRIES
from kontor.companies.models import CustomerAccount, CustomerGroup
from kontor.kernel.actors import Actor, require
from kontor.kernel.money import minor_units
from kontor.kernel.refusal import Refused
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.rules import is_unit_price

MOST_STEPS = 50


@dataclass(frozen=True, slots=True)
class StepFacts:
    """From `start` of the measure on: either an amount or a percentage of the net."""

    start: Decimal
    amount: Decimal | None = None
    percent: Decimal | None = None

    @property
    def problem(self) -> str:
        """What is wrong with it, or nothing."""
        if not (0 <= self.start < 10**12 and self.start == round(self.start, 3)):
            return _("Enter from where on it counts: 0 or more, with at most three decimals.")
        if (self.amount is None) == (self.percent is None):
            return _("Enter either an amount or a percentage.")
        if self.amount is not None and not is_unit_price(self.amount):
            return _("Enter an amount of 0 or more.")
        if self.percent is not None and not (
            0 <= self.percent <= 100 and self.percent == round(self.percent, 4)
        ):
            return _("Enter a percentage from 0 to 100.")
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffFacts:
    """How much a charge costs, as a form gives it: for a customer, a group or (neither) everybody.

    `countries` are ISO 3166 codes of where goods go (none: wherever no other tariff says), `postcodes` of a single one
    codes, their beginnings or ranges such as 25845-25849. `is_none`: no such charge for them. `free_from` is a net
    value of the order, `index_base` what prices have in them already, as the index is quoted.
    """

    currency: str
    account: CustomerAccount | None = None
    group: CustomerGroup | None = None
    countries: Sequence[str] = ()
    postcodes: Sequence[str] = ()
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    is_none: bool = False
    free_from: Decimal | None = None
    index_base: Decimal = Decimal(0)
    steps: Sequence[StepFacts] = ()


@transaction.atomic
def save_tariff(*, actor: Actor, rule: Rule, facts: TariffFacts, tariff: Tariff | None = None) -> Tariff:
    """Add a tariff to a charge, or change one; its steps are those given.

    Raises Refused: ``incomplete`` at the fields (``steps/1/amount``), ``tariff_overlaps`` when another one counts for
    the same customers, countries and moments.
    """
    require(actor, EDIT_PRICES)
    require_own(actor, rule.seller_id)
    _check(rule, facts)
    tariff = tariff or Tariff(rule=rule)
    before = str(tariff.pk and told(tariff))
    for name in ("currency", "account", "group", "valid_from", "valid_until", "is_none", "free_from"):
        setattr(tariff, name, getattr(facts, name))
    tariff.countries = sorted(set(facts.countries))
    tariff.postcodes = sorted({plain_range(one) for one in facts.postcodes})
    tariff.index_base = facts.index_base
    try:
        with transaction.atomic():
            tariff.save()
    except IntegrityError as problem:
        if "charges_one_tariff" not in str(problem):
            raise
        message = _(
            "Another tariff counts for the same customers, countries and days. Change that one, or end it before."
        )
        raise Refused("tariff_overlaps", message, {"valid_from": message}) from None
    tariff.steps.all().delete()
    if not facts.is_none:
        Step.objects.bulk_create(
            Step(tariff=tariff, start=one.start, amount=one.amount, percent=one.percent)
            for one in facts.steps
        )
    changes = {"name": rule.name, "tariff": [before, told(tariff)]}
    record(actor, "charges.tariff_saved", ("charge", rule.pk), changes=changes)
    return tariff


@transaction.atomic
def delete_tariff(*, actor: Actor, tariff: Tariff) -> None:
    """Remove a tariff; a wider one that there is counts from now on."""
    require(actor, EDIT_PRICES)
    require_own(actor, tariff.rule.seller_id)
    changes = {"name": tariff.rule.name, "tariff": [told(tariff), None]}
    rule_id = tariff.rule_id
    tariff.delete()
    record(actor, "charges.tariff_deleted", ("charge", rule_id), changes=changes)


def told(tariff: Tariff) -> str:
    """A tariff in a line of a trail."""
    steps = [
        f"{one.start.normalize():f}: "
        + (f"{one.amount.normalize():f}" if one.amount is not None else f"{(one.percent or 0):f} %")
        for one in tariff.steps.all()
    ]
    if tariff.is_none:
        steps = ["–"]
    whom = tariff.account or tariff.group
    parts = [
        tariff.currency,
        str(whom) if whom else "",
        " ".join([*tariff.countries, *tariff.postcodes]),
        "; ".join(steps),
    ]
    return ", ".join(part for part in parts if part)


def _check(rule: Rule, facts: TariffFacts) -> None:
    problems = {}
    if len(facts.currency) != 3 or not facts.currency.isascii() or not facts.currency.isupper():
        problems["currency"] = _("Choose a currency.")
    elif rule.measure == "content" and rule.index and rule.index.currency != facts.currency:
        problems["currency"] = _("The surcharge is in the currency of its index, %(currency)s.") % {
            "currency": rule.index.currency
        }
    if facts.account and facts.group:
        problems["group"] = _("Choose a customer or a group, not both.")
    if facts.account and facts.account.seller_id != rule.seller_id:
        problems["account"] = _("This is not one of your customers.")
    if facts.group and facts.group.seller_id != rule.seller_id:
        problems["group"] = _("Choose one of your groups.")
    problems |= _wrong_places(facts)
    if facts.valid_from and facts.valid_until and facts.valid_until <= facts.valid_from:
        problems["valid_until"] = _("It must end after it begins.")
    decimals = minor_units(facts.currency)
    if facts.free_from is not None and not (
        0 < facts.free_from < 10**12 and facts.free_from == round(facts.free_from, decimals)
    ):
        problems["free_from"] = _("Enter an amount above 0.")
    if not is_unit_price(facts.index_base):
        problems["index_base"] = _("Enter an amount of 0 or more.")
    if not facts.is_none:
        problems |= _wrong_steps(rule, facts.steps)
    if problems:
        raise Refused("incomplete", _("The tariff was not saved. Correct the marked fields."), problems)


def _wrong_places(facts: TariffFacts) -> dict[str, str]:
    if unknown := sorted(set(facts.countries) - COUNTRIES):
        message = _("There is no country %(code)s. Use codes such as DE, AT.")
        return {"countries": message % {"code": unknown[0][:10]}}
    if facts.postcodes and len(set(facts.countries)) != 1:
        return {"postcodes": _("Name the one country whose postcodes these are.")}
    if len(facts.postcodes) > MOST_POSTCODES:
        message = _("A tariff has at most %(most)s postcodes and ranges.")
        return {"postcodes": message % {"most": MOST_POSTCODES}}
    for one in facts.postcodes:
        try:
            plain_range(one)
        except ValueError:
            message = _("“%(text)s” is no postcode and no range of them, as 25845-25849.")
            return {"postcodes": message % {"text": one[:30]}}
    return {}


def _wrong_steps(rule: Rule, steps: Sequence[StepFacts]) -> dict[str, str]:
    if rule.measure == "content":
        return {"steps": _("This charge follows the content; it has no steps.")} if steps else {}
    if not steps:
        return {"steps": _("Enter at least one step: from where on, and how much.")}
    if len(steps) > MOST_STEPS:
        return {"steps": _("A tariff has at most %(most)s steps.") % {"most": MOST_STEPS}}
    problems = {f"steps/{number}/amount": one.problem for number, one in enumerate(steps) if one.problem}
    starts = [one.start for one in steps]
    for number, start in enumerate(starts):
        if start in starts[:number]:
            problems[f"steps/{number}/start"] = _("Another step begins here.")
    return problems
