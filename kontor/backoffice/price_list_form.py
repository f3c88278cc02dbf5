"""The form of a price list: how people type a formula and a validity, and how it is told in words."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused
from kontor.pricing.models import PriceList
from kontor.pricing.operations import Formula, PriceListFacts
from kontor.web.asked import key_of
from kontor.web.dates import as_moment_field, moment_from
from kontor.web.forms import number_problem
from kontor.web.numbers import as_input, number, number_from

LEFT_OUT = {"factor": Decimal(1), "addend": Decimal(0), "ending": Decimal(0), "rate_days": Decimal(7)}
"""What a figure of the formula is when nothing is typed."""


def facts_from(typed: QueryDict, actor: Actor, found: PriceList | None = None) -> PriceListFacts:
    """What was typed. The currency of a list that is there stays. Raises Refused("incomplete") at unreadable fields."""
    wrong: dict[str, str] = {}
    window = {name: _moment(typed, name, wrong) for name in ("valid_from", "valid_until")}
    formula = _formula(typed, actor, wrong)
    if wrong:
        raise Refused("incomplete", _("The price list was not saved. Correct the marked fields."), wrong)
    return PriceListFacts(
        name=typed.get("name", ""),
        currency=found.currency if found else typed.get("currency", "").strip().upper(),
        code=found.code if found else "",
        is_public=bool(typed.get("is_public")),
        is_graduated=bool(typed.get("is_graduated")),
        formula=formula,
        **window,
    )


def _moment(typed: QueryDict, name: str, wrong: dict[str, str]) -> datetime | None:
    try:
        return moment_from(typed.get(name, ""))
    except ValueError:
        wrong[name] = _("Enter a day and a time.")
        return None


def _formula(typed: QueryDict, actor: Actor, wrong: dict[str, str]) -> Formula | None:
    key = key_of(typed.get("basis", ""))
    if key is None:
        return None
    basis = PriceList.objects.visible_to(actor).filter(pk=key).first()
    figures: dict[str, Decimal | None] = {}
    for name in ("factor", "addend", "round_to", "ending", "rate_days"):
        text = typed.get(name, "").strip()
        figures[name] = _figure(name, text) if text else LEFT_OUT.get(name)
        if text and figures[name] is None:
            wrong[name] = number_problem(text)
    days = figures.pop("rate_days")
    if basis is None:
        wrong["basis"] = _("Choose one of your lists.")
    if days is not None and days != int(days):
        wrong["rate_days"] = _("Enter a number of days up to 366.")
    if wrong or basis is None or days is None:
        return None
    given: dict[str, Any] = figures
    return Formula(basis, **given, rate_days=int(days))


def _figure(name: str, text: str) -> Decimal | None:
    return factor_from(text) if name == "factor" else number_from(text)


def factor_from(text: str) -> Decimal | None:
    """A factor as people say it: by itself, as a change in percent, or as a share in percent.

    >>> [str(factor_from(text)) for text in ("0.9", "-10 %", "+2.5%", "90 %")]
    ['0.9', '0.90', '1.025', '0.90']
    """
    if not text.endswith("%"):
        return number_from(text)
    percent = number_from(text.removesuffix("%"))
    if percent is None:
        return None
    changes = text[0] in "+-\u2212"
    return percent / 100 + 1 if changes else percent / 100


def percent_of(factor: Decimal) -> str:
    """A factor as a change in percent, such as −10 %; nothing for 1."""
    change = (factor - 1) * 100
    sign = "\u2212" if change < 0 else "+"
    return f"{sign}{number(abs(change))}\u00a0%" if change else ""


def formula_words(one: PriceList) -> str:
    """How a list derives from its basis, in a line: List prices −10 %, to the nearest 1, less 0.05."""
    if one.basis is None:
        return ""
    parts = [f"{one.basis.name} {percent_of(one.factor)}".strip()]
    if one.addend:
        words = _("plus %(amount)s each") if one.addend > 0 else _("less %(amount)s each")
        parts.append(words % {"amount": number(abs(one.addend))})
    if one.round_to is not None:
        parts.append(_("to the nearest %(step)s") % {"step": number(one.round_to)})
    if one.ending:
        words = _("plus %(amount)s") if one.ending > 0 else _("less %(amount)s")
        parts.append(words % {"amount": number(abs(one.ending))})
    if one.basis.currency != one.currency:
        parts.append(
            _("%(basis)s into %(own)s at the rate of the day")
            % {"basis": one.basis.currency, "own": one.currency}
        )
    return ", ".join(parts)


def fields_of(one: PriceList, typed: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the form of a list shows: what was typed, else the list as it is."""
    if typed:
        return typed
    shown: dict[str, Any] = {
        "name": one.name,
        "is_public": one.is_public,
        "is_graduated": one.is_graduated,
        "valid_from": as_moment_field(one.valid_from),
        "valid_until": as_moment_field(one.valid_until),
    }
    if one.basis_id is not None:
        shown |= {
            "basis": one.basis_id,
            "factor": percent_of(one.factor).replace("\u2212", "-").replace("\u00a0", " "),
            "addend": as_input(one.addend) if one.addend else "",
            "round_to": as_input(one.round_to),
            "ending": as_input(one.ending) if one.ending else "",
            "rate_days": one.rate_days,
        }
    return shown
