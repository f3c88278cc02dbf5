"""Exchange rates: those of the European Central Bank, a seller's own and fixed ones, who depends on them."""

from typing import Any

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from kontor.backoffice.seat import at_own_desk
from kontor.companies.permissions import OPERATE
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.models import ExchangeRate, PriceList
from kontor.pricing.operations import fix_rate, import_reference_rates, remove_rate
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.rates import latest_rates, rates_taken
from kontor.web.access import needs
from kontor.web.asked import day_of
from kontor.web.forms import number_problem
from kontor.web.identity import PersonRequest
from kontor.web.numbers import number, number_from
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

RATES = "backoffice/exchange_rates/list.html"


@needs(EDIT_PRICES, OPERATE)
@require_http_methods(["GET", "POST"])
def exchange_rates(request: PersonRequest) -> HttpResponse:
    """GET /office/exchange-rates/ -> rates with their day, and lists that need them; POST `file` -> rates taken in."""
    actor = at_own_desk(request)
    if request.method == "POST":
        upload = request.FILES.get("file")
        try:
            if upload is None:
                message = _("Choose the file of rates first.")
                raise Refused("unreadable_rates", message, {"file": message})
            found = import_reference_rates(actor=actor, document=upload.read())
        except NotAllowed:
            raise
        except Refused as refusal:
            return refused(request, RATES, refusal, **_values(request, actor))
        message = ngettext(
            "%(n)s rate is new or different.", "%(n)s rates are new or different.", found.changed
        )
        return leave_to(request, _here(), toast=Toast(message=message % {"n": number(found.changed)}))
    return page(request, RATES, **_values(request, actor))


def _here() -> str:
    return reverse("backoffice:exchange_rates")


def _values(request: PersonRequest, actor: Actor) -> dict[str, Any]:
    latest = latest_rates(actor.company_id)
    reference = [one for one in latest if one.is_reference]
    return {
        "reference": reference,
        "own": [one for one in latest if not one.is_reference],
        "is_old": bool(reference) and all(one.is_old for one in reference),
        "lists": _dependent(actor),
        "for_all": actor.is_operator,
        "may_fix": actor.may(EDIT_PRICES),
        "typed": request.POST,
        "today": clock.now().date(),
    }


def _dependent(actor: Actor) -> list[dict[str, Any]]:
    """The lists that derive from one in another currency, with the rate of today that they take."""
    lists = (
        PriceList.objects.visible_to(actor).filter(basis__isnull=False).exclude(basis__currency=F("currency"))
    )
    found = list(lists.select_related("basis").order_by("name", "pk"))
    rates = rates_taken([one.pk for one in found])
    return [{"list": one, "rate": rates.get(one.pk)} for one in found]


@needs(EDIT_PRICES)
@require_POST
def exchange_rate_fix(request: PersonRequest) -> HttpResponse:
    """POST /office/exchange-rates/fix/ source, target, rate, day -> a rate that stands until another one is fixed."""
    actor, form = at_own_desk(request), request.POST
    text = form.get("rate", "").strip()
    rate = number_from(text)
    try:
        if rate is None:
            problem = number_problem(text) if text else _("This is needed.")
            raise Refused(
                "incomplete", _("The rate was not saved. Correct the marked fields."), {"rate": problem}
            )
        fix_rate(
            actor=actor,
            source=form.get("source", "").strip().upper(),
            target=form.get("target", "").strip().upper(),
            rate=rate,
            day=day_of(form.get("day", "")) or clock.now().date(),
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, RATES, refusal, **_values(request, actor))
    toast = Toast(message=_("The rate is fixed."), told=_("Lists in the other currency follow it at once."))
    return leave_to(request, _here(), toast=toast)


@needs(EDIT_PRICES)
@require_POST
def exchange_rate_remove(request: PersonRequest, exchange_rate_id: int) -> HttpResponse:
    """POST /office/exchange-rates/7/remove/ -> an own rate is gone; the one before it counts, or the reference rate."""
    actor = at_own_desk(request)
    own = ExchangeRate.objects.visible_to(actor).filter(seller_id=actor.company_id)
    remove_rate(actor=actor, rate=get_object_or_404(own, pk=exchange_rate_id))
    return leave_to(request, _here(), toast=Toast(message=_("The rate is removed.")))


urlpatterns = [
    path("exchange-rates/", exchange_rates, name="exchange_rates"),
    path("exchange-rates/fix/", exchange_rate_fix, name="exchange_rate_fix"),
    path("exchange-rates/<int:exchange_rate_id>/remove/", exchange_rate_remove, name="exchange_rate_remove"),
]
