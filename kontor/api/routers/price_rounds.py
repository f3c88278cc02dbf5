"""What goods cost, the least price at which they may be sold, and prices that are approved before they count."""

from decimal import Decimal
from typing import Annotated

from django.db import transaction
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from kontor.api.articles import ids_of_skus
from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.paging import Page, PageAsk, newest_first, page
from kontor.api.shapes.rounds import CostOut, CostsIn, PriceRoundIn, PriceRoundOut, RejectionIn
from kontor.api.shapes.selling import ChangedOut
from kontor.api.values import maybe_price
from kontor.kernel.actors import require
from kontor.pricing import operations
from kontor.pricing.models import PriceList, PriceRound, ProductCost
from kontor.pricing.operations import CostRow, PriceRow
from kontor.pricing.permissions import APPROVE_ROUND, EDIT_PRICES, SEE_COSTS

router = Router(tags=["Price lists"])


def _out(one: PriceRound) -> PriceRoundOut:
    return PriceRoundOut(
        id=one.pk,
        name=one.name,
        status=one.status,
        starts_at=one.starts_at,
        decided_at=one.decided_at,
        reason=one.reason,
    )


def _round(request: ApiRequest, round_id: int) -> PriceRound:
    require(request.actor, EDIT_PRICES)
    return get_object_or_404(PriceRound.objects.visible_to(request.actor), pk=round_id)


@router.get("costs", response=Page[CostOut], operation_id="listCosts", summary="Costs and lowest prices")
@needs(SEE_COSTS)
@reads(refuses=("not_allowed", "bad_cursor"))
def costs(request: ApiRequest, paging: Annotated[PageAsk, Query()]) -> Page[CostOut]:
    """Every row of the own company's articles, newest first; the row of the latest day counts."""
    require(request.actor, SEE_COSTS)
    own = ProductCost.objects.filter(product__seller_id=request.actor.company_id).select_related(
        "product__seller"
    )

    def shown(one: ProductCost) -> CostOut:
        currency = one.product.seller.currency
        return CostOut(
            id=one.pk,
            product_id=one.product_id,
            sku=one.product.sku,
            day=one.day,
            cost=maybe_price(one.cost, currency),
            floor=maybe_price(one.floor, currency),
            least_margin=None if one.least_margin is None else f"{one.least_margin.normalize():f}",
        )

    return page(request, newest_first(own, paging, name="costs"), shown)


@router.post("costs", response=ChangedOut, operation_id="setCosts", summary="Write costs and lowest prices")
@needs(SEE_COSTS)
@changes(refuses=("unknown_article", "wrong_costs"))
def set_costs(request: ApiRequest, body: CostsIn) -> ChangedOut:
    """Up to 10,000 at once; every wrong row is named. Needs the right to edit prices as well."""
    require(request.actor, SEE_COSTS)
    named = [(row.product_id, row.sku) for row in body.rows]
    ids = ids_of_skus(request.actor, request.actor.company_id or 0, named, place="rows")
    rows = [
        CostRow(product_id, row.day, row.cost, row.floor, row.least_margin)
        for product_id, row in zip(ids, body.rows, strict=True)
    ]
    return ChangedOut(changed=operations.set_costs(actor=request.actor, rows=rows))


@router.get(
    "price-rounds", response=Page[PriceRoundOut], operation_id="listPriceRounds", summary="Price rounds"
)
@needs(EDIT_PRICES)
@reads(refuses=("not_allowed", "bad_cursor"))
def price_rounds(request: ApiRequest, paging: Annotated[PageAsk, Query()]) -> Page[PriceRoundOut]:
    """The own company's, newest first."""
    require(request.actor, EDIT_PRICES)
    own = PriceRound.objects.visible_to(request.actor)
    return page(request, newest_first(own, paging, name="price-rounds"), _out)


@router.post(
    "price-rounds", response={201: PriceRoundOut}, operation_id="addPriceRound", summary="Draft a price round"
)
@needs(EDIT_PRICES)
@changes(refuses=("incomplete", "unknown_article", "wrong_prices"))
def add(request: ApiRequest, body: PriceRoundIn) -> Reply:
    """A draft with prices of one list, all or none."""
    require(request.actor, EDIT_PRICES)
    price_list = get_object_or_404(PriceList.objects.visible_to(request.actor), pk=body.list_id)
    named = [(row.product_id, row.sku) for row in body.rows]
    ids = ids_of_skus(request.actor, price_list.seller_id, named, place="rows")
    one = Decimal(1)
    rows = [
        PriceRow(product_id, row.amount, row.min_quantity or one, row.price_base or one, row.unit)
        for product_id, row in zip(ids, body.rows, strict=True)
    ]
    with transaction.atomic():
        begun = operations.save_round(actor=request.actor, name=body.name, starts_at=body.starts_at)
        operations.put_into_round(actor=request.actor, price_round=begun, price_list=price_list, rows=rows)
    return Reply(body=_out(begun), status=201)


@router.post(
    "price-rounds/{int:round_id}/submit",
    response=PriceRoundOut,
    operation_id="submitPriceRound",
    summary="Submit a price round",
)
@needs(EDIT_PRICES)
@changes(refuses=("empty", "stale"))
def submit(request: ApiRequest, round_id: int) -> PriceRoundOut:
    """It waits for somebody who may approve it."""
    found = _round(request, round_id)
    return _out(operations.submit_round(actor=request.actor, price_round=found))


@router.post(
    "price-rounds/{int:round_id}/approve",
    response=PriceRoundOut,
    operation_id="approvePriceRound",
    summary="Write the prices of a round",
)
@needs(EDIT_PRICES)
@changes(refuses=("empty", "stale", "own_round"))
def approve(request: ApiRequest, round_id: int) -> PriceRoundOut:
    """Where the seller asks for approval only a person who did not submit it, with the right to approve."""
    found = _round(request, round_id)
    return _out(operations.approve_round(actor=request.actor, price_round=found))


@router.post(
    "price-rounds/{int:round_id}/reject",
    response=PriceRoundOut,
    operation_id="rejectPriceRound",
    summary="Reject a price round",
)
@needs(APPROVE_ROUND)
@changes(refuses=("reason_needed", "stale"))
def reject(request: ApiRequest, round_id: int, body: RejectionIn) -> PriceRoundOut:
    """It may be changed and submitted again."""
    found = _round(request, round_id)
    return _out(operations.reject_round(actor=request.actor, price_round=found, reason=body.reason))
