"""Customers' questions about goods, or about what they did not find; those that wait for an answer first."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kontor.backoffice.doors import Doors
from kontor.backoffice.seat import at_own_desk
from kontor.catalog.permissions import EDIT_CATALOG
from kontor.companies.models import CustomerAccount
from kontor.discovery.models import Inquiry
from kontor.discovery.permissions import ANSWER_INQUIRIES
from kontor.discovery.queries import inquiries_of
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.messaging.models import Thread
from kontor.messaging.operations import write_message
from kontor.messaging.queries import thread_of
from kontor.web.access import needs
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

ONE = "backoffice/inquiries/detail.html"


@needs(ANSWER_INQUIRIES)
@require_GET
def inquiries(request: PersonRequest) -> HttpResponse:
    """GET /office/inquiries/?show= -> questions that wait for an answer; or all of them."""
    actor = at_own_desk(request)
    show = "all" if request.GET.get("show") == "all" else "waiting"
    due = Thread.objects.visible_to(actor).filter(
        subject_type="inquiry", subject_id=OuterRef("pk"), answer_due_from_id=actor.company_id
    )
    found = inquiries_of(actor).filter(seller_id=actor.company_id).annotate(waits=Exists(due))
    waiting = found.filter(waits=True)
    rows, pager = page_of(request, waiting if show == "waiting" else found, ["-created_at", "-id"])
    address = reverse("backoffice:inquiries")
    tabs = [
        {"label": _("To answer"), "url": address, "current": show == "waiting", "count": waiting.count()},
        {"label": _("All"), "url": f"{address}?show=all", "current": show == "all", "count": None},
    ]
    return page(request, "backoffice/inquiries/list.html", rows=rows, pager=pager, tabs=tabs, show=show)


def _own(request: PersonRequest, inquiry_id: int) -> Inquiry:
    actor = at_own_desk(request)
    return get_object_or_404(inquiries_of(actor).filter(seller_id=actor.company_id), pk=inquiry_id)


@needs(ANSWER_INQUIRIES)
@require_GET
def inquiry(request: PersonRequest, inquiry_id: int) -> HttpResponse:
    """GET /office/inquiries/7/ -> who asks what, what was said, and a field to answer in."""
    return page(request, ONE, **_shown(request, _own(request, inquiry_id)))


def _shown(request: PersonRequest, found: Inquiry) -> dict[str, Any]:
    actor = at_own_desk(request)
    conversation = thread_of(("inquiry", found.pk), actor)
    accounts = CustomerAccount.objects.visible_to(actor).filter(
        buyer_id=found.buyer_id, seller_id=found.seller_id
    )
    account = accounts.first()
    doors = Doors(actor)
    article = ""
    if found.product is not None:
        article = (
            doors.article(found.product.pk, found.product.sku)
            if actor.may(EDIT_CATALOG)
            else reverse("storefront:product", args=[found.product.pk, found.product.slug])
        )
    return {
        "row": found,
        "messages": conversation.messages if conversation else [],
        "body": request.POST.get("body", ""),
        "account": account,
        "customer_url": doors.customer(account.pk) if account else "",
        "article_url": article,
    }


@needs(ANSWER_INQUIRIES)
@require_POST
def inquiry_answer(request: PersonRequest, inquiry_id: int) -> HttpResponse:
    """POST /office/inquiries/7/answer/ body -> answered; the customer is told."""
    found = _own(request, inquiry_id)
    try:
        write_message(
            actor=at_own_desk(request),
            subject=("inquiry", found.pk),
            title=found.title,
            buyer_id=found.buyer_id,
            seller_id=found.seller_id,
            body=request.POST.get("body", ""),
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, ONE, refusal, **_shown(request, found))
    toast = Toast(message=_("Answer sent."), told=_("%(company)s was told.") % {"company": found.buyer})
    return leave_to(request, reverse("backoffice:inquiry", args=[inquiry_id]), toast=toast)


urlpatterns = [
    path("inquiries/", inquiries, name="inquiries"),
    path("inquiries/<int:inquiry_id>/", inquiry, name="inquiry"),
    path("inquiries/<int:inquiry_id>/answer/", inquiry_answer, name="inquiry_answer"),
]
