from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.models import Category, Product
from kontor.catalog.ownership import require_own, selling_company_id
from kontor.companies.models import Company, CustomerAccount
from kontor.goods.units import UNITS
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.kernel.texts import printable
from kontor.rebates.counting import count_anew, hold
from kontor.rebates.models import Rebate, RebateMember, RebateRule
from kontor.rebates.operations.state import contradiction, moved_on, refuse_settled
from kontor.rebates.permissions import EDIT_REBATES

MOST_TIERS = 20
MOST_DECIMALS = 6
HIGHEST = Decimal(10) ** 12
LONGEST = timedelta(days=5 * 366)
SHOWN = 5
PLAIN = (
    "name", "currency", "begins_on", "ends_on", "measure", "unit", "reward", "is_graduated", "is_cumulative",
    "is_quarterly",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """Exactly one of: a category by its path (with all below), a brand, an own SKU (of a model: all its variants)."""

    category: str = ""
    brand: str = ""
    sku: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RebateFacts:
    """An agreement as a form gives it. `tiers` are pairs: from how much on, at which rate. No `takes_in`: all goods."""

    name: str
    currency: str
    begins_on: date
    ends_on: date
    tiers: Sequence[tuple[Decimal, Decimal]]
    accounts: Sequence[CustomerAccount]
    takes_in: Sequence[Goods] = ()
    leaves_out: Sequence[Goods] = ()
    measure: str = Rebate.Measure.VALUE
    unit: str = ""
    reward: str = Rebate.Reward.PERCENT
    is_graduated: bool = False
    is_cumulative: bool = False
    is_quarterly: bool = False


@transaction.atomic
def save_rebate(
    *, actor: Actor, facts: RebateFacts, rebate: Rebate | None = None, seller: Company | None = None
) -> Rebate:
    """Write a draft, or change an agreement of which nothing is settled yet; one in force is counted anew.

    The system names the seller. Raises Refused: ``incomplete`` at the fields, ``unknown_goods``, ``name_taken``,
    ``contradicts``, ``settled_in_part``; Stale when it is settled or ended by now.
    """
    require(actor, EDIT_REBATES)
    if rebate is None:
        rebate = Rebate(seller_id=selling_company_id(actor, seller))
        hold(rebate.seller_id)
    else:
        require_own(actor, rebate.seller_id)
        hold(rebate.seller_id)
        rebate.refresh_from_db()
        refuse_settled(rebate)
        if rebate.state not in (Rebate.State.DRAFT, Rebate.State.ACTIVE):
            raise moved_on()
    _check(facts)
    if any(one.seller_id != rebate.seller_id for one in facts.accounts):
        raise NotAllowed("not_allowed", _("Only the seller's own customers can be given a bonus."))
    rules = _rules(rebate.seller_id, facts)
    before = _told(rebate) if rebate.pk else {}
    for name in PLAIN:
        setattr(rebate, name, getattr(facts, name))
    rebate.name = printable(facts.name)
    rebate.tier_from, rebate.tier_rate = (list(column) for column in zip(*facts.tiers, strict=True))
    rebate.basket_key = _key(rules)
    _write(rebate, rules, facts.accounts)
    after = _told(rebate)
    changes = {key: [before.get(key), value] for key, value in after.items() if before.get(key) != value}
    record(actor, "rebates.saved", ("rebate", rebate.pk), changes={"name": rebate.name} | changes)
    if rebate.state == Rebate.State.ACTIVE:
        count_anew(rebate)
    return rebate


def _write(rebate: Rebate, rules: list[RebateRule], accounts: Sequence[CustomerAccount]) -> None:
    kept = {one.pk for one in accounts}
    try:
        with transaction.atomic():
            if rebate.pk:
                rebate.rules.all().delete()
                rebate.members.exclude(account_id__in=kept).delete()
            rebate.save()
            for rule in rules:
                rule.rebate = rebate
            RebateRule.objects.bulk_create(rules)
            new = kept - set(rebate.members.values_list("account_id", flat=True))
            RebateMember.objects.bulk_create(RebateMember(rebate=rebate, account_id=pk) for pk in sorted(new))
    except IntegrityError as problem:
        if "rebates_not_contradicting" in str(problem):
            raise contradiction() from None
        if "rebates_name_once" not in str(problem):
            raise
        message = _("Another of your agreements has this name.")
        raise Refused("name_taken", message, {"name": message}) from None


def _check(facts: RebateFacts) -> None:
    wrong = {}
    if not 0 < len(printable(facts.name)) <= 120:
        wrong["name"] = _("Enter a name of up to 120 characters.")
    if len(facts.currency) != 3 or not facts.currency.isascii() or not facts.currency.isupper():
        wrong["currency"] = _("Choose a currency.")
    if facts.ends_on < facts.begins_on:
        wrong["ends_on"] = _("The last day is before the first.")
    elif facts.ends_on - facts.begins_on > LONGEST:
        wrong["ends_on"] = _("An agreement lasts five years at most.")
    if not facts.accounts:
        wrong["accounts"] = _("Name at least one customer.")
    wrong |= _check_measure(facts) | _check_tiers(facts)
    if wrong:
        raise Refused("incomplete", _("The agreement was not saved. Correct the marked fields."), wrong)


def _check_measure(facts: RebateFacts) -> dict[str, str]:
    by_value = facts.measure == Rebate.Measure.VALUE
    if facts.measure not in Rebate.Measure.values or facts.reward not in Rebate.Reward.values:
        return {"measure": _("Choose what is measured, and what the bonus is.")}
    if by_value and (facts.unit or facts.reward != Rebate.Reward.PERCENT):
        return {"reward": _("An amount per unit needs a quantity as its measure.")}
    if not by_value and facts.unit not in UNITS:
        return {"unit": _("Choose the unit in which is counted.")}
    if not by_value and facts.reward == Rebate.Reward.PERCENT and facts.is_graduated:
        return {
            "is_graduated": _(
                "Percent of the value by quantity count for all, not for the part above a tier."
            )
        }
    return {}


def _check_tiers(facts: RebateFacts) -> dict[str, str]:
    if not 1 <= len(facts.tiers) <= MOST_TIERS:
        return {"tiers": _("Enter at least one tier, and at most %(most)d.") % {"most": MOST_TIERS}}
    wrong, least, lowest = {}, Decimal(-1), Decimal(0)
    most = Decimal(100) if facts.reward == Rebate.Reward.PERCENT else HIGHEST
    for number, (start, rate) in enumerate(facts.tiers):
        if not start.is_finite() or not least < start < HIGHEST or round(start, MOST_DECIMALS) != start:
            wrong[f"tiers/{number}/from"] = _("Each tier begins higher than the one before.")
        if not rate.is_finite() or not lowest < rate <= most or round(rate, MOST_DECIMALS) != rate:
            wrong[f"tiers/{number}/rate"] = _(
                "Each tier gives more than the one before, percent at most 100."
            )
        if wrong:
            return wrong
        least, lowest = start, rate
    return {}


def _rules(seller_id: int, facts: RebateFacts) -> list[RebateRule]:
    """The rules of the basket, each kind of goods once. Raises Refused("unknown_goods", "goods_twice")."""
    asked = [(True, one) for one in facts.takes_in] + [(False, one) for one in facts.leaves_out]
    paths = {one.category.strip("/ ") for _in, one in asked if one.category}
    skus = {one.sku.strip() for _in, one in asked if one.sku}
    categories = dict(Category.objects.filter(path__in=paths).values_list("path", "pk"))
    products = dict(Product.objects.filter(seller_id=seller_id, sku__in=skus).values_list("sku", "pk"))
    unknown = sorted((paths - set(categories)) | (skus - set(products)))
    if unknown:
        names = ", ".join(unknown[:SHOWN]) + (" …" if len(unknown) > SHOWN else "")
        message = _("Not known: %(names)s. Nothing was changed.") % {"names": names}
        raise Refused("unknown_goods", message, {"goods": message})
    found: dict[tuple[Any, ...], RebateRule] = {}
    for takes_in, one in asked:
        brand = printable(one.brand)[:100]
        if (bool(one.category), bool(brand), bool(one.sku)).count(True) != 1:
            message = _("A rule is about one category, one brand or one article.")
            raise Refused("incomplete", message, {"goods": message})
        rule = RebateRule(
            takes_in=takes_in,
            category_id=categories[one.category.strip("/ ")] if one.category else None,
            brand=brand,
            product_id=products[one.sku.strip()] if one.sku else None,
        )
        key = (rule.category_id, brand.casefold(), rule.product_id)
        if found.setdefault(key, rule).takes_in != takes_in:
            message = _("The same goods cannot both count and not count.")
            raise Refused("incomplete", message, {"goods": message})
    return list(found.values())


def _key(rules: Sequence[RebateRule]) -> str:
    """Equal for rules that say the same, "" for all goods."""
    told = sorted(
        f"{one.takes_in}/{one.category_id}/{one.brand.casefold()}/{one.product_id}" for one in rules
    )
    return sha256("\n".join(told).encode()).hexdigest() if told else ""


def _told(rebate: Rebate) -> dict[str, Any]:
    """The agreement as a trail tells it."""
    rules = list(rebate.rules.select_related("category", "product"))
    facts: dict[str, Any] = {name: getattr(rebate, name) for name in PLAIN if name != "name"}
    facts |= {name: str(facts[name]) for name in ("begins_on", "ends_on")}
    facts["tiers"] = "; ".join(f"{start.normalize():f}: {rate.normalize():f}" for start, rate in rebate.tiers)
    for name, takes_in in (("takes_in", True), ("leaves_out", False)):
        facts[name] = [
            one.category.name if one.category else one.brand or (one.product.sku if one.product else "")
            for one in rules
            if one.takes_in == takes_in
        ]
    facts["customers"] = [str(one.account.buyer) for one in rebate.members.select_related("account__buyer")]
    return facts
