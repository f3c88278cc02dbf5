"""Orders above somebody's limit: what waits, why it waits, approve or send back."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kontor.approvals.models import ApprovalRequest
from kontor.approvals.permissions import DECIDE
from kontor.approvals.queries import waiting_for, who_can_approve
from kontor.approvals.rules import may_approve
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.orders.models import Order
from kontor.orders.operations import approve_order, send_back_order
from kontor.orders.queries import OrderDetail, order_detail
from kontor.web.access import needs, signed_in
from kontor.web.identity import PersonRequest
from kontor.web.lists import address_with, page_of
from kontor.web.names import country_name
from kontor.web.pages import leave_to, page, refused
from kontor.web.shell import NavItem
from kontor.web.toasts import Toast

APPROVAL = "storefront/approvals/approval.html"
KINDS = {"waiting": "waiting", "approved": "done", "sent_back": "bad", "cancelled": "off"}
Status = ApprovalRequest.Status


def _of_company(actor: Actor) -> Any:
    """The requests of the actor's own company; what a company decides within itself is not for its seller."""
    if actor.acting_for_id is not None:
        raise NotAllowed("not_for_customers", _("Approvals are decided by the customer’s own people."))
    people = ("company", "requested_by__user", "decided_by__user")
    return ApprovalRequest.objects.visible_to(actor).select_related(*people)


@needs(DECIDE)
@require_GET
def approvals(request: PersonRequest) -> HttpResponse:
    """GET /approvals/ -> what waits for me; ?show=others what waits for others; ?show=decided what is decided."""
    mine = waiting_for(request.actor)
    found = _of_company(request.actor)
    show = request.GET.get("show", "")
    others = found.waiting().exclude(pk__in=[one.pk for one in mine])
    if show == "others":
        rows, pager = page_of(request, others, ["-id"])
    elif show == "decided":
        rows, pager = page_of(request, found.exclude(status=Status.WAITING), ["-id"])
    else:
        show, rows, pager = "", mine, None
    tabs = [
        NavItem(
            label=label,
            url=address_with(request, show=key, after=None, before=None),
            current=show == key,
            count=count,
        )
        for key, label, count in (
            ("", _("For you"), len(mine)),
            ("others", _("For others"), others.count()),
            ("decided", _("Decided"), None),
        )
    ]
    return page(
        request,
        "storefront/approvals/list.html",
        rows=[(row, limit_of(row)) for row in rows],
        tabs=tabs,
        pager=pager,
        show=show,
        kinds=KINDS,
    )


def limit_of(row: ApprovalRequest) -> Decimal | None:
    """The limit of who asked, at that moment."""
    try:
        return Decimal(str(row.facts["limit"]))
    except (KeyError, InvalidOperation):
        return None


@signed_in
@require_http_methods(["GET", "POST"])
def approval(request: PersonRequest, approval_id: int) -> HttpResponse:
    """GET /approvals/7/ -> why it waits and what is in it; POST decision=approve, or send_back with a reason."""
    row = get_object_or_404(_of_company(request.actor), pk=approval_id)
    detail = order_detail(request.actor, row.subject_id) if row.subject_type == "order" else None
    if request.method == "POST":
        order = get_object_or_404(Order.objects.visible_to(request.actor), pk=row.subject_id)
        try:
            toast = _decide(request, order)
        except Refused as refusal:
            if not refusal.fields:
                raise
            return refused(request, APPROVAL, refusal, **_approval_page(request, row, detail))
        waiting = request.actor.may(DECIDE)
        return leave_to(
            request, reverse("storefront:approvals" if waiting else "storefront:home"), toast=toast
        )
    return page(request, APPROVAL, **_approval_page(request, row, detail))


def _decide(request: PersonRequest, order: Order) -> Toast:
    who = {"number": order.number, "name": order.placed_by_name, "seller": order.seller}
    note = request.POST.get("note", "")
    if request.POST.get("decision") == "approve":
        approve_order(actor=request.actor, order=order, note=note)
        return Toast(
            message=_("Order %(number)s is approved.") % who,
            told=_("%(seller)s has it now, and %(name)s was told.") % who,
        )
    send_back_order(actor=request.actor, order=order, reason=note)
    return Toast(
        message=_("Order %(number)s is sent back.") % who,
        told=_("%(name)s was told why and can change it. The reserved goods are free again.") % who,
    )


def _approval_page(
    request: PersonRequest, row: ApprovalRequest, detail: OrderDetail | None
) -> dict[str, Any]:
    actor = request.actor
    amount = row.amount_under_limits
    deciders = [one for one in who_can_approve(row.company_id, amount) if one.pk != row.requested_by_id]
    is_own = row.requested_by_id == actor.membership_id
    may = actor.may(DECIDE) and row.status == Status.WAITING
    limit = limit_of(row)
    address = dict(detail.order.delivery_address) if detail else {}
    return {
        "row": row,
        "detail": detail,
        "limit": limit,
        "over": amount - limit if limit is not None and amount is not None else None,
        "kind": KINDS[row.status],
        "may_approve": may and may_approve(actor.order_limit, amount) and (not is_own or not deciders),
        "may_send_back": may,
        "is_own": is_own,
        "deciders": [one.user.name for one in deciders],
        "country": country_name(address.get("country", "")),
        "note": request.POST.get("note", ""),
    }


urlpatterns = [
    path("approvals/", approvals, name="approvals"),
    path("approvals/<int:approval_id>/", approval, name="approval"),
]
