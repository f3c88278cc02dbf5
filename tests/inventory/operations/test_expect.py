"""Goods on their way: announced, moved, settled by receipts, and told to customers."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from kontor.audit.models import Entry
from kontor.catalog.models import Product
from kontor.companies.models import Membership
from kontor.inventory.models import ExpectedReceipt, StockItem, Warehouse
from kontor.inventory.operations import (
    Announcement,
    Receipt,
    drop_expected,
    expect_receipt,
    move_expected,
    receive_stock,
)
from kontor.inventory.queries import expected_of, expected_receipts
from kontor.kernel import clock
from kontor.kernel.refusal import NotAllowed, Refused, Stale
from tests.cast import actor

SOON, LATER = (clock.today() + timedelta(days=days) for days in (3, 10))


def announce(
    wim: Membership, ham: Warehouse, product: Product, quantity: int, day: date, reference: str = ""
) -> None:
    announced = Announcement(items=[Receipt(product.pk, Decimal(quantity))], due_on=day, reference=reference)
    expect_receipt(actor=actor(wim), warehouse=ham, announced=announced)


def open_quantities() -> list[tuple[date, Decimal]]:
    return list(ExpectedReceipt.objects.order_by("due_on", "id").values_list("due_on", "remaining"))


@pytest.mark.covers("R0.22")
def test_what_is_announced_is_told_with_its_day_and_place(
    wim: Membership, ham: Warehouse, drill: Product
) -> None:
    announce(wim, ham, drill, 40, LATER, "PO-7")
    announce(wim, ham, drill, 12, SOON)

    told = [(one.warehouse, one.due_on, one.quantity) for one in expected_of(drill.pk)]
    assert told == [("Hamburg", SOON, Decimal(12)), ("Hamburg", LATER, Decimal(40))]
    assert StockItem.objects.get(product=drill).on_hand == Decimal(12)
    assert Entry.objects.filter(verb="inventory.expected").count() == 2


def test_a_receipt_settles_the_earliest_announcement_first(
    wim: Membership, ham: Warehouse, drill: Product, bolt: Product
) -> None:
    announce(wim, ham, drill, 40, LATER)
    announce(wim, ham, drill, 12, SOON)
    announce(wim, ham, bolt, 500, SOON)

    items = [Receipt(drill.pk, Decimal(15))]
    receive_stock(actor=actor(wim), warehouse=ham, items=items)
    assert open_quantities() == [(SOON, Decimal(0)), (SOON, Decimal(500)), (LATER, Decimal(37))]

    items = [Receipt(drill.pk, Decimal(100))]
    receive_stock(actor=actor(wim), warehouse=ham, items=items)
    assert open_quantities() == [(SOON, Decimal(0)), (SOON, Decimal(500)), (LATER, Decimal(0))]
    assert expected_of(drill.pk) == []


def test_goods_that_were_never_there_get_a_shelf_and_a_day(
    wim: Membership, ham: Warehouse, drill: Product
) -> None:
    screw = Product.objects.create(seller=drill.seller, sku="SCREW", name="Screw", slug="screw")

    announce(wim, ham, screw, 5, SOON)

    assert StockItem.objects.get(product=screw, warehouse=ham).on_hand == 0
    assert [one.quantity for one in expected_of(screw.pk)] == [Decimal(5)]


def test_what_is_overdue_is_no_promise(wim: Membership, ham: Warehouse, drill: Product) -> None:
    announce(wim, ham, drill, 5, SOON)
    ExpectedReceipt.objects.update(due_on=clock.today() - timedelta(days=1))

    assert expected_of(drill.pk) == []
    assert expected_receipts(actor(wim)).count() == 1


def test_a_day_is_moved_and_goods_that_will_not_come_are_dropped(
    wim: Membership, ham: Warehouse, drill: Product
) -> None:
    announce(wim, ham, drill, 5, SOON)
    row = ExpectedReceipt.objects.get()

    move_expected(actor=actor(wim), expected=row, due_on=LATER)
    assert [one.due_on for one in expected_of(drill.pk)] == [LATER]

    drop_expected(actor=actor(wim), expected=row)
    assert expected_of(drill.pk) == []
    with pytest.raises(Stale):
        move_expected(actor=actor(wim), expected=row, due_on=SOON)


def test_yesterday_is_refused_and_leaves_no_trace(wim: Membership, ham: Warehouse, drill: Product) -> None:
    with pytest.raises(Refused) as refused:
        announce(wim, ham, drill, 5, clock.today() - timedelta(days=1))
    assert (refused.value.code, list(refused.value.fields)) == ("in_the_past", ["due_on"])
    assert not ExpectedReceipt.objects.exists()


def test_only_the_own_warehouse_people_announce(
    ana: Membership, sal: Membership, lev: Membership, wim: Membership, ham: Warehouse, drill: Product
) -> None:
    for stranger in (ana, sal, lev):
        with pytest.raises((NotAllowed, Refused)):
            announce(stranger, ham, drill, 5, SOON)
    announce(wim, ham, drill, 5, SOON)
    assert expected_receipts(actor(lev)).count() == 0
    with pytest.raises(Refused):
        drop_expected(actor=actor(lev), expected=ExpectedReceipt.objects.get())
