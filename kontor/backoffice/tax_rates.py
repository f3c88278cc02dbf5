"""The operator's tax rates: by place and day, those that come along, and tables as CSV."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from kontor.kernel.refusal import NotAllowed, Refused
from kontor.taxes.models import TaxRate
from kontor.taxes.operations import import_rates, remove_rate, save_rates, take_shipped_rates
from kontor.taxes.operations.rates import NAMES, RATED, rate_of
from kontor.taxes.permissions import EDIT_RATES
from kontor.taxes.wording import category_names
from kontor.web.access import needs
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.names import countries, country_name
from kontor.web.numbers import number
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

PAGE = "backoffice/taxes/rates.html"
LARGEST = 20_000_000


@needs(EDIT_RATES)
@require_http_methods(["GET", "POST"])
def tax_rates(request: PersonRequest) -> HttpResponse:
    """GET /office/platform/tax-rates/?country=DE -> rates; POST -> one more, a file, or those that come along."""
    if request.method == "GET":
        return page(request, PAGE, block="listing", **_values(request))
    try:
        changed = _taken(request)
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, PAGE, refusal, **_values(request))
    message = ngettext("%(n)s rate is new or changed.", "%(n)s rates are new or changed.", changed)
    return leave_to(
        request, reverse("backoffice:tax_rates"), toast=Toast(message=message % {"n": number(changed)})
    )


def _taken(request: PersonRequest) -> int:
    form, upload = request.POST, request.FILES.get("file")
    if "shipped" in form:
        return take_shipped_rates(actor=request.actor)
    if "table" in form:
        if upload is None or (upload.size or 0) > LARGEST:
            sentence = _("Choose a CSV file of at most 20 MB.")
            raise Refused("no_file", sentence, {"file": sentence})
        source = form.get("source", "").replace("\x00", "").strip()
        return import_rates(actor=request.actor, document=upload.read(), source=source)
    row = rate_of({name: form.get(name, "") for name in NAMES}, request.actor.name)
    if isinstance(row, str):
        raise Refused("rate_wrong", row, {"rate": row})
    return save_rates(actor=request.actor, rows=[row])


@needs(EDIT_RATES)
@require_POST
def tax_rate_remove(request: PersonRequest, rate_id: int) -> HttpResponse:
    """POST /office/platform/tax-rates/7/remove/ -> gone; what stood before it counts again."""
    found = get_object_or_404(TaxRate, pk=rate_id)
    remove_rate(actor=request.actor, rate=found)
    return leave_to(request, reverse("backoffice:tax_rates"), toast=Toast(message=_("The rate is removed.")))


def _values(request: PersonRequest) -> dict[str, Any]:
    found = TaxRate.objects.all()
    country = request.GET.get("country", "")
    if len(country) == 2:
        found = found.filter(country=country)
    words = request.GET.get("q", "").strip().replace("\x00", "").upper()[:80]
    if words:
        places = Q(region=words) | Q(city__startswith=words) | Q(postal_prefix__startswith=words)
        found = found.filter(places | Q(name__istartswith=words))
    order = ["country", "region", "city", "postal_prefix", "name", "category", "-valid_from", "id"]
    rows, pager = page_of(request, found, order)
    names = category_names()
    return {
        "rows": [(one, names.get(one.category, one.category)) for one in list(rows)],
        "pager": pager,
        "country": country,
        "q": words,
        "countries": countries(),
        "country_name": country_name,
        "categories": [(code, names[code]) for code in RATED],
        "typed": request.POST,
    }


urlpatterns = [
    path("platform/tax-rates/", tax_rates, name="tax_rates"),
    path("platform/tax-rates/<int:rate_id>/remove/", tax_rate_remove, name="tax_rate_remove"),
]
