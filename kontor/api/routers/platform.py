"""Companies come in, and the operator of the platform looks after them."""

from datetime import timedelta
from typing import Annotated, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from kontor.api.doors import EVERYBODY, ApiRequest, PublicRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.paging import Page, PageAsk, newest_first, page
from kontor.api.shapes.companies import ReasonIn
from kontor.api.shapes.registration import CompanyRow, ReceivedOut, RegistrationIn
from kontor.companies import operations
from kontor.companies.models import Company
from kontor.companies.operations import AddressFacts, Contact, Registration
from kontor.companies.permissions import OPERATE
from kontor.kernel.actors import require
from kontor.kernel.rates import count_attempt
from kontor.web.middleware.limits import address_of

router = Router(tags=["Platform"])
MOST_AN_HOUR = 20


def _count(request: HttpRequest) -> None:
    """The same counter as the page's, so that nobody has two tries."""
    key = f"register:address:{address_of(request)}"
    count_attempt(key, limit=MOST_AN_HOUR, window=timedelta(hours=1))


@router.post(
    "registrations",
    auth=EVERYBODY,
    response={202: ReceivedOut},
    operation_id="registerCompany",
    summary="Register a company",
)
@changes(refuses=("invalid_entries", "vat_id_taken", "too_many_attempts"), first=_count)
def register(request: PublicRequest, body: RegistrationIn) -> Reply:
    """Asks the platform's first seller for an account at once. What follows comes by mail to the contact."""
    given = body.model_dump(exclude={"address", "contact"})
    registration = Registration(
        **given,
        address=AddressFacts(**body.address.model_dump()),
        contact=Contact(**body.contact.model_dump()),
    )
    operations.register_company(registration=registration, actor=request.__dict__.get("actor"))
    return Reply(body=ReceivedOut(status="received"), status=202)


def company_row(one: Company) -> CompanyRow:
    return CompanyRow(
        id=one.pk,
        name=str(one),
        legal_name=one.legal_name,
        vat_id=one.vat_id,
        country=one.country,
        status=one.status,
        is_buyer=one.is_buyer,
        is_seller=one.is_seller,
    )


def _company(request: ApiRequest, company_id: int) -> Company:
    require(request.actor, OPERATE)
    return get_object_or_404(Company, pk=company_id)


@router.get(
    "companies",
    response=Page[CompanyRow],
    operation_id="listCompanies",
    summary="All companies, newest first",
)
@needs(OPERATE)
@reads(refuses=("not_allowed", "bad_cursor"))
def companies(
    request: ApiRequest,
    paging: Annotated[PageAsk, Query()],
    status: Literal["registered", "active", "blocked"] | None = None,
) -> Page[CompanyRow]:
    """For the operator only."""
    require(request.actor, OPERATE)
    rows = Company.objects.filter(status=status) if status else Company.objects.all()
    return page(request, newest_first(rows, paging, name="companies"), company_row)


@router.post(
    "companies/{int:company_id}/activate",
    response=CompanyRow,
    operation_id="activateCompany",
    summary="Let a company trade",
)
@needs(OPERATE)
@changes(refuses=("already_done",))
def activate(request: ApiRequest, company_id: int) -> CompanyRow:
    """A registered one, or one that was blocked."""
    company = _company(request, company_id)
    return company_row(operations.activate_company(actor=request.actor, company=company))


@router.post(
    "companies/{int:company_id}/block",
    response=CompanyRow,
    operation_id="blockCompany",
    summary="Shut a company out",
)
@needs(OPERATE)
@changes(refuses=("invalid_entries", "own_company", "already_done"))
def block(request: ApiRequest, company_id: int, body: ReasonIn) -> CompanyRow:
    """Its people and keys stop with their next request, and its goods are off sale."""
    company = _company(request, company_id)
    return company_row(operations.block_company(actor=request.actor, company=company, reason=body.reason))


@router.post(
    "companies/{int:company_id}/open-store",
    response=CompanyRow,
    operation_id="openStore",
    summary="Make a company a seller",
)
@needs(OPERATE)
@changes(refuses=("company_blocked", "already_done"))
def open_store(request: ApiRequest, company_id: int) -> CompanyRow:
    """Active, with usual payment terms; its administrators look after the store."""
    company = _company(request, company_id)
    return company_row(operations.open_store(actor=request.actor, company=company))
