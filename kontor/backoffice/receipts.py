"""Goods that come in: pasted, typed or scanned, booked all together or not at all."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kontor.backoffice.price_rows import WrongLine, cells_of
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Product
from kontor.inventory.models import Warehouse
from kontor.inventory.operations import Receipt, receive_stock
from kontor.inventory.permissions import MOVE_STOCK
from kontor.kernel.actors import Actor
from kontor.kernel.money import MAX_QUANTITY, ZERO
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.forms import number_problem
from kontor.web.identity import PersonRequest
from kontor.web.numbers import number_from
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

FORM = "backoffice/stock/receipt.html"
MOST_LINES = 5000
SHOWN_WRONG = 20


@needs(MOVE_STOCK)
@require_http_methods(["GET", "POST"])
def receipts(request: PersonRequest) -> HttpResponse:
    """GET /office/receipts/new/?rows= -> a form; POST warehouse, reference, rows -> stock goes up."""
    actor = at_own_desk(request)
    places = list(Warehouse.objects.visible_to(actor))
    if request.method == "GET":
        return page(request, FORM, block="form", **_values(request, places, []))
    form = request.POST
    wrong: list[WrongLine] = []
    try:
        items, wrong = read_receipt(form.get("rows", "").replace("\x00", ""), actor)
        place = place_of(form, places)
        if len(form.get("reference", "")) > 60:
            message = _("At most %(most)s characters.") % {"most": 60}
            raise Refused("too_long", message, {"reference": message})
        check_lines(items, wrong)
        receive_stock(
            actor=actor,
            warehouse=place,
            items=items,
            reference=form.get("reference", "").strip() or _("receipt"),
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, FORM, refusal, block="form", **_values(request, places, wrong))
    message = ngettext("%(n)s article is received.", "%(n)s articles are received.", len(items))
    toast = Toast(
        message=message % {"n": len(items)},
        told=_("The stock of %(place)s is up; it can be sold at once.") % {"place": place},
    )
    return leave_to(request, f"{reverse('backoffice:stock')}?warehouse={place.pk}", toast=toast)


def place_of(form: QueryDict, places: list[Warehouse]) -> Warehouse:
    """The warehouse that was chosen. Raises Refused at ``warehouse``."""
    chosen = key_of(form.get("warehouse", ""))
    for one in places:
        if one.pk == chosen:
            return one
    message = _("Choose a warehouse.")
    raise Refused("no_warehouse", message, {"warehouse": message})


def check_lines(items: list[Receipt], wrong: list[WrongLine]) -> None:
    """Raises Refused at ``rows`` when a line could not be read, or none was there."""
    if wrong:
        text = ngettext(
            "%(n)s line cannot be taken. Nothing was saved.",
            "%(n)s lines cannot be taken. Nothing was saved.",
            len(wrong),
        ) % {"n": len(wrong)}
        raise Refused("wrong_lines", text, {"rows": text})
    if not items:
        message = _("Enter at least one article.")
        raise Refused("no_lines", message, {"rows": message})


def shown_wrong(wrong: list[WrongLine]) -> dict[str, Any]:
    """The first of the lines that could not be read, and how many there are."""
    return {"wrong": wrong[:SHOWN_WRONG], "wrong_count": len(wrong)}


def read_receipt(text: str, actor: Actor) -> tuple[list[Receipt], list[WrongLine]]:
    """``SKU quantity`` a line, a scanned SKU or GTIN alone is one; the same article adds up. Two queries."""
    lines = [(n, line.strip()) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_LINES:
        problem = _("At most %(most)s lines at once.") % {"most": MOST_LINES}
        return [], [WrongLine(lines[MOST_LINES][0], lines[MOST_LINES][1][:120], problem)]
    codes = {cells_of(line)[0] for _n, line in lines}
    own = Product.objects.visible_to(actor).filter(seller_id=actor.company_id, kind=Product.Kind.GOODS)
    known = dict(own.filter(gtin__in=codes - {""}).values_list("gtin", "pk"))
    known |= dict(own.filter(sku__in=codes).values_list("sku", "pk"))
    sums: dict[int, Decimal] = defaultdict(lambda: ZERO)
    wrong = []
    for n, line in lines:
        code, *rest = [cell for cell in cells_of(line) if cell] or [""]
        quantity = number_from(rest[0]) if rest else Decimal(1)
        problem = _line_problem(code in known, code, rest[0] if rest else "", quantity)
        if problem:
            wrong.append(WrongLine(n, line[:120], problem))
        elif quantity is not None:
            sums[known[code]] += quantity
    return [Receipt(product, quantity) for product, quantity in sums.items()], wrong


def _line_problem(is_known: bool, code: str, text: str, quantity: Decimal | None) -> str:
    if not is_known:
        return _("%(sku)s is not one of your stocked articles.") % {"sku": code[:40]}
    if quantity is None:
        return number_problem(text)
    if not quantity.is_finite() or not 0 < quantity <= MAX_QUANTITY or quantity != round(quantity, 3):
        return _("Enter a quantity above 0 with at most three decimals.")
    return ""


def _values(request: PersonRequest, places: list[Warehouse], wrong: list[WrongLine]) -> dict[str, Any]:
    return {
        "places": [(one.pk, one.name) for one in places],
        "typed": request.POST if request.method == "POST" else request.GET,
        **shown_wrong(wrong),
    }


urlpatterns = [path("receipts/new/", receipts, name="receipts")]
