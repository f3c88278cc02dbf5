"""Returns as the buyer sees them: announce what goes back and why, follow it until the credit note."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kontor.fulfilment.models import Return, ReturnLine
from kontor.fulfilment.operations import ReturnedLine, request_return
from kontor.fulfilment.operations.request_return import returnable
from kontor.fulfilment.permissions import ACCEPT_RETURNS, RETURN_GOODS
from kontor.fulfilment.queries import return_lines, returns_for
from kontor.invoicing.models import Invoice
from kontor.invoicing.permissions import SEE_INVOICES
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.orders.models import Order, OrderLine
from kontor.storefront.orders import order_of
from kontor.storefront.progress import return_steps
from kontor.storefront.states import RETURN_KINDS
from kontor.web.access import needs, signed_in
from kontor.web.forms import number_problem
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.names import country_name
from kontor.web.numbers import number_from
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

NEW = "storefront/returns/new.html"


@signed_in
@require_GET
def returns(request: PersonRequest) -> HttpResponse:
    """GET /returns/?status= -> what the company sends back, newest first."""
    state = request.GET.get("status", "")
    states = (state,) if state in Return.Status.values else ()
    found = returns_for(request.actor, statuses=states).filter(
        order__buyer_id=request.actor.buying_company_id
    )
    rows, pager = page_of(request, found, ["-requested_at", "-id"])
    return page(
        request,
        "storefront/returns/list.html",
        block="listing",
        returns=rows,
        pager=pager,
        state=state,
        kinds=RETURN_KINDS,
        states=[("", _("All returns")), *Return.Status.choices],
    )


@signed_in
@require_GET
def return_detail(request: PersonRequest, return_id: int) -> HttpResponse:
    """GET /returns/7/ -> how far it is, what came in, the credit note."""
    own = returns_for(request.actor).filter(order__buyer_id=request.actor.buying_company_id)
    found = get_object_or_404(own, pk=return_id)
    notes = Invoice.objects.visible_to(request.actor).filter(return_order=found)
    return page(
        request,
        "storefront/returns/detail.html",
        found=found,
        lines=return_lines(found),
        steps=return_steps(found),
        kind=RETURN_KINDS[found.status],
        credit=notes.first() if request.actor.may(SEE_INVOICES) else None,
    )


@needs(RETURN_GOODS, ACCEPT_RETURNS)
@require_http_methods(["GET", "POST"])
def return_new(request: PersonRequest, order_id: int) -> HttpResponse:
    """GET /orders/7/return/ -> the order's lines that can go back; POST quantities, reasons, notes -> announced."""
    order = order_of(request, order_id)
    if request.method == "POST":
        try:
            announced = _announce(request, order)
        except NotAllowed:
            raise
        except Refused as refusal:
            return refused(request, NEW, refusal, block="return", **_form(request, order))
        toast = Toast(
            message=_("Return %(number)s is announced.") % {"number": announced.number},
            told=_("%(seller)s was told. Send the goods when it is accepted.") % {"seller": order.seller},
        )
        return leave_to(request, reverse("storefront:return", args=[announced.pk]), toast=toast)
    return page(request, NEW, block="return", **_form(request, order))


def _announce(request: PersonRequest, order: Order) -> Return:
    form, wrong, lines = request.POST, {}, []
    for line_id in returnable(order):
        text = form.get(f"lines/{line_id}/quantity", "").strip()
        if not text:
            continue
        quantity = number_from(text)
        if quantity is None:
            wrong[f"lines/{line_id}/quantity"] = number_problem(text)
        elif quantity != 0:
            lines.append(
                ReturnedLine(
                    order_line_id=line_id,
                    quantity=quantity,
                    reason=form.get(f"lines/{line_id}/reason", ""),
                    note=form.get(f"lines/{line_id}/note", ""),
                )
            )
    if wrong:
        raise Refused("return_wrong", _("Some lines cannot be returned like this."), wrong)
    return request_return(actor=request.actor, order=order, lines=lines, note=form.get("note", ""))


def _form(request: PersonRequest, order: Order) -> dict[str, Any]:
    free = returnable(order)
    shipped = OrderLine.objects.filter(order=order, shipped__gt=0).order_by("position")
    return {
        "order": order,
        "lines": [(line, free.get(line.pk, 0)) for line in shipped],
        "can_return": any(quantity > 0 for quantity in free.values()),
        "reasons": ReturnLine.Reason.choices,
        "country": country_name(order.delivery_address.get("country", "")),
        "typed": request.POST if request.method == "POST" else None,
    }


urlpatterns = [
    path("orders/<int:order_id>/return/", return_new, name="return_new"),
    path("returns/", returns, name="returns"),
    path("returns/<int:return_id>/", return_detail, name="return"),
]
