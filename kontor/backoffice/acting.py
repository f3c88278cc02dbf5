"""Working for a customer in the shop, as on the phone or at a fair: begin and end."""

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kontor.backoffice.customers import CHANNELS, account_of
from kontor.companies.models import CustomerAccount
from kontor.kernel.refusal import Refused
from kontor.orders.permissions import ENTER_ORDERS
from kontor.web.access import needs, seller
from kontor.web.identity import PersonRequest
from kontor.web.pages import leave_to
from kontor.web.sessions import ACTING_CHANNEL, ACTING_FOR
from kontor.web.toasts import Toast


@needs(ENTER_ORDERS)
@require_POST
def act_for(request: PersonRequest, account_id: int) -> HttpResponse:
    """POST /office/customers/7/act/ channel -> the shop as this customer sees it, with its prices and carts."""
    account = account_of(request, account_id)
    if account.status != CustomerAccount.Status.ACTIVE:
        raise Refused(
            "not_active",
            _("Only for an active customer can you work in the shop. Accept or unblock it first."),
        )
    channel = request.POST.get("channel", "")
    request.session[ACTING_FOR] = account.buyer_id
    request.session[ACTING_CHANNEL] = channel if channel in CHANNELS else CHANNELS[0]
    toast = Toast(
        message=_("You are working for %(company)s.") % {"company": account.buyer},
        told=_("You see their prices and carts; everything is recorded with your name."),
    )
    return leave_to(request, reverse("storefront:home"), toast=toast)


@seller
@require_POST
def act_for_end(request: PersonRequest) -> HttpResponse:
    """POST /office/act/end/ -> back to the own desk, at the customer's page."""
    buyer_id = request.session.pop(ACTING_FOR, None)
    request.session.pop(ACTING_CHANNEL, None)
    own = CustomerAccount.objects.visible_to(request.actor).filter(seller_id=request.actor.company_id)
    account = own.filter(buyer_id=buyer_id).select_related("buyer").first() if buyer_id else None
    if account is None:
        return leave_to(request, reverse("backoffice:home"))
    toast = Toast(
        message=_("You work for your own company again, not for %(company)s.") % {"company": account.buyer}
    )
    return leave_to(request, reverse("backoffice:customer", args=[account.pk]), toast=toast)


urlpatterns = [
    path("customers/<int:account_id>/act/", act_for, name="act_for"),
    path("act/end/", act_for_end, name="act_for_end"),
]
