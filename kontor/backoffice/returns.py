"""Goods that come back: answer, receive, credit."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kontor.backoffice.histories import trail_rows
from kontor.backoffice.seat import at_own_desk
from kontor.backoffice.states import RETURN_KINDS
from kontor.fulfilment.models import Return, ReturnQuerySet
from kontor.fulfilment.operations import accept_return, decline_return, receive_return
from kontor.fulfilment.permissions import ACCEPT_RETURNS
from kontor.fulfilment.queries import return_lines, returns_for
from kontor.invoicing.models import Invoice
from kontor.invoicing.operations import issue_credit_note
from kontor.invoicing.permissions import ISSUE_INVOICES, SEE_INVOICES
from kontor.kernel.actors import Actor
from kontor.kernel.money import ZERO
from kontor.kernel.refusal import NotAllowed, Refused, Stale
from kontor.messaging.operations import write_message
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.forms import number_problem, rows_of
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.numbers import number_from
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

ONE = "backoffice/returns/detail.html"
COUNTED = (Return.Status.REQUESTED, Return.Status.ACCEPTED, Return.Status.RECEIVED)


def _own(actor: Actor) -> ReturnQuerySet:
    return returns_for(actor).filter(order__seller_id=actor.company_id)


@needs(ACCEPT_RETURNS, ISSUE_INVOICES)
@require_GET
def returns(request: PersonRequest) -> HttpResponse:
    """GET /office/returns/?show=&q= -> returns to answer, to receive, to credit; or all of them."""
    actor = at_own_desk(request)
    show, words = request.GET.get("show", ""), request.GET.get("q", "").strip()[:60]
    show = show if show in Return.Status.values else "all"
    found = _own(actor)
    if show != "all":
        found = found.filter(status=show)
    if words:
        found = found.filter(
            Q(number__istartswith=words)
            | Q(order__number__istartswith=words)
            | Q(order__buyer__legal_name__icontains=words)
        )
    rows, pager = page_of(request, found.annotate(lines_count=Count("lines")), ["-requested_at", "-id"])
    counts = dict(_own(actor).order_by().values_list("status").annotate(n=Count("id")))
    labels = {
        "all": _("All"),
        "requested": _("To answer"),
        "accepted": _("To receive"),
        "received": _("To credit"),
        "credited": _("Credited"),
        "declined": _("Declined"),
    }
    address = reverse("backoffice:returns")
    tabs = [
        {
            "label": label,
            "url": f"{address}?show={key}",
            "current": key == show,
            "count": counts.get(key, 0) if key in COUNTED else None,
        }
        for key, label in labels.items()
    ]
    return page(
        request, "backoffice/returns/list.html", block="listing",
        returns=rows, pager=pager, show=show, words=words, kinds=RETURN_KINDS, tabs=tabs,
    )  # fmt: skip


def _return_of(request: PersonRequest, return_id: int) -> Return:
    found = _own(at_own_desk(request)).select_related("order__buyer", "order__seller")
    return get_object_or_404(found, pk=return_id)


def _address(found: Return) -> str:
    return reverse("backoffice:return", args=[found.pk])


@needs(ACCEPT_RETURNS, ISSUE_INVOICES)
@require_GET
def return_detail(request: PersonRequest, return_id: int) -> HttpResponse:
    """GET /office/returns/7/ -> what comes back and why, and the next step."""
    return page(request, ONE, block="step", **_values(request, _return_of(request, return_id)))


def _values(request: PersonRequest, found: Return) -> dict[str, Any]:
    actor = at_own_desk(request)
    note = (
        Invoice.objects.visible_to(actor).filter(return_order=found).first()
        if actor.may(SEE_INVOICES)
        else None
    )
    return {
        "found": found,
        "lines": return_lines(found),
        "kind": RETURN_KINDS[Return.Status(found.status)],
        "may_answer": actor.may(ACCEPT_RETURNS),
        "may_credit": actor.may(ISSUE_INVOICES),
        "credit": note,
        "said": trail_rows(("return", found.pk), actor),
        "typed": request.POST,
        "typed_lines": rows_of(request.POST, "lines"),
    }


def _refuse(request: PersonRequest, found: Return, refusal: Refused) -> HttpResponse:
    return refused(request, ONE, refusal, block="step", **_values(request, found))


@needs(ACCEPT_RETURNS)
@require_POST
def return_answer(request: PersonRequest, return_id: int) -> HttpResponse:
    """POST /office/returns/7/answer/ decision=accept|decline, note|reason -> the buyer is told."""
    found, form = _return_of(request, return_id), request.POST
    actor = at_own_desk(request)
    accepts = form.get("decision") == "accept"
    try:
        if accepts:
            accept_return(actor=actor, return_order=found, note=form.get("note", ""))
        else:
            decline_return(actor=actor, return_order=found, reason=form.get("reason", ""))
    except (NotAllowed, Stale):
        raise
    except Refused as refusal:
        return _refuse(request, found, refusal)
    message = _("Return %(number)s is accepted.") if accepts else _("Return %(number)s is declined.")
    toast = Toast(
        message=message % {"number": found.number},
        told=_("%(buyer)s was told.") % {"buyer": found.order.buyer},
    )
    return leave_to(request, _address(found), toast=toast)


@needs(ACCEPT_RETURNS)
@require_POST
def return_receive(request: PersonRequest, return_id: int) -> HttpResponse:
    """POST /office/returns/7/receive/ lines/<id>/received, lines/<id>/restocked -> the goods are back."""
    found = _return_of(request, return_id)
    try:
        received = _received(request)
        receive_return(actor=at_own_desk(request), return_order=found, received=received)
    except (NotAllowed, Stale):
        raise
    except Refused as refusal:
        return _refuse(request, found, refusal)
    fit = sum((part for _came, part in received.values()), ZERO)
    toast = Toast(
        message=_("Return %(number)s is received.") % {"number": found.number},
        told=_("What is fit is back in stock. Finance can credit it now.")
        if fit
        else _("Nothing of it went back to stock. Finance can credit it now."),
    )
    return leave_to(request, _address(found), toast=toast)


def _received(request: PersonRequest) -> dict[int, tuple[Decimal, Decimal]]:
    """By return line: what came, and what of it is fit. Nothing typed is nothing."""
    received, wrong = {}, {}
    for key, row in rows_of(request.POST, "lines").items():
        line = key_of(key)
        if line is None:
            continue
        values = {}
        for name in ("received", "restocked"):
            text = row.get(name, "").strip()
            value = number_from(text) if text else ZERO
            if value is None:
                wrong[f"lines/{line}/{name}"] = number_problem(text)
            values[name] = value or ZERO
        received[line] = (values["received"], values["restocked"])
    if wrong:
        raise Refused("received_wrong", _("These quantities cannot be right."), wrong)
    return received


@needs(ISSUE_INVOICES)
@require_POST
def return_credit(request: PersonRequest, return_id: int) -> HttpResponse:
    """POST /office/returns/7/credit/ -> the credit note for what came back."""
    found = _return_of(request, return_id)
    try:
        note = issue_credit_note(actor=at_own_desk(request), return_order=found)
    except (NotAllowed, Stale):
        raise
    except Refused as refusal:
        return _refuse(request, found, refusal)
    toast = Toast(
        message=_("Credit note %(number)s is issued.") % {"number": note.number},
        told=_("%(buyer)s was told.") % {"buyer": found.order.buyer},
    )
    return leave_to(request, reverse("backoffice:invoice", args=[note.pk]), toast=toast)


@needs(ACCEPT_RETURNS)
@require_POST
def return_message(request: PersonRequest, return_id: int) -> HttpResponse:
    """POST /office/returns/7/messages/ body -> the buyer reads it."""
    found = _return_of(request, return_id)
    try:
        write_message(
            actor=at_own_desk(request),
            subject=("return", found.pk),
            title=_("Return %(number)s") % {"number": found.number},
            buyer_id=found.order.buyer_id,
            seller_id=found.order.seller_id,
            body=request.POST.get("body", ""),
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return _refuse(request, found, refusal)
    toast = Toast(message=_("Message sent."), told=_("%(buyer)s was told.") % {"buyer": found.order.buyer})
    return leave_to(request, _address(found) + "#messages", toast=toast)


urlpatterns = [
    path("returns/", returns, name="returns"),
    path("returns/<int:return_id>/", return_detail, name="return"),
    path("returns/<int:return_id>/answer/", return_answer, name="return_answer"),
    path("returns/<int:return_id>/receive/", return_receive, name="return_receive"),
    path("returns/<int:return_id>/credit/", return_credit, name="return_credit"),
    path("returns/<int:return_id>/messages/", return_message, name="return_message"),
]
