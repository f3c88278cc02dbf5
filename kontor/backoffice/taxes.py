"""Where the seller is registered for tax, and how it deals with evidence."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kontor.backoffice.seat import at_own_desk
from kontor.companies.models import Company
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.taxes.models import Policy, Prices, Registration
from kontor.taxes.operations import (
    PolicyFacts,
    RegistrationFacts,
    remove_registration,
    save_policy,
    save_registration,
)
from kontor.taxes.permissions import MANAGE_TAXES
from kontor.taxes.queries import policy_of
from kontor.taxes.registry import registry
from kontor.web.access import needs
from kontor.web.identity import PersonRequest
from kontor.web.names import countries, country_name
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

PAGE = "backoffice/taxes/settings.html"


@needs(MANAGE_TAXES)
@require_http_methods(["GET", "POST"])
def taxes(request: PersonRequest) -> HttpResponse:
    """GET /office/taxes/ -> registrations and how evidence is dealt with; POST -> one more registration."""
    if request.method == "GET":
        return page(request, PAGE, **_values(request))
    form = request.POST
    facts = RegistrationFacts(
        country=form.get("country", ""),
        region=form.get("region", ""),
        number=form.get("number", ""),
        scheme=form.get("scheme", ""),
        valid_from=day_of(form.get("valid_from", "")),
        valid_until=day_of(form.get("valid_until", "")),
    )
    try:
        save_registration(actor=at_own_desk(request), facts=facts)
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, PAGE, refusal, **_values(request))
    return _back(request, _("The registration is saved. It counts for orders from its first day on."))


@needs(MANAGE_TAXES)
@require_POST
def registration_change(request: PersonRequest, registration_id: int) -> HttpResponse:
    """POST /office/taxes/registrations/7/ valid_until -> ended on a day; with `remove` it was a mistake."""
    actor = at_own_desk(request)
    found = get_object_or_404(Registration.objects.visible_to(actor), pk=registration_id)
    if "remove" in request.POST:
        remove_registration(actor=actor, registration=found)
        return _back(request, _("The registration is removed."))
    facts = RegistrationFacts(
        country=found.country,
        region=found.region,
        number=found.number,
        scheme=found.scheme,
        valid_from=found.valid_from,
        valid_until=day_of(request.POST.get("valid_until", "")),
    )
    try:
        save_registration(actor=actor, facts=facts, registration=found)
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, PAGE, refusal, **_values(request))
    return _back(request, _("The registration is saved."))


@needs(MANAGE_TAXES)
@require_POST
def tax_policy(request: PersonRequest) -> HttpResponse:
    """POST /office/taxes/policy/ evidence, max_age_days, unproven, deposits, prices -> saved."""
    form, days = request.POST, request.POST.get("max_age_days", "")
    facts = PolicyFacts(
        evidence=form.get("evidence", ""),
        max_age_days=int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0,
        unproven=form.get("unproven", ""),
        deposits=form.get("deposits", ""),
        prices=form.get("prices", ""),
    )
    try:
        save_policy(actor=at_own_desk(request), facts=facts)
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, PAGE, refusal, **_values(request))
    return _back(request, _("Saved. Orders and invoices from now on follow it."))


def day_of(text: str) -> date | None:
    """A day as forms send it; None when there is none."""
    try:
        return parse_date(text.strip())
    except ValueError:
        return None


def _back(request: PersonRequest, message: str) -> HttpResponse:
    return leave_to(request, reverse("backoffice:taxes"), toast=Toast(message=message))


def _values(request: PersonRequest) -> dict[str, Any]:
    actor = at_own_desk(request)
    own = get_object_or_404(Company, pk=actor.company_id)
    return {
        "own": own,
        "rows": list(Registration.objects.visible_to(actor)),
        "policy": policy_of(own.pk),
        "asks": registry() is not None,
        "countries": countries(),
        "country_name": country_name,
        "schemes": Registration.Scheme.choices,
        "evidences": Policy.Evidence.choices,
        "unprovens": Policy.Unproven.choices,
        "deposits": Policy.Deposits.choices,
        "ways": Prices.choices,
        "typed": request.POST,
    }


urlpatterns = [
    path("taxes/", taxes, name="taxes"),
    path("taxes/policy/", tax_policy, name="tax_policy"),
    path("taxes/registrations/<int:registration_id>/", registration_change, name="registration_change"),
]
