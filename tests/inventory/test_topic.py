from decimal import Decimal

import pytest

from kontor.inventory.models import StockItem, Warehouse
from kontor.inventory.operations import (
    Demand,
    Issue,
    Receipt,
    WarehouseFacts,
    adjust_stock,
    issue,
    receive_stock,
    release,
    reserve,
    save_warehouse,
)
from kontor.inventory.queries import movements_of, reservations_of, stock_by_warehouse
from kontor.kernel.actors import system_actor
from kontor.kernel.refusal import Refused
from tests.cast import Cast
from tests.topics import run_topic

WORKER = system_actor("test")


@pytest.mark.covers("R0.21", "R0.22")
def test_the_numbers_on_the_page_about_stock_are_right(cast: Cast):
    skus = {one.sku: one.pk for one in cast.products.values()}
    facts = WarehouseFacts(code="BRE", name="Bremen", country="DE", position=1)
    save_warehouse(actor=WORKER, facts=facts, seller=cast.companies["hansa"])

    def item(code: str, sku: str) -> StockItem:
        return StockItem.objects.get(warehouse__code=code, product__sku=sku)

    def receive(code: str, sku: str, quantity: int) -> None:
        place = Warehouse.objects.get(code=code)
        receive_stock(actor=WORKER, warehouse=place, items=[Receipt(skus[sku], Decimal(quantity))])

    def stock(sku: str) -> list[str]:
        rows = stock_by_warehouse(skus[sku])
        return [f"{one.code} {one.on_hand:.0f} on hand, {one.reserved:.0f} reserved" for one in rows]

    def hold(line: int, sku: str, quantity: int) -> str | None:
        try:
            reserve([Demand(line, skus[sku], Decimal(quantity))])
        except Refused as refusal:
            return refusal.fields["lines/0/quantity"]
        return None

    def ship(line: int, quantity: int) -> None:
        (held,) = reservations_of([line])[line]
        issue(
            actor=WORKER, items=[Issue(line, held.stock_item_id, Decimal(quantity))], reference="shipment:1"
        )

    def cancel(line: int) -> None:
        release([line])

    def count(code: str, sku: str, figure: int) -> str | None:
        try:
            adjust_stock(
                actor=WORKER, stock_item=item(code, sku), new_on_hand=Decimal(figure), reason="count"
            )
        except Refused as refusal:
            return refusal.fields["on_hand"]
        return None

    def movements(code: str, sku: str) -> list[str]:
        rows = reversed(movements_of(item(code, sku).pk))
        return [f"{one.kind} {one.quantity:.0f}" for one in rows]

    words = {"receive": receive, "stock": stock, "hold": hold, "ship": ship, "cancel": cancel, "count": count}
    assert run_topic("stock.md", words | {"movements": movements}) == 14
