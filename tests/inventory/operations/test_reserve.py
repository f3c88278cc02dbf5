import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from kontor.catalog.models import Product
from kontor.inventory.models import Reservation, StockItem, Warehouse
from kontor.inventory.operations import Demand, release, reserve
from kontor.inventory.queries import available
from kontor.kernel.refusal import Refused
from tests.cast import assemble


def reserved(product: Product) -> list[tuple[str, Decimal]]:
    rows = StockItem.objects.filter(product=product).order_by("warehouse__position")
    return [(item.warehouse.code, item.reserved) for item in rows.select_related("warehouse")]


@pytest.fixture
def bremen(ham: Warehouse, drill: Product) -> Warehouse:
    """Hansa's second warehouse, with 20 drills; asked after Hamburg."""
    warehouse = Warehouse.objects.create(
        seller=ham.seller, code="BRE", name="Bremen", country="DE", position=9
    )
    StockItem.objects.create(product=drill, warehouse=warehouse, on_hand=20)
    return warehouse


@pytest.mark.covers("R0.21")
def test_holds_stock_for_every_line(bolt: Product, drill: Product):
    reserve([Demand(1, bolt.pk, Decimal(200)), Demand(2, drill.pk, Decimal(5))])

    assert reserved(bolt) == [("HAM", Decimal(200))]
    assert available([bolt.pk, drill.pk]) == {bolt.pk: Decimal(4800), drill.pk: Decimal(7)}
    assert list(Reservation.objects.order_by("id").values_list("order_line_id", "quantity", "status")) == [
        (1, Decimal(200), "active"),
        (2, Decimal(5), "active"),
    ]


def test_five_lines_take_two_statements(bolt: Product, drill: Product):
    demands = [Demand(line, (bolt, drill)[line % 2].pk, Decimal(2)) for line in range(5)]
    with CaptureQueriesContext(connection) as statements:
        reserve(demands)

    assert len([q for q in statements.captured_queries if "SAVEPOINT" not in q["sql"]]) == 2


def test_two_lines_of_one_product_share_what_is_there(drill: Product):
    with pytest.raises(Refused) as refusal:
        reserve([Demand(1, drill.pk, Decimal(8)), Demand(2, drill.pk, Decimal(8))])

    assert refusal.value.fields == {"lines/1/quantity": "Only 4 pieces available."}


def test_too_little_is_refused_by_name_and_changes_nothing(bolt: Product, drill: Product, lamp: Product):
    StockItem.objects.filter(product=lamp).update(on_hand=0)
    demands = [
        Demand(1, bolt.pk, Decimal(1), position=4),
        Demand(2, drill.pk, Decimal(13), position=5),
        Demand(3, lamp.pk, Decimal(1), position=6),
    ]
    with pytest.raises(Refused) as refusal:
        reserve(demands)

    assert refusal.value.code == "not_enough_stock"
    assert "DRILL-18V Cordless drill 18 V, LAMP-LED Work lamp LED" in refusal.value.message
    assert refusal.value.fields == {
        "lines/5/quantity": "Only 12 pieces available.",
        "lines/6/quantity": "Not available at the moment.",
    }
    assert not Reservation.objects.exists()
    assert reserved(bolt) == [("HAM", Decimal(0))]


def test_services_need_no_stock(assembly: Product, drill: Product):
    reserve([Demand(1, assembly.pk, Decimal("2.5")), Demand(2, drill.pk, Decimal(1))])

    assert list(Reservation.objects.values_list("order_line_id", flat=True)) == [2]


def test_the_first_warehouse_that_can_serve_a_line_whole_does(drill: Product, bremen: Warehouse):
    reserve([Demand(1, drill.pk, Decimal(10)), Demand(2, drill.pk, Decimal(3))])

    assert reserved(drill) == [("HAM", Decimal(10)), ("BRE", Decimal(3))]


def test_a_line_is_split_over_warehouses_when_none_can_serve_it_whole(drill: Product, bremen: Warehouse):
    reserve([Demand(1, drill.pk, Decimal(30))])

    assert reserved(drill) == [("HAM", Decimal(12)), ("BRE", Decimal(18))]


def test_releasing_gives_everything_back_and_twice_does_no_harm(drill: Product, bremen: Warehouse):
    reserve([Demand(1, drill.pk, Decimal(30)), Demand(2, drill.pk, Decimal(1))])
    release([1])
    release([1])

    assert reserved(drill) == [("HAM", Decimal(0)), ("BRE", Decimal(1))]
    assert sorted(Reservation.objects.values_list("order_line_id", "status")) == [
        (1, "released"),
        (1, "released"),
        (2, "active"),
    ]


def together(count: int, act: Callable[[int], None]) -> list[BaseException | None]:
    """Run `act(0)` … `act(count - 1)` at the same moment, each on a connection of its own; what each raised."""
    outcomes: list[BaseException | None] = [None] * count
    gate = threading.Barrier(count)

    def run(number: int) -> None:
        connection.ensure_connection()
        gate.wait()
        try:
            act(number)
        except BaseException as problem:
            outcomes[number] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_fifty_buyers_one_gets_the_last_unit():
    drill = assemble().products["drill"]
    for round_ in range(5):
        Reservation.objects.all().delete()
        StockItem.objects.filter(product=drill).update(on_hand=1, reserved=0)

        outcomes = together(50, lambda n: reserve([Demand(n, drill.pk, Decimal(1))]))

        refused = [one for one in outcomes if isinstance(one, Refused) and one.code == "not_enough_stock"]
        assert len(refused) == 49, (
            f"round {round_}: {[one for one in outcomes if one and one not in refused]}"
        )
        assert Reservation.objects.count() == 1
        assert reserved(drill) == [("HAM", Decimal(1))]


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_reserving_in_any_order_and_releasing_at_once_never_deadlocks():
    products = [one for name, one in assemble().products.items() if name in ("bolt", "drill", "lamp")]
    StockItem.objects.update(on_hand=1000)

    def trade(number: int) -> None:
        for turn in range(10):
            line = number * 1000 + turn * 10
            turned = products[number % 3 :] + products[: number % 3]
            demands = [Demand(line + i, one.pk, Decimal(1)) for i, one in enumerate(turned)]
            reserve(demands if number % 2 else demands[::-1])
            release([line + 2, line, line + 1])

    outcomes = together(12, trade)

    assert [one for one in outcomes if one] == []
    assert {reserved(one)[0][1] for one in products} == {Decimal(0)}
    assert Reservation.objects.filter(status="released").count() == 360
