"""Indices of metals and energy: their values by day, pasted from a spreadsheet, and what is in which article."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from kontor.backoffice.charge_forms import quotation
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Product
from kontor.charges.models import Content, Index, IndexValue
from kontor.charges.operations import IndexFacts, delete_index, save_index, set_contents, set_index_values
from kontor.goods.units import UNITS
from kontor.kernel import clock
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.permissions import EDIT_PRICES
from kontor.web.access import needs
from kontor.web.asked import day_of
from kontor.web.forms import number_problem
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.numbers import number, number_from
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

LIST = "backoffice/charges/indices.html"
ONE = "backoffice/charges/index.html"
SHOWN_VALUES = 60
OLD_AFTER = 45
"""Days after which the last value is called old: most quotations come monthly."""
T = TypeVar("T")


@needs(EDIT_PRICES)
@require_http_methods(["GET", "POST"])
def indices(request: PersonRequest) -> HttpResponse:
    """GET /office/charges/indices/ -> all with their last value; POST name, currency, per, unit -> a new one."""
    actor = at_own_desk(request)
    found = Index.objects.visible_to(actor)
    past = IndexValue.objects.filter(index__in=found, day__lte=clock.now().date())
    last = {one.index_id: one for one in past.order_by("index_id", "-day").distinct("index_id")}
    rows = [
        {
            "index": one,
            "quotation": quotation(one),
            "last": last.get(one.pk),
            "is_old": _is_old(last.get(one.pk)),
        }
        for one in found
    ]
    units = sorted(((code, unit.name) for code, unit in UNITS.items()), key=lambda one: str(one[1]))
    values: dict[str, Any] = {"rows": rows, "units": units, "typed": request.POST}
    if request.method == "POST":
        per = number_from(request.POST.get("per", "").strip() or "1")
        facts = IndexFacts(
            name=request.POST.get("name", ""),
            currency=request.POST.get("currency", "").strip().upper(),
            per=per if per is not None else Decimal(0),
            unit=request.POST.get("unit", ""),
        )
        try:
            saved = save_index(actor=actor, facts=facts)
        except NotAllowed:
            raise
        except Refused as refusal:
            return refused(request, LIST, refusal, **values)
        return leave_to(
            request, _address(saved), toast=Toast(message=_("The index is ready for its values."))
        )
    return page(request, LIST, **values)


def _is_old(last: IndexValue | None) -> bool:
    return last is None or (clock.now().date() - last.day).days > OLD_AFTER


def _address(index: Index) -> str:
    return reverse("backoffice:index", args=[index.pk])


def _index_of(request: PersonRequest, index_id: int) -> Index:
    return get_object_or_404(Index.objects.visible_to(at_own_desk(request)), pk=index_id)


@needs(EDIT_PRICES)
@require_http_methods(["GET", "POST"])
def index(request: PersonRequest, index_id: int) -> HttpResponse:
    """GET /office/charges/indices/7/ -> values and contents; POST `rows` of day and value -> all of them or none."""
    found = _index_of(request, index_id)
    if request.method == "POST":
        try:
            rows = _pasted(request, "rows", _day_and_value)
            count = set_index_values(actor=at_own_desk(request), index=found, values=rows)
        except NotAllowed:
            raise
        except Refused as refusal:
            return refused(request, ONE, refusal, **_shown(request, found))
        message = ngettext("%(n)s value is saved.", "%(n)s values are saved.", count) % {"n": number(count)}
        toast = Toast(message=message, told=_("Orders that were placed keep their surcharges."))
        return leave_to(request, _address(found), toast=toast)
    return page(request, ONE, block="contents", **_shown(request, found))


def _shown(request: PersonRequest, found: Index) -> dict[str, Any]:
    values = list(found.values.order_by("-day")[:SHOWN_VALUES])
    bars = [
        {"label": f"{one.day:%m-%d}", "value": one.value, "shown": number(one.value)}
        for one in reversed(values[:24])
    ]
    contents = Content.objects.filter(index=found).select_related("product")
    rows, pager = page_of(request, contents, ["product__sku", "id"])
    return {
        "index": found,
        "quotation": quotation(found),
        "values": values,
        "value_count": found.values.count(),
        "bars": bars,
        "is_old": _is_old(values[0] if values else None),
        "rows": rows,
        "pager": pager,
        "rules": list(found.rules.all()),
        "typed": request.POST,
    }


def _pasted(request: PersonRequest, field: str, read: Callable[[str, str], T]) -> list[T]:
    """Two cells a line, by tab, semicolon or blanks. Raises Refused("wrong_values") with the first wrong line."""
    rows = []
    for place, text in enumerate(request.POST.get(field, "").replace("\x00", "").splitlines(), 1):
        line = text.strip().replace("\t", " ").replace(";", " ")
        if not line:
            continue
        first, _blank, second = line.partition(" ")
        try:
            rows.append(read(first, second.strip()))
        except ValueError as problem:
            message = _("Line %(line)s: %(problem)s") % {"line": place, "problem": problem}
            raise Refused("wrong_values", message, {field: message}) from None
    return rows


def _day_and_value(day_typed: str, value_typed: str) -> tuple[date, Decimal | None]:
    day = day_of(day_typed) or _local_day(day_typed)
    if day is None:
        raise ValueError(_("“%(text)s” is not a day. Write it as 2026-05-31.") % {"text": day_typed[:20]})
    if value_typed in ("", "-", "–"):
        return day, None
    value = number_from(value_typed)
    if value is None:
        raise ValueError(number_problem(value_typed))
    return day, value


def _local_day(text: str) -> date | None:
    """31.05.2026, as spreadsheets in German write it."""
    parts = text.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    return day_of(f"{parts[2]}-{parts[1]:0>2}-{parts[0]:0>2}")


@needs(EDIT_PRICES)
@require_POST
def index_contents(request: PersonRequest, index_id: int) -> HttpResponse:
    """POST /office/charges/indices/7/contents/ `contents` of SKU and content -> all of them or none."""
    found, actor = _index_of(request, index_id), at_own_desk(request)
    try:
        typed = _pasted(request, "contents", _sku_and_content)
        own = Product.objects.visible_to(actor).filter(
            seller_id=found.seller_id, sku__in=[sku for sku, _amount in typed]
        )
        by_sku = {product.sku: product for product in own}
        if missing := [sku for sku, _amount in typed if sku not in by_sku]:
            message = _("There is no article %(sku)s among yours.") % {"sku": missing[0][:40]}
            raise Refused("wrong_values", message, {"contents": message})
        count = set_contents(
            actor=actor, index=found, contents=[(by_sku[sku], amount) for sku, amount in typed]
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, ONE, refusal, **_shown(request, found))
    message = ngettext("%(n)s article is saved.", "%(n)s articles are saved.", count) % {"n": number(count)}
    return leave_to(request, _address(found), toast=Toast(message=message))


def _sku_and_content(sku: str, content_typed: str) -> tuple[str, Decimal]:
    amount = number_from(content_typed)
    if amount is None:
        raise ValueError(number_problem(content_typed))
    return sku, amount


@needs(EDIT_PRICES)
@require_POST
def index_delete(request: PersonRequest, index_id: int) -> HttpResponse:
    """POST /office/charges/indices/7/delete/ -> gone, while no surcharge follows it."""
    found = _index_of(request, index_id)
    try:
        delete_index(actor=at_own_desk(request), index=found)
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, ONE, refusal, **_shown(request, found))
    return leave_to(request, reverse("backoffice:indices"), toast=Toast(message=_("The index is deleted.")))


urlpatterns = [
    path("charges/indices/", indices, name="indices"),
    path("charges/indices/<int:index_id>/", index, name="index"),
    path("charges/indices/<int:index_id>/contents/", index_contents, name="index_contents"),
    path("charges/indices/<int:index_id>/delete/", index_delete, name="index_delete"),
]
