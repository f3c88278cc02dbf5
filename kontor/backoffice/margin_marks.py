"""A margin as the office shows it: a percentage with a word and a colour, for those who may see costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from kontor.kernel.actors import Actor
from kontor.pricing.floors import Known, known_costs
from kontor.pricing.permissions import SEE_COSTS
from kontor.pricing.rules import margin

THIN = Decimal(10)
"""Below so many percent of the price a margin is marked as thin."""


@dataclass(frozen=True, slots=True)
class Mark:
    """`percent` of the price stays above the cost (None: cost not known); `kind`, `word` as `ui.status` shows them."""

    percent: Decimal | None
    kind: str
    word: str


def mark_of(each: Decimal | None, known: Known | None) -> Mark | None:
    """The mark of a price of a base unit; None where neither cost nor least price is known, or no price."""
    if each is None or known is None:
        return None
    cost, floor = known
    percent = margin(each, cost) if cost is not None else None
    if floor is not None and each < floor:
        return Mark(percent, "bad", _("below the lowest price"))
    if cost is not None and each < cost:
        return Mark(percent, "bad", _("below cost"))
    if percent is None:
        return Mark(None, "neutral", _("above the lowest price")) if floor is not None else None
    return Mark(percent, "warning", _("thin")) if percent < THIN else Mark(percent, "done", "")


def marks_for(
    actor: Actor, prices: Sequence[tuple[int, Decimal | None]], currency: str, at: datetime | None = None
) -> list[Mark | None]:
    """The marks of (product, price of a base unit) in the same order; none at all for who may not see costs."""
    if not actor.may(SEE_COSTS) or actor.acting_for_id is not None:
        return [None] * len(prices)
    known = known_costs([product_id for product_id, _each in prices], at, currency)
    return [mark_of(each, known.get(product_id)) for product_id, each in prices]
