"""What lies where: stock by warehouse, one item with its movements, the correction after a count, warehouses."""

from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Product
from kontor.companies.countries import COUNTRIES
from kontor.fulfilment.permissions import ACCEPT_RETURNS, SHIP
from kontor.inventory.models import Reservation, StockItem, StockMovement, Warehouse
from kontor.inventory.operations import WarehouseFacts, adjust_stock, save_warehouse, set_bin
from kontor.inventory.permissions import MOVE_STOCK, SEE_STOCK
from kontor.inventory.queries import low_stock, movements_of, stock_items
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.orders.models import OrderLine
from kontor.orders.permissions import CONFIRM_ORDERS
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.forms import number_problem
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.numbers import active_locale, number_from
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

ITEM = "backoffice/stock/item.html"
WAREHOUSES = "backoffice/stock/warehouses.html"
SHOWN_RESERVATIONS = 20
MOST_SHORT = 500
PLACES = {
    "shipment": ("backoffice:shipment", (SHIP, CONFIRM_ORDERS)),
    "return": ("backoffice:return", (ACCEPT_RETURNS,)),
}
VIEWS = ("", "empty", "reserved", "sold_out")


@needs(SEE_STOCK)
@require_GET
def stock(request: PersonRequest) -> HttpResponse:
    """GET /office/stock/?q=&warehouse=&show= -> stock by article and warehouse; or what is sold out everywhere."""
    actor = at_own_desk(request)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    warehouse = key_of(request.GET.get("warehouse", ""))
    show = request.GET.get("show", "")
    show = show if show in VIEWS else ""
    places = list(Warehouse.objects.visible_to(actor))
    found = _narrowed(stock_items(actor), words, warehouse, show)
    rows, pager = page_of(request, found, ["product__sku", "warehouse__position", "id"])
    return page(
        request,
        "backoffice/stock/list.html",
        block="listing",
        rows=rows,
        pager=pager,
        words=words,
        warehouse=warehouse or "",
        show=show,
        places=places,
        scarce=low_stock(actor.company_id, limit=MOST_SHORT)
        if show == "sold_out" and actor.company_id
        else [],
        views=[
            ("", _("All stock")),
            ("empty", _("Nothing free here")),
            ("reserved", _("Reserved for orders")),
            ("sold_out", _("Sold out everywhere")),
        ],
        may_move=actor.may(MOVE_STOCK),
    )


def _narrowed(
    found: QuerySet[StockItem], words: str, warehouse: int | None, show: str
) -> QuerySet[StockItem]:
    for word in words.split()[:8]:
        found = found.filter(
            Q(product__sku__icontains=word)
            | Q(product__name__icontains=word)
            | Q(product__gtin=word)
            | Q(bin__iexact=word)
        )
    if warehouse:
        found = found.filter(warehouse_id=warehouse)
    if show == "empty":
        found = found.filter(reserved__gte=F("on_hand"), product__status=Product.Status.ACTIVE)
    return found.filter(reserved__gt=0) if show == "reserved" else found


def _item_of(request: PersonRequest, stock_item_id: int) -> StockItem:
    return get_object_or_404(stock_items(at_own_desk(request)), pk=stock_item_id)


def _address(item: StockItem) -> str:
    return reverse("backoffice:stock_item", args=[item.pk])


@needs(SEE_STOCK)
@require_GET
def stock_item(request: PersonRequest, stock_item_id: int) -> HttpResponse:
    """GET /office/stock/7/ -> how much is there, for whom it is held, what moved, and the correction after a count."""
    return page(request, ITEM, block="item", **_values(request, _item_of(request, stock_item_id)))


def _values(request: PersonRequest, item: StockItem) -> dict[str, Any]:
    actor = at_own_desk(request)
    moved, pager = page_of(request, movements_of(item.pk), ["-id"])
    held = list(
        Reservation.objects.filter(stock_item=item, status=Reservation.Status.ACTIVE).order_by("id")[
            :SHOWN_RESERVATIONS
        ]
    )
    lines = OrderLine.objects.select_related("order__buyer").in_bulk([one.order_line_id for one in held])
    return {
        "item": item,
        "moved": [{"row": one, "url": _place_of(one, actor)} for one in moved],
        "pager": pager,
        "held": [(one, lines[one.order_line_id].order) for one in held if one.order_line_id in lines],
        "may_move": actor.may(MOVE_STOCK),
        "may_open_orders": actor.may(CONFIRM_ORDERS),
        "typed": request.POST,
    }


def _place_of(movement: StockMovement, actor: Actor) -> str:
    """The page of what moved the goods, where there is one that this person may open."""
    kind, _colon, key = movement.reference.partition(":")
    place, rights = PLACES.get(kind, ("", ()))
    return reverse(place, args=[int(key)]) if key.isdigit() and any(map(actor.may, rights)) else ""


@needs(MOVE_STOCK)
@require_POST
def stock_count(request: PersonRequest, stock_item_id: int) -> HttpResponse:
    """POST /office/stock/7/count/ on_hand, reason, seen -> what is on the shelf is put right."""
    item = _item_of(request, stock_item_id)
    form = request.POST
    text = form.get("on_hand", "").strip()
    counted = number_from(text) if text else None
    try:
        if counted is None:
            message = number_problem(text) if text else _("Enter what you counted.")
            raise Refused("not_a_quantity", message, {"on_hand": message})
        before = item.on_hand
        item = adjust_stock(
            actor=at_own_desk(request),
            stock_item=item,
            new_on_hand=counted,
            reason=form.get("reason", "")[:200],
            seen=number_from(form.get("seen", "")),
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(
            request, ITEM, refusal, block="item", **_values(request, _item_of(request, stock_item_id))
        )
    same = item.on_hand == before
    message = _("The stock was right.") if same else _("The stock is corrected.")
    return leave_to(request, _address(item), toast=Toast(message=message))


@needs(MOVE_STOCK)
@require_POST
def stock_bin(request: PersonRequest, stock_item_id: int) -> HttpResponse:
    """POST /office/stock/7/bin/ bin -> where it lies."""
    item = _item_of(request, stock_item_id)
    try:
        set_bin(
            actor=at_own_desk(request), stock_item=item, bin=request.POST.get("bin", "").replace("\x00", "")
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, ITEM, refusal, block="item", **_values(request, item))
    message = _("It lies in %(bin)s now.") % {"bin": item.bin} if item.bin else _("It has no bin now.")
    return leave_to(request, _address(item), toast=Toast(message=message))


@needs(SEE_STOCK)
@require_http_methods(["GET", "POST"])
def warehouses(request: PersonRequest) -> HttpResponse:
    """GET /office/warehouses/?edit=7 -> the places from which goods leave; POST -> one added or changed."""
    actor = at_own_desk(request)
    own = Warehouse.objects.visible_to(actor)
    key = key_of(request.POST.get("warehouse", request.GET.get("edit", "")))
    edited = get_object_or_404(own, pk=key) if key else None
    if request.method == "GET":
        return page(request, WAREHOUSES, block="form", **_warehouse_values(request, actor, edited))
    try:
        saved = save_warehouse(actor=actor, facts=_warehouse_facts(request), warehouse=edited)
    except NotAllowed:
        raise
    except Refused as refusal:
        values = _warehouse_values(request, actor, edited)
        return refused(request, WAREHOUSES, refusal, block="form", **values)
    toast = Toast(message=_("The warehouse %(code)s is saved.") % {"code": saved.code})
    return leave_to(request, reverse("backoffice:warehouses"), toast=toast)


def _warehouse_facts(request: PersonRequest) -> WarehouseFacts:
    form = {name: request.POST.get(name, "").replace("\x00", "").strip() for name in request.POST}
    longest = {"code": 20, "name": 120, "city": 120}
    wrong = {
        name: _("At most %(most)s characters.") % {"most": most}
        for name, most in longest.items()
        if len(form.get(name, "")) > most
    }
    position = key_of(form.get("position", "") or "0")
    if position is None or position > 1000:
        wrong["position"] = _("Enter a whole number.")
    if wrong or position is None:
        raise Refused("incomplete", _("The warehouse was not saved. Correct the marked fields."), wrong)
    return WarehouseFacts(
        code=form.get("code", ""),
        name=form.get("name", ""),
        country=form.get("country", "").upper(),
        city=form.get("city", ""),
        position=position,
    )


def _warehouse_values(request: PersonRequest, actor: Actor, edited: Warehouse | None) -> dict[str, Any]:
    counted = Warehouse.objects.visible_to(actor).annotate(
        items=Count("stock", filter=Q(stock__on_hand__gt=0)), held=Sum("stock__reserved")
    )
    names = ("code", "name", "city", "country", "position")
    typed = {name: request.POST.get(name, "") for name in names} if request.method == "POST" else None
    kept = {name: getattr(edited, name) if edited else "" for name in names}
    return {
        "places": list(counted.order_by("position", "id")),
        "edited": edited,
        "typed": typed or kept,
        "may_move": actor.may(MOVE_STOCK),
        "countries": sorted(
            ((code, str(active_locale().territories.get(code, code))) for code in COUNTRIES),
            key=lambda one: one[1].casefold(),
        ),
    }


urlpatterns = [
    path("stock/", stock, name="stock"),
    path("stock/<int:stock_item_id>/", stock_item, name="stock_item"),
    path("stock/<int:stock_item_id>/count/", stock_count, name="stock_count"),
    path("stock/<int:stock_item_id>/bin/", stock_bin, name="stock_bin"),
    path("warehouses/", warehouses, name="warehouses"),
]
