"""Quantities agreed with customers and with groups of customers."""

from django.shortcuts import get_object_or_404
from ninja import Router

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import changes, needs, reads
from kontor.api.paging import Page
from kontor.api.shapes.assortments import AgreedQuantitiesIn, AgreedQuantityOut
from kontor.api.values import maybe_quantity, quantity_text
from kontor.catalog.operations import AgreedFacts, agree_quantities
from kontor.catalog.permissions import AGREE_QUANTITIES
from kontor.catalog.queries import agreed_quantities
from kontor.companies.models import CustomerAccount, CustomerGroup
from kontor.kernel.actors import require

router = Router(tags=["Customers"])
CODES = ("incomplete", "too_many")


def _account(request: ApiRequest, account_id: int) -> CustomerAccount:
    require(request.actor, AGREE_QUANTITIES)
    own = CustomerAccount.objects.visible_to(request.actor).filter(seller_id=request.actor.company_id)
    return get_object_or_404(own, pk=account_id)


def _group(request: ApiRequest, group_id: int) -> CustomerGroup:
    require(request.actor, AGREE_QUANTITIES)
    return get_object_or_404(CustomerGroup.objects.visible_to(request.actor), pk=group_id)


def _listed(request: ApiRequest, holder: CustomerAccount | CustomerGroup) -> Page[AgreedQuantityOut]:
    items = [
        AgreedQuantityOut(
            sku=one.product.sku,
            unit=one.unit,
            minimum=quantity_text(one.minimum),
            multiple=quantity_text(one.multiple),
            maximum=maybe_quantity(one.maximum),
        )
        for one in agreed_quantities(request.actor, holder)
    ]
    return Page(items=items, next=None)


def _agree(
    request: ApiRequest, holder: CustomerAccount | CustomerGroup, body: AgreedQuantitiesIn
) -> Page[AgreedQuantityOut]:
    agreed = [AgreedFacts(**one.model_dump()) for one in body.agreed]
    agree_quantities(actor=request.actor, holder=holder, agreed=agreed)
    return _listed(request, holder)


@router.get(
    "customers/{int:account_id}/quantities",
    response=Page[AgreedQuantityOut],
    operation_id="listAgreedQuantities",
    summary="Quantities agreed with a customer",
)
@needs(AGREE_QUANTITIES)
@reads(refuses=("not_allowed",))
def of_customer(request: ApiRequest, account_id: int) -> Page[AgreedQuantityOut]:
    """They count before those of its group, and those before the article's own."""
    return _listed(request, _account(request, account_id))


@router.put(
    "customers/{int:account_id}/quantities",
    response=Page[AgreedQuantityOut],
    operation_id="agreeQuantities",
    summary="Agree quantities with a customer",
)
@needs(AGREE_QUANTITIES)
@changes(refuses=CODES)
def with_customer(request: ApiRequest, account_id: int, body: AgreedQuantitiesIn) -> Page[AgreedQuantityOut]:
    """All of them, in place of those before; they count at every door from the next request on."""
    return _agree(request, _account(request, account_id), body)


@router.get(
    "customer-groups/{int:group_id}/quantities",
    response=Page[AgreedQuantityOut],
    operation_id="listGroupQuantities",
    summary="Quantities agreed with a group",
)
@needs(AGREE_QUANTITIES)
@reads(refuses=("not_allowed",))
def of_group(request: ApiRequest, group_id: int) -> Page[AgreedQuantityOut]:
    """They count for customers of the group that have none of their own for the article and unit."""
    return _listed(request, _group(request, group_id))


@router.put(
    "customer-groups/{int:group_id}/quantities",
    response=Page[AgreedQuantityOut],
    operation_id="agreeGroupQuantities",
    summary="Agree quantities with a group",
)
@needs(AGREE_QUANTITIES)
@changes(refuses=CODES)
def with_group(request: ApiRequest, group_id: int, body: AgreedQuantitiesIn) -> Page[AgreedQuantityOut]:
    """All of them, in place of those before."""
    return _agree(request, _group(request, group_id), body)
