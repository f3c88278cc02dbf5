"""Questions to sellers: about a product, or about what was not found. The answers stand below each other."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kontor.catalog.models import Product
from kontor.companies.queries import house_seller
from kontor.discovery.models import Inquiry
from kontor.discovery.operations import Question, ask_seller
from kontor.discovery.queries import inquiries_of
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.messaging.operations import write_message
from kontor.messaging.permissions import WRITE_MESSAGES
from kontor.messaging.queries import thread_of
from kontor.web.access import needs, signed_in
from kontor.web.identity import PersonRequest
from kontor.web.lists import Pager, address_with
from kontor.web.pages import leave_to, page, refused
from kontor.web.toasts import Toast

LIST, DETAIL = "storefront/inquiries/list.html", "storefront/inquiries/detail.html"
NEW = "storefront/inquiries/new.html"
PER_PAGE = 50
DIGITS = 18


@signed_in
@require_GET
def inquiries(request: PersonRequest) -> HttpResponse:
    """GET /inquiries/ -> what the company asked, newest first."""
    before = request.GET.get("before", "")
    rows = inquiries_of(request.actor).filter(buyer_id=request.actor.buying_company_id)
    if before.isascii() and before.isdigit() and len(before) <= DIGITS:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PER_PAGE + 1])
    onward = address_with(request, before=str(found[PER_PAGE - 1].pk)) if len(found) > PER_PAGE else ""
    pager = Pager(shown=min(len(found), PER_PAGE), next_url=onward,
                  previous_url=address_with(request, before=None) if before else "")  # fmt: skip
    return page(request, LIST, rows=found[:PER_PAGE], pager=pager)


@signed_in
@require_GET
def inquiry(request: PersonRequest, inquiry_id: int) -> HttpResponse:
    """GET /inquiries/7/ -> the question and what was answered."""
    return page(request, DETAIL, **_shown(request, _own(request, inquiry_id)))


def _own(request: PersonRequest, inquiry_id: int) -> Inquiry:
    own = inquiries_of(request.actor).filter(buyer_id=request.actor.buying_company_id)
    return get_object_or_404(own, pk=inquiry_id)


def _shown(request: PersonRequest, found: Inquiry) -> dict[str, Any]:
    conversation = thread_of(("inquiry", found.pk), request.actor)
    return {
        "row": found,
        "messages": conversation.messages if conversation else [],
        "may_write": request.actor.may(WRITE_MESSAGES),
        "body": request.POST.get("body", ""),
    }


@needs(WRITE_MESSAGES)
@require_POST
def inquiry_new(request: PersonRequest) -> HttpResponse:
    """POST /inquiries/new/ body, and product or title -> asked; the seller is told."""
    typed = request.POST.get("product", "")
    product = None
    if typed:
        key = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= DIGITS else 0
        seen = Product.objects.visible_to(request.actor).select_related("seller")
        product = get_object_or_404(seen, pk=key)
    seller = product.seller if product else house_seller()
    if seller is None:
        raise Refused("no_seller", _("No seller is active here yet."))
    title, body = request.POST.get("title", ""), request.POST.get("body", "")
    question = Question(product=product, title=title, body=body)
    try:
        asked = ask_seller(actor=request.actor, seller=seller, question=question)
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, NEW, refusal, product=product, wanted=title, body=body, seller=seller)
    toast = Toast(
        message=_("Your question is on its way."), told=_("%(seller)s was told.") % {"seller": seller}
    )
    return leave_to(request, reverse("storefront:inquiry", args=[asked.pk]), toast=toast)


@needs(WRITE_MESSAGES)
@require_POST
def inquiry_message(request: PersonRequest, inquiry_id: int) -> HttpResponse:
    """POST /inquiries/7/messages/ body -> a further message."""
    found = _own(request, inquiry_id)
    try:
        write_message(
            actor=request.actor,
            subject=("inquiry", found.pk),
            title=found.title,
            buyer_id=found.buyer_id,
            seller_id=found.seller_id,
            body=request.POST.get("body", ""),
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, DETAIL, refusal, **_shown(request, found))
    toast = Toast(message=_("Message sent."), told=_("%(seller)s was told.") % {"seller": found.seller})
    return leave_to(request, reverse("storefront:inquiry", args=[inquiry_id]), toast=toast)


urlpatterns = [
    path("inquiries/", inquiries, name="inquiries"),
    path("inquiries/new/", inquiry_new, name="inquiry_new"),
    path("inquiries/<int:inquiry_id>/", inquiry, name="inquiry"),
    path("inquiries/<int:inquiry_id>/messages/", inquiry_message, name="inquiry_message"),
]
