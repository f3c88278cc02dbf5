"""The options of a configurable article: groups, choices and rules as three tables to type in or paste into."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kontor.backoffice.families import language_names
from kontor.backoffice.product_form import product_of, rooms_of
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Product
from kontor.catalog.operations import save_options
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.catalog.queries import languages_of_seller, options_of
from kontor.goods.options import Choice, Group, Options, Rule
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.models import PriceList
from kontor.web.access import needs
from kontor.web.forms import number_problem, rows_of
from kontor.web.identity import PersonRequest
from kontor.web.numbers import as_input, number_from
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

PAGE = "backoffice/products/options.html"
PERCENT = "%"
SPARE = 3
Rows = list[dict[str, Any]]


@needs(EDIT_CATALOG)
@require_http_methods(["GET", "POST"])
def product_options(request: PersonRequest, product_id: int) -> HttpResponse:
    """GET /office/products/7/options/ -> three tables; POST -> saved, in their order."""
    found = product_of(request, product_id)
    if request.method == "GET":
        return page(request, PAGE, block="form", **_values(request, found, _kept(found)))
    typed = {name: _filled(request.POST, name) for name in ("groups", "choices", "rules")}
    try:
        options, places = _read(typed)
        try:
            saved = save_options(
                actor=at_own_desk(request),
                product=found,
                options=options,
                revision=int(number_from(request.POST.get("revision", "")) or 0),
            )
        except Refused as refusal:
            refusal.fields = {_place(name, places): text for name, text in refusal.fields.items()}
            raise
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, PAGE, refusal, block="form", **_values(request, found, typed))
    toast = Toast(message=_("The options of %(sku)s are saved.") % {"sku": saved.sku})
    return leave_to(request, reverse("backoffice:product_options", args=[saved.pk]), toast=toast)


def _filled(form: QueryDict, name: str) -> Rows:
    """The rows in which something stands, in their order."""
    key = "choice" if name == "rules" else "code"
    rows = [
        {field: text.replace("\x00", "").strip() for field, text in row.items()}
        for row in rows_of(form, name).values()
    ]
    return [row for row in rows if row.get(key) or row.get("name") or row.get("other")]


def _kept(found: Product) -> dict[str, Rows]:
    options = options_of([found.pk]).get(found.pk, Options())
    groups = [
        {
            "code": one.code,
            "name": one.name,
            "least": str(one.least),
            "most": str(one.most),
            **_languages(one.names),
        }
        for one in options.groups
    ]
    choices = [
        {
            "group": group.code, "code": one.code, "name": one.name, **_languages(one.names),
            "effect": as_input(one.percent or one.amount) if one.percent or one.amount else "",
            "effect_in": PERCENT if one.percent else one.currency,
            "weight_grams": str(one.weight_grams or ""), "lead_days": str(one.lead_days or ""),
            "is_default": "1" if one.is_default else "",
        }
        for group in options.groups for one in group.choices
    ]  # fmt: skip
    rules = [{"choice": one.choice, "kind": one.kind, "other": one.other} for one in options.rules]
    return {"groups": groups, "choices": choices, "rules": rules}


def _languages(names: Mapping[str, str]) -> dict[str, str]:
    return {f"name-{language}": name for language, name in names.items()}


def _read(typed: Mapping[str, Rows]) -> tuple[Options, dict[str, str]]:
    """The options as typed, and which row of the table each choice stands in. Raises Refused at what is no number."""
    problems: dict[str, str] = {}
    groups = {
        row["code"].lower(): Group(
            code=row["code"].lower(), name=row.get("name", ""), names=_names(row),
            least=_whole(row, "least", f"groups/{number}/", problems, 1),
            most=_whole(row, "most", f"groups/{number}/", problems, 1),
        )
        for number, row in enumerate(typed["groups"]) if row.get("code")
    }  # fmt: skip
    places: dict[str, str] = {}
    for number, row in enumerate(typed["choices"]):
        at = f"choices/{number}/"
        group = groups.get(row.get("group", "").lower())
        if group is None:
            problems[at + "group"] = _("Enter the code of one of the groups above.")
            continue
        places[f"groups/{list(groups).index(group.code)}/choices/{len(group.choices)}/"] = at
        choice = _choice(row, at, problems)
        groups[group.code] = replace(group, choices=(*group.choices, choice))
    if len(groups) < len(typed["groups"]):
        problems["groups/0/code"] = _("Give each group a code of its own.")
    if problems:
        raise Refused("incomplete", _("The options were not saved. Correct the marked fields."), problems)
    rules = [
        Rule(row.get("choice", "").upper(), row.get("kind", ""), row.get("other", "").upper())
        for row in typed["rules"]
    ]
    return Options(groups=tuple(groups.values()), rules=tuple(rules)), places


def _choice(row: Mapping[str, str], at: str, problems: dict[str, str]) -> Choice:
    effect = number_from(row["effect"]) if row.get("effect") else Decimal(0)
    if effect is None:
        problems[at + "effect"] = number_problem(row["effect"])
        effect = Decimal(0)
    is_percent = row.get("effect_in") == PERCENT
    return Choice(
        code=row.get("code", "").upper(),
        name=row.get("name", ""),
        names=_names(row),
        amount=Decimal(0) if is_percent else effect,
        currency="" if is_percent or not effect else row.get("effect_in", ""),
        percent=effect if is_percent else Decimal(0),
        weight_grams=_whole(row, "weight_grams", at, problems, 0),
        lead_days=_whole(row, "lead_days", at, problems, 0),
        is_default=bool(row.get("is_default")),
    )


def _names(row: Mapping[str, str]) -> dict[str, str]:
    return {
        field.partition("-")[2]: text for field, text in row.items() if field.startswith("name-") and text
    }


def _whole(row: Mapping[str, str], name: str, at: str, problems: dict[str, str], empty: int) -> int:
    text = row.get(name, "")
    value = number_from(text) if text else Decimal(empty)
    if value is None or value != value.to_integral_value():
        problems[at + name] = number_problem(text) if value is None else _("Enter a whole number.")
        return empty
    return int(value)


def _place(name: str, places: Mapping[str, str]) -> str:
    """Where a problem of a choice stands in the table of choices."""
    at, _slash, field = name.rpartition("/")
    place = places.get(f"{at}/", f"{at}/" if at else "")
    return place + {"amount": "effect", "percent": "effect", "currency": "effect"}.get(field, field)


def _used(rows: Mapping[str, Rows]) -> list[str]:
    """Languages in which something has a name, so that no name gets lost."""
    return sorted(
        {field[5:] for some in rows.values() for row in some for field in row if field.startswith("name-")}
    )


def _values(request: PersonRequest, found: Product, rows: Mapping[str, Rows]) -> dict[str, Any]:
    languages = languages_of_seller(found.seller_id, settings.LANGUAGE_CODE)
    currencies = PriceList.objects.visible_to(at_own_desk(request)).values_list("currency", flat=True)
    return {
        "product": found,
        "rooms": rooms_of(found, "options"),
        "rows": {name: [*some, *({} for _n in range(SPARE))] for name, some in rows.items()},
        "languages": language_names(list(dict.fromkeys([*languages[1:], *_used(rows)]))),
        "effects_in": [*sorted(set(currencies)), PERCENT],
        "kinds": [("requires", _("needs")), ("excludes", _("does not go with"))],
    }


urlpatterns = [
    path("products/<int:product_id>/options/", product_options, name="product_options"),
]
