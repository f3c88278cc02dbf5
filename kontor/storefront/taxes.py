"""A buyer's taxes: how its VAT id stands with its sellers, and its certificates of exemption."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kontor.catalog.queries import category_tree
from kontor.companies.models import CustomerAccount
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.storefront.company import company_of, company_tabs, may_manage
from kontor.storefront.papers import pdf_answer
from kontor.taxes.models import Certificate
from kontor.taxes.operations import CertificateFacts, submit_certificate
from kontor.taxes.permissions import SUBMIT_CERTIFICATES
from kontor.taxes.queries import standings
from kontor.web.access import signed_in
from kontor.web.asked import day_of, key_of
from kontor.web.identity import PersonRequest
from kontor.web.names import countries
from kontor.web.pages import leave_to, page, refused
from kontor.web.taxes import category_choices, certificate_words, covered, document_of, standing_words
from kontor.web.toasts import Toast

PAGE = "storefront/company/taxes.html"


@signed_in
@require_http_methods(["GET", "POST"])
def taxes(request: PersonRequest) -> HttpResponse:
    """GET /company/taxes/ -> VAT id and certificates; POST account, number, …, file -> one is handed in."""
    if request.method == "GET":
        return page(request, PAGE, **_values(request))
    accounts = CustomerAccount.objects.visible_to(request.actor).filter(
        buyer_id=request.actor.buying_company_id
    )
    account = get_object_or_404(accounts, pk=key_of(request.POST.get("account", "")))
    try:
        submit_certificate(actor=request.actor, account=account, facts=_facts(request))
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, PAGE, refusal, **_values(request))
    toast = Toast(
        message=_("The certificate is handed in."), told=_("It counts once the seller has approved it.")
    )
    return leave_to(request, reverse("storefront:taxes"), toast=toast)


def _facts(request: PersonRequest) -> CertificateFacts:
    form, upload = request.POST, request.FILES.get("file")
    return CertificateFacts(
        number=form.get("number", ""),
        country=form.get("country", ""),
        region=form.get("region", ""),
        reason=form.get("reason", ""),
        skus=form.get("skus", "").replace(",", " ").split(),
        category_paths=form.getlist("category_paths"),
        document=upload.read() if upload is not None else b"",
        valid_from=day_of(form.get("valid_from", "")),
        valid_until=day_of(form.get("valid_until", "")),
    )


def _values(request: PersonRequest) -> dict[str, Any]:
    actor = request.actor
    own = company_of(actor)
    accounts = (
        CustomerAccount.objects.visible_to(request.actor)
        .filter(buyer=own, status=CustomerAccount.Status.ACTIVE)
        .select_related("seller")
    )
    if actor.acting_for_id is not None:
        accounts = accounts.filter(seller_id=actor.company_id)
    certificates = Certificate.objects.visible_to(actor).filter(buyer=own).select_related("seller")
    certificates = certificates.prefetch_related("categories", "products")
    found = list(accounts.order_by("seller__legal_name"))
    return {
        "own": own,
        "tabs": company_tabs(actor, "taxes"),
        "standings": [
            (one.seller, *standing_words(standing), standing.check)
            for one in found
            for standing in [standings(one.seller_id, [own])[own.pk]]
        ],
        "certificates": [(one, covered(one), *certificate_words(one)) for one in certificates[:100]],
        "may_submit": may_manage(actor, SUBMIT_CERTIFICATES) and bool(found),
        "accounts": [(one.pk, str(one.seller)) for one in found],
        "countries": countries(),
        "categories": category_choices(category_tree(request.identity.assortments)),
        "chosen": request.POST.getlist("category_paths"),
        "home": own.country,
        "typed": request.POST,
    }


@signed_in
@require_GET
def certificate_document(request: PersonRequest, certificate_id: int) -> HttpResponse:
    """GET /company/taxes/7.pdf -> a certificate of the company as it was handed in."""
    own = Certificate.objects.visible_to(request.actor).filter(buyer_id=request.actor.buying_company_id)
    found = get_object_or_404(own, pk=certificate_id)
    content = document_of(found)
    if content is None:
        raise Http404
    return pdf_answer(content, found.number)


urlpatterns = [
    path("company/taxes/", taxes, name="taxes"),
    path("company/taxes/<int:certificate_id>.pdf", certificate_document, name="certificate_document"),
]
