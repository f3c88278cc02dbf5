"""Price rounds: prices that are changed together, looked at by a second person, and begin at one moment."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.backoffice.histories import trail_rows
from kontor.backoffice.margin_marks import marks_for
from kontor.backoffice.seat import at_own_desk
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.held import needs_approval
from kontor.pricing.models import PriceRound, RoundPrice
from kontor.pricing.operations import (
    approve_round,
    delete_round,
    reject_round,
    save_round,
    set_price_policy,
    submit_round,
    take_out_of_round,
    withdraw_round,
)
from kontor.pricing.permissions import APPROVE_ROUND, EDIT_PRICES, SEE_COSTS
from kontor.web.access import needs
from kontor.web.asked import key_of, ticked
from kontor.web.dates import as_moment_field, datetime_text, moment_from
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.numbers import number
from kontor.web.pages import leave_to, page, refused
from kontor.web.spreadsheets import plain, spreadsheet
from kontor.web.toasts import Toast

LIST = "backoffice/price_rounds/list.html"
ONE = "backoffice/price_rounds/round.html"
KINDS = {"draft": "neutral", "submitted": "waiting", "approved": "done", "rejected": "bad"}


@needs(EDIT_PRICES)
@require_http_methods(["GET", "POST"])
def price_rounds(request: PersonRequest) -> HttpResponse:
    """GET /office/price-rounds/ -> all rounds, newest first; POST name, starts_at -> a new one."""
    actor = at_own_desk(request)
    if request.method == "GET":
        return page(request, LIST, **_listed(request, actor))
    try:
        saved = save_round(
            actor=actor,
            name=request.POST.get("name", ""),
            starts_at=start_typed(request.POST.get("starts_at", "")),
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, LIST, refusal, **_listed(request, actor))
    toast = Toast(message=_("The price round %(name)s is ready for prices.") % {"name": saved.name})
    return leave_to(request, round_address(saved), toast=toast)


def _listed(request: PersonRequest, actor: Actor) -> dict[str, Any]:
    rounds = (
        PriceRound.objects.visible_to(actor)
        .filter(seller_id=actor.company_id)
        .annotate(count=Count("prices"))
        .select_related("created_by__user", "decided_by__user")
    )
    rows, pager = page_of(request, rounds, ["-id"])
    return {
        "rows": [(one, KINDS[one.status]) for one in rows],
        "pager": pager,
        "typed": request.POST,
        "needs_approval": needs_approval(actor.company_id or 0),
        "may_approve": actor.may(APPROVE_ROUND),
    }


def start_typed(text: str) -> datetime | None:
    """The beginning that was typed; None: as soon as it is approved. Raises Refused("incomplete") at ``starts_at``."""
    try:
        return moment_from(text.replace("\x00", ""))
    except ValueError:
        message = _("Write days as 2026-11-22 or 2026-11-22 14:00.")
        raise Refused("incomplete", message, {"starts_at": message}) from None


def round_address(found: PriceRound) -> str:
    return reverse("backoffice:price_round", args=[found.pk])


def round_of(request: PersonRequest, round_id: int) -> PriceRound:
    """A round of the reader's own company, or 404."""
    own = PriceRound.objects.visible_to(at_own_desk(request))
    return get_object_or_404(own.select_related("created_by__user", "submitted_by__user"), pk=round_id)


@needs(EDIT_PRICES)
@require_GET
def price_round(request: PersonRequest, round_id: int) -> HttpResponse:
    """GET /office/price-rounds/5/ -> what it changes, before and after, and what may be done with it."""
    return page(request, ONE, block="round", **_values(request, round_of(request, round_id)))


def _values(request: PersonRequest, found: PriceRound) -> dict[str, Any]:
    actor = at_own_desk(request)
    changes = found.prices.select_related("price_list", "product")
    order = ["price_list__name", "product__sku", "min_quantity", "id"]
    rows, pager = page_of(request, changes, order, total=found.prices.count())
    asks = needs_approval(found.seller_id)
    mine = asks and actor.membership_id == found.submitted_by_id
    return {
        "found": found,
        "kind": KINDS[found.status],
        "rows": list(zip(rows, map(_percent, rows), _marks(actor, rows, found.starts_at), strict=True)),
        "pager": pager,
        "typed": request.POST,
        "starts_at": request.POST.get("starts_at", as_moment_field(found.starts_at)),
        "asks": asks,
        "may_decide": found.status == "submitted" and actor.may(APPROVE_ROUND) and not mine,
        "may_apply": not asks and found.status != "approved",
        "sees_costs": actor.may(SEE_COSTS),
        "trail": trail_rows(("price_round", found.pk), actor),
    }


def _percent(row: RoundPrice) -> Any:
    """By how many percent a price of a base unit changes; None where there was none."""
    if row.amount is None or not row.was or row.was_base is None:
        return None
    before = row.was / row.was_base
    return round((row.amount / row.price_base - before) * 100 / before, 1)


def _marks(actor: Actor, rows: list[RoundPrice], at: datetime | None) -> list[Any]:
    marks: list[Any] = [None] * len(rows)
    for currency in {row.price_list.currency for row in rows}:
        places = [place for place, row in enumerate(rows) if row.price_list.currency == currency]
        each = [
            (row.product_id, None if row.amount is None else row.amount / row.price_base)
            for row in (rows[place] for place in places)
        ]
        for place, mark in zip(places, marks_for(actor, each, currency, at), strict=True):
            marks[place] = mark
    return marks


@needs(EDIT_PRICES)
@require_POST
def price_round_act(request: PersonRequest, round_id: int) -> HttpResponse:
    """POST /office/price-rounds/5/act/ do=save|take_out|submit|withdraw|approve|reject|delete, and what that needs."""
    found, actor = round_of(request, round_id), at_own_desk(request)
    try:
        toast = _done(request, actor, found)
    except NotAllowed as refusal:
        if refusal.code != "own_round":
            raise
        return refused(request, ONE, refusal, block="round", **_values(request, found))
    except Refused as refusal:
        return refused(request, ONE, refusal, block="round", **_values(request, round_of(request, round_id)))
    gone = request.POST.get("do") == "delete"
    return leave_to(
        request, reverse("backoffice:price_rounds") if gone else round_address(found), toast=toast
    )


def _done(request: PersonRequest, actor: Actor, found: PriceRound) -> Toast:
    """Carry out what the form asks for, and say so."""
    form = request.POST
    match form.get("do"):
        case "save":
            starts_at = start_typed(form.get("starts_at", ""))
            save_round(actor=actor, name=form.get("name", ""), starts_at=starts_at, price_round=found)
            return Toast(message=_("The price round is saved."))
        case "take_out":
            keys = [key for text in form.getlist("selected") if (key := key_of(text)) is not None]
            gone = take_out_of_round(actor=actor, price_round=found, change_ids=keys)
            message = ngettext("%(n)s price is taken out.", "%(n)s prices are taken out.", gone)
            return Toast(message=message % {"n": number(gone)}, kind="good" if gone else "warning")
        case "submit":
            submit_round(actor=actor, price_round=found)
            return Toast(message=_("The price round waits for approval."))
        case "withdraw":
            withdraw_round(actor=actor, price_round=found)
            return Toast(message=_("The price round is a draft again."))
        case "approve":
            seen = start_typed(form.get("submitted_at", ""))
            done = approve_round(actor=actor, price_round=found, submitted_at=seen)
            return Toast(message=_("The prices are written."), told=_begin_words(done))
        case "reject":
            reject_round(actor=actor, price_round=found, reason=form.get("reason", ""))
            return Toast(message=_("The price round is rejected."))
        case "delete":
            delete_round(actor=actor, price_round=found)
            return Toast(message=_("The price round is deleted."))
    raise Refused("unknown", _("Say what to do with the price round."))


def _begin_words(done: PriceRound) -> str:
    if done.starts_at is None or (done.decided_at is not None and done.starts_at <= done.decided_at):
        return _("They count from now on; orders that were placed keep theirs.")
    return _("They count from %(moment)s on.") % {"moment": datetime_text(done.starts_at)}


@needs(APPROVE_ROUND)
@require_POST
def price_policy(request: PersonRequest) -> HttpResponse:
    """POST /office/price-rounds/policy/ rounds_need_approval -> whether a second person must approve."""
    asked = ticked(request.POST, "rounds_need_approval")
    set_price_policy(actor=at_own_desk(request), rounds_need_approval=asked)
    message = (
        _("A second person approves changes of prices from now on.")
        if asked
        else _("Whoever edits prices may change them alone.")
    )
    return leave_to(request, reverse("backoffice:price_rounds"), toast=Toast(message=message))


@needs(EDIT_PRICES)
@require_GET
def price_round_csv(request: PersonRequest, round_id: int) -> HttpResponseBase:
    """GET /office/price-rounds/5.csv -> every price before and after."""
    found = round_of(request, round_id)
    names = ["price_list__name", "product__sku", "product__name", "min_quantity", "unit", "was", "was_base"]
    rows = found.prices.order_by("price_list__name", "product__sku", "min_quantity", "id")
    cells = rows.values_list(*names, "amount", "price_base", "price_list__currency").iterator(2000)
    columns = [
        "list",
        "sku",
        "name",
        "from_quantity",
        "unit",
        "before",
        "before_per",
        "after",
        "per",
        "currency",
    ]
    rows_plain = ([plain(cell) if isinstance(cell, Decimal) else cell for cell in row] for row in cells)
    return spreadsheet(f"price-round-{found.pk}", columns, rows_plain)


urlpatterns = [
    path("price-rounds/", price_rounds, name="price_rounds"),
    path("price-rounds/policy/", price_policy, name="price_policy"),
    path("price-rounds/<int:round_id>/", price_round, name="price_round"),
    path("price-rounds/<int:round_id>.csv", price_round_csv, name="price_round_csv"),
    path("price-rounds/<int:round_id>/act/", price_round_act, name="price_round_act"),
]
