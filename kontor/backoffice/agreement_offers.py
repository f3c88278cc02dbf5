"""An agreement at the prices of an offer that the customer has accepted."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kontor.agreements.models import Agreement, Commitment
from kontor.backoffice.agreement_form import facts_of
from kontor.backoffice.agreements import agreement_address
from kontor.backoffice.requests import request_of
from kontor.backoffice.seat import at_own_desk
from kontor.kernel import clock
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.pricing.permissions import EDIT_PRICES
from kontor.quotes.models import Offer
from kontor.quotes.operations import agree_on_offer
from kontor.web.access import needs
from kontor.web.identity import PersonRequest
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

PAGE = "backoffice/agreements/of_offer.html"


@needs(EDIT_PRICES)
@require_http_methods(["GET", "POST"])
def offer_agreement(request: PersonRequest, request_id: int) -> HttpResponse:
    """GET /office/requests/7/agreement/ -> dates and limits are asked; POST -> the draft, at the accepted prices."""
    row, actor = request_of(request, request_id), at_own_desk(request)
    accepted = Offer.objects.visible_to(actor).filter(request=row, status=Offer.Status.ACCEPTED)
    offer = get_object_or_404(accepted.select_related("request__seller", "request__buyer"))
    values: dict[str, Any] = {
        "row": row,
        "offer": offer,
        "lines": list(offer.lines.select_related("product", "configuration")),
        "kinds": Agreement.Kind.choices,
        "limits": [
            ("", _("Nothing: as much as is ordered")),
            (Commitment.Kind.AT_MOST, _("The most that is sold at these prices")),
            (Commitment.Kind.AT_LEAST, _("The least that the customer buys")),
        ],
        "fields": request.POST.dict()
        or {
            "title": row.number,
            "kind": Agreement.Kind.CONTRACT,
            "valid_from": clock.day_in(row.seller.timezone).isoformat(),
            "terms": offer.conditions,
        },
    }
    if request.method == "GET":
        return page(request, PAGE, **values)
    try:
        facts = facts_of(request.POST, actor, row.seller)
        made = agree_on_offer(
            actor=actor, offer=offer, facts=facts, committed=request.POST.get("committed", "")
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, PAGE, refusal, **values)
    toast = Toast(
        message=_("%(number)s is drafted at the prices of the offer.") % {"number": made.number},
        told=_("Look it through, then put it in force."),
    )
    return leave_to(request, agreement_address(made), toast=toast)


urlpatterns = [path("requests/<int:request_id>/agreement/", offer_agreement, name="offer_agreement")]
