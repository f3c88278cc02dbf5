"""A seller's customers: asked for, accepted with terms and prices, declined, blocked."""

from typing import Annotated, Literal

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import changes, needs, reads
from kontor.api.paging import Page, PageAsk, newest_first, page
from kontor.api.shapes.companies import AcceptIn, CustomerOut, CustomerTermsIn, ReasonIn, TermOut
from kontor.companies import operations
from kontor.companies.models import CustomerAccount, Membership, PaymentTerm
from kontor.companies.models.account import CustomerAccountQuerySet
from kontor.companies.ownership import own_company_id
from kontor.companies.permissions import ACCEPT_CUSTOMERS
from kontor.kernel.actors import require
from kontor.kernel.refusal import Refused
from kontor.pricing.models import PriceList
from kontor.pricing.operations import accept_customer_with_prices

router = Router(tags=["Customers"])
Status = Literal["requested", "active", "declined", "blocked"]


def term_out(term: PaymentTerm) -> TermOut:
    return TermOut(
        id=term.pk,
        code=term.code,
        name=term.name,
        net_days=term.net_days,
        is_prepayment=term.is_prepayment,
    )


def customer_out(account: CustomerAccount) -> CustomerOut:
    buyer = account.buyer
    return CustomerOut(
        account_id=account.pk,
        company_id=buyer.pk,
        name=str(buyer),
        legal_name=buyer.legal_name,
        vat_id=buyer.vat_id,
        country=buyer.country,
        currency=buyer.currency,
        customer_number=account.customer_number,
        status=account.status,
        payment_term=term_out(account.payment_term) if account.payment_term else None,
        sales_rep_id=account.sales_rep_id,
        note=account.note,
        requested_at=account.requested_at,
        decided_at=account.decided_at,
        decided_by=account.decided_by,
    )


def _accounts(request: ApiRequest) -> CustomerAccountQuerySet:
    """The accounts of the own company's customers."""
    require(request.actor, ACCEPT_CUSTOMERS)
    own = CustomerAccount.objects.visible_to(request.actor).filter(seller_id=request.actor.company_id)
    return own.select_related("buyer", "payment_term")


def _account(request: ApiRequest, account_id: int) -> CustomerAccount:
    return get_object_or_404(_accounts(request), pk=account_id)


@router.get(
    "customers", response=Page[CustomerOut], operation_id="listCustomers", summary="Customers, newest first"
)
@needs(ACCEPT_CUSTOMERS)
@reads(refuses=("not_allowed", "bad_cursor"))
def customers(
    request: ApiRequest,
    paging: Annotated[PageAsk, Query()],
    status: Status | None = None,
    customer_number: Annotated[str, Query(max_length=20)] = "",
) -> Page[CustomerOut]:
    """`status=requested` is what waits for an answer."""
    rows = _accounts(request)
    if status:
        rows = rows.filter(status=status)
    if customer_number:
        rows = rows.filter(customer_number=customer_number)
    return page(request, newest_first(rows, paging, name="customers"), customer_out)


@router.get(
    "customers/{int:account_id}", response=CustomerOut, operation_id="getCustomer", summary="One customer"
)
@needs(ACCEPT_CUSTOMERS)
@reads(refuses=("not_allowed",))
def customer(request: ApiRequest, account_id: int) -> CustomerOut:
    """By the id of the account."""
    return customer_out(_account(request, account_id))


@router.get("payment-terms", response=Page[TermOut], operation_id="listPaymentTerms", summary="Payment terms")
@needs(ACCEPT_CUSTOMERS)
@reads(refuses=("not_allowed",))
def terms(request: ApiRequest) -> Page[TermOut]:
    """Those that the own company gives to customers."""
    require(request.actor, ACCEPT_CUSTOMERS)
    rows = PaymentTerm.objects.filter(seller_id=request.actor.company_id).order_by("net_days", "id")
    return Page(items=[term_out(one) for one in rows], next=None)


@router.post(
    "customers/{int:account_id}/accept",
    response=CustomerOut,
    operation_id="acceptCustomer",
    summary="Accept a customer",
)
@needs(ACCEPT_CUSTOMERS)
@changes(
    refuses=("invalid_entries", "mixed_currencies", "assigned_twice", "company_blocked", "already_decided")
)
def accept(request: ApiRequest, account_id: int, body: AcceptIn) -> CustomerOut:
    """With a payment term and price lists; the customer may order from then on."""
    seller_id = own_company_id(request.actor)
    account = _account(request, account_id)
    term = get_object_or_404(PaymentTerm, pk=body.payment_term_id, seller_id=seller_id)
    lists = PriceList.objects.visible_to(request.actor).in_bulk(body.price_list_ids)
    if len(lists) < len(set(body.price_list_ids)):
        raise Http404
    chosen = [lists[pk] for pk in body.price_list_ids]
    colleagues = Membership.objects.visible_to(request.actor).filter(company_id=seller_id)
    rep = get_object_or_404(colleagues, pk=body.sales_rep_id) if body.sales_rep_id else None
    accepted = accept_customer_with_prices(
        actor=request.actor,
        account=account,
        payment_term=term,
        price_lists=chosen,
        sales_rep=rep,
        note=body.note,
    )
    return customer_out(_account(request, accepted.pk))


@router.patch(
    "customers/{int:account_id}",
    response=CustomerOut,
    operation_id="changeCustomerTerms",
    summary="Change the terms of a customer",
)
@needs(ACCEPT_CUSTOMERS)
@changes(refuses=("invalid_entries", "not_a_customer"))
def change(request: ApiRequest, account_id: int, body: CustomerTermsIn) -> CustomerOut:
    """Payment term, sales representative and internal note of an accepted customer; orders keep their own term."""
    account = _account(request, account_id)
    seller_id = own_company_id(request.actor)
    terms = PaymentTerm.objects.filter(seller_id=seller_id)
    colleagues = Membership.objects.visible_to(request.actor).filter(company_id=seller_id)
    term, rep = account.payment_term, account.sales_rep
    if body.payment_term_id is not None:
        term = get_object_or_404(terms, pk=body.payment_term_id)
    if "sales_rep_id" in body.model_fields_set:
        rep = get_object_or_404(colleagues, pk=body.sales_rep_id) if body.sales_rep_id else None
    if term is None:
        message = _("Accept this customer first. Terms are chosen there.")
        raise Refused("not_a_customer", message)
    operations.change_customer_terms(
        actor=request.actor,
        account=account,
        payment_term=term,
        sales_rep=rep,
        note=account.note if body.note is None else body.note,
    )
    return customer_out(_account(request, account_id))


@router.post(
    "customers/{int:account_id}/decline",
    response=CustomerOut,
    operation_id="declineCustomer",
    summary="Decline a customer",
)
@needs(ACCEPT_CUSTOMERS)
@changes(refuses=("invalid_entries", "already_decided"))
def decline(request: ApiRequest, account_id: int, body: ReasonIn) -> CustomerOut:
    """The customer reads the reason and may ask again."""
    account = _account(request, account_id)
    operations.decline_customer(actor=request.actor, account=account, reason=body.reason)
    return customer_out(_account(request, account_id))


@router.post(
    "customers/{int:account_id}/block",
    response=CustomerOut,
    operation_id="blockCustomer",
    summary="Take no more orders from a customer",
)
@needs(ACCEPT_CUSTOMERS)
@changes(refuses=("invalid_entries", "already_decided"))
def block(request: ApiRequest, account_id: int, body: ReasonIn) -> CustomerOut:
    """The customer is told."""
    account = _account(request, account_id)
    operations.block_customer(actor=request.actor, account=account, reason=body.reason)
    return customer_out(_account(request, account_id))


@router.post(
    "customers/{int:account_id}/unblock",
    response=CustomerOut,
    operation_id="unblockCustomer",
    summary="Let a blocked customer order again",
)
@needs(ACCEPT_CUSTOMERS)
@changes(refuses=("already_decided",))
def unblock(request: ApiRequest, account_id: int) -> CustomerOut:
    """On the terms that it had."""
    operations.unblock_customer(actor=request.actor, account=_account(request, account_id))
    return customer_out(_account(request, account_id))
