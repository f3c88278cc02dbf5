"""Whether a quantity may be sold, and the sentence when not."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Protocol

from django.utils.translation import gettext as _

from kontor.goods.units import counted
from kontor.goods.units import decimals as decimals_of
from kontor.kernel.money import MAX_QUANTITY, QUANTITY_DECIMALS


class Sold(Protocol):
    """The rules of a sales unit; minimum, multiple and maximum count in the unit itself, `factor` is its base units."""

    @property
    def unit(self) -> str: ...
    @property
    def factor(self) -> Decimal: ...
    @property
    def minimum(self) -> Decimal: ...
    @property
    def multiple(self) -> Decimal: ...
    @property
    def maximum(self) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class QuantityProblem:
    """Why a quantity cannot be ordered: a stable code, a sentence, and the nearest quantity that can."""

    code: str
    message: str
    nearest: Decimal


def nearest_quantity(sold: Sold, quantity: Decimal) -> Decimal:
    """The smallest quantity that may be sold and is not below `quantity`."""
    steps = (max(quantity, sold.minimum) / sold.multiple).to_integral_value(ROUND_CEILING)
    return steps * sold.multiple


def check_quantity(sold: Sold, quantity: Decimal) -> QuantityProblem | None:
    """What is wrong with a quantity in a sales unit, or None.

    Codes: ``not_positive``, ``too_large``, ``no_fractions``, ``below_minimum``, ``above_maximum``,
    ``not_a_multiple``. The smallest
    quantity that can be sold is the first multiple at or above the minimum.
    """
    lowest = nearest_quantity(sold, sold.minimum)
    if not quantity.is_finite() or quantity <= 0:
        return QuantityProblem("not_positive", _("Enter a quantity above 0."), lowest)
    if quantity > MAX_QUANTITY or quantity * sold.factor > MAX_QUANTITY:
        return QuantityProblem("too_large", _("This quantity is too large. Ask us for an offer."), lowest)
    near = nearest_quantity(sold, quantity)
    places = min(decimals_of(sold.unit), QUANTITY_DECIMALS)
    if quantity != round(quantity, places):
        if places:
            message = _("This is sold with at most %(places)s decimals.") % {"places": places}
        else:
            message = _("This is sold in whole units only.")
        message += " " + _("The next possible quantity is %(quantity)s.") % {
            "quantity": counted(near, sold.unit)
        }
        return QuantityProblem("no_fractions", message, near)
    if quantity < lowest:
        least = {"quantity": counted(lowest, sold.unit)}
        return QuantityProblem("below_minimum", _("The smallest order is %(quantity)s.") % least, near)
    if sold.maximum is not None and quantity > sold.maximum:
        most = max(sold.maximum // sold.multiple * sold.multiple, lowest)
        message = _("At most %(quantity)s can be ordered at once.") % {"quantity": counted(most, sold.unit)}
        return QuantityProblem("above_maximum", message, most)
    if quantity % sold.multiple:
        steps = {"step": counted(sold.multiple, sold.unit), "quantity": counted(near, sold.unit)}
        message = _("This is sold in steps of %(step)s. The next possible quantity is %(quantity)s.") % steps
        return QuantityProblem("not_a_multiple", message, near)
    return None


def agreed_sentence(sold: Sold) -> str:
    """What was agreed with a customer about a unit, as it reads beside the box for the quantity."""
    rules = [_("at least %(quantity)s") % {"quantity": counted(sold.minimum, sold.unit)}]
    if sold.multiple != 1:
        rules.append(_("in steps of %(quantity)s") % {"quantity": counted(sold.multiple, sold.unit)})
    if sold.maximum is not None:
        rules.append(_("at most %(quantity)s") % {"quantity": counted(sold.maximum, sold.unit)})
    return _("Your agreement: %(rules)s") % {"rules": ", ".join(rules)}
