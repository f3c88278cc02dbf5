"""Promotions and coupon codes: what runs, what it gives and how often it was used; saved, stopped, copied."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.backoffice.promotion_fields import FRESH, fields_of
from kontor.backoffice.promotion_form import (
    KEEP,
    LANGUAGES,
    Reading,
    at_its_fields,
    facts_from,
    group_choices,
    typed_fields,
)
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.queries import category_tree
from kontor.kernel import clock
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.kernel.texts import printable
from kontor.orders.models import Order
from kontor.pricing.permissions import BELOW_FLOOR
from kontor.promotions.models import CodeBatch, Promotion
from kontor.promotions.operations import (
    CodesWanted,
    delete_promotion,
    make_codes,
    save_promotion,
    set_promotion_active,
    stop_codes,
)
from kontor.promotions.overview import STATES, batches_of, code_rows, in_state, promotions_of, shown
from kontor.promotions.permissions import EDIT_PROMOTIONS
from kontor.promotions.sentences import weekday_names
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.numbers import number
from kontor.web.pages import leave_to, page, refused
from kontor.web.spreadsheets import spreadsheet
from kontor.web.toasts import Toast

LIST = "backoffice/promotions/list.html"
ONE = "backoffice/promotions/promotion.html"
CHANNELS = dict(Order.Channel.choices)
FILTERS = ("running", "planned", "stopped", "over")


@needs(EDIT_PROMOTIONS)
@require_GET
def promotions(request: PersonRequest) -> HttpResponse:
    """GET /office/promotions/?state=running&q= -> all, with what they say, their uses and what they have given."""
    actor, now = at_own_desk(request), clock.now()
    state, words = request.GET.get("state", ""), printable(request.GET.get("q", ""))[:100]
    rows = in_state(promotions_of(actor), state, now)
    if words:
        rows = rows.filter(name__icontains=words)
    found, pager = page_of(request, rows, ["-is_active", "priority", "id"])
    states = [("", _("All")), *((name, STATES[name]) for name in FILTERS)]
    return page(
        request,
        LIST,
        block="listing",
        rows=shown(actor, found, now, CHANNELS),
        pager=pager,
        words=words,
        state=state,
        states=states,
        names=STATES,
    )


def _address(found: Promotion) -> str:
    return reverse("backoffice:promotion", args=[found.pk])


def _promotion_of(request: PersonRequest, promotion_id: int) -> Promotion:
    return get_object_or_404(promotions_of(at_own_desk(request)), pk=promotion_id)


def _batch_of(request: PersonRequest, batch_id: int) -> CodeBatch:
    own = Promotion.objects.visible_to(at_own_desk(request))
    batches = CodeBatch.objects.select_related("promotion").filter(promotion__in=own)
    return get_object_or_404(batches, pk=batch_id)


@needs(EDIT_PROMOTIONS)
@require_http_methods(["GET", "POST"])
def promotion_new(request: PersonRequest) -> HttpResponse:
    """GET /office/promotions/new/?from=7 -> an empty form, or that of a copy; POST the form -> saved, still stopped."""
    actor = at_own_desk(request)
    if request.method == "POST":
        return _saved(request, None)
    key = key_of(request.GET.get("from", ""))
    like = Promotion.objects.visible_to(actor).filter(pk=key).first() if key else None
    fields = FRESH if like is None else fields_of(like, actor)
    if like is not None:
        fields = fields | {"name": (_("Copy of %(name)s") % {"name": like.name})[:120]}
    return page(request, ONE, **_values(request, None, fields))


@needs(EDIT_PROMOTIONS)
@require_http_methods(["GET", "POST"])
def promotion(request: PersonRequest, promotion_id: int) -> HttpResponse:
    """GET /office/promotions/7/ -> what it does, its form and its codes; POST the form -> saved, counts from now on."""
    found = _promotion_of(request, promotion_id)
    if request.method == "POST":
        return _saved(request, found)
    return page(request, ONE, **_values(request, found, fields_of(found, at_own_desk(request))))


def _saved(request: PersonRequest, found: Promotion | None) -> HttpResponse:
    try:
        facts = facts_from(request.POST, at_own_desk(request), found)
        saved = save_promotion(actor=at_own_desk(request), facts=facts, promotion=found)
    except NotAllowed:
        raise
    except Refused as refusal:
        told = at_its_fields(refusal, request.POST.get("kind", ""))
        return refused(request, ONE, told, **_values(request, found, FRESH | typed_fields(request.POST)))
    message = _("The promotion is saved. It counts from now on.")
    if not saved.is_active:
        message = _("The promotion is saved. Start it when it is ready.")
    return leave_to(request, _address(saved), toast=Toast(message=message))


def _values(request: PersonRequest, found: Promotion | None, fields: dict[str, Any]) -> dict[str, Any]:
    actor = at_own_desk(request)
    (told,) = shown(actor, [found], clock.now(), CHANNELS) if found else (None,)
    tree = category_tree(None)
    nodes = [node for root in tree.roots for node in root.walk()]
    return {
        "found": found,
        "told": told,
        "names": STATES,
        "fields": fields,
        "languages": LANGUAGES,
        "kinds": _kinds(found, fields),
        "pers": [
            ("order", _("once, spread over the goods")),
            ("line", _("off each line")),
            ("unit", _("off each unit")),
        ],
        "bys": [("quantity", _("units")), ("value", _("what they cost"))],
        "stackings": Promotion.Stacking.choices,
        "channels": list(CHANNELS.items()),
        "weekdays": list(enumerate(weekday_names())),
        "groups": group_choices(actor),
        "categories": [(node.path, " / ".join(one.name for one in tree.trail(node.path))) for node in nodes],
        "may_go_below": actor.may(BELOW_FLOOR),
        "batches": list(batches_of(found)[:50]) if found else [],
        "typed": request.POST,
    }


def _kinds(found: Promotion | None, fields: dict[str, Any]) -> list[tuple[str, str]]:
    kinds = [
        ("percent", _("Per cent off")),
        ("amount", _("An amount off")),
        ("fixed_price", _("A fixed price")),
        ("tiered", _("More per cent the more is bought")),
        ("cheapest_free", _("The cheapest free")),
        ("gift", _("Goods free of charge")),
        ("bundle", _("A price for goods together")),
        ("free_freight", _("Free freight")),
    ]
    keeps = found is not None and fields.get("kind") == KEEP
    return [*kinds, (KEEP, _("As it is: several at once"))] if keeps else kinds


@needs(EDIT_PROMOTIONS)
@require_POST
def promotion_state(request: PersonRequest, promotion_id: int) -> HttpResponse:
    """POST /office/promotions/7/state/ is_active -> started, or stopped at once."""
    found = _promotion_of(request, promotion_id)
    starts = bool(request.POST.get("is_active"))
    set_promotion_active(actor=at_own_desk(request), promotion=found, is_active=starts)
    message = _("The promotion is started.") if starts else _("The promotion is stopped.")
    told = "" if starts else _("Orders that were placed keep what they got.")
    return leave_to(request, _address(found), toast=Toast(message=message, told=told))


@needs(EDIT_PROMOTIONS)
@require_POST
def promotion_delete(request: PersonRequest, promotion_id: int) -> HttpResponse:
    """POST /office/promotions/7/delete/ -> gone with its codes, while no order has had it."""
    found, actor = _promotion_of(request, promotion_id), at_own_desk(request)
    name = found.name
    try:
        delete_promotion(actor=actor, promotion=found)
    except NotAllowed:
        raise
    except Refused as refusal:
        found = _promotion_of(request, promotion_id)
        return refused(request, ONE, refusal, **_values(request, found, fields_of(found, actor)))
    toast = Toast(message=_("The promotion %(name)s is deleted.") % {"name": name})
    return leave_to(request, reverse("backoffice:promotions"), toast=toast)


@needs(EDIT_PROMOTIONS)
@require_POST
def promotion_codes(request: PersonRequest, promotion_id: int) -> HttpResponse:
    """POST /office/promotions/7/codes/ batch, count, prefix, code, uses_limit -> made."""
    found, actor = _promotion_of(request, promotion_id), at_own_desk(request)
    form = Reading(request.POST, actor)
    wanted = CodesWanted(
        name=form.text("batch") or form.text("code"),
        count=form.whole("count") or 0,
        prefix=form.text("prefix"),
        code=form.text("code"),
        uses_limit=form.whole("uses_limit"),
    )
    try:
        if form.wrong:
            message = _("No codes were made. Correct the marked fields.")
            raise Refused("incomplete", message, form.wrong)
        batch = make_codes(actor=actor, promotion=found, wanted=wanted)
    except NotAllowed:
        raise
    except Refused as refusal:
        fields = {"batch" if name == "name" else name: text for name, text in refusal.fields.items()}
        told = Refused(refusal.code, refusal.message, fields)
        return refused(request, ONE, told, **_values(request, found, fields_of(found, actor)))
    message = ngettext("%(n)s code is made.", "%(n)s codes are made.", batch.count)
    return leave_to(request, _address(found), toast=Toast(message=message % {"n": number(batch.count)}))


@needs(EDIT_PROMOTIONS)
@require_POST
def batch_stop(request: PersonRequest, batch_id: int) -> HttpResponse:
    """POST /office/promotions/codes/9/stop/ -> its codes are accepted no longer."""
    batch = _batch_of(request, batch_id)
    stop_codes(actor=at_own_desk(request), batch=batch)
    toast = Toast(message=_("The codes are no longer accepted."))
    return leave_to(request, _address(batch.promotion), toast=toast)


@needs(EDIT_PROMOTIONS)
@require_GET
def batch_csv(request: PersonRequest, batch_id: int) -> HttpResponseBase:
    """GET /office/promotions/codes/9.csv -> its codes, how often each may be used and was."""
    batch = _batch_of(request, batch_id)
    columns = [_("code"), _("uses allowed"), _("uses")]
    return spreadsheet(f"codes-{batch.pk}", columns, code_rows(batch))


urlpatterns = [
    path("promotions/", promotions, name="promotions"),
    path("promotions/new/", promotion_new, name="promotion_new"),
    path("promotions/<int:promotion_id>/", promotion, name="promotion"),
    path("promotions/<int:promotion_id>/state/", promotion_state, name="promotion_state"),
    path("promotions/<int:promotion_id>/delete/", promotion_delete, name="promotion_delete"),
    path("promotions/<int:promotion_id>/codes/", promotion_codes, name="promotion_codes"),
    path("promotions/codes/<int:batch_id>/stop/", batch_stop, name="batch_stop"),
    path("promotions/codes/<int:batch_id>.csv", batch_csv, name="batch_csv"),
]
