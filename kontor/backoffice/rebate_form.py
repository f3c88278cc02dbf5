"""The editor of a bonus agreement: for whom, when, on which goods, in which tiers."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kontor.backoffice.assortments import accounts_by_number
from kontor.backoffice.desks import seller_id_of
from kontor.backoffice.rebates import address_of, rebate_of
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.queries import category_tree
from kontor.companies.queries import today_at
from kontor.goods import units
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.kernel.texts import printable
from kontor.pricing.models import PriceList
from kontor.rebates.models import Rebate
from kontor.rebates.operations import Goods, RebateFacts, save_rebate
from kontor.rebates.permissions import EDIT_REBATES
from kontor.web.access import needs
from kontor.web.asked import day_of, ticked
from kontor.web.forms import number_problem, rows_of
from kontor.web.identity import PersonRequest
from kontor.web.numbers import as_input, number_from
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

FORM = "backoffice/rebates/form.html"
SPARE = 3
OWN = "own"
EMPTY: dict[str, Any] = {"measure": "value", "reward": "percent", "tiers": [], "goods": []}


@needs(EDIT_REBATES)
@require_http_methods(["GET", "POST"])
def rebate_new(request: PersonRequest) -> HttpResponse:
    """GET /office/rebates/new/?like=7 -> an empty form, or that of an agreement to begin with; POST -> a draft."""
    like = request.GET.get("like", "")
    found = rebate_of(request, int(like)) if like.isascii() and like.isdigit() and len(like) < 19 else None
    return _edit(request, None, found)


@needs(EDIT_REBATES)
@require_http_methods(["GET", "POST"])
def rebate_edit(request: PersonRequest, rebate_id: int) -> HttpResponse:
    """GET /office/rebates/7/edit/ -> the form; POST -> saved, and counted anew when in force."""
    found = rebate_of(request, rebate_id)
    return _edit(request, found, found)


def _edit(request: PersonRequest, found: Rebate | None, shown: Rebate | None) -> HttpResponse:
    actor = at_own_desk(request)
    if request.method == "GET":
        return page(request, FORM, **_values(actor, found, _fields_of(shown)))
    try:
        saved = save_rebate(actor=actor, facts=_facts(request, actor), rebate=found)
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, FORM, refusal, **_values(actor, found, _typed(request)))
    message = _("The agreement %(name)s is saved.") % {"name": saved.name}
    told = _("It is a draft: put it into force when everything is right.")
    toast = Toast(message=message, told=told if saved.state == Rebate.State.DRAFT else "")
    return leave_to(request, address_of(saved), toast=toast)


def _periods(today: date) -> list[tuple[str, str]]:
    """Calendar years and quarters around today, by their first and last day."""
    found = [
        (f"{year}-01-01/{year}-12-31", _("Calendar year %(year)s") % {"year": year})
        for year in range(today.year - 1, today.year + 2)
    ]
    begin = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    for _quarter in range(3):
        after = (begin + timedelta(days=100)).replace(day=1)
        quarter = {"n": (begin.month + 2) // 3, "year": begin.year}
        found.append((f"{begin}/{after - timedelta(days=1)}", _("Quarter %(n)s of %(year)s") % quarter))
        begin = after
    return [*found, (OWN, _("Days of its own"))]


def _rows(form: QueryDict, prefix: str) -> list[tuple[str, dict[str, str]]]:
    """The rows in which something was typed, numbered anew, so that a refusal names them as they are shown again."""
    said = [
        row
        for row in rows_of(form, prefix).values()
        if any(text.strip() for key, text in row.items() if key != "takes_in")
    ]
    return [(str(number), row) for number, row in enumerate(said)]


def _tiers(form: QueryDict, wrong: dict[str, str]) -> list[tuple[Decimal, Decimal]]:
    found = []
    for key, row in _rows(form, "tiers"):
        figures = []
        for name in ("from", "rate"):
            text = row.get(name, "").strip()
            figure = number_from(text) if text else None
            if figure is None:
                wrong[f"tiers/{key}/{name}"] = number_problem(text) if text else _("This is needed.")
            figures.append(figure or Decimal(0))
        found.append((figures[0], figures[1]))
    return found


def _days(form: QueryDict, wrong: dict[str, str]) -> dict[str, date]:
    first, _slash, last = form.get("period", OWN).partition("/")
    typed = (first, last) if last else (form.get("begins_on", ""), form.get("ends_on", ""))
    read = {name: day_of(text) for name, text in zip(("begins_on", "ends_on"), typed, strict=True)}
    wrong |= {name: _("Choose a day.") for name, day in read.items() if day is None}
    return {name: day or date.min for name, day in read.items()}


def _facts(request: PersonRequest, actor: Actor) -> RebateFacts:
    """The agreement as it was typed. Raises Refused("incomplete") at what cannot be read."""
    form = request.POST
    wrong: dict[str, str] = {}
    days, tiers = _days(form, wrong), _tiers(form, wrong)
    if wrong:
        raise Refused("incomplete", _("The agreement was not saved. Correct the marked fields."), wrong)
    rows = [row for _key, row in _rows(form, "goods")]
    by_value = form.get("measure") == Rebate.Measure.VALUE
    return RebateFacts(
        name=form.get("name", ""),
        currency=form.get("currency", ""),
        begins_on=days["begins_on"],
        ends_on=days["ends_on"],
        tiers=tiers,
        accounts=accounts_by_number(actor, form.get("numbers", "")),
        takes_in=[_goods(row) for row in rows if row.get("takes_in") != "0"],
        leaves_out=[_goods(row) for row in rows if row.get("takes_in") == "0"],
        measure=form.get("measure", ""),
        unit="" if by_value else form.get("unit", ""),
        reward=form.get("reward", ""),
        is_graduated=ticked(form, "is_graduated"),
        is_cumulative=ticked(form, "is_cumulative"),
        is_quarterly=ticked(form, "is_quarterly"),
    )


def _goods(row: dict[str, str]) -> Goods:
    return Goods(**{name: printable(row.get(name, "")) for name in ("category", "brand", "sku")})


def _typed(request: PersonRequest) -> dict[str, Any]:
    form = request.POST
    return {**EMPTY, **form.dict(), "tiers": _rows(form, "tiers"), "goods": _rows(form, "goods")}


def _fields_of(shown: Rebate | None) -> dict[str, Any]:
    """The form of an agreement, or of a new one."""
    if shown is None:
        return EMPTY
    names = ("name", "currency", "measure", "unit", "reward", "is_graduated", "is_cumulative", "is_quarterly")
    numbers = shown.members.order_by("id").values_list("account__customer_number", flat=True)
    return {name: getattr(shown, name) for name in names} | {
        "period": f"{shown.begins_on}/{shown.ends_on}",
        "begins_on": shown.begins_on.isoformat(),
        "ends_on": shown.ends_on.isoformat(),
        "numbers": "\n".join(numbers),
        "tiers": [
            (str(n), {"from": as_input(start), "rate": as_input(rate)})
            for n, (start, rate) in enumerate(shown.tiers)
        ],
        "goods": [
            (
                str(n),
                {
                    "takes_in": "1" if rule.takes_in else "0",
                    "category": rule.category.path if rule.category else "",
                    "brand": rule.brand,
                    "sku": rule.product.sku if rule.product else "",
                },
            )
            for n, rule in enumerate(shown.rules.select_related("category", "product"))
        ],
    }


def _values(actor: Actor, found: Rebate | None, fields: dict[str, Any]) -> dict[str, Any]:
    tree = category_tree(None)
    nodes = [node for root in tree.roots for node in root.walk()]
    periods = _periods(today_at(seller_id_of(actor)))
    chosen = fields.get("period") or periods[1][0]
    return {
        "found": found,
        "fields": fields,
        "periods": periods,
        "period": chosen if chosen in dict(periods) else OWN,
        "tiers": _with_spare(fields["tiers"]),
        "goods": _with_spare(fields["goods"]),
        "categories": [
            ("", "–"),
            *((one.path, " / ".join(n.name for n in tree.trail(one.path))) for one in nodes),
        ],
        "currencies": [
            (code, code)
            for code in sorted(
                set(PriceList.objects.visible_to(actor).values_list("currency", flat=True)) | {"EUR"}
            )
        ],
        "units": [("", "–"), *units.choices()],
        "measures": Rebate.Measure.choices,
        "rewards": Rebate.Reward.choices,
    }


def _with_spare(rows: list[tuple[str, dict[str, str]]]) -> list[tuple[str, dict[str, str]]]:
    taken = {key for key, _row in rows}
    spare = [str(n) for n in range(len(rows) + SPARE) if str(n) not in taken]
    return [*rows, *((key, {}) for key in spare[: max(SPARE - len(rows), 1)])]


urlpatterns = [
    path("rebates/new/", rebate_new, name="rebate_new"),
    path("rebates/<int:rebate_id>/edit/", rebate_edit, name="rebate_edit"),
]
