"""Receiving, reserving, releasing, issuing, taking back and counting in any order, against a plain model."""

from collections import defaultdict
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kontor.inventory.models import Reservation, StockItem, StockMovement, Warehouse
from kontor.inventory.operations import (
    Demand,
    Issue,
    Receipt,
    TakenBack,
    adjust_stock,
    issue,
    receive_stock,
    release,
    reserve,
    take_back,
)
from kontor.inventory.queries import available, reservations_of
from kontor.kernel.actors import system_actor
from kontor.kernel.invariants import check_all
from kontor.kernel.refusal import Refused
from tests.cast import Cast

WORKER = system_actor("test")
PRODUCTS = ("bolt", "drill")
OURS = (
    "reserved stock equals the sum of its active reservations",
    "stock on hand equals the sum of its movements",
    "nothing is promised that is not there",
    "a closed reservation says when it was closed, and an active one does not",
)
products = st.sampled_from(PRODUCTS)
quantities = st.integers(1, 12).map(Decimal)


class Stock(RuleBasedStateMachine):
    """The shelves as they should be: what is there, and what is held for which order line."""

    cast: Cast

    @initialize()
    def begin(self) -> None:
        StockMovement.objects.all().delete()
        StockItem.objects.all().delete()
        self.on_hand: dict[str, Decimal] = defaultdict(Decimal)
        self.held: dict[int, tuple[str, Decimal]] = {}
        self.line = 0

    def id_of(self, name: str) -> int:
        return self.cast.products[name].pk

    def reserved(self, name: str) -> Decimal:
        return sum((quantity for product, quantity in self.held.values() if product == name), Decimal(0))

    @rule(name=products, quantity=quantities, warehouse=st.sampled_from(("ham", "bremen")))
    def receive(self, name: str, quantity: Decimal, warehouse: str) -> None:
        place = self.cast.warehouses[warehouse]
        receive_stock(actor=WORKER, warehouse=place, items=[Receipt(self.id_of(name), quantity)])
        self.on_hand[name] += quantity

    @rule(wanted=st.lists(st.tuples(products, quantities), min_size=1, max_size=3))
    def hold(self, wanted: list[tuple[str, Decimal]]) -> None:
        first = self.line + 1
        self.line += len(wanted)
        demands = [Demand(first + i, self.id_of(name), quantity) for i, (name, quantity) in enumerate(wanted)]
        total = {one: sum((q for name, q in wanted if name == one), Decimal(0)) for one in PRODUCTS}
        if all(total[one] <= self.on_hand[one] - self.reserved(one) for one in PRODUCTS):
            reserve(demands)
            self.held |= {first + i: one for i, one in enumerate(wanted)}
        else:
            with pytest.raises(Refused, match="not_enough_stock"):
                reserve(demands)

    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        lines = data.draw(st.lists(st.sampled_from(sorted(self.held) or [0]), max_size=3))
        release(lines)
        for line in lines:
            self.held.pop(line, None)

    @rule(data=st.data())
    def send(self, data: st.DataObject) -> None:
        if not self.held:
            return
        line = data.draw(st.sampled_from(sorted(self.held)))
        name, quantity = self.held[line]
        part = data.draw(st.integers(1, int(quantity)).map(Decimal))
        items, left = [], part
        for reservation in reservations_of([line])[line]:
            taken = min(left, reservation.quantity)
            if taken:
                items.append(Issue(line, reservation.stock_item_id, taken))
            left -= taken
        issue(actor=WORKER, items=items, reference="shipment:1")
        self.on_hand[name] -= part
        self.held[line] = (name, quantity - part)
        if quantity == part:
            del self.held[line]

    @rule(data=st.data(), quantity=quantities)
    def return_goods(self, data: st.DataObject, quantity: Decimal) -> None:
        name = data.draw(products)
        place = self.cast.warehouses["ham"].pk
        back = TakenBack(quantity, product_id=self.id_of(name), warehouse_id=place)
        take_back(actor=WORKER, items=[back], reference="return:1")
        self.on_hand[name] += quantity

    @rule(data=st.data(), name=products, figure=st.integers(0, 20).map(Decimal))
    def count(self, data: st.DataObject, name: str, figure: Decimal) -> None:
        items = list(StockItem.objects.filter(product_id=self.id_of(name)).order_by("id"))
        if not items:
            return
        item = data.draw(st.sampled_from(items))
        if figure < item.reserved:
            with pytest.raises(Refused, match="below_reserved"):
                adjust_stock(actor=WORKER, stock_item=item, new_on_hand=figure, reason="count")
        else:
            adjust_stock(actor=WORKER, stock_item=item, new_on_hand=figure, reason="count")
            self.on_hand[name] += figure - item.on_hand

    @invariant()
    def agrees(self) -> None:
        if not hasattr(self, "held"):
            return
        free = available([self.id_of(name) for name in PRODUCTS])
        assert free == {self.id_of(one): self.on_hand[one] - self.reserved(one) for one in PRODUCTS}
        active = Reservation.objects.filter(status="active").values_list("order_line_id", "quantity")
        sums: dict[int, Decimal] = defaultdict(Decimal)
        for line, quantity in active:
            sums[line] += quantity
        assert sums == {line: quantity for line, (_name, quantity) in self.held.items()}


@pytest.fixture
def machine(cast: Cast) -> type[Stock]:
    ham = cast.warehouses["ham"]
    cast.warehouses["bremen"] = Warehouse.objects.create(
        seller=ham.seller, code="BRE", name="Bremen", country="DE", position=1
    )

    class Machine(Stock):
        """Each run in a transaction that is undone."""

        def __init__(self) -> None:
            super().__init__()
            self.undo = transaction.atomic()
            self.undo.__enter__()

        def teardown(self) -> None:
            assert not [one for one in check_all() if one.bad and one.name in OURS]
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    Machine.cast = cast
    return Machine


@pytest.mark.database
@pytest.mark.covers("R0.21", "R0.22")
def test_stock_never_differs_from_the_plain_model(machine: type[Stock]):
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    limits = settings(max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=checks)
    run_state_machine_as_test(machine, settings=limits)
