"""Evidence for taxes: certificates of exemption and what registries said about VAT ids; and how prices are shown."""

from typing import Annotated

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import File, Form, Query, Router
from ninja.files import UploadedFile

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.paging import Page, PageAsk, newest_first, page
from kontor.api.shapes.taxes import (
    CertificateDecisionIn,
    CertificateForm,
    CertificateOut,
    PricesShownIn,
    Status,
    VatCheckOut,
    VatProofIn,
)
from kontor.companies.models import CustomerAccount
from kontor.kernel.actors import require
from kontor.taxes import operations
from kontor.taxes.models import Certificate, CertificateQuerySet, VatCheck, VatCheckQuerySet
from kontor.taxes.operations import CertificateFacts, HandProof
from kontor.taxes.operations.certificates import LARGEST
from kontor.taxes.permissions import MANAGE_TAXES, SUBMIT_CERTIFICATES
from kontor.web.taxes import document_of

router = Router(tags=["Taxes"])
PDF = "application/pdf"


def _certificates(request: ApiRequest) -> CertificateQuerySet:
    """Those that the own company handed in; finance of a seller also sees what its customers did."""
    rows, actor = Certificate.objects.visible_to(request.actor), request.actor
    return rows if actor.may(MANAGE_TAXES) else rows.filter(buyer_id=actor.buying_company_id)


def _checks(request: ApiRequest) -> VatCheckQuerySet:
    """As for certificates: what is about the own company, and what finance had asked."""
    rows, actor = VatCheck.objects.visible_to(request.actor), request.actor
    return rows if actor.may(MANAGE_TAXES) else rows.filter(buyer_id=actor.buying_company_id)


def _certificate_out(one: Certificate) -> CertificateOut:
    plain = (
        "seller_id", "buyer_id", "number", "country", "region", "reason", "valid_from", "valid_until", "covers_all",
        "status", "submitted_at", "decided_at", "note",
    )  # fmt: skip
    return CertificateOut(
        id=one.pk,
        skus=sorted(product.sku for product in one.products.all()),
        category_paths=sorted(category.path for category in one.categories.all()),
        has_document=bool(one.document),
        **{name: getattr(one, name) for name in plain},
    )


@router.get(
    "tax-certificates",
    response=Page[CertificateOut],
    operation_id="listTaxCertificates",
    summary="Certificates of exemption, newest first",
)
@reads(refuses=("bad_cursor",))
def certificates(
    request: ApiRequest, paging: Annotated[PageAsk, Query()], status: Status | None = None
) -> Page[CertificateOut]:
    """Of the own company; finance of a seller sees its customers'. Only approved ones count, within their days."""
    rows = _certificates(request).prefetch_related("products", "categories")
    if status:
        rows = rows.filter(status=status)
    return page(request, newest_first(rows, paging, name="tax-certificates"), _certificate_out)


@router.get(
    "tax-certificates/{int:certificate_id}",
    response=CertificateOut,
    operation_id="getTaxCertificate",
    summary="One certificate of exemption",
)
@reads()
def certificate(request: ApiRequest, certificate_id: int) -> CertificateOut:
    """What it covers, where and when."""
    return _certificate_out(get_object_or_404(_certificates(request), pk=certificate_id))


@router.get(
    "tax-certificates/{int:certificate_id}/document.pdf",
    response={200: None},
    operation_id="getTaxCertificateDocument",
    summary="A certificate of exemption as it was handed in",
)
@reads(media=PDF)
def certificate_document(request: ApiRequest, certificate_id: int) -> HttpResponse:
    """404 when there is no document."""
    found = get_object_or_404(_certificates(request), pk=certificate_id)
    content = document_of(found)
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type=PDF)
    response.headers["Content-Disposition"] = f'attachment; filename="certificate-{found.pk}.pdf"'
    return response


@router.post(
    "customers/{int:account_id}/tax-certificates",
    response={201: CertificateOut},
    operation_id="submitTaxCertificate",
    summary="Hand in a certificate of exemption",
)
@needs(SUBMIT_CERTIFICATES, MANAGE_TAXES)
@changes(refuses=("certificate_wrong", "not_your_account", "files_unavailable"), takes_file=True)
def submit(
    request: ApiRequest,
    account_id: int,
    form: Annotated[CertificateForm, Form()],
    file: Annotated[UploadedFile | None, File()] = None,
) -> Reply:
    """As multipart/form-data: what it says, and the PDF as `file` (up to 10 MB; buyers must bring it). The seller
    approves it before it counts."""
    account = get_object_or_404(CustomerAccount.objects.visible_to(request.actor), pk=account_id)
    facts = CertificateFacts(
        **form.model_dump(),
        document=file.read(LARGEST + 1) if file else b"",
    )
    made = operations.submit_certificate(actor=request.actor, account=account, facts=facts)
    location = reverse("api:getTaxCertificate", args=[made.pk])
    return Reply(body=_certificate_out(made), status=201, location=location)


@router.post(
    "tax-certificates/{int:certificate_id}/decide",
    response=CertificateOut,
    operation_id="decideTaxCertificate",
    summary="Approve, decline or revoke a certificate",
)
@needs(MANAGE_TAXES)
@changes(refuses=("reason_missing", "changed_meanwhile"))
def decide(request: ApiRequest, certificate_id: int, body: CertificateDecisionIn) -> CertificateOut:
    """For the seller. It counts for orders and invoices from then on, or no more."""
    require(request.actor, MANAGE_TAXES)
    found = get_object_or_404(_certificates(request), pk=certificate_id)
    decided = operations.decide_certificate(
        actor=request.actor, certificate=found, status=body.status, note=body.note
    )
    return _certificate_out(decided)


def _check_out(one: VatCheck) -> VatCheckOut:
    names = VatCheckOut.model_fields
    return VatCheckOut(**{name: getattr(one, name) for name in names})


@router.get(
    "vat-checks",
    response=Page[VatCheckOut],
    operation_id="listVatChecks",
    summary="What registries said about VAT ids, newest first",
)
@reads(refuses=("bad_cursor",))
def checks(
    request: ApiRequest,
    paging: Annotated[PageAsk, Query()],
    buyer_id: Annotated[int | None, Query(gt=0, lt=2**63)] = None,
) -> Page[VatCheckOut]:
    """About the own company; finance of a seller sees what was asked about its customers."""
    rows = _checks(request)
    if buyer_id is not None:
        rows = rows.filter(buyer_id=buyer_id)
    return page(request, newest_first(rows, paging, name="vat-checks"), _check_out)


def _account(request: ApiRequest, account_id: int) -> CustomerAccount:
    require(request.actor, MANAGE_TAXES)
    own = CustomerAccount.objects.visible_to(request.actor).filter(seller_id=request.actor.company_id)
    return get_object_or_404(own.select_related("buyer", "seller"), pk=account_id)


@router.post(
    "customers/{int:account_id}/vat-checks",
    response={201: VatCheckOut},
    operation_id="keepVatProof",
    summary="Keep a proof of a customer's VAT id",
)
@needs(MANAGE_TAXES)
@changes(refuses=("no_vat_id", "no_reference"))
def keep_proof(request: ApiRequest, account_id: int, body: VatProofIn) -> Reply:
    """What the registry's own page said, with the number that it gave."""
    account, proof = _account(request, account_id), HandProof(**body.model_dump())
    made = operations.keep_proof_by_hand(actor=request.actor, account=account, proof=proof)
    return Reply(body=_check_out(made), status=201)


@router.post(
    "customers/{int:account_id}/vat-checks/ask",
    response={202: None},
    operation_id="askVatRegistry",
    summary="Have a customer's VAT id checked",
)
@needs(MANAGE_TAXES)
@changes(refuses=("no_vat_id", "no_registry"))
def ask(request: ApiRequest, account_id: int) -> Reply:
    """The registry is asked in the background; its answer appears among the checks."""
    operations.ask_registry(actor=request.actor, account=_account(request, account_id))
    return Reply(status=202)


@router.put(
    "customers/{int:account_id}/prices-shown",
    response={204: None},
    operation_id="setPricesShown",
    summary="Say how a customer is shown prices",
)
@needs(MANAGE_TAXES)
@changes(refuses=("prices_wrong",))
def set_prices_shown(request: ApiRequest, account_id: int, body: PricesShownIn) -> None:
    """In the shop: net, with VAT, both, or as to everybody."""
    account = _account(request, account_id)
    operations.show_prices(actor=request.actor, account=account, prices=body.prices)
