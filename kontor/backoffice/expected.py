"""Goods on their way: what suppliers announced, for which day, and what became of it."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from kontor.backoffice.price_rows import WrongLine
from kontor.backoffice.receipts import check_lines, place_of, read_receipt, shown_wrong
from kontor.backoffice.seat import at_own_desk
from kontor.inventory.models import ExpectedReceipt, Warehouse
from kontor.inventory.operations import Announcement, drop_expected, expect_receipt, move_expected
from kontor.inventory.permissions import MOVE_STOCK
from kontor.inventory.queries import expected_receipts
from kontor.kernel import clock
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.web.access import needs
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

PAGE = "backoffice/stock/expected.html"


@needs(MOVE_STOCK)
@require_http_methods(["GET", "POST"])
def expected(request: PersonRequest) -> HttpResponse:
    """GET /office/receipts/expected/ -> what is on its way; POST warehouse, due_on, rows -> announced."""
    actor = at_own_desk(request)
    places = list(Warehouse.objects.visible_to(actor))
    if request.method == "GET":
        return page(request, PAGE, block="listing", **_values(request, places, []))
    form = request.POST
    wrong: list[WrongLine] = []
    try:
        items, wrong = read_receipt(form.get("rows", "").replace("\x00", ""), actor)
        warehouse = place_of(form, places)
        day = _day(form.get("due_on", ""))
        check_lines(items, wrong)
        announced = Announcement(items=items, due_on=day, reference=form.get("reference", "").strip())
        expect_receipt(actor=actor, warehouse=warehouse, announced=announced)
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, PAGE, refusal, **_values(request, places, wrong))
    message = ngettext("%(n)s article is announced.", "%(n)s articles are announced.", len(items))
    told = _("Customers see the day beside goods that are out of stock.")
    return _back(Toast(message=message % {"n": len(items)}, told=told), request)


@needs(MOVE_STOCK)
@require_POST
def expected_change(request: PersonRequest, expected_id: int) -> HttpResponse:
    """POST /office/receipts/expected/7/ due_on -> another day; with drop=1 it will not come."""
    actor = at_own_desk(request)
    found = get_object_or_404(expected_receipts(actor), pk=expected_id)
    sku = {"sku": found.stock_item.product.sku}
    try:
        if request.POST.get("drop"):
            drop_expected(actor=actor, expected=found)
            return _back(Toast(message=_("%(sku)s is not expected any more.") % sku), request)
        move_expected(actor=actor, expected=found, due_on=_day(request.POST.get("due_on", "")))
    except NotAllowed:
        raise
    except Refused as refusal:
        return _back(Toast(message=refusal.message, kind="warning"), request)
    return _back(Toast(message=_("The day of %(sku)s is changed.") % sku), request)


def _day(text: str) -> date:
    try:
        day = parse_date(text.strip())
    except ValueError:
        day = None
    if day is None:
        message = _("Enter the day on which the goods are to arrive.")
        raise Refused("no_day", message, {"due_on": message})
    return day


def _back(toast: Toast, request: PersonRequest) -> HttpResponse:
    return leave_to(request, reverse("backoffice:expected"), toast=toast)


def _values(request: PersonRequest, places: list[Warehouse], wrong: list[WrongLine]) -> dict[str, Any]:
    rows, pager = page_of(request, expected_receipts(at_own_desk(request)), ["due_on", "id"])
    found: list[ExpectedReceipt] = list(rows)
    return {
        "rows": found,
        "pager": pager,
        "today": clock.today(),
        "places": [(one.pk, one.name) for one in places],
        "typed": request.POST if request.method == "POST" else request.GET,
        **shown_wrong(wrong),
    }


urlpatterns = [
    path("receipts/expected/", expected, name="expected"),
    path("receipts/expected/<int:expected_id>/", expected_change, name="expected_change"),
]
