"""A seller's price lists: what an ERP keeps up to date."""

from decimal import Decimal
from typing import Annotated

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router

from kontor.api.articles import ids_of_skus
from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.paging import Page, PageAsk, newest_first, page
from kontor.api.shapes.selling import ChangedOut, FormulaOut, PriceListIn, PriceListOut, PriceRowOut, PricesIn
from kontor.api.values import maybe_price, price_text, quantity_text
from kontor.kernel.actors import require
from kontor.kernel.refusal import Refused
from kontor.pricing import operations
from kontor.pricing.models import Price, PriceList
from kontor.pricing.operations import Formula, PriceListFacts, PriceRow
from kontor.pricing.permissions import EDIT_PRICES

router = Router(tags=["Price lists"])


def list_out(one: PriceList) -> PriceListOut:
    return PriceListOut(
        id=one.pk,
        code=one.code,
        name=one.name,
        currency=one.currency,
        is_public=one.is_public,
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        is_graduated=one.is_graduated,
        formula=_formula_out(one),
    )


def _formula_out(one: PriceList) -> FormulaOut | None:
    if one.basis_id is None:
        return None
    return FormulaOut(
        basis_id=one.basis_id,
        factor=price_text(one.factor, one.currency),
        addend=price_text(one.addend, one.currency),
        round_to=maybe_price(one.round_to, one.currency),
        ending=price_text(one.ending, one.currency),
        rate_days=one.rate_days,
    )


def _facts(request: ApiRequest, body: PriceListIn) -> PriceListFacts:
    asked = body.formula
    if asked is None:
        return PriceListFacts(**body.model_dump(exclude={"formula"}))
    basis = PriceList.objects.visible_to(request.actor).filter(pk=asked.basis_id).first()
    if basis is None:
        message = _("Choose one of your lists.")
        raise Refused("incomplete", message, {"formula/basis_id": message})
    formula = Formula(basis, **asked.model_dump(exclude={"basis_id"}))
    return PriceListFacts(**body.model_dump(exclude={"formula"}), formula=formula)


def _list(request: ApiRequest, list_id: int) -> PriceList:
    require(request.actor, EDIT_PRICES)
    return get_object_or_404(PriceList.objects.visible_to(request.actor), pk=list_id)


@router.get("price-lists", response=Page[PriceListOut], operation_id="listPriceLists", summary="Price lists")
@needs(EDIT_PRICES)
@reads(refuses=("not_allowed",))
def price_lists(request: ApiRequest) -> Page[PriceListOut]:
    """The own company's. Nobody else sees lists, only prices."""
    require(request.actor, EDIT_PRICES)
    rows = PriceList.objects.visible_to(request.actor).order_by("-is_public", "name", "id")
    return Page(items=[list_out(one) for one in rows], next=None)


@router.post(
    "price-lists", response={201: PriceListOut}, operation_id="addPriceList", summary="Add a price list"
)
@needs(EDIT_PRICES)
@changes(refuses=("incomplete", "code_taken", "public_taken", "basis_too_deep", "needs_round"))
def add(request: ApiRequest, body: PriceListIn) -> Reply:
    """Customers get lists when they are accepted, or later on pages."""
    facts = _facts(request, body)
    return Reply(body=list_out(operations.save_price_list(actor=request.actor, facts=facts)), status=201)


@router.put(
    "price-lists/{int:list_id}",
    response=PriceListOut,
    operation_id="changePriceList",
    summary="Change a price list",
)
@needs(EDIT_PRICES)
@changes(
    refuses=("incomplete", "code_taken", "public_taken", "currency_fixed", "basis_too_deep", "needs_round")
)
def change(request: ApiRequest, list_id: int, body: PriceListIn) -> PriceListOut:
    """The currency stays once the list has prices or customers."""
    price_list = _list(request, list_id)
    facts = _facts(request, body)
    return list_out(operations.save_price_list(actor=request.actor, facts=facts, price_list=price_list))


@router.get(
    "price-lists/{int:list_id}/prices",
    response=Page[PriceRowOut],
    operation_id="listPrices",
    summary="The prices of a list",
)
@needs(EDIT_PRICES)
@reads(refuses=("not_allowed", "bad_cursor"))
def prices(
    request: ApiRequest,
    list_id: int,
    paging: Annotated[PageAsk, Query()],
    sku: Annotated[str, Query(max_length=40)] = "",
) -> Page[PriceRowOut]:
    """Every break of every product, newest first."""
    price_list = _list(request, list_id)
    rows = Price.objects.filter(price_list=price_list).select_related("product")
    if sku:
        rows = rows.filter(product__sku=sku)

    def shown(one: Price) -> PriceRowOut:
        return PriceRowOut(
            id=one.pk,
            product_id=one.product_id,
            sku=one.product.sku,
            min_quantity=quantity_text(one.min_quantity),
            amount=maybe_price(one.amount, price_list.currency),
            price_base=quantity_text(one.price_base),
            unit=one.unit,
            valid_from=one.valid_from,
            valid_until=one.valid_until,
        )

    return page(request, newest_first(rows, paging, name=f"prices:{list_id}"), shown)


@router.post(
    "price-lists/{int:list_id}/prices",
    response=ChangedOut,
    operation_id="setPrices",
    summary="Write prices into a list",
)
@needs(EDIT_PRICES)
@changes(refuses=("unknown_article", "wrong_prices", "needs_round"))
def set_prices(request: ApiRequest, list_id: int, body: PricesIn) -> ChangedOut:
    """New ones and changed ones, up to 10,000 at once; every wrong row is named. Where a second person approves prices,
    only for who may approve them: others put them into a price round."""
    price_list = _list(request, list_id)
    named = [(row.product_id, row.sku) for row in body.rows]
    ids = ids_of_skus(request.actor, price_list.seller_id, named, place="rows")
    one = Decimal(1)
    rows = [
        PriceRow(
            product_id=product_id,
            amount=row.amount,
            min_quantity=row.min_quantity or one,
            price_base=row.price_base or one,
            unit=row.unit,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        for product_id, row in zip(ids, body.rows, strict=True)
    ]
    changed = operations.set_prices(
        actor=request.actor, price_list=price_list, rows=rows, replace=body.replace
    )
    return ChangedOut(changed=changed)
