"""The forms of charges: how people type a charge, a tariff and its steps, and how a tariff is told in words."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from kontor.backoffice.price_rows import price_as_input
from kontor.catalog.models import Category, Product
from kontor.charges.models import Index, Rule, Step, Tariff
from kontor.charges.operations import RuleFacts, StepFacts, TariffFacts
from kontor.companies.models import CustomerAccount, CustomerGroup
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused
from kontor.kernel.texts import printable
from kontor.web.asked import key_of
from kontor.web.dates import as_moment_field, date_text, moment_from
from kontor.web.forms import number_problem, rows_of
from kontor.web.numbers import as_input, machine, number, number_from
from kontor.web.units import unit_name
from kontor.web.values import money_text

BLANK_STEPS = 3
SHOWN_SKUS = 500
SHOWN_POSTCODES = 6


def rule_from(typed: QueryDict, actor: Actor, rule: Rule | None = None) -> RuleFacts:
    """What was typed about a charge; the kind of one that is there stays. Raises Refused at unreadable fields."""
    wrong: dict[str, str] = {}
    figures = {}
    for name, usual in (("per", "1"), ("position", "0")):
        text = typed.get(name, "").strip() or usual
        figures[name] = number_from(text)
        if figures[name] is None:
            wrong[name] = number_problem(text)
    index_key, skus = key_of(typed.get("index", "")), typed.get("products", "").replace("\x00", "").split()
    products = list(Product.objects.visible_to(actor).filter(seller_id=actor.company_id, sku__in=skus))
    if missing := sorted(set(skus) - {product.sku for product in products}):
        wrong["products"] = _("There is no article %(sku)s among yours.") % {"sku": missing[0][:40]}
    if wrong:
        raise Refused("incomplete", _("The charge was not saved. Correct the marked fields."), wrong)
    keys = [key for text in typed.getlist("categories") if (key := key_of(text))]
    return RuleFacts(
        kind=rule.kind if rule else typed.get("kind", ""),
        measure=typed.get("measure", "") or (rule.measure if rule else ""),
        name=typed.get("name", ""),
        code=typed.get("code", ""),
        tax_category=typed.get("tax_category", ""),
        is_refundable=bool(typed.get("is_refundable")) if rule else None,
        per=figures["per"] or Decimal(0),
        index=Index.objects.visible_to(actor).filter(pk=index_key).first() if index_key else None,
        channels=typed.getlist("channels"),
        categories=list(Category.objects.filter(pk__in=keys)),
        products=products,
        hazards=_words(typed.get("hazards", "")) if rule else None,
        position=int(figures["position"] or 0),
    )


def rule_fields(rule: Rule, typed: QueryDict | None = None) -> Mapping[str, Any]:
    """What the form of a charge shows: what was typed, else the charge as it is."""
    skus = rule.products.order_by("sku").values_list("sku", flat=True)[:SHOWN_SKUS]
    shown: dict[str, Any] = {
        "name": rule.name,
        "measure": rule.measure,
        "code": rule.code,
        "tax_category": rule.tax_category,
        "is_refundable": rule.is_refundable,
        "per": as_input(rule.per),
        "index": rule.index_id or "",
        "channels": rule.channels,
        "categories": [str(pk) for pk in rule.categories.values_list("pk", flat=True)],
        "products": "\n".join(skus),
        "hazards": ", ".join(rule.hazards),
        "position": rule.position,
    }
    if typed is None:
        return shown
    lists = {name: typed.getlist(name) for name in ("categories", "channels")}
    return shown | typed.dict() | lists | {"is_refundable": typed.get("is_refundable", "")}


def tariff_from(typed: QueryDict, actor: Actor) -> TariffFacts:
    """What was typed about a tariff. Raises Refused("incomplete") at unreadable fields."""
    wrong: dict[str, str] = {}
    window = {}
    for name in ("valid_from", "valid_until"):
        try:
            window[name] = moment_from(typed.get(name, ""))
        except ValueError:
            wrong[name] = _("Enter a day and a time.")
    figures = {}
    for name in ("free_from", "index_base"):
        text = typed.get(name, "").strip()
        figures[name] = number_from(text) if text else None
        if text and figures[name] is None:
            wrong[name] = number_problem(text)
    account, number_typed = None, printable(typed.get("account", ""))
    if number_typed:
        own = CustomerAccount.objects.visible_to(actor).filter(seller_id=actor.company_id)
        account = own.filter(customer_number=number_typed).first()
        if account is None:
            wrong["account"] = _("You have no customer with this number.")
    group_key = key_of(typed.get("group", ""))
    group = CustomerGroup.objects.visible_to(actor).filter(pk=group_key).first() if group_key else None
    steps = [_step(number, row, wrong) for number, row in enumerate(step_rows(typed))]
    if wrong:
        raise Refused("incomplete", _("The tariff was not saved. Correct the marked fields."), wrong)
    return TariffFacts(
        currency=typed.get("currency", "").strip().upper(),
        account=account,
        group=group,
        countries=_words(typed.get("countries", "").upper()),
        postcodes=[one.strip() for one in re.split("[,;\n]", typed.get("postcodes", "")) if one.strip()],
        is_none=bool(typed.get("is_none")),
        free_from=figures["free_from"],
        index_base=figures["index_base"] or Decimal(0),
        steps=steps,
        **window,
    )


def _words(text: str) -> list[str]:
    return text.replace(",", " ").replace(";", " ").split()


def step_rows(typed: QueryDict) -> list[dict[str, str]]:
    """The rows of steps in which something stands."""
    return [row for row in rows_of(typed, "steps").values() if row.get("amount", "").strip()]


def _step(place: int, row: Mapping[str, str], wrong: dict[str, str]) -> StepFacts:
    start, text = number_from(row.get("start", "").strip() or "0"), row["amount"].strip()
    figure = number_from(text.removesuffix("%").strip())
    if start is None:
        wrong[f"steps/{place}/start"] = number_problem(row["start"])
    if figure is None:
        wrong[f"steps/{place}/amount"] = number_problem(text)
    is_percent = text.endswith("%")
    return StepFacts(start or Decimal(0), None if is_percent else figure, figure if is_percent else None)


def tariff_fields(
    tariff: Tariff | None, typed: QueryDict | None = None, currency: str = ""
) -> dict[str, Any]:
    """What the form of a tariff shows, with some empty steps behind those that there are."""
    if typed is not None:
        shown: dict[str, Any] = {**typed.dict(), "steps": step_rows(typed)}
    elif tariff is None:
        shown = {"currency": currency, "steps": [{"start": "0", "amount": ""}]}
    else:
        shown = {
            "currency": tariff.currency,
            "account": tariff.account.customer_number if tariff.account else "",
            "group": tariff.group_id or "",
            "countries": ", ".join(tariff.countries),
            "postcodes": ", ".join(tariff.postcodes),
            "valid_from": as_moment_field(tariff.valid_from),
            "valid_until": as_moment_field(tariff.valid_until),
            "is_none": tariff.is_none,
            "free_from": ""
            if tariff.free_from is None
            else price_as_input(tariff.free_from, tariff.currency),
            "index_base": as_input(tariff.index_base) if tariff.index_base else "",
            "steps": [
                {"start": as_input(one.start), "amount": _typed(one, tariff)} for one in tariff.steps.all()
            ],
        }
    shown["steps"] = [*shown["steps"], *({"start": "", "amount": ""} for _blank in range(BLANK_STEPS))]
    return shown


def _typed(step: Step, tariff: Tariff) -> str:
    if step.amount is not None:
        return price_as_input(step.amount, tariff.currency)
    return f"{as_input(step.percent)} %"


def whom_words(tariff: Tariff) -> str:
    """For whom a tariff is, and where."""
    if tariff.account:
        whom = _("%(company)s (%(number)s)") % {
            "company": tariff.account.buyer,
            "number": tariff.account.customer_number,
        }
    else:
        whom = _("Group %(name)s") % {"name": tariff.group} if tariff.group else _("All customers")
    where = [*tariff.countries, *tariff.postcodes[:SHOWN_POSTCODES]]
    if len(tariff.postcodes) > SHOWN_POSTCODES:
        where.append("…")
    return f"{whom}, {' '.join(where)}" if where else whom


def when_words(tariff: Tariff) -> str:
    """From when until when a tariff counts, or nothing when it always does."""
    days = {"begins": date_text(tariff.valid_from), "ends": date_text(tariff.valid_until)}
    if tariff.valid_from and tariff.valid_until:
        return _("%(begins)s to before %(ends)s") % days
    if tariff.valid_from:
        return _("from %(begins)s") % days
    return _("to before %(ends)s") % days if tariff.valid_until else ""


def how_much(rule: Rule, tariff: Tariff) -> str:
    """What a tariff charges, in a line: 6.90 EUR, from 250.00 EUR 4.90 EUR, free from 500.00 EUR."""
    if tariff.is_none:
        return _("No charge")
    parts = [_step_words(rule, tariff, step) for step in tariff.steps.all()]
    if rule.measure == Rule.Measure.CONTENT and rule.index:
        base = number(tariff.index_base)
        parts.append(_("%(index)s above %(base)s, times the content") % {"index": rule.index, "base": base})
    if tariff.free_from is not None:
        amount = money_text(tariff.free_from, tariff.currency)
        parts.append(_("none from a net value of %(amount)s") % {"amount": amount})
    return ", ".join(parts)


def _step_words(rule: Rule, tariff: Tariff, step: Step) -> str:
    if step.amount is not None:
        words = money_text(step.amount, tariff.currency)
    else:
        words = _("%(percent)s %%") % {"percent": machine_number(step.percent)}
    if not step.start:
        return words
    start = number(step.start)
    if rule.measure == Rule.Measure.VALUE:
        start = money_text(step.start, tariff.currency)
    elif rule.measure == Rule.Measure.WEIGHT:
        start = f"{start} kg"
    return _("from %(start)s %(words)s") % {"start": start, "words": words}


def machine_number(value: Decimal | None) -> str:
    """A percentage without needless zeros, in the reader's writing."""
    return number(Decimal(machine(value))) if value is not None else ""


def quotation(index: Index) -> str:
    """How an index is quoted: EUR per 100 kilogram."""
    return _("%(currency)s per %(per)s %(unit)s") % {
        "currency": index.currency,
        "per": number(index.per),
        "unit": unit_name(index.unit),
    }


def in_words(rule: Rule, tariffs: Sequence[Tariff]) -> list[dict[str, Any]]:
    """The tariffs of a charge as rows of a table."""
    return [
        {"tariff": one, "whom": whom_words(one), "when": when_words(one), "what": how_much(rule, one)}
        for one in tariffs
    ]
