"""What the company gets back: its bonus agreements, how far each is, and what was paid."""

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

from kontor.rebates.models import Rebate
from kontor.rebates.permissions import SEE_REBATES
from kontor.rebates.queries import documents_for, progress_of
from kontor.storefront.company import company_of, company_tabs
from kontor.web.access import needs
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.pages import page

STATE_KINDS = {"active": "active", "settled": "done", "ended": "off"}


@needs(SEE_REBATES)
@require_GET
def rebates(request: PersonRequest) -> HttpResponse:
    """GET /company/bonuses/ -> agreements with a line of progress each, those that begin last first."""
    buyer_id = request.actor.buying_company_id
    own = Rebate.objects.visible_to(request.actor).filter(members__account__buyer_id=buyer_id)
    shown = own.select_related("seller").prefetch_related("rules__category", "rules__product", "members")
    rows, pager = page_of(request, shown, ["-begins_on", "-id"], size=20)
    documents = [one for one in documents_for(request.actor, rows) if one.account.buyer_id == buyer_id]
    return page(
        request,
        "storefront/company/rebates.html",
        own=company_of(request.actor),
        tabs=company_tabs(request.actor, "rebates"),
        rows=progress_of(rows, buyer_id),
        pager=pager,
        kinds=STATE_KINDS,
        documents=documents,
    )


urlpatterns = [path("company/bonuses/", rebates, name="rebates")]
