"""The sentences of a cart: what is wrong, why, and what to do about it."""

from decimal import Decimal

from django.utils.translation import gettext as _

from kontor.carts.rules import BadQuantity, LineProblem, UnitTerms, base_problem, read_quantity
from kontor.goods.quantities import check_quantity
from kontor.goods.units import counted, name
from kontor.kernel.money import MAX_QUANTITY
from kontor.kernel.refusal import Refused


def bad_quantity(problem: BadQuantity) -> str:
    """Why what was typed is no quantity, as a sentence."""
    if problem is BadQuantity.MISSING:
        return _("Enter a quantity.")
    if problem is BadQuantity.AMBIGUOUS:
        return _("This can be read as a thousand or as a fraction. Write it without a thousands separator.")
    if problem is BadQuantity.NOT_POSITIVE:
        return _("Enter a quantity above 0. To take the article out, remove the line.")
    if problem is BadQuantity.TOO_PRECISE:
        return _("Quantities have at most three decimals. Round the quantity.")
    if problem is BadQuantity.TOO_LARGE:
        return _("At most %(most)s fit in one line. Enter a smaller quantity.") % {
            "most": f"{MAX_QUANTITY:,}"
        }
    return _("Enter the quantity as a plain number such as 12 or 2.5.")


def checked_quantity(value: Decimal | int | str | None, *, field: str) -> Decimal:
    """A quantity from a person or a machine. Raises Refused with a `BadQuantity` code at `field`."""
    quantity = read_quantity(value)
    if isinstance(quantity, BadQuantity):
        message = bad_quantity(quantity)
        raise Refused(quantity.value, message, {field: message})
    return quantity


def sales_problem(quantity: Decimal, terms: UnitTerms) -> tuple[str, str] | None:
    """Code and sentence when minimum, steps or precision of the unit forbid the quantity; names the nearest one."""
    problem = check_quantity(terms, quantity)
    if problem is None:
        kept = base_problem(quantity, terms.factor)
        return (kept.value, bad_quantity(kept)) if kept else None
    message = problem.message
    if problem.code == "below_minimum":
        message = _("%(problem)s Enter %(nearest)s or more.") % {
            "problem": message,
            "nearest": counted(problem.nearest, terms.unit),
        }
    return problem.code, message


def wrong_unit(unit: str, sold: list[str]) -> str:
    """The sentence for a unit in which the article is not sold; never converts."""
    return _("This is not sold by “%(unit)s”. It is sold by: %(sold)s.") % {
        "unit": name(unit),
        "sold": ", ".join(name(one) for one in sold),
    }


def line_problem(problem: LineProblem, *, available: Decimal = Decimal(0), base_unit: str = "") -> str:
    """Why a line cannot be ordered as it stands; steps and minimum have `sales_problem`."""
    if problem is LineProblem.DISCONTINUED:
        return _("This article is no longer made. Remove the line or look for a successor.")
    if problem is LineProblem.NOT_CONFIGURED:
        return _("Choose the options of this article first.")
    if problem is LineProblem.NO_PRICE:
        return _("There is no price for you yet. Ask for an offer, or remove the line to order the rest.")
    if problem is LineProblem.NOT_ENOUGH_STOCK:
        if available <= 0:
            return _(
                "Nothing is in stock at the moment. Remove the line to order the rest, or ask for an offer."
            )
        free = {"quantity": counted(available, base_unit)}
        return _("Only %(quantity)s are available. Order less, or ask for an offer.") % free
    return _("This is not sold in this way any more. Remove the line and add the article again.")
