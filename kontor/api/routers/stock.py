"""Stock, for the seller's own people: where goods lie, what came in, what a count found."""

from typing import Annotated

from django.shortcuts import get_object_or_404
from ninja import Query, Router

from kontor.api.articles import ids_of_skus
from kontor.api.doors import ApiRequest
from kontor.api.endpoints import Reply, changes, needs, reads
from kontor.api.paging import Page, PageAsk, newest_first, page
from kontor.api.shapes.catalog import (
    AdjustIn,
    ExpectedReceiptOut,
    ExpectIn,
    MovementOut,
    ReceiptIn,
    StockOut,
    WarehouseIn,
    WarehouseOut,
)
from kontor.api.values import Id, quantity_text
from kontor.inventory import operations
from kontor.inventory.models import ExpectedReceipt, StockItem, StockMovement, Warehouse
from kontor.inventory.operations import Announcement, Receipt, WarehouseFacts
from kontor.inventory.permissions import MOVE_STOCK, SEE_STOCK
from kontor.inventory.queries import expected_receipts, movements_of, stock_items
from kontor.kernel.actors import require

router = Router(tags=["Stock"])


def stock_out(item: StockItem) -> StockOut:
    return StockOut(
        id=item.pk,
        product_id=item.product_id,
        sku=item.product.sku,
        warehouse_id=item.warehouse_id,
        warehouse=item.warehouse.code,
        on_hand=quantity_text(item.on_hand),
        reserved=quantity_text(item.reserved),
        available=quantity_text(item.on_hand - item.reserved),
        bin=item.bin,
    )


def warehouse_out(one: Warehouse) -> WarehouseOut:
    return WarehouseOut(
        **{name: getattr(one, "pk" if name == "id" else name) for name in WarehouseOut.model_fields}
    )


def _warehouse(request: ApiRequest, warehouse_id: int) -> Warehouse:
    return get_object_or_404(Warehouse.objects.visible_to(request.actor), pk=warehouse_id)


@router.get("warehouses", response=Page[WarehouseOut], operation_id="listWarehouses", summary="Warehouses")
@needs(SEE_STOCK)
@reads(refuses=("not_allowed",))
def warehouses(request: ApiRequest) -> Page[WarehouseOut]:
    """The own company's warehouses, in the order in which they are asked."""
    require(request.actor, SEE_STOCK)
    rows = Warehouse.objects.visible_to(request.actor).order_by("position", "id")
    return Page(items=[warehouse_out(one) for one in rows], next=None)


@router.post(
    "warehouses", response={201: WarehouseOut}, operation_id="addWarehouse", summary="Open a warehouse"
)
@needs(MOVE_STOCK)
@changes(refuses=("incomplete", "code_taken"))
def add(request: ApiRequest, body: WarehouseIn) -> Reply:
    """Codes are unique in a company."""
    facts = WarehouseFacts(**body.model_dump())
    return Reply(body=warehouse_out(operations.save_warehouse(actor=request.actor, facts=facts)), status=201)


@router.put(
    "warehouses/{int:warehouse_id}",
    response=WarehouseOut,
    operation_id="changeWarehouse",
    summary="Change a warehouse",
)
@needs(MOVE_STOCK)
@changes(refuses=("incomplete", "code_taken"))
def change(request: ApiRequest, warehouse_id: int, body: WarehouseIn) -> WarehouseOut:
    """Name, place and the position in which it is asked."""
    facts = WarehouseFacts(**body.model_dump())
    warehouse = _warehouse(request, warehouse_id)
    return warehouse_out(operations.save_warehouse(actor=request.actor, facts=facts, warehouse=warehouse))


@router.get("stock", response=Page[StockOut], operation_id="listStock", summary="Stock by warehouse")
@needs(SEE_STOCK)
@reads(refuses=("not_allowed", "bad_cursor"))
def stock(
    request: ApiRequest,
    paging: Annotated[PageAsk, Query()],
    product_id: Annotated[Id | None, Query()] = None,
    warehouse_id: Annotated[Id | None, Query()] = None,
    sku: Annotated[str, Query(max_length=40)] = "",
) -> Page[StockOut]:
    """What lies where in the own warehouses, in base units."""
    require(request.actor, SEE_STOCK)
    rows = stock_items(request.actor)
    if product_id is not None:
        rows = rows.filter(product_id=product_id)
    if warehouse_id is not None:
        rows = rows.filter(warehouse_id=warehouse_id)
    if sku:
        rows = rows.filter(product__sku=sku)
    return page(request, newest_first(rows, paging, name="stock"), stock_out)


@router.get(
    "stock/{int:item_id}/movements",
    response=Page[MovementOut],
    operation_id="listMovements",
    summary="What happened to a stock item",
)
@needs(SEE_STOCK)
@reads(refuses=("not_allowed", "bad_cursor"))
def movements(request: ApiRequest, item_id: int, paging: Annotated[PageAsk, Query()]) -> Page[MovementOut]:
    """Receipts, issues, returns and counts, newest first."""
    require(request.actor, SEE_STOCK)
    item = get_object_or_404(stock_items(request.actor), pk=item_id)
    return page(request, newest_first(movements_of(item.pk), paging, name="movements"), _movement_out)


def _movement_out(one: StockMovement) -> MovementOut:
    return MovementOut(
        id=one.pk,
        kind=one.kind,
        quantity=quantity_text(one.quantity),
        reference=one.reference,
        reason=one.reason,
        who=one.actor_name,
        at=one.at,
    )


@router.post(
    "stock/receipts",
    response={201: Page[StockOut]},
    operation_id="receiveStock",
    summary="Book goods that came in",
)
@needs(MOVE_STOCK)
@changes(refuses=("unknown_article", "not_stocked", "too_large"))
def receive(request: ApiRequest, body: ReceiptIn) -> Reply:
    """Answers with the stock items as they are now."""
    warehouse = _warehouse(request, body.warehouse_id)
    named = [(line.product_id, line.sku) for line in body.items]
    ids = ids_of_skus(request.actor, warehouse.seller_id, named, place="items")
    items = [Receipt(product_id, line.quantity) for product_id, line in zip(ids, body.items, strict=True)]
    operations.receive_stock(
        actor=request.actor, warehouse=warehouse, items=items, reference=body.reference, reason=body.reason
    )
    rows = stock_items(request.actor).filter(product_id__in=ids, warehouse=warehouse).order_by("id")
    return Reply(body=Page(items=[stock_out(one) for one in rows], next=None), status=201)


def expected_out(one: ExpectedReceipt) -> ExpectedReceiptOut:
    item = one.stock_item
    return ExpectedReceiptOut(
        id=one.pk,
        product_id=item.product_id,
        sku=item.product.sku,
        warehouse_id=item.warehouse_id,
        warehouse=item.warehouse.code,
        quantity=quantity_text(one.quantity),
        remaining=quantity_text(one.remaining),
        due_on=one.due_on,
        reference=one.reference,
    )


@router.get(
    "stock/expected",
    response=Page[ExpectedReceiptOut],
    operation_id="listExpected",
    summary="Goods on their way",
)
@needs(SEE_STOCK)
@reads(refuses=("not_allowed", "bad_cursor"))
def expected(request: ApiRequest, paging: Annotated[PageAsk, Query()]) -> Page[ExpectedReceiptOut]:
    """What has not come yet of what was announced."""
    require(request.actor, SEE_STOCK)
    return page(
        request, newest_first(expected_receipts(request.actor), paging, name="expected"), expected_out
    )


@router.post(
    "stock/expected",
    response={201: Page[ExpectedReceiptOut]},
    operation_id="expectReceipt",
    summary="Announce goods on their way",
)
@needs(MOVE_STOCK)
@changes(refuses=("unknown_article", "not_stocked", "too_large", "in_the_past"))
def expect(request: ApiRequest, body: ExpectIn) -> Reply:
    """Customers see the day beside the goods; a receipt settles the earliest announcement first."""
    warehouse = _warehouse(request, body.warehouse_id)
    named = [(line.product_id, line.sku) for line in body.items]
    ids = ids_of_skus(request.actor, warehouse.seller_id, named, place="items")
    items = [Receipt(product_id, line.quantity) for product_id, line in zip(ids, body.items, strict=True)]
    announced = Announcement(items=items, due_on=body.due_on, reference=body.reference)
    operations.expect_receipt(actor=request.actor, warehouse=warehouse, announced=announced)
    rows = expected_receipts(request.actor).filter(
        stock_item__product__in=ids, stock_item__warehouse=warehouse
    )
    return Reply(
        body=Page(items=[expected_out(one) for one in rows.order_by("due_on", "id")], next=None), status=201
    )


@router.post(
    "stock/{int:item_id}/adjust",
    response=StockOut,
    operation_id="adjustStock",
    summary="Correct stock after a count",
)
@needs(MOVE_STOCK)
@changes(refuses=("not_a_quantity", "below_reserved", "reason_missing", "stale"))
def adjust(request: ApiRequest, item_id: int, body: AdjustIn) -> StockOut:
    """Never below what is reserved for orders."""
    item = get_object_or_404(stock_items(request.actor), pk=item_id)
    operations.adjust_stock(
        actor=request.actor, stock_item=item, new_on_hand=body.on_hand, reason=body.reason, seen=body.seen
    )
    return stock_out(stock_items(request.actor).get(pk=item.pk))
