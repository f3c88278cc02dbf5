"""The warehouse's rounds: which lists wait, what to take from which bin, what was found, what goes into parcels."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.backoffice.seat import at_own_desk
from kontor.backoffice.states import PICK_KINDS
from kontor.catalog.models import Product
from kontor.fulfilment.models import PickLine, PickList, Shipment
from kontor.fulfilment.operations import cancel_pick_list, confirm_pick
from kontor.fulfilment.operations import pack as pack_list
from kontor.fulfilment.permissions import SHIP
from kontor.fulfilment.queries import pick_lines, pick_lists_for
from kontor.inventory.models import Warehouse
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.money import ZERO
from kontor.kernel.refusal import NotAllowed, Refused, Stale
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.dates import local
from kontor.web.forms import number_problem, rows_of
from kontor.web.identity import PersonRequest
from kontor.web.lists import Pager, page_of
from kontor.web.numbers import number_from
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

LIST = "backoffice/picking/list.html"
ONE = "backoffice/picking/pick_list.html"
GRAMS = 1000
MOST_WAITING = 300
SHOWN = {
    "open": (PickList.Status.OPEN,),
    "picked": (PickList.Status.PICKED,),
    "done": (PickList.Status.PACKED, PickList.Status.CANCELLED),
}


@needs(SHIP)
@require_GET
def picking(request: PersonRequest) -> HttpResponse:
    """GET /office/picking/?show=&warehouse=&q= -> pick lists that wait, late promises first; or those that are done."""
    actor = at_own_desk(request)
    show = request.GET.get("show", "open")
    show = show if show in SHOWN else "open"
    words, warehouse = request.GET.get("q", "").strip()[:60], key_of(request.GET.get("warehouse", ""))
    found = pick_lists_for(actor, statuses=SHOWN[show])
    if words:
        found = found.filter(
            Q(number__iexact=words)
            | Q(order__number__iexact=words)
            | Q(order__buyer__legal_name__icontains=words)
        )
    if warehouse:
        found = found.filter(warehouse_id=warehouse)
    if show == "done":
        rows, pager = page_of(request, found, ["-id"])
    else:
        rows = list(found[:MOST_WAITING])
        pager = Pager(shown=len(rows))
    own = PickList.objects.visible_to(actor)
    counts = dict(own.values_list("status").annotate(n=Count("id")).order_by())
    return page(
        request,
        LIST,
        block="listing",
        lists=rows,
        pager=pager,
        show=show,
        words=words,
        warehouse=warehouse or "",
        warehouses=list(Warehouse.objects.visible_to(actor)),
        today=local(clock.now()).date(),
        kinds=PICK_KINDS,
        tabs=_tabs(show, counts),
    )


def _tabs(show: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    address = reverse("backoffice:picking")
    labels = {"open": _("To pick"), "picked": _("To pack"), "done": _("Done")}
    return [
        {
            "label": label,
            "url": address if key == "open" else f"{address}?show={key}",
            "current": key == show,
            "count": None if key == "done" else counts.get(SHOWN[key][0], 0),
        }
        for key, label in labels.items()
    ]


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of a list as it is worked through; `codes` is what a scanner may read off the goods."""

    line: PickLine
    codes: str
    is_scanned: bool
    picked: Decimal | str
    is_found: bool


@needs(SHIP)
@require_http_methods(["GET", "POST"])
def pick_list(request: PersonRequest, pick_list_id: int) -> HttpResponse:
    """GET /office/pick-lists/7/?scan=BOLT-M8 -> the round by bin; POST what was found -> the list is picked."""
    found = _list_of(request, pick_list_id)
    if request.method == "GET":
        return page(request, ONE, block="round", **_values(request, found))
    try:
        confirm_pick(actor=at_own_desk(request), pick_list=found, picked=_picked(request))
    except (NotAllowed, Stale):
        raise
    except Refused as refusal:
        return refused(request, ONE, refusal, block="round", **_values(request, found))
    return leave_to(request, _address(found), toast=_picked_toast(found))


def _picked_toast(found: PickList) -> Toast:
    short = sum(1 for line in found.lines.all() if line.picked < line.quantity)
    message = _("%(number)s is picked. Pack it next.") % {"number": found.number}
    if not short:
        return Toast(message=message)
    told = ngettext(
        "%(n)s line is short: the rest stays reserved and can be released again.",
        "%(n)s lines are short: the rest stays reserved and can be released again.",
        short,
    )
    return Toast(message=message, told=told % {"n": short}, kind="warning")


def _picked(request: PersonRequest) -> dict[int, Decimal] | None:
    """Base units by line: of the lines ticked, or of all of them with the button "all found"."""
    everything = "all" in request.POST
    picked: dict[int, Decimal] = {}
    wrong: dict[str, str] = {}
    for key, row in rows_of(request.POST, "lines").items():
        line, text = key_of(key), row.get("picked", "")
        if line is None or not (everything or row.get("found")):
            continue
        quantity = number_from(text) if text.strip() else ZERO
        if quantity is None:
            wrong[f"lines/{line}/picked"] = number_problem(text)
        else:
            picked[line] = quantity
    if wrong:
        raise Refused("wrong_numbers", _("These quantities cannot be right."), wrong)
    return picked


def _list_of(request: PersonRequest, pick_list_id: int) -> PickList:
    own = PickList.objects.visible_to(at_own_desk(request))
    return get_object_or_404(
        own.select_related("order__buyer", "order__seller", "warehouse"), pk=pick_list_id
    )


def _address(found: PickList) -> str:
    return reverse("backoffice:pick_list", args=[found.pk])


def _values(request: PersonRequest, found: PickList) -> dict[str, Any]:
    """What the page of a list shows. Three queries, however long it is."""
    lines = pick_lines(found)
    codes = _codes(lines, at_own_desk(request))
    scanned = request.GET.get("scan", "").strip().casefold()
    posted = rows_of(request.POST, "lines") if request.method == "POST" else {}
    views = []
    for line in lines:
        mine, typed = codes[line.pk], posted.get(str(line.pk), {})
        is_scanned = bool(scanned) and scanned in mine
        views.append(
            LineView(
                line=line,
                codes=" ".join(sorted(mine)),
                is_scanned=is_scanned,
                picked=typed.get("picked", line.quantity),
                is_found=is_scanned or bool(typed.get("found")),
            )
        )
    live = (
        Shipment.objects.visible_to(at_own_desk(request))
        .filter(pick_list=found)
        .exclude(status=Shipment.Status.CANCELLED)
    )
    return {
        "found": found,
        "lines": views,
        "scanned": request.GET.get("scan", "").strip(),
        "is_known": any(view.is_scanned for view in views),
        "kind": PICK_KINDS[PickList.Status(found.status)],
        "shipment": live.first() if found.status == PickList.Status.PACKED else None,
        "short": sum(1 for line in lines if line.picked < line.quantity),
        "today": local(clock.now()).date(),
    }


def _codes(lines: list[PickLine], actor: Actor) -> dict[int, set[str]]:
    """By line: article number, manufacturer's number and GTIN, in small letters and without blanks."""
    own = Product.objects.visible_to(actor).only("sku", "gtin", "manufacturer_part_number")
    products = own.in_bulk([line.article.product_id for line in lines])
    found = {}
    for line in lines:
        product = products.get(line.article.product_id)
        codes = {line.article.sku}
        if product is not None:
            codes |= {product.sku, product.gtin, product.manufacturer_part_number}
        found[line.pk] = {"".join(code.split()).casefold() for code in codes if code}
    return found


@needs(SHIP)
@require_POST
def pick_cancel(request: PersonRequest, pick_list_id: int) -> HttpResponse:
    """POST /office/pick-lists/7/cancel/ -> the list is dropped, its goods stay reserved."""
    found = _list_of(request, pick_list_id)
    cancel_pick_list(actor=at_own_desk(request), pick_list=found)
    toast = Toast(
        message=_("Pick list %(number)s is dropped.") % {"number": found.number},
        told=_("The goods stay reserved for %(order)s.") % {"order": found.order},
        undo_url=reverse("backoffice:order_release", args=[found.order_id]),
        undo_label=_("Release again"),
    )
    return leave_to(request, reverse("backoffice:picking"), toast=toast)


@needs(SHIP)
@require_POST
def pack(request: PersonRequest, pick_list_id: int) -> HttpResponse:
    """POST /office/pick-lists/7/pack/ packages, weight in kg -> a shipment, not on its way yet."""
    found = _list_of(request, pick_list_id)
    try:
        packages, grams = _parcels(request)
        shipment = pack_list(
            actor=at_own_desk(request), pick_list=found, packages=packages, weight_grams=grams
        )
    except (NotAllowed, Stale):
        raise
    except Refused as refusal:
        if "weight_grams" in refusal.fields:
            refusal.fields["weight"] = refusal.fields.pop("weight_grams")
        return refused(request, ONE, refusal, block="round", **_values(request, found))
    toast = Toast(message=_("Packed as %(number)s. Ship it next.") % {"number": shipment.number})
    return leave_to(request, reverse("backoffice:shipment", args=[shipment.pk]), toast=toast)


def _parcels(request: PersonRequest) -> tuple[int, int | None]:
    """Number of packages and grams as typed; the weight is asked for in kilograms."""
    packages, weight = request.POST.get("packages", "1").strip(), request.POST.get("weight", "").strip()
    wrong = {}
    if not (packages.isascii() and packages.isdigit() and len(packages) <= 4):
        wrong["packages"] = _("Enter how many packages there are.")
    kilograms = number_from(weight) if weight else None
    if weight and (kilograms is None or not kilograms.is_finite() or not 0 <= kilograms < 2_000_000):
        wrong["weight"] = _("Enter the weight in kilograms.")
    if wrong:
        raise Refused("parcel_wrong", _("Some details cannot be taken as they are."), wrong)
    return int(packages), None if kilograms is None else round(kilograms * GRAMS)


urlpatterns = [
    path("picking/", picking, name="picking"),
    path("pick-lists/<int:pick_list_id>/", pick_list, name="pick_list"),
    path("pick-lists/<int:pick_list_id>/cancel/", pick_cancel, name="pick_cancel"),
    path("pick-lists/<int:pick_list_id>/pack/", pack, name="pack"),
]
