"""Why an article costs what it costs: for its buyer, and for the seller with all lists that were asked."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import needs, reads
from kontor.api.shapes.prices import (
    ChangeOut,
    ExplainedPriceOut,
    LeftOutOut,
    PriceOut,
    PriceQuestion,
    PriceQuestionAt,
    StepOut,
    ToldPriceOut,
)
from kontor.api.values import maybe_price, price_text, quantity_text
from kontor.catalog.models import Product, SalesUnit
from kontor.catalog.queries import products_of_seller
from kontor.companies.models import CustomerAccount
from kontor.kernel import clock
from kontor.kernel.actors import require
from kontor.kernel.refusal import NotAllowed
from kontor.pricing.explain import Asked, Change, changes_ahead, explain, left_out, told_to
from kontor.pricing.permissions import EDIT_PRICES
from kontor.pricing.queries import ResolvedPrice, Wanted, chain_for
from kontor.search.queries import product_detail
from kontor.web.price_sentence import sentence_of

router = Router(tags=["Price lists"])


@router.get(
    "products/{int:product_id}/price",
    response=ToldPriceOut,
    operation_id="getPrice",
    summary="The own price of a product, and why",
)
@reads(refuses=("not_allowed",))
def price(request: ApiRequest, product_id: int, asked: Annotated[PriceQuestion, Query()]) -> ToldPriceOut:
    """Whose price it is, the public one beside it, and the changes that are known ahead."""
    buyer_id = request.actor.buying_company_id
    if buyer_id is None:
        raise NotAllowed("not_allowed", "")
    found = product_detail(request.identity.viewer, product_id)
    if found is None:
        raise Http404
    factor = next((one.factor for one in found.units if one.unit == asked.unit), Decimal(1))
    told = told_to(buyer_id, Wanted(product_id, asked.quantity * factor, unit=asked.unit))
    return ToldPriceOut(
        price=_price(told.price),
        kind=told.kind,
        list_price=maybe_price(told.list_price, told.price.currency if told.price else ""),
        sentence=sentence_of(told, found.unit),
        changes=[_change(one) for one in told.changes],
    )


@router.get(
    "customers/{int:account_id}/prices/{int:product_id}",
    response=ExplainedPriceOut,
    operation_id="explainPrice",
    summary="What a customer pays, and why",
)
@needs(EDIT_PRICES)
@reads(refuses=("not_allowed",))
def explained(
    request: ApiRequest, account_id: int, product_id: int, asked: Annotated[PriceQuestionAt, Query()]
) -> ExplainedPriceOut:
    """Every list in the order in which it is asked, now or at a moment: what it gives, and why it counts or not."""
    require(request.actor, EDIT_PRICES)
    own = CustomerAccount.objects.visible_to(request.actor).filter(seller_id=request.actor.company_id)
    account = get_object_or_404(own, pk=account_id)
    product = get_object_or_404(products_of_seller(request.actor), pk=product_id)
    wanted, at = _wanted(product, asked), asked.at or clock.now()
    steps = explain(chain_for(account.buyer_id, at), wanted, at)
    return ExplainedPriceOut(
        price=next((_price(one.price) for one in steps if one.wins), None),
        steps=[_step(one) for one in steps],
        left_out=[
            LeftOutOut(list_id=one.list_id, list_name=one.list_name, why=one.why)
            for one in left_out(account, steps, at)
        ],
        changes=[_change(one) for one in changes_ahead(account.buyer_id, wanted, at)],
    )


def _wanted(product: Product, asked: PriceQuestion) -> Wanted:
    unit = SalesUnit.objects.filter(product=product, unit=asked.unit).first() if asked.unit else None
    return Wanted(product.pk, asked.quantity * (unit.factor if unit else 1), unit=asked.unit)


def _price(one: ResolvedPrice | None) -> PriceOut | None:
    if one is None:
        return None
    return PriceOut(
        amount=price_text(one.amount, one.currency),
        price_base=quantity_text(one.price_base),
        min_quantity=quantity_text(one.min_quantity),
        currency=one.currency,
    )


def _change(one: Change) -> ChangeOut:
    at: datetime = one.at
    return ChangeOut(at=at, price=_price(one.price))


def _step(one: Asked) -> StepOut:
    return StepOut(
        list_id=one.list_id,
        list_name=one.list_name,
        source_id=one.source_id,
        price=_price(one.price),
        on_request=one.on_request,
        counts=one.wins,
        why=one.why,
        factor=f"{one.factor.normalize():f}",
        addend=price_text(one.addend, one.currency),
        basis_amount=maybe_price(one.basis_amount, one.basis_currency),
    )
