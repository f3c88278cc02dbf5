"""Many prices of a list changed at once: chosen, shifted, looked at, then written or put into a price round."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kontor.backoffice.margin_marks import mark_of
from kontor.backoffice.price_lists import list_address, list_of
from kontor.backoffice.price_rounds import round_address, start_typed
from kontor.backoffice.products import category_options
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.models import Category, Product
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.floors import Known
from kontor.pricing.held import needs_approval
from kontor.pricing.mass import Shift, Shifted, Which, preview
from kontor.pricing.models import PriceList, PriceRound
from kontor.pricing.operations import approve_round, save_round, shift_into_round
from kontor.pricing.permissions import EDIT_PRICES, SEE_COSTS
from kontor.web.access import needs
from kontor.web.asked import key_of
from kontor.web.forms import number_problem
from kontor.web.identity import PersonRequest
from kontor.web.numbers import number, number_from
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

PAGE = "backoffice/price_rounds/mass_change.html"
WHICH = ("price_from", "price_to", "margin_below", "margin_above")
SHIFT = ("percent", "addend", "round_to", "ending")


@dataclass(slots=True)
class Asked:
    """What a form asks for; `wrong` are the fields that cannot be read."""

    which: Which
    shift: Shift
    wrong: dict[str, str] = field(default_factory=dict)


@needs(EDIT_PRICES)
@require_http_methods(["GET", "POST"])
def mass_change(request: PersonRequest, price_list_id: int) -> HttpResponse:
    """GET /office/price-lists/7/change/?words=&percent=… -> what would change; POST the same, do=apply|round: done."""
    found, actor = list_of(request, price_list_id), at_own_desk(request)
    form = request.POST if request.method == "POST" else request.GET
    asked = _asked(form, actor)
    if request.method == "POST":
        try:
            _readable(asked)
            return _done(request, actor, found, asked)
        except NotAllowed:
            raise
        except Refused as refusal:
            return refused(request, PAGE, refusal, block="change", **_values(actor, found, form))
    try:
        _readable(asked)
        totals, rows = preview(found, asked.which, asked.shift) if "percent" in form else (None, [])
    except Refused as refusal:
        return refused(request, PAGE, refusal, block="change", **_values(actor, found, form))
    shown = [(row, row.percent, _mark(actor, row)) for row in rows]
    values = _values(actor, found, form) | {"totals": totals, "rows": shown}
    return page(request, PAGE, block="change", **values)


def _values(actor: Actor, found: PriceList, form: QueryDict) -> dict[str, Any]:
    drafts = PriceRound.objects.visible_to(actor).filter(seller_id=found.seller_id, status="draft")
    return {
        "found": found,
        "typed": form,
        "categories": category_options(_("All categories")),
        "brands": _brands(actor),
        "drafts": [("", _("A new round")), *drafts.order_by("-id").values_list("pk", "name")[:50]],
        "asks": needs_approval(found.seller_id),
        "sees_costs": actor.may(SEE_COSTS),
        "totals": None,
        "rows": [],
    }


def _brands(actor: Actor) -> list[tuple[str, str]]:
    own = Product.objects.visible_to(actor).filter(seller_id=actor.company_id).exclude(brand="")
    names = own.order_by("brand").values_list("brand", flat=True).distinct()[:500]
    return [("", _("All brands")), *((name, name) for name in names)]


def _asked(form: QueryDict, actor: Actor) -> Asked:
    figures: dict[str, Decimal | None] = {}
    wrong = {}
    for name in WHICH + SHIFT:
        text = form.get(name, "").strip().removesuffix("%").strip()
        figures[name] = number_from(text) if text else None
        if text and figures[name] is None:
            wrong[name] = number_problem(text)
    if not actor.may(SEE_COSTS):
        figures["margin_below"] = figures["margin_above"] = None
    category = key_of(form.get("category", ""))
    chosen = Category.objects.filter(pk=category).first() if category else None
    which = Which(
        words=form.get("words", "").replace("\x00", "")[:100],
        category_path=chosen.path if chosen else "",
        brand=form.get("brand", "").replace("\x00", "")[:100],
        **{name: figures[name] for name in WHICH},
    )
    shift = Shift(
        percent=figures["percent"] or Decimal(0),
        addend=figures["addend"] or Decimal(0),
        round_to=figures["round_to"],
        ending=figures["ending"] or Decimal(0),
    )
    return Asked(which, shift, wrong)


def _readable(asked: Asked) -> None:
    if asked.wrong:
        message = _("The change cannot be worked out. Correct the marked fields.")
        raise Refused("wrong_change", message, asked.wrong)


def _mark(actor: Actor, row: Shifted) -> Any:
    known = Known(row.cost, row.floor) if actor.may(SEE_COSTS) else None
    return mark_of(row.after / row.price_base, known)


@transaction.atomic
def _done(request: PersonRequest, actor: Actor, found: PriceList, asked: Asked) -> HttpResponse:
    """Put what changes into a round, and write it where it is to count at once."""
    form = request.POST
    at_once = form.get("do") == "apply" and not needs_approval(found.seller_id)
    target = None if at_once else _draft(actor, found, key_of(form.get("round", "")))
    if target is None:
        name = form.get("name", "").strip() or _("Mass change of %(list)s") % {"list": found.name[:80]}
        starts_at = None if at_once else start_typed(form.get("starts_at", ""))
        target = save_round(actor=actor, name=name, starts_at=starts_at)
    count = shift_into_round(
        actor=actor, price_round=target, price_list=found, which=asked.which, shift=asked.shift
    )
    if not count:
        raise Refused("nothing", _("Nothing would change. Choose other prices or another change."))
    if at_once:
        approve_round(actor=actor, price_round=target)
        message = ngettext("%(n)s price is changed.", "%(n)s prices are changed.", count)
        told = _("What they were stands in the price round %(name)s.") % {"name": target.name}
        toast = Toast(message=message % {"n": number(count)}, told=told)
        return leave_to(request, list_address(found), toast=toast)
    message = ngettext("%(n)s price is in the round.", "%(n)s prices are in the round.", count)
    return leave_to(request, round_address(target), toast=Toast(message=message % {"n": number(count)}))


def _draft(actor: Actor, found: PriceList, key: int | None) -> PriceRound | None:
    drafts = PriceRound.objects.visible_to(actor).filter(seller_id=found.seller_id, status="draft")
    return drafts.filter(pk=key).first() if key is not None else None


urlpatterns = [path("price-lists/<int:price_list_id>/change/", mass_change, name="mass_change")]
