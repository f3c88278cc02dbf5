"""Orders of goods while a file with their stock is on its way, over a database connection of their own."""

from decimal import Decimal
from threading import Event, Thread
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from kontor.companies.models import Company
from kontor.exchange import folder, imports, writing
from kontor.exchange.imports import carry_out
from kontor.exchange.models import ImportRun
from kontor.exchange.operations import Incoming, set_plan, take_in
from kontor.exchange.plan import plan_from
from kontor.inventory.models import StockItem
from kontor.inventory.operations import Demand, reserve
from kontor.kernel.invariants import check_all
from tests.at_once import at_once
from tests.cast import assemble
from tests.exchange.importing import SYSTEM, outcome

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
DRILLS, BOLTS = Decimal(40), Decimal(6000)


@pytest.fixture
def hansa(transactional_db, tmp_path, monkeypatch) -> Company:
    monkeypatch.setattr(folder, "root", lambda: tmp_path / "exchange")
    monkeypatch.setattr(imports, "BATCH", 1)
    return assemble().companies["hansa"]


@pytest.fixture
def items(hansa: Company) -> list[StockItem]:
    """The stock of bolts and drills, in the order in which orders lock."""
    found = StockItem.objects.filter(product__sku__in=["BOLT-M8", "DRILL-18V"], warehouse__code="HAM")
    return list(found.select_related("product").order_by("id"))


def taken_in(hansa: Company, items: list[StockItem], **plan: Any) -> ImportRun:
    """A file of new stock whose rows stand against the order of ids."""
    figures = {"BOLT-M8": BOLTS, "DRILL-18V": DRILLS}
    rows = [f"{one.product.sku};{figures[one.product.sku]}\n" for one in reversed(items)]
    content = "".join(["sku;stock\n", *rows]).encode()
    run = take_in(actor=SYSTEM, incoming=Incoming(name="stock.csv", pieces=[content]), seller=hansa)
    return set_plan(actor=SYSTEM, run=run, plan=plan_from(run.plan | {"warehouse": "HAM"} | plan))


def order(*items: StockItem, quantity: int = 1) -> None:
    """As orders hold stock; whoever waits for two seconds gives up."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
        reserve([Demand(line, one.product_id, Decimal(quantity)) for line, one in enumerate(items, 1)])


def until_it_waits(thread: Thread) -> None:
    """For what this connection holds, or is done."""
    with connection.cursor() as cursor:
        while thread.is_alive():
            cursor.execute(WAITING)
            if cursor.fetchone() != (0,):
                return


def stock(items: list[StockItem]) -> list[tuple[Decimal, Decimal]]:
    """On hand and reserved, after nothing was found that must not be."""
    assert [(one.name, one.examples) for one in check_all() if one.bad and "inventory" in one.name] == []
    found = StockItem.objects.filter(pk__in=[one.pk for one in items]).order_by("id")
    return list(found.values_list("on_hand", "reserved"))


def test_an_order_does_not_wait_for_a_check(hansa: Company, items):
    run = taken_in(hansa, items)
    ordered: list[Any] = []

    carry_out(
        actor=SYSTEM, run=run, check=True, progress=lambda _n: ordered.extend(at_once(lambda: order(*items)))
    )

    assert (run.status, run.problem, outcome(run)) == ("checked", "", {"rows": 2, "stock": 2})
    assert ordered == [None, None]
    assert [reserved for _on_hand, reserved in stock(items)] == [2, 2]


def test_an_order_between_the_rows_of_a_file_does_not_wait_for_its_end(hansa: Company, items):
    run = taken_in(hansa, items)
    ordered: list[Any] = []

    carry_out(
        actor=SYSTEM, run=run, check=False, progress=lambda _n: ordered.extend(at_once(lambda: order(*items)))
    )

    assert (run.status, run.problem, outcome(run)) == ("done", "", {"rows": 2, "stock": 2})
    assert ordered == [None, None]
    assert stock(items) == [(BOLTS, 2), (DRILLS, 2)]


@pytest.mark.parametrize(("takes_good_rows", "batch"), [(False, 1), (True, 10)])
def test_an_order_and_a_file_in_the_opposite_order_never_lock_each_other_out(
    hansa: Company, items, monkeypatch, takes_good_rows, batch
):
    monkeypatch.setattr(imports, "BATCH", batch)
    run = taken_in(hansa, items, takes_good_rows=takes_good_rows)
    begun = Event()

    def act() -> None:
        try:
            begun.wait(20)
            carry_out(actor=SYSTEM, run=run, check=False)
        finally:
            connection.close()

    imported = Thread(target=act)
    imported.start()
    with transaction.atomic():
        order(items[0])
        begun.set()
        until_it_waits(imported)
        order(items[1])
    imported.join(60)

    run.refresh_from_db()
    assert (run.status, run.problem, outcome(run)) == ("done", "", {"rows": 2, "stock": 2})
    assert stock(items) == [(BOLTS, 1), (DRILLS, 1)]


def test_what_is_reserved_meanwhile_beyond_its_figure_keeps_the_file_out(hansa: Company, items, monkeypatch):
    monkeypatch.setattr(f"{__name__}.BOLTS", Decimal(10))
    run = taken_in(hansa, items)
    before = stock(items)

    def reserves(done: int) -> None:
        if done == 2:
            assert at_once(lambda: order(items[0], quantity=11)) == [None]

    carry_out(actor=SYSTEM, run=run, check=False, progress=reserves)

    assert run.status == "refused"
    assert run.problem == "Of BOLT-M8 more was reserved for orders meanwhile. Check the file again."
    assert stock(items) == [(before[0][0], 11), before[1]]


def test_what_a_batch_changes_is_held_from_the_look_to_the_write(hansa: Company, items, monkeypatch):
    monkeypatch.setattr(imports, "BATCH", 10)
    monkeypatch.setattr(f"{__name__}.BOLTS", Decimal(10))
    run = taken_in(hansa, items, takes_good_rows=True)
    waited: list[Any] = []
    usual = writing.add_stock

    def between(*args: Any, **named: Any) -> None:
        waited.extend(at_once(lambda: order(items[0], quantity=11)))
        usual(*args, **named)

    monkeypatch.setattr(writing, "add_stock", between)
    carry_out(actor=SYSTEM, run=run, check=False)

    assert (run.status, run.problem, outcome(run)) == ("done", "", {"rows": 2, "stock": 2})
    assert [type(one) for one in waited] == [OperationalError]
    assert stock(items) == [(10, 0), (DRILLS, 0)]
