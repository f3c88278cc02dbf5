"""The numbers by which the own company knows articles."""

from typing import Annotated

from django.shortcuts import get_object_or_404
from ninja import Query, Router

from kontor.api.articles import ids_of_skus
from kontor.api.doors import ApiRequest
from kontor.api.endpoints import changes, needs, reads
from kontor.api.paging import Page, PageAsk, newest_first, page
from kontor.api.shapes.assortments import PartNumberOut, PartNumbersIn
from kontor.api.shapes.selling import ChangedOut
from kontor.catalog.models import BuyerPartNumber
from kontor.catalog.operations import forget_part_numbers, keep_part_numbers
from kontor.catalog.permissions import KEEP_PART_NUMBERS
from kontor.catalog.queries import part_numbers_of
from kontor.companies.queries import house_seller
from kontor.kernel.actors import require

router = Router(tags=["Own part numbers"])


def _out(one: BuyerPartNumber) -> PartNumberOut:
    product = one.product
    return PartNumberOut(
        number=one.number,
        product_id=one.product_id,
        sku=product.sku,
        name=product.name,
        seller_id=product.seller_id,
    )


@router.get(
    "part-numbers", response=Page[PartNumberOut], operation_id="listPartNumbers", summary="Own part numbers"
)
@reads(refuses=("bad_cursor",))
def part_numbers(
    request: ApiRequest,
    paging: Annotated[PageAsk, Query()],
    q: Annotated[str, Query(max_length=100)] = "",
) -> Page[PartNumberOut]:
    """Newest first. `q` looks in own numbers, SKUs, names, brands and the makers' numbers."""
    rows = part_numbers_of(request.actor, search=q)
    return page(request, newest_first(rows, paging, name="part-numbers"), _out)


@router.post(
    "part-numbers", response=ChangedOut, operation_id="keepPartNumbers", summary="Keep own part numbers"
)
@needs(KEEP_PART_NUMBERS)
@changes(refuses=("bad_number", "unknown_article", "too_many"))
def keep(request: ApiRequest, body: PartNumbersIn) -> ChangedOut:
    """All or none. An article keeps one number of the own company; the same number may stand for several."""
    require(request.actor, KEEP_PART_NUMBERS)  # before it is said which articles there are
    house = house_seller() if body.seller_id is None else None
    seller_id = body.seller_id or (house.pk if house else 0)
    named = [(one.product_id, one.sku) for one in body.rows]
    ids = ids_of_skus(request.actor, seller_id, named, place="rows")
    numbers = {product_id: row.number for product_id, row in zip(ids, body.rows, strict=True)}
    return ChangedOut(changed=keep_part_numbers(actor=request.actor, numbers=numbers))


@router.delete(
    "part-numbers/{int:product_id}",
    response={204: None},
    operation_id="forgetPartNumber",
    summary="Remove the own number of an article",
)
@needs(KEEP_PART_NUMBERS)
@changes()
def forget(request: ApiRequest, product_id: int) -> None:
    """The article itself stays as it is."""
    require(request.actor, KEEP_PART_NUMBERS)
    own = get_object_or_404(BuyerPartNumber.objects.visible_to(request.actor), product_id=product_id)
    forget_part_numbers(actor=request.actor, product_ids=[own.product_id])
