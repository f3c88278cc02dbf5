"""Exchange rates: the reference rates that count for everybody, and those that a seller fixes."""

from decimal import Decimal
from typing import Annotated

from django.shortcuts import get_object_or_404
from ninja import Query, Router

from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.paging import Page, PageAsk, newest_first, page
from kontor.api.shapes.charges import RateIn, RateOut
from kontor.api.values import quantity_text
from kontor.kernel.actors import require
from kontor.pricing import operations
from kontor.pricing.models import ExchangeRate
from kontor.pricing.permissions import EDIT_PRICES

router = Router(tags=["Price lists"])


def _rate_out(one: ExchangeRate) -> RateOut:
    return RateOut(
        id=one.pk,
        source=one.source,
        target=one.target,
        day=one.day,
        rate=quantity_text(one.rate),
        is_reference=one.seller_id is None,
        is_fixed=one.is_fixed,
    )


@router.get(
    "exchange-rates", response=Page[RateOut], operation_id="listExchangeRates", summary="Exchange rates"
)
@needs(EDIT_PRICES)
@reads(refuses=("not_allowed", "bad_cursor"))
def rates(
    request: ApiRequest,
    paging: Annotated[PageAsk, Query()],
    target: Annotated[str, Query(max_length=3)] = "",
) -> Page[RateOut]:
    """Reference rates and own ones, those written last first."""
    require(request.actor, EDIT_PRICES)
    rows = ExchangeRate.objects.visible_to(request.actor)
    if target:
        rows = rows.filter(target=target.upper())
    return page(request, newest_first(rows, paging, name=f"rates:{target}"), _rate_out)


@router.post(
    "exchange-rates", response={201: RateOut}, operation_id="fixExchangeRate", summary="Fix an exchange rate"
)
@needs(EDIT_PRICES)
@changes(refuses=("incomplete",))
def fix(request: ApiRequest, body: RateIn) -> Reply:
    """For the own price lists, before every other rate, until another one is fixed. The same day again replaces it."""
    saved = operations.fix_rate(
        actor=request.actor, source=body.source, target=body.target, rate=Decimal(body.rate), day=body.day
    )
    return Reply(body=_rate_out(saved), status=201)


@router.delete(
    "exchange-rates/{int:exchange_rate_id}",
    response={204: None},
    operation_id="removeExchangeRate",
    summary="Remove an own exchange rate",
)
@needs(EDIT_PRICES)
@changes(refuses=("not_allowed",))
def remove(request: ApiRequest, exchange_rate_id: int) -> None:
    """The one before it counts again, or the reference rate."""
    require(request.actor, EDIT_PRICES)
    own = ExchangeRate.objects.visible_to(request.actor).filter(seller_id=request.actor.company_id)
    operations.remove_rate(actor=request.actor, rate=get_object_or_404(own, pk=exchange_rate_id))
