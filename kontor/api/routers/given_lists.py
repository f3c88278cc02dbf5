"""Who is given which price lists: a customer, a group of customers, all customers."""

from django.shortcuts import get_object_or_404
from ninja import Router

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import changes, needs, reads
from kontor.api.shapes.prices import GivenIn, GivenOut, GivenToAllIn, GivenToAllOut
from kontor.companies.models import CustomerAccount, CustomerGroup
from kontor.companies.ownership import own_company_id
from kontor.kernel.actors import require
from kontor.pricing.models import PriceList
from kontor.pricing.operations import Given, assign_group_lists, assign_lists, assign_lists_for_all
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.queries import scope_of

router = Router(tags=["Price lists"])
CUSTOMER, GROUP = "customers/{int:account_id}/price-lists", "customer-groups/{int:group_id}/price-lists"
REFUSES = ("mixed_currencies", "assigned_twice")


def _account(request: ApiRequest, account_id: int) -> CustomerAccount:
    require(request.actor, EDIT_PRICES)
    own = CustomerAccount.objects.visible_to(request.actor).filter(seller_id=request.actor.company_id)
    return get_object_or_404(own, pk=account_id)


def _group(request: ApiRequest, group_id: int) -> CustomerGroup:
    require(request.actor, EDIT_PRICES)
    return get_object_or_404(CustomerGroup.objects.visible_to(request.actor), pk=group_id)


def _given(request: ApiRequest, body: GivenIn) -> list[PriceList]:
    """The named lists in their order; 404 for one that is not the seller's own."""
    own = PriceList.objects.visible_to(request.actor)
    return [get_object_or_404(own, pk=key) for key in body.price_list_ids]


def _out(seller_id: int, **whom: int) -> GivenOut:
    scope, lists = scope_of(seller_id=seller_id, **whom)
    return GivenOut(price_list_ids=[one.pk for one in lists], is_closed=scope.is_closed)


@router.get(CUSTOMER, response=GivenOut, operation_id="getCustomerLists", summary="Price lists of a customer")
@needs(EDIT_PRICES)
@reads(refuses=("not_allowed",))
def of_customer(request: ApiRequest, account_id: int) -> GivenOut:
    """They are asked first, then those of its group, those for all, and the public list."""
    account = _account(request, account_id)
    return _out(account.seller_id, account_id=account.pk)


@router.put(
    CUSTOMER, response=GivenOut, operation_id="giveCustomerLists", summary="Give a customer price lists"
)
@needs(EDIT_PRICES)
@changes(refuses=REFUSES)
def give_customer(request: ApiRequest, account_id: int, body: GivenIn) -> GivenOut:
    """Instead of those that it had. They count from now on."""
    account, lists = _account(request, account_id), _given(request, body)
    assign_lists(
        actor=request.actor, account=account, given=Given(price_lists=lists, is_closed=body.is_closed)
    )
    return _out(account.seller_id, account_id=account.pk)


@router.get(GROUP, response=GivenOut, operation_id="getGroupLists", summary="Price lists of a group")
@needs(EDIT_PRICES)
@reads(refuses=("not_allowed",))
def of_group(request: ApiRequest, group_id: int) -> GivenOut:
    """They are asked after those that a customer has of its own."""
    group = _group(request, group_id)
    return _out(group.seller_id, group_id=group.pk)


@router.put(GROUP, response=GivenOut, operation_id="giveGroupLists", summary="Give a group price lists")
@needs(EDIT_PRICES)
@changes(refuses=REFUSES)
def give_group(request: ApiRequest, group_id: int, body: GivenIn) -> GivenOut:
    """To all customers in it, instead of those that it had."""
    group, lists = _group(request, group_id), _given(request, body)
    assign_group_lists(
        actor=request.actor, group=group, given=Given(price_lists=lists, is_closed=body.is_closed)
    )
    return _out(group.seller_id, group_id=group.pk)


@router.get(
    "price-lists/for-all",
    response=GivenToAllOut,
    operation_id="getListsForAll",
    summary="Price lists for all",
)
@needs(EDIT_PRICES)
@reads(refuses=("not_allowed",))
def for_all(request: ApiRequest) -> GivenToAllOut:
    """Those that all customers are given, and whether the lowest price counts."""
    require(request.actor, EDIT_PRICES)
    return _to_all(request)


def _to_all(request: ApiRequest) -> GivenToAllOut:
    scope, lists = scope_of(seller_id=own_company_id(request.actor))
    return GivenToAllOut(
        price_list_ids=[one.pk for one in lists], is_closed=scope.is_closed, takes_lowest=scope.takes_lowest
    )


@router.put(
    "price-lists/for-all",
    response=GivenToAllOut,
    operation_id="giveListsToAll",
    summary="Give all customers price lists",
)
@needs(EDIT_PRICES)
@changes(refuses=REFUSES)
def give_all(request: ApiRequest, body: GivenToAllIn) -> GivenToAllOut:
    """Asked after those of customers and groups, before the public list."""
    require(request.actor, EDIT_PRICES)
    given = Given(price_lists=_given(request, body), is_closed=body.is_closed, takes_lowest=body.takes_lowest)
    assign_lists_for_all(actor=request.actor, given=given)
    return _to_all(request)
