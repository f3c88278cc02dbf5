"""Certificates of tax exemption: what customers handed in, decided here; or entered for them."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kontor.backoffice.papers import pdf_answer
from kontor.backoffice.seat import at_own_desk
from kontor.backoffice.taxes import day_of
from kontor.catalog.queries import category_tree
from kontor.companies.models import Company, CustomerAccount
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.kernel.texts import printable
from kontor.taxes.models import Certificate
from kontor.taxes.operations import CertificateFacts, decide_certificate, submit_certificate
from kontor.taxes.permissions import MANAGE_TAXES
from kontor.web.access import needs
from kontor.web.identity import PersonRequest
from kontor.web.lists import page_of
from kontor.web.names import countries
from kontor.web.pages import leave_to, page, refused
from kontor.web.taxes import category_choices, certificate_words, document_of
from kontor.web.toasts import Toast

LIST = "backoffice/taxes/certificates.html"
ONE = "backoffice/taxes/certificate.html"


@needs(MANAGE_TAXES)
@require_http_methods(["GET", "POST"])
def certificates(request: PersonRequest) -> HttpResponse:
    """GET /office/taxes/certificates/?status=submitted -> certificates; POST -> one entered for a customer."""
    actor = at_own_desk(request)
    if request.method == "GET":
        return page(request, LIST, block="listing", **_listed(request))
    number = printable(request.POST.get("customer", ""))
    accounts = CustomerAccount.objects.visible_to(actor).filter(
        seller_id=actor.company_id, customer_number=number
    )
    try:
        account = accounts.first() if number else None
        if account is None:
            sentence = _("There is no customer with this number.")
            raise Refused("no_customer", sentence, {"customer": sentence})
        made = submit_certificate(actor=actor, account=account, facts=facts_of(request))
    except NotAllowed:
        raise
    except Refused as refusal:
        return refused(request, LIST, refusal, **_listed(request))
    toast = Toast(
        message=_("The certificate %(number)s is kept. Approve it, then it counts.") % {"number": made}
    )
    return leave_to(request, reverse("backoffice:certificate", args=[made.pk]), toast=toast)


def facts_of(request: PersonRequest) -> CertificateFacts:
    """A certificate as the form sends it."""
    form, upload = request.POST, request.FILES.get("file")
    return CertificateFacts(
        number=form.get("number", ""),
        country=form.get("country", ""),
        region=form.get("region", ""),
        reason=form.get("reason", ""),
        valid_from=day_of(form.get("valid_from", "")),
        valid_until=day_of(form.get("valid_until", "")),
        skus=form.get("skus", "").replace(",", " ").split(),
        category_paths=form.getlist("category_paths"),
        document=upload.read() if upload is not None else b"",
    )


def _listed(request: PersonRequest) -> dict[str, Any]:
    actor = at_own_desk(request)
    found = Certificate.objects.visible_to(actor).filter(seller_id=actor.company_id).select_related("buyer")
    status = request.GET.get("status", "")
    if status in Certificate.Status.values:
        found = found.filter(status=status)
    rows, pager = page_of(request, found, ["-submitted_at", "-id"])
    return {
        "rows": [(one, *_told(one)) for one in list(rows)],
        "pager": pager,
        "state": status,
        "statuses": [
            (value, _("To be decided") if value == Certificate.Status.SUBMITTED else label)
            for value, label in Certificate.Status.choices
        ],
        "countries": countries(),
        "categories": category_choices(category_tree(None)),
        "chosen": request.POST.getlist("category_paths"),
        "home": Company.objects.get(pk=actor.company_id or 0).country,
        "typed": request.POST,
    }


def _told(certificate: Certificate) -> tuple[str, str]:
    """How it stands, as the seller says it: what waits for the seller is to be decided."""
    words, kind = certificate_words(certificate)
    return (_("To be decided") if certificate.status == Certificate.Status.SUBMITTED else words), kind


def _own(request: PersonRequest, certificate_id: int) -> Certificate:
    actor = at_own_desk(request)
    found = Certificate.objects.visible_to(actor).filter(seller_id=actor.company_id)
    return get_object_or_404(found.select_related("buyer", "seller"), pk=certificate_id)


@needs(MANAGE_TAXES)
@require_GET
def certificate(request: PersonRequest, certificate_id: int) -> HttpResponse:
    """GET /office/taxes/certificates/7/ -> what it says, and the decision."""
    return page(request, ONE, **_values(request, _own(request, certificate_id)))


def _values(request: PersonRequest, found: Certificate) -> dict[str, Any]:
    accounts = CustomerAccount.objects.visible_to(at_own_desk(request))
    account = accounts.get(seller_id=found.seller_id, buyer_id=found.buyer_id)
    return {
        "row": found,
        "account": account,
        "words": _told(found),
        "products": list(found.products.order_by("sku")),
        "categories": list(found.categories.order_by("path")),
        "typed": request.POST,
    }


@needs(MANAGE_TAXES)
@require_POST
def certificate_decide(request: PersonRequest, certificate_id: int) -> HttpResponse:
    """POST /office/taxes/certificates/7/decide/ status, note -> approved, declined or revoked."""
    found, form = _own(request, certificate_id), request.POST
    try:
        decide_certificate(
            actor=at_own_desk(request),
            certificate=found,
            status=form.get("status", ""),
            note=form.get("note", ""),
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        found.refresh_from_db()
        return refused(request, ONE, refusal, **_values(request, found))
    toast = Toast(message=_("Decided. It counts for orders and invoices from now on."))
    return leave_to(request, reverse("backoffice:certificate", args=[found.pk]), toast=toast)


@needs(MANAGE_TAXES)
@require_GET
def certificate_document(request: PersonRequest, certificate_id: int) -> HttpResponse:
    """GET /office/taxes/certificates/7/document.pdf -> the certificate as it was handed in."""
    found = _own(request, certificate_id)
    content = document_of(found)
    if content is None:
        raise Http404
    return pdf_answer(content, found.number)


urlpatterns = [
    path("taxes/certificates/", certificates, name="certificates"),
    path("taxes/certificates/<int:certificate_id>/", certificate, name="certificate"),
    path("taxes/certificates/<int:certificate_id>/decide/", certificate_decide, name="certificate_decide"),
    path(
        "taxes/certificates/<int:certificate_id>/document.pdf",
        certificate_document,
        name="certificate_document",
    ),
]
