"""Promotions in plain words: why one did not count, and what is still lacking."""

from collections.abc import Callable
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.kernel.money import minor_units
from kontor.promotions.rules import Outcome

REASONS: dict[str, str | Promise] = {
    "given": gettext_lazy("Counts."),
    "stopped": gettext_lazy("It is stopped."),
    "early": gettext_lazy("It has not begun yet."),
    "late": gettext_lazy("It has ended."),
    "currency": gettext_lazy("It is for orders in another currency."),
    "company": gettext_lazy("It is for other companies."),
    "group": gettext_lazy("It is for customers of another group."),
    "channel": gettext_lazy("It does not count for orders that come in this way."),
    "first_order": gettext_lazy("It is for a first order only."),
    "weekday": gettext_lazy("It does not count on this day of the week."),
    "hours": gettext_lazy("It does not count at this hour."),
    "missing": gettext_lazy("It needs a code."),
    "code_used": gettext_lazy("This code has been used."),
    "code_stopped": gettext_lazy("This code is no longer accepted."),
    "limit_total": gettext_lazy("It has been used as often as it may be."),
    "limit_company": gettext_lazy("Your company has used it as often as it may."),
    "limit_person": gettext_lazy("You have used it as often as you may."),
    "budget": gettext_lazy("What was set aside for it is used up."),
    "goods": gettext_lazy("None of its goods are in the order."),
    "quantity": gettext_lazy("Too few of its goods are in the order."),
    "value": gettext_lazy("The order is too small for it."),
    "another": gettext_lazy("It does not count together with another promotion."),
    "nothing": gettext_lazy("It takes nothing off these prices."),
}
UNKNOWN = gettext_lazy("We do not know this code, or it is not for you. Check how it is written.")
TWICE = gettext_lazy("Another code of this promotion counts already.")


def amount_text(amount: Decimal, currency: str) -> str:
    """An amount as a sentence has it: ``12.50 EUR``."""
    return f"{number_format(amount, minor_units(currency), force_grouping=True)} {currency}".strip()


def number_text(number: Decimal) -> str:
    """A quantity or a percentage without needless zeros."""
    plain = number.normalize()
    decimals = max(0, -int(plain.as_tuple().exponent))
    return number_format(plain, decimals, force_grouping=True)


def reason_text(outcome: Outcome, currency: str) -> str:
    """Why a promotion did not count, or that it does."""
    short = {
        "value": _("The order is %(amount)s too small for it."),
        "quantity": _("%(number)s too few of its goods."),
    }
    if outcome.reason == "value" and outcome.lacking:
        return short["value"] % {"amount": amount_text(outcome.lacking, currency)}
    if outcome.reason == "quantity" and outcome.lacking:
        return short["quantity"] % {"number": number_text(outcome.lacking)}
    return str(REASONS[outcome.reason])


def lacking_text(outcome: Outcome, name: str, currency: str) -> str:
    """What a buyer can add to get a promotion; "" when that would not do."""
    said: dict[str, Callable[[], str]] = {
        "value": lambda: (
            _("%(name)s: order for %(amount)s more.")
            % {"name": name, "amount": amount_text(outcome.lacking, currency)}
        ),
        "quantity": lambda: (
            _("%(name)s: %(number)s more of its goods.")
            % {"name": name, "number": number_text(outcome.lacking)}
        ),
    }
    return said[outcome.reason]() if outcome.reason in said else ""


def field_problem(name: str) -> str:
    """What to enter in a field of conditions or effects that cannot be taken."""
    said = {
        "percent": _("Enter a percentage above 0, at most 100."),
        "amount": _("Enter an amount above 0."),
        "min_value": _("Enter an amount above 0."),
        "quantity": _("Enter a quantity above 0, with at most three decimals."),
        "min_quantity": _("Enter a quantity above 0, with at most three decimals."),
        "every": _("Enter a quantity above 0, with at most three decimals."),
        "price_base": _("Enter a quantity above 0, with at most three decimals."),
        "take": _("Enter a whole number from 2 on."),
        "pay": _("Enter a whole number below the one to take."),
        "tiers": _("Enter one to ten steps, each higher than the one before."),
        "start": _("Enter from how much on the step counts."),
        "parts": _("Enter one to ten articles, each once."),
        "product_id": _("Choose one of your articles."),
        "hours": _("Enter from when until when it counts on a day, the earlier first."),
        "effects": _("Say what the promotion gives."),
    }
    return said.get(name) or _("This cannot be taken. Check it.")
