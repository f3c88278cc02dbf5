"""The own company: its data, its addresses, the sellers it buys from."""

from dataclasses import fields

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Router

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.paging import Page
from kontor.api.preconditions import require_version
from kontor.api.shapes.companies import (
    AddressIn,
    AddressOut,
    AddressUse,
    CompanyOut,
    CompanyPatch,
    NewAddress,
    SupplierIn,
    SupplierOut,
)
from kontor.companies import operations
from kontor.companies.models import Address, Company, CustomerAccount
from kontor.companies.operations import AddressFacts, CompanyChanges
from kontor.companies.ownership import own_company_id
from kontor.companies.permissions import MANAGE_COMPANY
from kontor.companies.queries import accounts_of

router = Router(tags=["Company"])
FACTS = tuple(field.name for field in fields(AddressFacts))


def _addresses(request: ApiRequest) -> QuerySet[Address]:
    """The addresses of the company that the caller buys for; locked when something changes."""
    addresses = Address.objects.visible_to(request.actor)
    return addresses if request.method == "GET" else addresses.select_for_update()


def company_out(company: Company) -> CompanyOut:
    return CompanyOut(**{name: getattr(company, name) for name in CompanyOut.model_fields})


def address_reply(address: Address, status: int = 200) -> Reply:
    """An address with its version: a change of content gives it a new id, a change of use another letter."""
    body = AddressOut(**{name: getattr(address, name) for name in AddressOut.model_fields})
    location = reverse("api:getAddress", args=[address.pk]) if status == 201 else ""
    return Reply(body=body, status=status, version=version_of(address), location=location)


def version_of(address: Address) -> str:
    return f"{address.pk}{'b' if address.is_billing else ''}{'d' if address.is_default_delivery else ''}"


def supplier_out(account: CustomerAccount) -> SupplierOut:
    return SupplierOut(
        account_id=account.pk,
        seller_id=account.seller_id,
        seller=str(account.seller),
        status=account.status,
        customer_number=account.customer_number,
        payment_term=account.payment_term.name if account.payment_term else None,
        requested_at=account.requested_at,
        decision_note=account.decision_note if account.status == CustomerAccount.Status.DECLINED else "",
    )


@router.get("company", response=CompanyOut, operation_id="getCompany", summary="The own company")
@reads(refuses=("not_for_customers", "no_company"))
def company(request: ApiRequest) -> CompanyOut:
    """Legal data, language, invoice preference. Sellers find their bank account here too."""
    return company_out(Company.objects.get(pk=own_company_id(request.actor)))


@router.patch("company", response=CompanyOut, operation_id="changeCompany", summary="Change company data")
@needs(MANAGE_COMPANY)
@changes(refuses=("invalid_entries", "vat_id_taken", "not_for_customers"))
def change(request: ApiRequest, body: CompanyPatch) -> CompanyOut:
    """Country and currency stay as registered. What is wrong is named at its field."""
    wanted = CompanyChanges(**body.model_dump(exclude_unset=True))
    return company_out(operations.change_company(actor=request.actor, changes=wanted))


@router.get("company/addresses", response=Page[AddressOut], operation_id="listAddresses", summary="Addresses")
@reads()
def addresses(request: ApiRequest) -> Page[AddressOut]:
    """All addresses that may be delivered or invoiced to. Ids are what orders name."""
    rows = _addresses(request).order_by("-is_default_delivery", "label", "id")
    return Page(items=[address_reply(row).body for row in rows], next=None)


@router.post(
    "company/addresses", response={201: AddressOut}, operation_id="addAddress", summary="Add an address"
)
@needs(MANAGE_COMPANY)
@changes(refuses=("invalid_entries", "not_for_customers"))
def add(request: ApiRequest, body: NewAddress) -> Reply:
    """The first address is for invoices and deliveries, whatever is said."""
    given = body.model_dump()
    facts = AddressFacts(**{name: given[name] for name in FACTS})
    address = operations.add_address(
        actor=request.actor,
        address=facts,
        is_billing=body.is_billing,
        is_default_delivery=body.is_default_delivery,
    )
    return address_reply(address, 201)


@router.get(
    "company/addresses/{int:address_id}",
    response=AddressOut,
    operation_id="getAddress",
    summary="One address",
)
@reads()
def address(request: ApiRequest, address_id: int) -> Reply:
    """An address with the ETag that a change of it must name."""
    return address_reply(get_object_or_404(_addresses(request), pk=address_id))


@router.put(
    "company/addresses/{int:address_id}",
    response=AddressOut,
    operation_id="changeAddress",
    summary="Change an address",
)
@needs(MANAGE_COMPANY)
@changes(refuses=("invalid_entries", "stale", "address_gone"), if_match=True)
def put(request: ApiRequest, address_id: int, body: AddressIn) -> Reply:
    """Documents keep the address that they were written with: the changed one gets a new id and takes the place."""
    old = get_object_or_404(_addresses(request), pk=address_id)
    require_version(request, version_of(old))
    facts = AddressFacts(**body.model_dump())
    return address_reply(operations.change_address(actor=request.actor, address=old, changed=facts))


@router.delete(
    "company/addresses/{int:address_id}",
    response={204: None},
    operation_id="archiveAddress",
    summary="Take an address out of the book",
)
@needs(MANAGE_COMPANY)
@changes(refuses=("address_in_use", "stale", "address_gone"), if_match=True)
def archive(request: ApiRequest, address_id: int) -> None:
    """Refused for the billing and the usual delivery address: choose another for them first."""
    old = get_object_or_404(_addresses(request), pk=address_id)
    require_version(request, version_of(old))
    operations.archive_address(actor=request.actor, address=old)


@router.post(
    "company/addresses/{int:address_id}/use",
    response=AddressOut,
    operation_id="useAddress",
    summary="Use an address for invoices or deliveries",
)
@needs(MANAGE_COMPANY)
@changes(refuses=("address_gone",))
def use(request: ApiRequest, address_id: int, body: AddressUse) -> Reply:
    """Takes the role away from the address that had it."""
    chosen = get_object_or_404(_addresses(request), pk=address_id)
    if body.billing:
        chosen = operations.set_billing_address(actor=request.actor, address=chosen)
    if body.default_delivery:
        chosen = operations.set_default_delivery(actor=request.actor, address=chosen)
    return address_reply(chosen)


@router.get(
    "company/suppliers", response=Page[SupplierOut], operation_id="listSuppliers", summary="Suppliers"
)
@reads(refuses=("not_for_customers", "no_company"))
def suppliers(request: ApiRequest) -> Page[SupplierOut]:
    """The sellers at which the own company is a customer, has asked to become one, or was declined."""
    rows = accounts_of(own_company_id(request.actor))
    return Page(items=[supplier_out(row) for row in rows], next=None)


@router.post(
    "company/suppliers",
    response={201: SupplierOut},
    operation_id="requestAccount",
    summary="Ask a seller for an account",
)
@needs(MANAGE_COMPANY)
@changes(refuses=("not_a_seller", "own_company", "already_requested", "already_customer", "account_blocked"))
def request_account(request: ApiRequest, body: SupplierIn) -> Reply:
    """The seller is told and answers with terms or with a reason."""
    seller = get_object_or_404(Company.objects.filter(is_seller=True, status="active"), pk=body.seller_id)
    account = operations.request_account(actor=request.actor, seller=seller)
    return Reply(body=supplier_out(account), status=201)
