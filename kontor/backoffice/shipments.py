"""Parcels from the packing table to the customer's door: ship, unpack, deliver."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kontor.backoffice.seat import at_own_desk
from kontor.backoffice.states import SHIPMENT_KINDS
from kontor.fulfilment.models import Shipment, ShipmentQuerySet
from kontor.fulfilment.operations import confirm_delivery
from kontor.fulfilment.operations import ship as ship_it
from kontor.fulfilment.operations import unpack as unpack_it
from kontor.fulfilment.permissions import SHIP
from kontor.fulfilment.queries import shipment_lines, shipments_for
from kontor.invoicing.models import Invoice
from kontor.invoicing.permissions import ISSUE_INVOICES, SEE_INVOICES
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused, Stale
from kontor.orders.permissions import CONFIRM_ORDERS
from kontor.web.access import needs
from kontor.web.asked import day_of
from kontor.web.dates import local
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

ONE = "backoffice/shipments/detail.html"
SHOWN = {
    "packed": Shipment.Status.PACKED,
    "shipped": Shipment.Status.SHIPPED,
    "delivered": Shipment.Status.DELIVERED,
    "cancelled": Shipment.Status.CANCELLED,
}
CARRIERS = 12


def _own(actor: Actor) -> ShipmentQuerySet:
    return shipments_for(actor).filter(order__seller_id=actor.company_id)


@needs(SHIP, CONFIRM_ORDERS, SEE_INVOICES)
@require_GET
def shipments(request: PersonRequest) -> HttpResponse:
    """GET /office/shipments/?show=&q= -> parcels to ship, on their way, delivered; found by any of their numbers."""
    actor = at_own_desk(request)
    show, words = request.GET.get("show", ""), request.GET.get("q", "").strip()[:60]
    show = show if show in SHOWN or show == "all" else "all" if words else "packed"
    found = _own(actor)
    if show != "all":
        found = found.filter(status=SHOWN[show])
    if words:
        found = found.filter(
            Q(number__istartswith=words)
            | Q(order__number__istartswith=words)
            | Q(tracking_number__istartswith=words)
            | Q(order__buyer__legal_name__icontains=words)
        )
    rows, pager = page_of(request, found, ["-packed_at", "-id"])
    counts = dict(_own(actor).order_by().values_list("status").annotate(n=Count("id")))
    return page(
        request,
        "backoffice/shipments/list.html",
        block="listing",
        shipments=rows,
        pager=pager,
        show=show,
        words=words,
        kinds=SHIPMENT_KINDS,
        today=local(clock.now()).date(),
        tabs=_tabs(show, counts),
        may_ship=actor.may(SHIP),
    )


def _tabs(show: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    address = reverse("backoffice:shipments")
    tabs = {
        "packed": _("To ship"),
        "shipped": _("On the way"),
        "delivered": _("Delivered"),
        "cancelled": _("Unpacked again"),
        "all": _("All"),
    }
    counted = ("packed", "shipped")
    return [
        {
            "label": label,
            "url": f"{address}?show={key}",
            "current": key == show,
            "count": counts.get(SHOWN[key], 0) if key in counted else None,
        }
        for key, label in tabs.items()
    ]


def shipment_of(request: PersonRequest, shipment_id: int) -> Shipment:
    """The seller's own shipment with order and companies, or 404."""
    found = _own(at_own_desk(request)).select_related("order__buyer", "order__seller", "pick_list")
    return get_object_or_404(found, pk=shipment_id)


@needs(SHIP, CONFIRM_ORDERS, SEE_INVOICES)
@require_GET
def shipment(request: PersonRequest, shipment_id: int) -> HttpResponse:
    """GET /office/shipments/7/ -> what is in it, where it goes, and the next step."""
    found = shipment_of(request, shipment_id)
    return page(request, ONE, block="step", **_values(request, found))


def _values(request: PersonRequest, found: Shipment) -> dict[str, Any]:
    actor = at_own_desk(request)
    carriers = (
        _own(actor)
        .exclude(carrier="")
        .order_by("carrier")
        .values_list("carrier", flat=True)
        .distinct()[:CARRIERS]
        if found.status == Shipment.Status.PACKED
        else []
    )
    may_see = actor.may(SEE_INVOICES)
    return {
        "found": found,
        "lines": shipment_lines(found),
        "kind": SHIPMENT_KINDS[Shipment.Status(found.status)],
        "kilograms": Decimal(found.weight_grams) / 1000 if found.weight_grams else None,
        "carriers": list(carriers),
        "today": local(clock.now()).date(),
        "may_ship": actor.may(SHIP),
        "may_invoice": actor.may(ISSUE_INVOICES),
        "may_open_order": actor.may(CONFIRM_ORDERS) or may_see,
        "invoice": Invoice.objects.visible_to(actor).filter(shipment=found).first() if may_see else None,
        "typed": request.POST,
    }


def _answer(request: PersonRequest, found: Shipment, refusal: Refused) -> HttpResponse:
    return refused(request, ONE, refusal, block="step", **_values(request, found))


@needs(SHIP)
@require_POST
def ship(request: PersonRequest, shipment_id: int) -> HttpResponse:
    """POST /office/shipments/7/ship/ carrier, tracking_number, tracking_url, arrives_on -> on its way."""
    found = shipment_of(request, shipment_id)
    form, day = request.POST, request.POST.get("arrives_on", "").strip()
    try:
        if day and day_of(day) is None:
            message = _("Enter the day as in 2026-03-31.")
            raise Refused("dispatch_wrong", message, {"arrives_on": message})
        ship_it(
            actor=at_own_desk(request),
            shipment=found,
            carrier=form.get("carrier", ""),
            tracking_number=form.get("tracking_number", ""),
            tracking_url=form.get("tracking_url", ""),
            arrives_on=day_of(day),
        )
    except (NotAllowed, Stale):
        raise
    except Refused as refusal:
        return _answer(request, found, refusal)
    toast = Toast(
        message=_("%(number)s is on its way.") % {"number": found.number},
        told=_("%(buyer)s was told.") % {"buyer": found.order.buyer},
    )
    return leave_to(request, _address(found), toast=toast)


@needs(SHIP)
@require_POST
def unpack(request: PersonRequest, shipment_id: int) -> HttpResponse:
    """POST /office/shipments/7/unpack/ -> the parcels are taken apart, the goods stay reserved."""
    found = shipment_of(request, shipment_id)
    unpack_it(actor=at_own_desk(request), shipment=found)
    toast = Toast(
        message=_("%(number)s is unpacked.") % {"number": found.number},
        told=_("The goods stay reserved for %(order)s.") % {"order": found.order},
        undo_url=reverse("backoffice:order_release", args=[found.order_id]),
        undo_label=_("Release again"),
    )
    return leave_to(request, reverse("backoffice:picking"), toast=toast)


@needs(SHIP)
@require_POST
def deliver(request: PersonRequest, shipment_id: int) -> HttpResponse:
    """POST /office/shipments/7/deliver/ received_by -> the goods have arrived."""
    found = shipment_of(request, shipment_id)
    try:
        confirm_delivery(
            actor=at_own_desk(request), shipment=found, received_by=request.POST.get("received_by", "")
        )
    except (NotAllowed, Stale):
        raise
    except Refused as refusal:
        return _answer(request, found, refusal)
    toast = Toast(
        message=_("%(number)s is delivered.") % {"number": found.number},
        told=_("%(buyer)s sees it with its order.") % {"buyer": found.order.buyer},
    )
    return leave_to(request, _address(found), toast=toast)


def _address(found: Shipment) -> str:
    return reverse("backoffice:shipment", args=[found.pk])


urlpatterns = [
    path("shipments/", shipments, name="shipments"),
    path("shipments/<int:shipment_id>/", shipment, name="shipment"),
    path("shipments/<int:shipment_id>/ship/", ship, name="ship"),
    path("shipments/<int:shipment_id>/unpack/", unpack, name="unpack"),
    path("shipments/<int:shipment_id>/deliver/", deliver, name="deliver"),
]
