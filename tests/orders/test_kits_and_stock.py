"""Kits and their components in the same orders against a plain model: the stock agrees after each step."""

from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kontor.fulfilment.operations import (
    ReturnedLine,
    accept_return,
    cancel_pick_list,
    confirm_pick,
    pack,
    receive_return,
    release_to_warehouse,
    request_return,
    ship,
)
from kontor.fulfilment.reactions import drop_what_was_cancelled
from kontor.inventory.models import StockItem
from kontor.inventory.queries import available
from kontor.invoicing.models import InvoiceLine
from kontor.invoicing.operations import issue_invoice, issue_invoice_for_parts
from kontor.invoicing.queries import orders_with_parts_to_invoice, shipments_to_invoice
from kontor.kernel.refusal import Refused
from kontor.orders.events import OrderCancelled
from kontor.orders.models import Order, OrderLine
from kontor.orders.operations import cancel_order
from tests.assembly import Cast, assemble
from tests.kits import kit_of
from tests.orders.trade import SYSTEM, broken, confirmed, stock_of

INSIDE = {"SET": {"DRILL-18V": 1, "BOLT-M8": 50}, "PAIR": {"DRILL-18V": 2}, "DRILL-18V": {"DRILL-18V": 1}}
START = {"DRILL-18V": 12, "BOLT-M8": 470}
COUNTS = st.integers(1, 5)
FEW_LINES = 6
WANTED = st.lists(
    st.tuples(st.sampled_from(list(INSIDE)), COUNTS), min_size=1, max_size=3, unique_by=lambda one: one[0]
)


@dataclass
class Line:
    """So many of a kit or of goods; `left` are pieces that went out, by SKU."""

    inside: dict[str, int]
    ordered: int
    cancelled: int = 0
    left: dict[str, int] = field(default_factory=dict)
    announced: int = 0

    @property
    def shipped(self) -> int:
        return min(self.left.get(sku, 0) // each for sku, each in self.inside.items())

    @property
    def is_open(self) -> bool:
        return self.ordered > self.cancelled + self.shipped

    def held(self, sku: str) -> int:
        wanted = self.inside.get(sku, 0) * (self.ordered - self.cancelled)
        return max(0, wanted - self.left.get(sku, 0))


class KitsAndStock(RuleBasedStateMachine):
    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        hansa = self.cast.companies["hansa"]
        self.products = {one.sku: one for one in self.cast.products.values()}
        for sku in ("SET", "PAIR"):
            self.products[sku] = kit_of(hansa, sku, INSIDE[sku])
        bolts = self.products["BOLT-M8"]
        StockItem.objects.filter(product=bolts).update(on_hand=START["BOLT-M8"])
        self.on_hand = dict(START)
        self.lines: dict[int, Line] = {}

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    def free(self, sku: str) -> int:
        return self.on_hand[sku] - sum(line.held(sku) for line in self.lines.values())

    def order_in(self, data: st.DataObject, *statuses: str) -> Order:
        return data.draw(st.sampled_from(list(Order.objects.filter(status__in=statuses).order_by("pk"))))

    @precondition(lambda self: sum(line.is_open for line in self.lines.values()) < FEW_LINES)
    @rule(wanted=WANTED)
    def somebody_orders(self, wanted: list[tuple[str, int]]) -> None:
        needed = {sku: sum(INSIDE[what].get(sku, 0) * count for what, count in wanted) for sku in START}
        lines = [(self.products[what], count) for what, count in wanted]
        if any(needed[sku] > self.free(sku) for sku in START):
            with pytest.raises(Refused, match="not_enough_stock"), transaction.atomic():
                confirmed(self.cast.people["ben"], *lines)
            return
        order = confirmed(self.cast.people["ben"], *lines)
        for line, (what, count) in zip(order.lines.order_by("position"), wanted, strict=True):
            self.lines[line.pk] = Line(INSIDE[what], count)

    @precondition(lambda self: Order.objects.filter(status__in=["confirmed", "partly_shipped"]).exists())
    @rule(data=st.data())
    def the_warehouse_ships_some_of_it(self, data: st.DataObject) -> None:
        order = self.order_in(data, "confirmed", "partly_shipped")
        (pick_list,) = release_to_warehouse(actor=SYSTEM, order=order)
        lines = {one.pk: one for one in pick_list.lines.select_related("order_line", "part").order_by("pk")}
        found = {pk: data.draw(st.integers(0, int(one.quantity))) for pk, one in lines.items()}
        if not any(found.values()):
            cancel_pick_list(actor=SYSTEM, pick_list=pick_list)
            return
        confirm_pick(actor=SYSTEM, pick_list=pick_list, picked={pk: Decimal(n) for pk, n in found.items()})
        ship(actor=SYSTEM, shipment=pack(actor=SYSTEM, pick_list=pick_list))
        for pk, count in found.items():
            sku, known = lines[pk].article.sku, self.lines[lines[pk].order_line_id]
            known.left[sku] = known.left.get(sku, 0) + count
            self.on_hand[sku] -= count

    @precondition(lambda self: Order.objects.filter(status__in=["confirmed", "partly_shipped"]).exists())
    @rule(data=st.data())
    def the_seller_cancels_what_is_open(self, data: st.DataObject) -> None:
        order = self.order_in(data, "confirmed", "partly_shipped")
        cancel_order(actor=SYSTEM, order=order, reason="Gone")
        drop_what_was_cancelled(OrderCancelled(order.pk))
        for pk in order.lines.values_list("pk", flat=True):
            self.lines[pk].cancelled = self.lines[pk].ordered - self.lines[pk].shipped

    @rule()
    def finance_invoices_what_left(self) -> None:
        for shipment in shipments_to_invoice(SYSTEM):
            issue_invoice(actor=SYSTEM, shipment=shipment)
        for order in orders_with_parts_to_invoice(SYSTEM):
            issue_invoice_for_parts(actor=SYSTEM, order=order)
        alone = InvoiceLine.objects.filter(part__isnull=False).values_list(
            "order_line_id", "part__sku", "quantity"
        )
        invoiced = {(line, sku): quantity for line, sku, quantity in alone}
        for pk, line in self.lines.items():
            assert OrderLine.objects.get(pk=pk).invoiced == line.shipped
            for sku, each in line.inside.items() if line.cancelled and len(line.inside) > 1 else ():
                assert invoiced.get((pk, sku), 0) == line.left.get(sku, 0) - each * line.shipped

    @precondition(lambda self: any(line.shipped > line.announced for line in self.lines.values()))
    @rule(data=st.data(), fit=st.booleans())
    def something_comes_back(self, data: st.DataObject, fit: bool) -> None:
        pk = data.draw(st.sampled_from([pk for pk, one in self.lines.items() if one.shipped > one.announced]))
        line, count = self.lines[pk], Decimal(1)
        order = Order.objects.get(lines=pk)
        wanted = [ReturnedLine(order_line_id=pk, quantity=count)]
        back = request_return(actor=SYSTEM, order=order, lines=wanted)
        accept_return(actor=SYSTEM, return_order=back)
        came = {back.lines.get().pk: (count, count if fit else Decimal(0))}
        receive_return(actor=SYSTEM, return_order=back, received=came)
        line.announced += 1
        for sku, each in line.inside.items() if fit else ():
            self.on_hand[sku] += each

    @invariant()
    def stock_is_what_the_model_says(self) -> None:
        for sku in START:
            assert stock_of(self.products[sku]) == (self.on_hand[sku], self.on_hand[sku] - self.free(sku))

    @invariant()
    def a_kit_is_promised_as_often_as_the_model_says(self) -> None:
        promised = available([self.products[sku].pk for sku in INSIDE])
        for sku, inside in INSIDE.items():
            expected = min(self.free(part) // each for part, each in inside.items())
            assert promised[self.products[sku].pk] == expected

    @invariant()
    def no_invariant_of_the_house_is_broken(self) -> None:
        assert [one for one in broken() if "movements" not in one[0]] == []


@pytest.mark.covers("R0.21")
@pytest.mark.django_db
def test_kits_and_their_components_share_one_stock():
    KitsAndStock.cast = assemble()
    run_state_machine_as_test(
        KitsAndStock,
        settings=settings(
            max_examples=5,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )
