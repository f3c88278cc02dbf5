"""Agreements with customers: which there are, one of them, from draft to in force to renewed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.agreements.models import STATES, Agreement
from kontor.agreements.operations import (
    Renewal,
    activate_agreement,
    delete_draft,
    renew_agreement,
    save_agreement,
    terminate_agreement,
)
from kontor.agreements.queries import in_state, progress_of, uses_of
from kontor.backoffice.agreement_form import choices_of, days_of, facts_of, fields_of
from kontor.backoffice.agreement_rows import commitment_rows
from kontor.backoffice.histories import trail_rows
from kontor.backoffice.seat import at_own_desk
from kontor.companies.models import Company
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.orders.models import Order
from kontor.pricing.permissions import EDIT_PRICES
from kontor.web.access import needs
from kontor.web.forms import number_problem
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.numbers import number_from
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

LIST, ONE = "backoffice/agreements/list.html", "backoffice/agreements/agreement.html"
NEW = "backoffice/agreements/new.html"
KINDS = {"draft": "waiting", "ahead": "neutral", "active": "active", "ended": "done", "terminated": "off"}


def _own(actor: Actor) -> Any:
    seen = Agreement.objects.visible_to(actor).filter(seller_id=actor.company_id)
    return seen.select_related("seller", "account__buyer", "group", "price_list__basis")


def agreement_of(request: PersonRequest, agreement_id: int) -> Agreement:
    """An agreement of the reader's own company, or 404."""
    found: Agreement = get_object_or_404(_own(at_own_desk(request)), pk=agreement_id)
    return found


def agreement_address(found: Agreement) -> str:
    return reverse("backoffice:agreement", args=[found.pk])


@needs(EDIT_PRICES)
@require_GET
def agreements(request: PersonRequest) -> HttpResponse:
    """GET /office/agreements/?q=&state= -> all, newest first, with how far each is."""
    actor = at_own_desk(request)
    words, state = request.GET.get("q", "").replace("\x00", "")[:100], request.GET.get("state", "")
    found = in_state(_own(actor), state)
    for word in words.split()[:8]:
        found = found.filter(
            Q(number__icontains=word)
            | Q(title__icontains=word)
            | Q(buyer_number__icontains=word)
            | Q(account__buyer__legal_name__icontains=word)
            | Q(account__customer_number=word)
            | Q(group__name__icontains=word)
        )
    rows, pager = page_of(request, found, ["-id"])
    return page(
        request, LIST, block="listing", rows=rows, pager=pager, words=words, state=state, shapes=KINDS,
        progress=progress_of(actor, rows),
        states=[("", _("All agreements")), ("ending", _("End within 60 days")), *STATES.items()],
    )  # fmt: skip


@needs(EDIT_PRICES)
@require_http_methods(["GET", "POST"])
def agreement_new(request: PersonRequest) -> HttpResponse:
    """GET /office/agreements/new/?account=10001 -> the form; POST title, account or group … -> a draft."""
    actor = at_own_desk(request)
    refusal = None
    if request.method == "POST":
        try:
            seller = get_object_or_404(Company, pk=actor.company_id)
            saved = save_agreement(actor=actor, facts=facts_of(request.POST, actor, seller))
        except NotAllowed:
            raise
        except Refused as problem:
            refusal = problem
        else:
            told = _("Enter its prices and what is committed, then put it in force.")
            toast = Toast(message=_("%(number)s is drafted.") % {"number": saved.number}, told=told)
            return leave_to(request, agreement_address(saved), toast=toast)
    typed = request.POST or request.GET
    values: dict[str, Any] = {"fields": fields_of(None, typed), "is_fixed": False, **choices_of(actor)}
    return refused(request, NEW, refusal, **values) if refusal else page(request, NEW, **values)


@needs(EDIT_PRICES)
@require_GET
def agreement(request: PersonRequest, agreement_id: int) -> HttpResponse:
    """GET /office/agreements/7/ -> dates, prices, what is committed and used, by which orders."""
    return page(request, ONE, **agreement_values(request, agreement_of(request, agreement_id)))


def agreement_values(request: PersonRequest, found: Agreement) -> dict[str, Any]:
    """What the page of an agreement shows."""
    actor = at_own_desk(request)
    progress = progress_of(actor, [found])[found.pk]
    uses = uses_of(actor, found)
    orders = Order.objects.visible_to(actor).in_bulk({one.order_id for one in uses})
    one = found.price_list
    renewed = Agreement.objects.visible_to(actor).filter(renews=found).first()
    return {
        "found": found,
        "shape": KINDS[found.state],
        "progress": progress,
        "rows": commitment_rows(request, progress),
        "uses": [(one, orders.get(one.order_id)) for one in uses],
        "price_count": one.prices.count() if one else 0,
        "list_differs": one is not None
        and found.status == Agreement.Status.ACTIVE
        and (one.valid_from, one.valid_until) != (found.valid_from, found.valid_until),
        "fields": fields_of(found, request.POST),
        "is_fixed": found.status != Agreement.Status.DRAFT,
        "renewed": renewed,
        "renewal": _renewal_fields(found, request),
        "history": trail_rows(("agreement", found.pk), actor),
        "typed": request.POST,
        "pasted_wrong": [],
        **choices_of(actor, found),
    }


def _renewal_fields(found: Agreement, request: PersonRequest) -> dict[str, str]:
    """The day after its last one, and as long again."""
    if "percent" in request.POST:
        return request.POST.dict()
    last = found.last_day
    if last is None:
        return {"valid_from": clock.day_in(found.seller.timezone).isoformat(), "valid_until": ""}
    begins = last + timedelta(days=1)
    return {
        "valid_from": begins.isoformat(),
        "valid_until": (begins + (last - found.first_day)).isoformat(),
    }


def _done(
    request: PersonRequest, agreement_id: int, act: Callable[[Actor, Agreement], Agreement], said: Toast
) -> HttpResponse:
    """The page again after a change, or with what was refused."""
    found = agreement_of(request, agreement_id)
    try:
        changed = act(at_own_desk(request), found)
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, ONE, refusal, **agreement_values(request, found))
    return leave_to(request, agreement_address(changed), toast=said)


@needs(EDIT_PRICES)
@require_POST
def agreement_save(request: PersonRequest, agreement_id: int) -> HttpResponse:
    """POST /office/agreements/7/save/ title, valid_from … -> changed; in force only what may change then."""

    def save(actor: Actor, found: Agreement) -> Agreement:
        form = fields_of(found, {}) | request.POST.dict() if found.status != "draft" else request.POST
        return save_agreement(actor=actor, agreement=found, facts=facts_of(form, actor, found.seller))

    return _done(request, agreement_id, save, Toast(message=_("The agreement is saved.")))


@needs(EDIT_PRICES)
@require_POST
def agreement_activate(request: PersonRequest, agreement_id: int) -> HttpResponse:
    """POST /office/agreements/7/activate/ -> in force from its first day on."""
    toast = Toast(
        message=_("The agreement is in force."),
        told=_("Its prices count on every page from its first day on, and the customer is told."),
    )
    return _done(
        request, agreement_id, lambda actor, found: activate_agreement(actor=actor, agreement=found), toast
    )


@needs(EDIT_PRICES)
@require_POST
def agreement_terminate(request: PersonRequest, agreement_id: int) -> HttpResponse:
    """POST /office/agreements/7/terminate/ note -> ended now."""
    note = request.POST.get("note", "").replace("\x00", "")
    toast = Toast(
        message=_("The agreement is terminated."),
        told=_("Orders that were placed keep their prices. The customer is told."),
    )
    return _done(
        request,
        agreement_id,
        lambda actor, found: terminate_agreement(actor=actor, agreement=found, note=note),
        toast,
    )


@needs(EDIT_PRICES)
@require_POST
def agreement_renew(request: PersonRequest, agreement_id: int) -> HttpResponse:
    """POST /office/agreements/7/renew/ valid_from, valid_until, percent -> the draft that follows."""

    def renew(actor: Actor, found: Agreement) -> Agreement:
        begins, ends = days_of(request.POST, found.seller)
        text = request.POST.get("percent", "").strip() or "0"
        percent = number_from(text)
        if percent is None:
            message = number_problem(text)
            raise Refused("incomplete", message, {"percent": message})
        renewal = Renewal(valid_from=begins, valid_until=ends, percent=percent)
        return renew_agreement(actor=actor, agreement=found, renewal=renewal)

    told = _("Look its prices through, then put it in force.")
    return _done(request, agreement_id, renew, Toast(message=_("The renewal is drafted."), told=told))


@needs(EDIT_PRICES)
@require_POST
def agreement_delete(request: PersonRequest, agreement_id: int) -> HttpResponse:
    """POST /office/agreements/7/delete/ -> the draft is gone; its list stays."""
    found = agreement_of(request, agreement_id)
    try:
        delete_draft(actor=at_own_desk(request), agreement=found)
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, ONE, refusal, **agreement_values(request, found))
    toast = Toast(message=_("The draft %(number)s is deleted.") % {"number": found.number})
    return leave_to(request, reverse("backoffice:agreements"), toast=toast)


urlpatterns = [
    path("agreements/", agreements, name="agreements"),
    path("agreements/new/", agreement_new, name="agreement_new"),
    path("agreements/<int:agreement_id>/", agreement, name="agreement"),
    path("agreements/<int:agreement_id>/save/", agreement_save, name="agreement_save"),
    path("agreements/<int:agreement_id>/activate/", agreement_activate, name="agreement_activate"),
    path("agreements/<int:agreement_id>/terminate/", agreement_terminate, name="agreement_terminate"),
    path("agreements/<int:agreement_id>/renew/", agreement_renew, name="agreement_renew"),
    path("agreements/<int:agreement_id>/delete/", agreement_delete, name="agreement_delete"),
]
