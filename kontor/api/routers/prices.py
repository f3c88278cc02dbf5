"""Prices of many articles at once, as a cart of this moment would have them."""

from collections import defaultdict

from ninja import Router

from kontor.api.doors import EVERYBODY, PublicRequest
from kontor.api.endpoints import reads
from kontor.api.paging import Page
from kontor.api.shapes.catalog import PriceAsk, PriceAskLine, PricedOut
from kontor.api.values import amount_text, maybe_quantity, price_text, quantity_text
from kontor.catalog.models import Product, SalesUnit
from kontor.goods.options import MARK
from kontor.goods.quantities import check_quantity
from kontor.inventory.queries import available
from kontor.kernel.money import line_net
from kontor.pricing.queries import ResolvedPrice, Wanted, resolve
from kontor.search.queries import LookedUp, lookup_skus

router = Router(tags=["Catalog"], auth=EVERYBODY)


@router.post("prices/query", response=Page[PricedOut], operation_id="queryPrices", summary="Price many lines")
@reads()
def query(request: PublicRequest, body: PriceAsk) -> Page[PricedOut]:
    """Changes nothing and needs no Idempotency-Key. One answer per line, in the order asked."""
    viewer = request.identity.viewer
    skus = [line.sku for line in body.lines if line.sku is not None]
    by_sku = lookup_skus(viewer, skus, seller_id=body.seller_id) if skus else {}
    ids = [
        line.product_id if line.sku is None else (by_sku[line.sku].product_id if line.sku in by_sku else None)
        for line in body.lines
    ]
    asked = {one for one in ids if one is not None}
    goods = Product.objects.visible_to(request.__dict__.get("actor")).in_bulk(asked)
    units = _units(asked)
    free = available(list(goods))
    found = [_article(line, goods.get(one or 0), units) for line, one in zip(body.lines, ids, strict=True)]
    wanted = [
        Wanted(product.pk, line.quantity * unit.factor, _chosen(line, by_sku), unit.unit)
        for line, (product, unit) in zip(body.lines, found, strict=True)
        if product and unit
    ]
    prices = iter(resolve(viewer.chain, wanted))
    items = []
    for line, (product, unit) in zip(body.lines, found, strict=True):
        price = next(prices) if product and unit else None
        stock = free.get(product.pk) if product and product.has_stock else None
        if product and product.kind == Product.Kind.CONFIGURABLE and not _chosen(line, by_sku):
            price = None
        items.append(
            _priced(line, product, unit, price).model_copy(update={"available": maybe_quantity(stock)})
        )
    return Page(items=items, next=None)


def _chosen(line: PriceAskLine, by_sku: dict[str, LookedUp]) -> tuple[str, ...]:
    """The choices of a configuration that can be ordered."""
    found = by_sku.get(line.sku or "")
    return found.configured.parts if found and found.configured and not found.configured.problem else ()


def _units(product_ids: set[int]) -> dict[int, list[SalesUnit]]:
    units: dict[int, list[SalesUnit]] = defaultdict(list)
    for unit in SalesUnit.objects.filter(product_id__in=product_ids).order_by("position", "id"):
        units[unit.product_id].append(unit)
    return units


def _article(
    line: PriceAskLine, product: Product | None, units: dict[int, list[SalesUnit]]
) -> tuple[Product | None, SalesUnit | None]:
    """The article and the unit it is asked in; a product without sales units is sold in its base unit."""
    if product is None:
        return None, None
    sold = units[product.pk] or [SalesUnit(product=product, unit=product.base_unit)]
    return product, next((one for one in sold if line.unit in (None, one.unit)), None)


def _priced(
    line: PriceAskLine, product: Product | None, unit: SalesUnit | None, price: ResolvedPrice | None
) -> PricedOut:
    base = line.quantity * unit.factor if unit else None
    wrong = check_quantity(unit, line.quantity) if unit else None
    problem = wrong.code if wrong else None if price else "no_price"
    if product is None or unit is None:
        problem = "unknown_article" if product is None else "wrong_unit"
    net = None
    if price and base is not None:
        exact = line_net(
            unit_price=price.amount, price_base=price.price_base, quantity=base, currency=price.currency
        )
        net = amount_text(exact, price.currency)
    return PricedOut(
        product_id=product.pk if product else None,
        sku=line.sku if line.sku and MARK in line.sku else product.sku if product else line.sku,
        unit=unit.unit if unit else line.unit,
        base_quantity=maybe_quantity(base),
        amount=price_text(price.amount, price.currency) if price else None,
        price_base=quantity_text(price.price_base) if price else None,
        min_quantity=quantity_text(price.min_quantity) if price else None,
        currency=price.currency if price else None,
        net=net,
        available=None,
        problem=problem,
    )
