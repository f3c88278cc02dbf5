"""Why a price is what it is, in sentences for the seller's people."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from kontor.pricing.explain import Asked, LeftOut, Why
from kontor.web.dates import datetime_text
from kontor.web.numbers import number, written_price

ONE = Decimal(1)


def why(step: Asked, steps: Sequence[Asked]) -> str:
    """Why a step of the chain counts, or does not."""
    winner = next((one.list_name for one in steps if one.wins), "")
    sentences: dict[Why, str] = {
        "first": _("The first that has a price."),
        "lowest": _("The lowest of all lists."),
        "on_request": _("The article is on request here, so it has no price."),
        "none": _("Has no price for this article."),
        "silent": _("On request; another list has a price."),
        "higher": _("Not lower than %(list)s."),
        "exception": _("%(list)s has a price of its own for this article, an exception from its formula."),
        "later": _("Asked after %(list)s, which says something already."),
    }
    return sentences[step.why].replace("%(list)s", winner)


def figures(step: Asked) -> str:
    """The formula worked out, such as 99.00 EUR × 0.9 = 89.10, to the nearest 1, less 0.05: 88.95 EUR."""
    if not step.derives or step.price is None or step.basis_amount is None:
        return ""
    base = step.price.price_base
    exact = step.basis_amount * step.factor + base * step.addend
    text = f"{written_price(step.basis_amount, step.basis_currency)}"
    if step.factor != ONE:
        text += f" × {number(step.factor)}"
    if step.addend:
        sign = "+" if step.addend > 0 else "\u2212"
        each = f"{number(base)} × " if base != ONE else ""
        text += f" {sign} {each}{number(abs(step.addend))}"
    text += f" = {number(exact)}"
    if step.price.amount != exact:
        text += f" → {written_price(step.price.amount, step.currency)}"
    return f"{text} ({_rounding(step)})" if step.round_to is not None else text


def _rounding(step: Asked) -> str:
    words = _("to the nearest %(step)s") % {"step": number(step.round_to or 0)}
    if step.ending:
        ending = _("plus %(amount)s") if step.ending > 0 else _("less %(amount)s")
        words += ", " + ending % {"amount": number(abs(step.ending))}
    return words


def why_left_out(one: LeftOut) -> str:
    """Why a list that was given is not asked."""
    when = datetime_text(one.when)
    sentences = {
        "ahead": _("Counts only from %(when)s on.") % {"when": when},
        "over": _("Ended on %(when)s.") % {"when": when},
        "closed": _("Not asked: the lists before stand alone."),
        "currency": _("In %(currency)s; this customer buys in another currency.")
        % {"currency": one.currency},
        "rate": _("No exchange rate from %(currency)s that is recent enough, so it derives nothing.")
        % {"currency": one.currency},
    }
    return sentences[one.why]
