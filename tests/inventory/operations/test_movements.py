from decimal import Decimal

import pytest

from kontor.audit.models import Entry
from kontor.catalog.models import Product
from kontor.companies.models import Membership
from kontor.inventory.models import Reservation, StockItem, StockMovement, Warehouse
from kontor.inventory.operations import (
    Demand,
    Issue,
    Receipt,
    TakenBack,
    WarehouseFacts,
    adjust_stock,
    issue,
    receive_stock,
    reserve,
    save_warehouse,
    set_bin,
    take_back,
)
from kontor.inventory.queries import low_stock, movements_of, reservations_of, stock_by_warehouse, stock_items
from kontor.kernel.refusal import NotAllowed, Refused, Stale
from tests.cast import actor


def item_of(product: Product) -> StockItem:
    return StockItem.objects.get(product=product)


def movements(product: Product) -> list[tuple[str, Decimal, str]]:
    rows = (
        StockMovement.objects.filter(stock_item__product=product).exclude(reference="opening").order_by("id")
    )
    return list(rows.values_list("kind", "quantity", "reference"))


def test_issuing_takes_goods_and_their_reservation(wim: Membership, drill: Product):
    reserve([Demand(7, drill.pk, Decimal(5))])
    item = item_of(drill)
    issue(actor=actor(wim), items=[Issue(7, item.pk, Decimal(5))], reference="shipment:1")

    item.refresh_from_db()
    assert (item.on_hand, item.reserved) == (Decimal(7), 0)
    assert movements(drill) == [("issue", Decimal(-5), "shipment:1")]
    assert Reservation.objects.get().status == "issued"
    assert reservations_of([7]) == {}


def test_a_part_may_be_issued_and_the_rest_stays_reserved(wim: Membership, drill: Product):
    reserve([Demand(7, drill.pk, Decimal(5))])
    item = item_of(drill)
    issue(actor=actor(wim), items=[Issue(7, item.pk, Decimal(2))], reference="shipment:1")

    item.refresh_from_db()
    assert (item.on_hand, item.reserved) == (Decimal(10), Decimal(3))
    assert [held.quantity for held in reservations_of([7])[7]] == [Decimal(3)]
    assert sorted(Reservation.objects.values_list("status", "quantity")) == [
        ("active", Decimal(3)),
        ("issued", Decimal(2)),
    ]


def test_more_than_is_reserved_cannot_be_issued(wim: Membership, drill: Product):
    reserve([Demand(7, drill.pk, Decimal(5))])
    item = item_of(drill)
    with pytest.raises(Refused) as refusal:
        issue(actor=actor(wim), items=[Issue(7, item.pk, Decimal(6))], reference="shipment:1")

    assert refusal.value.code == "more_than_reserved"
    assert (item_of(drill).on_hand, item_of(drill).reserved) == (Decimal(12), Decimal(5))
    assert movements(drill) == []


def test_receiving_adds_and_makes_a_shelf_where_there_was_none(
    wim: Membership, ham: Warehouse, drill: Product
):
    new = Product.objects.create(seller=ham.seller, sku="NEW", name="New", slug="new")
    items = [Receipt(drill.pk, Decimal(3)), Receipt(new.pk, Decimal(4)), Receipt(new.pk, Decimal(1))]
    receive_stock(actor=actor(wim), warehouse=ham, items=items, reference="PO-9", reason="delivery")

    assert item_of(drill).on_hand == Decimal(15)
    assert item_of(new).on_hand == Decimal(5)
    assert movements(new) == [("receipt", Decimal(5), "PO-9")]


@pytest.mark.parametrize(
    ("product", "quantity", "code"),
    [
        ("assembly", 1, "not_stocked"),
        ("lamp", 1, "not_stocked"),
        ("drill", 0, "not_positive"),
        ("drill", 10**10, "too_large"),
    ],
)
def test_a_wrong_receipt_is_refused_at_its_line(
    cast, wim: Membership, ham: Warehouse, drill: Product, product: str, quantity: int, code: str
):
    items = [Receipt(drill.pk, Decimal(3)), Receipt(cast.products[product].pk, Decimal(quantity))]
    with pytest.raises(Refused) as refusal:
        receive_stock(actor=actor(wim), warehouse=ham, items=items, reference="PO-9")

    assert refusal.value.code == code
    assert list(refusal.value.fields) == ["items/1/quantity"]
    assert item_of(drill).on_hand == Decimal(12)


def test_only_the_sellers_warehouse_people_receive(
    ana: Membership, sal: Membership, lev: Membership, ham: Warehouse, drill: Product
):
    for member in (ana, sal, lev):
        with pytest.raises(NotAllowed):
            receive_stock(actor=actor(member), warehouse=ham, items=[Receipt(drill.pk, Decimal(3))])

    assert item_of(drill).on_hand == Decimal(12)


def test_returned_goods_go_back_to_their_shelf_or_their_warehouse(
    wim: Membership, ham: Warehouse, bolt: Product, drill: Product
):
    back = [
        TakenBack(Decimal(2), stock_item_id=item_of(drill).pk),
        TakenBack(Decimal(1), product_id=drill.pk, warehouse_id=ham.pk),
        TakenBack(Decimal(50), product_id=bolt.pk, warehouse_id=ham.pk),
    ]
    take_back(actor=actor(wim), items=back, reference="return:3")

    assert (item_of(drill).on_hand, item_of(bolt).on_hand) == (Decimal(15), Decimal(5050))
    assert movements(drill) == [("return", Decimal(3), "return:3")]


def test_a_count_corrects_the_shelf_and_says_why(wim: Membership, drill: Product):
    item = adjust_stock(
        actor=actor(wim), stock_item=item_of(drill), new_on_hand=Decimal(9), reason="broken", seen=Decimal(12)
    )

    assert item.on_hand == Decimal(9)
    assert movements(drill) == [("adjustment", Decimal(-3), "count")]
    assert Entry.objects.get(verb="inventory.adjusted").note == "broken"


def test_a_count_below_what_is_reserved_is_refused(wim: Membership, drill: Product):
    reserve([Demand(7, drill.pk, Decimal(5))])
    with pytest.raises(Refused) as refusal:
        adjust_stock(actor=actor(wim), stock_item=item_of(drill), new_on_hand=Decimal(4), reason="count")

    assert refusal.value.code == "below_reserved"
    assert refusal.value.fields["on_hand"].startswith("5 pieces are reserved for orders.")
    assert (item_of(drill).on_hand, movements(drill)) == (Decimal(12), [])


@pytest.mark.parametrize(
    ("figure", "reason", "field"),
    [("-1", "x", "on_hand"), ("1.5", "x", "on_hand"), ("NaN", "x", "on_hand"), ("3", " ", "reason")],
)
def test_a_count_needs_a_real_figure_and_a_reason(
    wim: Membership, drill: Product, figure: str, reason: str, field: str
):
    with pytest.raises(Refused) as refusal:
        adjust_stock(actor=actor(wim), stock_item=item_of(drill), new_on_hand=Decimal(figure), reason=reason)

    assert list(refusal.value.fields) == [field]


def test_a_count_of_a_figure_that_moved_is_stale(wim: Membership, drill: Product):
    with pytest.raises(Stale):
        adjust_stock(
            actor=actor(wim), stock_item=item_of(drill), new_on_hand=Decimal(9), reason="x", seen=Decimal(11)
        )


def test_nobody_else_counts(ana: Membership, sal: Membership, lev: Membership, drill: Product):
    for member in (ana, sal, lev):
        with pytest.raises(NotAllowed):
            adjust_stock(actor=actor(member), stock_item=item_of(drill), new_on_hand=Decimal(1), reason="x")
    assert item_of(drill).on_hand == Decimal(12)


def test_warehouses_and_bins_are_the_sellers_own(
    wim: Membership, lev: Membership, ham: Warehouse, drill: Product
):
    bremen = save_warehouse(
        actor=actor(wim), facts=WarehouseFacts(code="BRE", name="Bremen", country="DE", position=1)
    )
    assert bremen.seller == ham.seller
    with pytest.raises(Refused, match="code_taken"):
        save_warehouse(actor=actor(wim), facts=WarehouseFacts(code="HAM", name="Again", country="DE"))
    with pytest.raises(NotAllowed):
        save_warehouse(
            actor=actor(lev), facts=WarehouseFacts(code="X", name="X", country="DE"), warehouse=ham
        )
    assert set_bin(actor=actor(wim), stock_item=item_of(drill), bin="C-1").bin == "C-1"
    with pytest.raises(NotAllowed):
        set_bin(actor=actor(lev), stock_item=item_of(drill), bin="C-2")


def test_what_the_warehouse_looks_at(
    wim: Membership, lev: Membership, ham: Warehouse, drill: Product, bolt: Product
):
    reserve([Demand(7, drill.pk, Decimal(5))])
    issue(actor=actor(wim), items=[Issue(7, item_of(drill).pk, Decimal(1))], reference="shipment:1")

    (place,) = stock_by_warehouse(drill.pk)
    assert (place.code, place.on_hand, place.reserved, place.available, place.bin) == (
        "HAM", Decimal(11), Decimal(4), Decimal(7), "B-01-1",
    )  # fmt: skip
    assert [one.sku for one in low_stock(ham.seller_id, at_most=Decimal(10))] == ["DRILL-18V"]
    assert [one.kind for one in movements_of(place.stock_item_id)] == ["issue", "receipt"]
    assert {item.product.sku for item in stock_items(actor(wim))} == {"BOLT-M8", "DRILL-18V"}
    assert {item.product.sku for item in stock_items(actor(lev))} == {"LAMP-LED"}
