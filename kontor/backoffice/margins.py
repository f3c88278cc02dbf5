"""What articles cost, the least price at which they may be sold, and the margin that a list leaves."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.backoffice.margin_marks import mark_of
from kontor.backoffice.price_rows import WrongLine, cells_of, ids_by_sku
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Product
from kontor.companies.queries import today_at
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.floors import articles_below_floor, known_costs
from kontor.pricing.models import PriceList, ProductCost
from kontor.pricing.operations import CostRow, set_costs
from kontor.pricing.permissions import SEE_COSTS
from kontor.pricing.queries import Wanted, chain_of, price_lists_of, resolve
from kontor.web.access import needs
from kontor.web.asked import day_of, key_of
from kontor.web.forms import changed_meanwhile, number_problem, touched_rows
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.numbers import as_input, number_from
from kontor.web.pages import leave_to, page, refused
from kontor.web.spreadsheets import MOST_ROWS, spreadsheet
from kontor.web.toasts import Toast

PAGE = "backoffice/margins/margins.html"
FIGURES = ("cost", "floor", "least_margin")
MOST_LINES = 20_000
SHOWN_WRONG = 20


@needs(SEE_COSTS)
@require_http_methods(["GET", "POST"])
def margins(request: PersonRequest) -> HttpResponse:
    """GET /office/margins/?q=&list=&show= -> articles with cost, lowest price, margin; POST costs/<id>/… -> changed."""
    actor = at_own_desk(request)
    if request.method == "GET":
        return page(request, PAGE, block="grid", **_values(request, actor))
    try:
        changed = set_costs(actor=actor, rows=_changed(request, actor))
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, PAGE, refusal, block="grid", **_values(request, actor))
    return leave_to(request, request.get_full_path(), toast=_toast(changed))


def _values(request: PersonRequest, actor: Actor) -> dict[str, Any]:
    lists = list(price_lists_of(actor).filter(seller_id=actor.company_id))
    chosen = _chosen(request, lists)
    words, show = request.GET.get("q", "").replace("\x00", "")[:100], request.GET.get("show", "")
    found, pager = page_of(request, _articles(actor, words, show, chosen), ["sku", "id"])
    kept = _standing([one.pk for one in found])
    return {
        "lists": [(one.pk, f"{one.name} ({one.currency})") for one in lists],
        "chosen": chosen,
        "rows": _rows(found, kept, chosen),
        "pager": pager,
        "words": words,
        "show": show,
        "typed_rows": touched_rows(request.POST, "costs", FIGURES),
        "typed": request.POST,
        "today": today_at(actor.company_id or 0),
        "currency": _currency(actor),
        "wrong": [],
    }


def _chosen(request: PersonRequest, lists: Sequence[PriceList]) -> PriceList | None:
    key = key_of(request.GET.get("list", ""))
    return next((one for one in lists if one.pk == key), lists[0] if lists else None)


def _currency(actor: Actor) -> str:
    own = Product.objects.visible_to(actor).filter(seller_id=actor.company_id)
    return own.values_list("seller__currency", flat=True).first() or "EUR"


def _articles(actor: Actor, words: str, show: str, chosen: PriceList | None) -> QuerySet[Product]:
    found = Product.objects.visible_to(actor).filter(seller_id=actor.company_id)
    found = found.exclude(kind=Product.Kind.MODEL)
    for word in words.split()[:8]:
        found = found.filter(Q(sku__icontains=word) | Q(name__icontains=word))
    if show == "without":
        found = found.exclude(Exists(ProductCost.objects.filter(product=OuterRef("pk"))))
    if show == "below" and chosen is not None:
        found = found.filter(pk__in=articles_below_floor(chosen))
    return found


def _standing(product_ids: Sequence[int]) -> dict[int, ProductCost]:
    """The row of each product that counts today, or begins next."""
    rows = ProductCost.objects.filter(product__in=product_ids).order_by("product", "-day").distinct("product")
    return {one.product_id: one for one in rows}


def _rows(
    found: Sequence[Product], kept: dict[int, ProductCost], chosen: PriceList | None
) -> list[dict[str, Any]]:
    keys = [one.pk for one in found]
    prices = resolve(chain_of([chosen.pk]), [Wanted(key, Decimal(1)) for key in keys]) if chosen else []
    known = known_costs(keys, None, chosen.currency) if chosen else {}
    rows = []
    for place, product in enumerate(found):
        price = prices[place] if prices else None
        each = price.amount / price.price_base if price else None
        mark = mark_of(each, known.get(product.pk))
        row = kept.get(product.pk)
        rows.append({"product": product, "kept": row, "seen": _shown(row), "price": price, "mark": mark})
    return rows


def _changed(request: PersonRequest, actor: Actor) -> list[CostRow]:
    """The rows whose figures were typed anew, from the day of the form."""
    typed = touched_rows(request.POST, "costs", FIGURES)
    kept, rows = _standing(list(typed)), []
    wrong: dict[str, str] = {}
    day = _day(request.POST.get("day", ""), actor)
    for key, cells in typed.items():
        before = kept.get(key)
        figures, problems = _figures(cells)
        if cells.get("seen", _shown(before)) != _shown(before):
            problems = {"cost": changed_meanwhile(_shown(before))}
        wrong |= {f"costs/{key}/{name}": problem for name, problem in problems.items()}
        was = [getattr(before, name) for name in FIGURES] if before else [None, None, None]
        if figures != was and not problems:
            rows.append(CostRow(key, day, *figures))
    if wrong:
        raise Refused("wrong_costs", _("Some figures cannot be taken. Nothing was saved."), wrong)
    return rows


def _shown(kept: ProductCost | None) -> str:
    """The figures of a row as its fields show them."""
    return "|".join(as_input(getattr(kept, name, None)) for name in FIGURES)


def _day(text: str, actor: Actor) -> date:
    day = day_of(text) if text.strip() else today_at(actor.company_id or 0)
    if day is None:
        message = _("Enter a day, such as 2026-11-22.")
        raise Refused("wrong_costs", message, {"day": message})
    return day


def _figures(cells: dict[str, str]) -> tuple[list[Decimal | None], dict[str, str]]:
    figures: list[Decimal | None] = []
    wrong = {}
    for name in FIGURES:
        text = cells.get(name, "").strip().removesuffix("%").strip()
        value = number_from(text) if text else None
        if text and value is None:
            wrong[name] = number_problem(text)
        figures.append(value)
    return figures, wrong


@needs(SEE_COSTS)
@require_POST
def margins_paste(request: PersonRequest) -> HttpResponse:
    """POST /office/margins/paste/ rows -> `SKU cost lowest-price least-margin from-day` each, all or none."""
    actor = at_own_desk(request)
    rows, lines, wrong = _read(request.POST.get("rows", "").replace("\x00", ""), actor)
    try:
        if wrong or not rows:
            message = (
                _("Some lines cannot be taken. Nothing was saved.")
                if wrong
                else _("Paste at least one line.")
            )
            raise Refused("wrong_lines", message, {"rows": message})
        changed = set_costs(actor=actor, rows=rows)
    except NotAllowed:
        raise
    except Refused as refusal:
        for name, sentence in refusal.fields.items():
            place = name.split("/")
            if place[0] == "rows" and len(place) == 3:
                wrong.append(WrongLine(*lines[int(place[1])], sentence))
        values = _values(request, actor) | {"wrong": wrong[:SHOWN_WRONG]}
        return refused(request, PAGE, refusal, block="grid", **values)
    return leave_to(request, reverse("backoffice:margins"), toast=_toast(changed))


def _read(text: str, actor: Actor) -> tuple[list[CostRow], list[tuple[int, str]], list[WrongLine]]:
    typed = [(n, line, cells_of(line)) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if typed and typed[0][2][0].casefold() in ("sku", _("SKU").casefold()):
        typed = typed[1:]
    known = ids_by_sku(actor, [cells[0] for _n, _line, cells in typed[:MOST_LINES]])
    today = today_at(actor.company_id or 0)
    rows, lines, wrong = [], [], []
    for n, line, cells in typed[:MOST_LINES]:
        cells = [*cells, "", "", "", ""][:5]
        figures, problems = _figures(dict(zip(FIGURES, cells[1:4], strict=True)))
        day = day_of(cells[4]) if cells[4] else today
        if cells[0] not in known:
            problems["sku"] = _("%(sku)s is not one of your articles.") % {"sku": cells[0][:40]}
        if day is None:
            problems["day"] = _("Enter a day, such as 2026-11-22.")
        if problems or day is None:
            wrong.append(WrongLine(n, line[:120], next(iter(problems.values()))))
        else:
            rows.append(CostRow(known[cells[0]], day, *figures))
            lines.append((n, line[:120]))
    return rows, lines, wrong


def _toast(changed: int) -> Toast:
    if not changed:
        return Toast(message=_("Every figure is as it was."))
    message = ngettext("%(n)s cost is changed.", "%(n)s costs are changed.", changed) % {"n": changed}
    return Toast(message=message)


@needs(SEE_COSTS)
@require_GET
def margins_csv(request: PersonRequest) -> HttpResponseBase:
    """GET /office/margins.csv -> all costs in the columns in which they can be pasted back."""
    rows = ProductCost.objects.filter(product__seller_id=at_own_desk(request).company_id).order_by(
        "product__sku", "day"
    )
    names = ("product__sku", "cost", "floor", "least_margin", "day", "product__name")
    columns = ["sku", "cost", "lowest_price", "least_margin", "from", "name"]
    kept = rows.values_list(*names)[:MOST_ROWS].iterator(2000)
    cells = ([sku, cost, floor, least, day.isoformat(), name] for sku, cost, floor, least, day, name in kept)
    return spreadsheet("costs", columns, cells)


urlpatterns = [
    path("margins/", margins, name="margins"),
    path("margins/paste/", margins_paste, name="margins_paste"),
    path("margins.csv", margins_csv, name="margins_csv"),
]
