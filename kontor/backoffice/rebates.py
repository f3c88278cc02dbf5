"""Bonus agreements: how far they are, what is due, what goes into the books."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kontor.backoffice.desks import seller_id_of
from kontor.backoffice.histories import trail_rows
from kontor.backoffice.seat import at_own_desk
from kontor.invoicing.permissions import ISSUE_INVOICES
from kontor.kernel.entrances.csv_rows import Cell
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.rebates.models import Rebate, Settlement
from kontor.rebates.operations import begin_rebate, delete_rebate, end_rebate, recount_rebate, settle_rebate
from kontor.rebates.permissions import EDIT_REBATES
from kontor.rebates.queries import (
    Month,
    counted_lines,
    customers_of,
    documents_for,
    months_of,
    open_sums,
    progress_of,
)
from kontor.rebates.settling import Planned, planned
from kontor.web.access import needs
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.numbers import number, number_from
from kontor.web.pages import leave_to, page, refused
from kontor.web.spreadsheets import cents, plain, spreadsheet
from kontor.web.toasts import Toast
from kontor.web.values import money_text

LIST = "backoffice/rebates/list.html"
ONE = "backoffice/rebates/rebate.html"
STATE_KINDS = {"draft": "waiting", "active": "active", "settled": "done", "ended": "off"}


@needs(EDIT_REBATES, ISSUE_INVOICES)
@require_GET
def rebates(request: PersonRequest) -> HttpResponse:
    """GET /office/rebates/?state=active -> the agreements, those that begin last first."""
    actor = at_own_desk(request)
    found = Rebate.objects.visible_to(actor).filter(seller_id=actor.company_id)
    state = request.GET.get("state", "")
    if state in Rebate.State.values:
        found = found.filter(state=state)
    rows, pager = page_of(request, found.prefetch_related("members__account__buyer"), ["-begins_on", "-id"])
    progress = progress_of(rows)
    return page(
        request,
        LIST,
        block="listing",
        rows=progress,
        pager=pager,
        state=state,
        states=[("", _("All")), *Rebate.State.choices],
        kinds=STATE_KINDS,
        sums=open_sums(progress),
        may_edit=actor.may(EDIT_REBATES),
    )


@needs(EDIT_REBATES, ISSUE_INVOICES)
@require_GET
def rebates_csv(request: PersonRequest) -> HttpResponseBase:
    """GET /office/rebates.csv -> what came together and what was paid, by month, agreement and customer."""
    actor = at_own_desk(request)
    columns = [
        _("Month"), _("Agreement"), _("Customer number"), _("Customer"), _("Net value"), _("Quantity"),
        _("Bonus accrued"), _("Paid"), _("Change of the provision"), _("Currency"),
    ]  # fmt: skip
    return spreadsheet("bonuses", columns, map(_row, months_of(seller_id_of(actor))))


def _row(one: Month) -> list[Cell]:
    return [
        one.month.strftime("%Y-%m"), one.name, one.customer_number, one.customer, cents(one.value, one.currency),
        plain(one.quantity), cents(one.accrued, one.currency), cents(one.paid, one.currency),
        cents(one.accrued - one.paid, one.currency), one.currency,
    ]  # fmt: skip


def rebate_of(request: PersonRequest, rebate_id: int) -> Rebate:
    """One of the own agreements, or 404."""
    actor = at_own_desk(request)
    own = Rebate.objects.visible_to(actor).filter(seller_id=actor.company_id)
    return get_object_or_404(own, pk=rebate_id)


def address_of(found: Rebate) -> str:
    return reverse("backoffice:rebate", args=[found.pk])


@needs(EDIT_REBATES, ISSUE_INVOICES)
@require_GET
def rebate(request: PersonRequest, rebate_id: int) -> HttpResponse:
    """GET /office/rebates/7/ -> how far it is, who brought what, what is due, what was paid."""
    return page(request, ONE, **_values(request, rebate_of(request, rebate_id)))


def _values(request: PersonRequest, found: Rebate) -> dict[str, Any]:
    actor = at_own_desk(request)
    (one,) = progress_of([found])
    plan, why_not = _plan(found)
    return {
        "found": found,
        "one": one,
        "state_kind": STATE_KINDS[found.state],
        "rules": list(found.rules.select_related("category", "product")),
        "customers": customers_of(found),
        "months": months_of(found.seller_id, found),
        "lines": counted_lines(found),
        "plan": plan,
        "why_not": why_not,
        "settlements": list(found.settlements.all()),
        "documents": documents_for(actor, [found]),
        "may_edit": actor.may(EDIT_REBATES),
        "may_settle": actor.may(ISSUE_INVOICES),
        "timeline": trail_rows(("rebate", found.pk), actor),
    }


def _plan(found: Rebate) -> tuple[Planned | None, str]:
    try:
        return planned(found), ""
    except Refused as refusal:
        return None, refusal.message


def _again(request: PersonRequest, found: Rebate, refusal: Refused) -> HttpResponse:
    found.refresh_from_db()
    return refused(request, ONE, refusal, **_values(request, found))


def _acted(
    request: PersonRequest, rebate_id: int, act: Callable[..., Any], said: Callable[[Rebate, Any], Toast]
) -> HttpResponse:
    """Carry an operation out and lead to the agreement, to the list when it is gone; or say why not."""
    found = rebate_of(request, rebate_id)
    try:
        done = act(actor=at_own_desk(request), rebate=found)
    except NotAllowed:
        raise
    except Refused as refusal:
        return _again(request, found, refusal)
    onward = address_of(found) if found.pk else reverse("backoffice:rebates")
    return leave_to(request, onward, toast=said(found, done))


@needs(EDIT_REBATES)
@require_POST
def rebate_begin(request: PersonRequest, rebate_id: int) -> HttpResponse:
    """POST /office/rebates/7/begin/ -> in force; what was invoiced since its first day counts at once."""

    def said(found: Rebate, _done: Rebate) -> Toast:
        counted = found.accruals.count()
        told = ngettext("%(n)s line counts already.", "%(n)s lines count already.", counted)
        return Toast(message=_("The agreement is in force."), told=told % {"n": number(counted)})

    return _acted(request, rebate_id, begin_rebate, said)


@needs(EDIT_REBATES)
@require_POST
def rebate_end(request: PersonRequest, rebate_id: int) -> HttpResponse:
    """POST /office/rebates/7/end/ -> ended, nothing is owed by it."""
    toast = Toast(message=_("The agreement is ended. Nothing is owed by it."))
    return _acted(request, rebate_id, end_rebate, lambda _found, _done: toast)


@needs(EDIT_REBATES)
@require_POST
def rebate_recount(request: PersonRequest, rebate_id: int) -> HttpResponse:
    """POST /office/rebates/7/recount/ -> all lines judged anew by what goods are today."""

    def said(_found: Rebate, counted: int) -> Toast:
        message = ngettext("Counted anew: %(n)s line.", "Counted anew: %(n)s lines.", counted)
        return Toast(message=message % {"n": number(counted)})

    return _acted(request, rebate_id, recount_rebate, said)


@needs(EDIT_REBATES)
@require_POST
def rebate_delete(request: PersonRequest, rebate_id: int) -> HttpResponse:
    """POST /office/rebates/7/delete/ -> a draft is gone."""

    def said(found: Rebate, _done: None) -> Toast:
        return Toast(message=_("The draft %(name)s is deleted.") % {"name": found.name})

    return _acted(request, rebate_id, delete_rebate, said)


@needs(ISSUE_INVOICES)
@require_POST
def rebate_settle(request: PersonRequest, rebate_id: int) -> HttpResponse:
    """POST /office/rebates/7/settle/ amount=240.00 (as it was looked at) -> credit notes, once."""
    act = partial(settle_rebate, expected=number_from(request.POST.get("amount", "")) or Decimal(0))

    def said(found: Rebate, done: Settlement) -> Toast:
        amount = money_text(done.amount, found.currency)
        numbers = ", ".join(one.invoice.number for one in done.documents.select_related("invoice"))
        told = _("Issued and sent: %(documents)s.") % {"documents": numbers} if numbers else ""
        return Toast(message=_("Settled: %(amount)s.") % {"amount": amount}, told=told)

    return _acted(request, rebate_id, act, said)


urlpatterns = [
    path("rebates/", rebates, name="rebates"),
    path("rebates.csv", rebates_csv, name="rebates_csv"),
    path("rebates/<int:rebate_id>/", rebate, name="rebate"),
    path("rebates/<int:rebate_id>/begin/", rebate_begin, name="rebate_begin"),
    path("rebates/<int:rebate_id>/end/", rebate_end, name="rebate_end"),
    path("rebates/<int:rebate_id>/recount/", rebate_recount, name="rebate_recount"),
    path("rebates/<int:rebate_id>/delete/", rebate_delete, name="rebate_delete"),
    path("rebates/<int:rebate_id>/settle/", rebate_settle, name="rebate_settle"),
]
