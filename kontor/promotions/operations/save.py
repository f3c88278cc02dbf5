import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, ProtectedError, Sum
from django.utils.translation import gettext as _
from pydantic import ValidationError

from kontor.audit.trail import record
from kontor.catalog.ownership import require_own, selling_company_id
from kontor.companies.models import Company
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.money import ZERO, round_amount
from kontor.kernel.refusal import Refused
from kontor.pricing.permissions import BELOW_FLOOR
from kontor.promotions.models import Promotion
from kontor.promotions.permissions import EDIT_PROMOTIONS
from kontor.promotions.references import unknown_references
from kontor.promotions.terms import (
    AmountOff,
    Bundle,
    Conditions,
    Effect,
    conditions_from,
    effects_as_json,
    effects_from,
    has_amounts,
)
from kontor.promotions.wording import field_problem

MOST_USES = 2_000_000_000
MOST_PRIORITY = 30_000
FORGET = "DELETE FROM promotions_tally WHERE promotion_id = %s"
RECOUNT = """
INSERT INTO promotions_tally (promotion_id, company_id, is_person, membership_id, used)
SELECT u.promotion_id, u.company_id, kind.is_person, CASE WHEN kind.is_person THEN u.membership_id END, count(*)
FROM promotions_use u
JOIN promotions_promotion p ON p.id = u.promotion_id
JOIN (VALUES (false), (true)) AS kind (is_person)
    ON CASE WHEN kind.is_person THEN p.limit_person ELSE p.limit_company END IS NOT NULL
WHERE u.promotion_id = %s AND u.given_back_at IS NULL
GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionFacts:
    """What a person says of a promotion; `conditions` and `effects` as `terms.py` reads them, else as on the model."""

    name: str
    effects: Sequence[Mapping[str, Any]]
    conditions: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    is_active: bool = False
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    priority: int = 100
    stacking: str = Promotion.Stacking.WITH_OTHERS
    currency: str = ""
    most: Decimal | None = None
    below_floor: bool = False
    needs_code: bool = False
    limit_total: int | None = None
    limit_company: int | None = None
    limit_person: int | None = None
    budget: Decimal | None = None


PLAIN = (
    "note", "is_active", "valid_from", "valid_until", "priority", "stacking", "currency", "most", "below_floor",
    "needs_code", "limit_total", "limit_person", "budget",
)  # fmt: skip


@transaction.atomic
def save_promotion(
    *,
    actor: Actor,
    facts: PromotionFacts,
    promotion: Promotion | None = None,
    seller: Company | None = None,
) -> Promotion:
    """Add a promotion of the actor's company (the system names the seller), or change one. It counts from now on.

    One for a first order is once per company. Raises Refused: ``incomplete`` at the fields, those of conditions and
    effects as ``conditions/min_value`` and ``effects/0/percent``; ``below_floor`` without the right to go below;
    ``already_used`` at a limit or budget that uses have passed; ``currency_fixed`` once it has been used.
    """
    require(actor, EDIT_PROMOTIONS)
    if promotion is None:
        promotion = Promotion(seller_id=selling_company_id(actor, seller))
    else:
        require_own(actor, promotion.seller_id)
        # Orders that use it wait here, so that the limits are set beside a count that stands.
        promotion = Promotion.objects.select_for_update().get(pk=promotion.pk)
    conditions, effects = _checked(actor, facts, promotion.seller_id)
    used, amount = _used_so_far(facts, promotion)
    limited = facts.limit_total is not None or facts.budget is not None
    values: dict[str, Any] = {name: getattr(facts, name) for name in PLAIN} | {
        "name": facts.name.strip(),
        "names": {language: text.strip() for language, text in facts.names.items() if text.strip()},
        "limit_company": 1 if conditions.first_order else facts.limit_company,
        "conditions": conditions.model_dump(mode="json", exclude_defaults=True),
        "effects": effects_as_json(effects),
    }
    changes = {
        name: [getattr(promotion, name), value]
        for name, value in values.items()
        if getattr(promotion, name) != value
    }
    counted = {"used": used if limited else 0, "used_amount": amount if limited else ZERO}
    for name, value in (values | counted | {"changed_at": clock.now()}).items():
        setattr(promotion, name, value)
    promotion.save()
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [promotion.pk])
        cursor.execute(RECOUNT, [promotion.pk])
    record(actor, "promotions.saved", ("promotion", promotion.pk), changes={"name": promotion.name} | changes)
    return promotion


def _used_so_far(facts: PromotionFacts, promotion: Promotion) -> tuple[int, Decimal]:
    if promotion._state.adding:  # noqa: SLF001  # as Model.save() reads it
        return 0, ZERO
    sums = promotion.uses.filter(given_back_at=None).aggregate(uses=Count("id"), amount=Sum("amount"))
    used, amount = sums["uses"], sums["amount"] or ZERO
    if used and facts.currency != promotion.currency:
        message = _("The currency stays once a promotion has been used. Copy the promotion instead.")
        raise Refused("currency_fixed", message, {"currency": message})
    found = {}
    if facts.limit_total is not None and used > facts.limit_total:
        found["limit_total"] = _("It has been used %(n)s times already.") % {"n": used}
    if facts.budget is not None and amount > facts.budget:
        found["budget"] = _("%(amount)s have been given already.") % {"amount": f"{amount.normalize():f}"}
    if found:
        raise Refused("already_used", _("The promotion has been used more often than that."), found)
    return used, amount


def _checked(actor: Actor, facts: PromotionFacts, seller_id: int) -> tuple[Conditions, tuple[Effect, ...]]:
    problems = _wrong_facts(facts)
    try:
        conditions = conditions_from(facts.conditions)
    except ValidationError as error:
        problems |= _told("conditions", error)
        conditions = Conditions()
    try:
        effects = effects_from(facts.effects)
    except ValidationError as error:
        problems |= _told("effects", error)
        effects = ()
    problems |= _wrong_amounts(facts, conditions, effects)
    problems |= unknown_references(seller_id, conditions, effects)
    if problems:
        raise Refused("incomplete", _("The promotion was not saved. Correct the marked fields."), problems)
    if facts.below_floor and not actor.may(BELOW_FLOOR):
        message = _("Only somebody who may sell below the lowest price can allow this.")
        raise Refused("below_floor", message, {"below_floor": message})
    return conditions, effects


def _told(where: str, error: ValidationError) -> dict[str, str]:
    found = {}
    for one in error.errors():
        steps = [str(step) for step in one["loc"]]
        if where == "effects" and len(steps) > 1:
            steps.pop(1)  # the kind, by which pydantic tells the effects apart
        cause = str(one.get("ctx", {}).get("error", ""))
        place = "/".join([where, *steps, *([cause] if cause else [])])
        found[place] = field_problem(place.rpartition("/")[2])
    if len(found) > 1:
        found.pop(where, None)  # there are too few effects only because one of them is wrong
    return found


def _wrong_facts(facts: PromotionFacts) -> dict[str, str]:
    found = {}
    if not facts.name.strip() or len(facts.name) > 120:
        found["name"] = _("Enter a name of up to 120 characters.")
    languages = dict(settings.LANGUAGES)
    for language, text in facts.names.items():
        if language not in languages or len(text) > 120:
            found[f"names/{language}"] = _("Enter a name of up to 120 characters.")
    if facts.valid_from and facts.valid_until and facts.valid_until <= facts.valid_from:
        found["valid_until"] = _("The promotion must end after it begins.")
    if not 0 <= facts.priority <= MOST_PRIORITY:
        found["priority"] = _("Enter a whole number up to 30,000.")
    if facts.stacking not in Promotion.Stacking.values:
        found["stacking"] = _("Choose from the list.")
    for name in ("limit_total", "limit_company", "limit_person"):
        value = getattr(facts, name)
        if value is not None and not 1 <= value <= MOST_USES:
            found[name] = _("Enter a whole number above 0, or nothing.")
    return found


def _wrong_amounts(
    facts: PromotionFacts, conditions: Conditions, effects: Sequence[Effect]
) -> dict[str, str]:
    said = facts.budget is not None or facts.most is not None or has_amounts(conditions, effects)
    if facts.currency and not re.fullmatch(r"[A-Z]{3}", facts.currency):
        return {"currency": _("Choose a currency.")}
    if said and not facts.currency:
        return {"currency": _("Choose the currency of the amounts.")}
    amounts = {"budget": facts.budget, "most": facts.most, "conditions/min_value": conditions.min_value}
    for place, effect in enumerate(effects):
        if isinstance(effect, AmountOff | Bundle):
            amounts[f"effects/{place}/amount"] = effect.amount
    return {
        name: _("Enter an amount above 0 that can be paid in this currency.")
        for name, amount in amounts.items()
        if amount is not None and not _is_payable(amount, facts.currency)
    }


def _is_payable(amount: Decimal, currency: str) -> bool:
    return amount.is_finite() and 0 < amount < 10**12 and amount == round_amount(amount, currency)


@transaction.atomic
def set_promotion_active(*, actor: Actor, promotion: Promotion, is_active: bool) -> Promotion:
    """Start or stop a promotion. Stopped, it counts for no order from this moment on."""
    require(actor, EDIT_PROMOTIONS)
    require_own(actor, promotion.seller_id)
    changed = Promotion.objects.filter(pk=promotion.pk, is_active=not is_active).update(
        is_active=is_active, changed_at=clock.now()
    )
    promotion.is_active = is_active
    if changed:
        verb = "promotions.started" if is_active else "promotions.stopped"
        record(actor, verb, ("promotion", promotion.pk))
    return promotion


@transaction.atomic
def delete_promotion(*, actor: Actor, promotion: Promotion) -> None:
    """Remove a promotion with its codes. Refused("was_used") once an order has had it."""
    require(actor, EDIT_PROMOTIONS)
    require_own(actor, promotion.seller_id)
    pk, name = promotion.pk, promotion.name
    try:
        promotion.delete()
    except ProtectedError:
        message = _("Orders have had this promotion, so it stays. Stop it instead.")
        raise Refused("was_used", message) from None
    record(actor, "promotions.deleted", ("promotion", pk), changes={"name": name})
