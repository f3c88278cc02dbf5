import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.catalog.models import Category, Product
from kontor.catalog.operations.facts import TAX_CATEGORIES
from kontor.catalog.ownership import require_own, selling_company_id
from kontor.charges.codes import USUAL, codes_of
from kontor.charges.models import Index, Rule
from kontor.charges.rules import GOES_WITH_GOODS, MEASURES
from kontor.companies.models import Company
from kontor.kernel.actors import Actor, require
from kontor.kernel.refusal import Refused
from kontor.kernel.texts import printable
from kontor.pricing.permissions import EDIT_PRICES

COLUMNS = (
    "kind",
    "measure",
    "name",
    "code",
    "tax_category",
    "is_refundable",
    "per",
    "channels",
    "hazards",
    "position",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFacts:
    """A charge as a form gives it. Empty: `measure` and `code` are the usual ones of the kind, `is_refundable` too.

    `name` is what stands on the paper. `per` base units bear one amount of a charge by quantity. `channels` are those
    of orders (none: all). Without categories and products the charge is about all goods. `hazards` are classes of
    ADR ("*": any); None is the usual: any for a hazardous charge that names no goods.
    """

    kind: str
    name: str
    measure: str = ""
    code: str = ""
    tax_category: str = ""
    is_refundable: bool | None = None
    per: Decimal = Decimal(1)
    index: Index | None = None
    channels: Sequence[str] = ()
    categories: Sequence[Category] = ()
    products: Sequence[Product] = ()
    hazards: Sequence[str] | None = None
    position: int = 0

    def columns(self) -> dict[str, Any]:
        """As the table has them."""
        refundable = self.kind in GOES_WITH_GOODS if self.is_refundable is None else self.is_refundable
        return {name: getattr(self, name) for name in COLUMNS} | {
            "name": printable(self.name),
            "measure": self.measure or MEASURES.get(self.kind, ("",))[0],
            "code": self.code or USUAL.get(self.kind, ""),
            "is_refundable": refundable,
            "channels": list(self.channels),
            "hazards": self._hazards(),
            "index": self.index,
        }

    def _hazards(self) -> list[str]:
        if self.hazards is not None:
            return sorted(set(self.hazards))
        return ["*"] if self.kind == "hazardous" and not (self.categories or self.products) else []


@transaction.atomic
def save_rule(
    *, actor: Actor, facts: RuleFacts, rule: Rule | None = None, seller: Company | None = None
) -> Rule:
    """Add a charge of the actor's company (the system names the seller), or change one. Its tariffs say how much.

    Kind and measure of a charge stay as they were once it has tariffs. Raises Refused: ``incomplete`` at the fields,
    ``measure_fixed`` at ``measure``, ``name_taken`` at ``name``.
    """
    require(actor, EDIT_PRICES)
    if rule is None:
        rule = Rule(seller_id=selling_company_id(actor, seller))
    else:
        require_own(actor, rule.seller_id)
    columns = facts.columns()
    _check(facts, columns, rule)
    changes = {
        name: [getattr(rule, name), value]
        for name, value in columns.items()
        if name != "index" and getattr(rule, name) != value
    }
    for name, value in columns.items():
        setattr(rule, name, value)
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError:
        message = _("Another of your charges has this name.")
        raise Refused("name_taken", message, {"name": message}) from None
    rule.categories.set(facts.categories)
    rule.products.set(facts.products)
    record(actor, "charges.rule_saved", ("charge", rule.pk), changes=changes | {"name": rule.name})
    return rule


@transaction.atomic
def delete_rule(*, actor: Actor, rule: Rule) -> None:
    """Remove a charge with its tariffs. Orders and invoices keep what they bear."""
    require(actor, EDIT_PRICES)
    require_own(actor, rule.seller_id)
    pk, name = rule.pk, rule.name
    rule.delete()
    record(actor, "charges.rule_deleted", ("charge", pk), changes={"name": name})


def _wrong_owners(facts: RuleFacts, rule: Rule) -> dict[str, str]:
    problems = {}
    if facts.index is not None and facts.index.seller_id != rule.seller_id:
        problems["index"] = _("Choose one of your indices.")
    if any(product.seller_id != rule.seller_id for product in facts.products):
        problems["products"] = _("Choose articles of your own.")
    return problems


def _check(facts: RuleFacts, columns: dict[str, Any], rule: Rule) -> None:
    problems = _wrong_owners(facts, rule)
    if facts.kind not in MEASURES:
        problems["kind"] = _("Choose what is charged.")
    elif columns["measure"] not in MEASURES[facts.kind]:
        problems["measure"] = _("A charge of this kind cannot be measured like that.")
    if not columns["name"] or len(columns["name"]) > 120:
        problems["name"] = _("Enter a name of up to 120 characters. It stands on the documents.")
    if columns["code"] not in codes_of(facts.kind):
        problems["code"] = _("Choose one of the codes.")
    if facts.tax_category and facts.tax_category not in TAX_CATEGORIES:
        problems["tax_category"] = _("Choose a tax category.")
    if any(not re.fullmatch(r"\*|[1-9](\.[1-9])?", one) for one in columns["hazards"]):
        problems["hazards"] = _("Enter classes such as 3 or 6.1, or * for all hazardous goods.")
    if not (0 < facts.per <= 1_000_000 and facts.per == round(facts.per, 3)):
        problems["per"] = _("Enter a quantity above 0.")
    if (facts.kind == "index") != (facts.index is not None):
        problems["index"] = _("Choose the index that the surcharge follows.")
    if not 0 <= facts.position <= 999:
        problems["position"] = _("Enter a number up to 999.")
    if problems:
        raise Refused("incomplete", _("The charge was not saved. Correct the marked fields."), problems)
    moved = rule.pk and (rule.kind, rule.measure) != (facts.kind, columns["measure"])
    if moved and rule.tariffs.exists():
        message = _(
            "What is measured stays, because there are tariffs. Remove them first, or add a new charge."
        )
        raise Refused("measure_fixed", message, {"measure": message})
