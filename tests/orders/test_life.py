"""The life of orders against a plain model: whatever people do in whatever order, every book agrees after each step."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

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

from kontor.fulfilment.models import Return, Shipment
from kontor.fulfilment.operations import (
    ReturnedLine,
    accept_return,
    cancel_pick_list,
    confirm_delivery,
    confirm_pick,
    decline_return,
    pack,
    receive_return,
    release_to_warehouse,
    request_return,
    ship,
    ship_now,
    unpack,
)
from kontor.fulfilment.reactions import drop_what_was_cancelled
from kontor.invoicing.models import Invoice
from kontor.invoicing.operations import issue_credit_note, issue_invoice, issue_invoice_for_services
from kontor.invoicing.queries import shipments_to_invoice
from kontor.kernel.money import line_net
from kontor.kernel.refusal import Refused
from kontor.orders.events import OrderCancelled
from kontor.orders.intake import EnteredLine, EnteredOrder, OrderDetails
from kontor.orders.models import Order
from kontor.orders.operations import (
    approve_order,
    cancel_order,
    confirm_order,
    enter_order,
    place_order,
    send_back_order,
)
from kontor.orders.rules import Progress, status_of
from tests.assembly import Cast, assemble
from tests.orders.trade import SYSTEM, broken, cart_of, stock_of

ZERO = Decimal(0)
QUANTITIES = st.integers(1, 9).map(Decimal)
PRICES = st.sampled_from([Decimal("0.125"), Decimal("0.335"), Decimal("3.999"), ZERO])
FEW_ORDERS = 4
"""So that the steps go into long lives rather than into many beginnings."""


@dataclass
class Line:
    """What a line should have come to, in base units."""

    sku: str
    ordered: Decimal
    price: Decimal
    cancelled: Decimal = ZERO
    shipped: Decimal = ZERO
    delivered: Decimal = ZERO
    returned: Decimal = ZERO
    invoiced: Decimal = ZERO
    credited: Decimal = ZERO

    @property
    def open(self) -> Decimal:
        return self.ordered - self.cancelled - self.shipped


@dataclass
class Model:
    """An order as a clerk with a pencil would keep it."""

    lines: dict[int, Line]
    stage: str = "placed"
    dead: bool = False
    back: dict[int, dict[int, Decimal]] = field(default_factory=dict)

    @property
    def status(self) -> str:
        if self.stage in ("awaiting_approval", "sent_back"):
            return self.stage
        lines = [
            Progress(one.ordered, one.cancelled, one.shipped, one.delivered) for one in self.lines.values()
        ]
        return status_of(lines) or self.stage


def is_refused(code: str, act: Callable[[], object]) -> None:
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.code == code


class OrderLife(RuleBasedStateMachine):
    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.orders: dict[int, Model] = {}
        self.stock = {"BOLT-M8": Decimal(5000), "DRILL-18V": Decimal(12)}
        self.products = {one.sku: one for one in self.cast.products.values()}

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    # What people do ---------------------------------------------------------------------------------------------

    @precondition(lambda self: self.few())
    @rule(drills=QUANTITIES, bolts=QUANTITIES)
    def a_buyer_orders(self, drills: Decimal, bolts: Decimal) -> None:
        ana = self.cast.people["ana"]
        cart = cart_of(ana.company, (self.products["DRILL-18V"], drills), (self.products["BOLT-M8"], bolts))
        place = partial(place_order, actor=ana.as_actor("page"), cart=cart, details=OrderDetails())
        if drills > self.free("DRILL-18V"):
            is_refused("not_enough_stock", place)
            return
        order = place()
        net = 89 * drills + line_net(
            unit_price=Decimal("12.50"), price_base=Decimal(100), quantity=bolts, currency="EUR"
        )
        assert order.net_total == net
        self.remember(order, "awaiting_approval" if net > 500 else "placed")

    @precondition(lambda self: self.few())
    @rule(quantity=QUANTITIES, hours=QUANTITIES, price=PRICES)
    def a_rep_enters(self, quantity: Decimal, hours: Decimal, price: Decimal) -> None:
        lines = [
            EnteredLine(product_id=self.products["BOLT-M8"].pk, quantity=quantity, unit_price=price),
            EnteredLine(product_id=self.products["ASSEMBLY-H"].pk, quantity=hours, unit_price=price),
        ]
        entered = EnteredOrder(account_id=self.cast.accounts["globex"].pk, lines=lines)
        self.remember(enter_order(actor=SYSTEM, entered=entered), "placed")

    @precondition(lambda self: self.at("awaiting_approval"))
    @rule(data=st.data(), yes=st.booleans())
    def an_approver_decides(self, data: st.DataObject, yes: bool) -> None:
        order, model = self.pick(data, "awaiting_approval")
        ben = self.cast.people["ben"].as_actor("page")
        if yes:
            approve_order(actor=ben, order=order)
        else:
            send_back_order(actor=ben, order=order, reason="Not so many")
        model.stage, model.dead = ("placed", False) if yes else ("sent_back", True)

    @precondition(lambda self: self.at("placed"))
    @rule(data=st.data())
    def sales_confirm(self, data: st.DataObject) -> None:
        order, model = self.pick(data, "placed")
        confirm_order(actor=SYSTEM, order=order)
        model.stage = "confirmed"

    @precondition(lambda self: self.at("placed", "confirmed", "partly_shipped"))
    @rule(data=st.data(), whole=st.sampled_from([False, False, True]))
    def the_seller_cancels(self, data: st.DataObject, whole: bool) -> None:
        order, model = self.pick(data, "placed", "confirmed", "partly_shipped")
        lines = [pk for pk, line in model.lines.items() if line.open > 0]
        chosen = lines if whole else [data.draw(st.sampled_from(lines))]
        sal = self.cast.people["sal"].as_actor("page")
        cancel_order(actor=sal, order=order, reason="Gone", line_ids=None if whole else chosen)
        for pk in chosen:
            model.lines[pk].cancelled += model.lines[pk].open
        drop_what_was_cancelled(OrderCancelled(order.pk))

    @precondition(lambda self: self.at("confirmed", "partly_shipped"))
    @rule(data=st.data(), leave=st.sampled_from([True, True, False]))
    def the_warehouse_picks_and_packs(self, data: st.DataObject, leave: bool) -> None:
        order, model = self.pick(data, "confirmed", "partly_shipped")
        release = partial(release_to_warehouse, actor=SYSTEM, order=order)
        if not any(line.open > 0 for line in model.lines.values() if line.sku in self.stock):
            is_refused("nothing_to_pick", release)
            return
        (pick_list,) = release()
        picked = {
            line.pk: Decimal(data.draw(st.integers(0, int(line.quantity)))) for line in pick_list.lines.all()
        }
        confirm = partial(confirm_pick, actor=SYSTEM, pick_list=pick_list, picked=picked)
        if not any(picked.values()):
            is_refused("nothing_picked", confirm)
            cancel_pick_list(actor=SYSTEM, pick_list=pick_list)
            return
        confirm()
        shipment = pack(actor=SYSTEM, pick_list=pick_list)
        if leave:
            ship(actor=SYSTEM, shipment=shipment)
            self.left(model, shipment)
        else:
            unpack(actor=SYSTEM, shipment=shipment)

    @precondition(lambda self: self.at("confirmed", "partly_shipped"))
    @rule(data=st.data())
    def all_that_is_open_ships_at_once(self, data: st.DataObject) -> None:
        order, model = self.pick(data, "confirmed", "partly_shipped")
        self.left(model, ship_now(actor=SYSTEM, order=order))

    @precondition(lambda self: self.at("confirmed", "partly_shipped"))
    @rule(data=st.data())
    def services_are_invoiced_alone(self, data: st.DataObject) -> None:
        order, model = self.pick(data, "confirmed", "partly_shipped")
        services = [line for line in model.lines.values() if line.sku == "ASSEMBLY-H" and line.open > 0]
        issue = partial(issue_invoice_for_services, actor=SYSTEM, order=order)
        if not services:
            is_refused("nothing_open", issue)
            return
        issue()
        for line in services:
            line.invoiced += line.open
            line.shipped += line.open

    @precondition(lambda self: Shipment.objects.filter(status="shipped").exists())
    @rule(data=st.data())
    def goods_arrive(self, data: st.DataObject) -> None:
        shipment = data.draw(st.sampled_from(list(Shipment.objects.filter(status="shipped").order_by("pk"))))
        confirm_delivery(actor=SYSTEM, shipment=shipment, received_by="Porter")
        for line, quantity in shipment.lines.values_list("order_line_id", "quantity"):
            self.orders[shipment.order_id].lines[line].delivered += quantity

    @precondition(lambda self: shipments_to_invoice(SYSTEM).exists())
    @rule(data=st.data())
    def finance_invoices(self, data: st.DataObject) -> None:
        shipment = data.draw(st.sampled_from(list(shipments_to_invoice(SYSTEM))))
        issue_invoice(actor=SYSTEM, shipment=shipment)
        for line, quantity in shipment.lines.values_list("order_line_id", "quantity"):
            self.orders[shipment.order_id].lines[line].invoiced += quantity

    @precondition(lambda self: self.at("partly_shipped", "shipped", "delivered"))
    @rule(data=st.data(), quantity=QUANTITIES)
    def a_buyer_sends_back(self, data: st.DataObject, quantity: Decimal) -> None:
        order, model = self.pick(data, "partly_shipped", "shipped", "delivered")
        pk = data.draw(st.sampled_from(sorted(model.lines)))
        announced = sum((back.get(pk, ZERO) for back in model.back.values()), ZERO)
        lines = [ReturnedLine(order_line_id=pk, quantity=quantity)]
        request = partial(request_return, actor=SYSTEM, order=order, lines=lines)
        if quantity > model.lines[pk].shipped - model.lines[pk].returned - announced:
            is_refused("return_wrong", request)
            return
        back = request()
        model.back[back.pk] = {pk: quantity}

    @precondition(lambda self: Return.objects.filter(status="requested").exists())
    @rule(data=st.data(), yes=st.sampled_from([True, True, False]), fit=st.booleans())
    def the_seller_answers(self, data: st.DataObject, yes: bool, fit: bool) -> None:
        back = data.draw(st.sampled_from(list(Return.objects.filter(status="requested").order_by("pk"))))
        model = self.orders[back.order_id]
        ((pk, quantity),) = model.back.pop(back.pk).items()
        if not yes:
            decline_return(actor=SYSTEM, return_order=back, reason="No")
            return
        accept_return(actor=SYSTEM, return_order=back)
        came = {back.lines.get().pk: (quantity, quantity if fit else ZERO)}
        receive_return(actor=SYSTEM, return_order=back, received=came)
        model.lines[pk].returned += quantity
        if fit and model.lines[pk].sku in self.stock:
            self.stock[model.lines[pk].sku] += quantity

    @precondition(lambda self: Return.objects.filter(status="received").exists())
    @rule(data=st.data())
    def finance_credits(self, data: st.DataObject) -> None:
        back = data.draw(st.sampled_from(list(Return.objects.filter(status="received").order_by("pk"))))
        ((pk, came),) = back.lines.values_list("order_line_id", "received")
        line = self.orders[back.order_id].lines[pk]
        issue = partial(issue_credit_note, actor=SYSTEM, return_order=back)
        if came > line.invoiced - line.credited:
            is_refused("not_invoiced_yet", issue)
            return
        issue()
        line.credited += came

    # What must be true after each step -----------------------------------------------------------------------------

    @invariant()
    def every_line_is_where_the_model_says(self) -> None:
        for pk, model in self.orders.items():
            order = Order.objects.get(pk=pk)
            assert order.status == model.status
            for line in order.lines.all():
                known = model.lines[line.pk]
                assert (line.cancelled, line.shipped, line.delivered, line.returned, line.invoiced) == (
                    known.cancelled, known.shipped, known.delivered, known.returned, known.invoiced,
                )  # fmt: skip

    @invariant()
    def stock_is_what_the_model_says(self) -> None:
        for sku, on_hand in self.stock.items():
            assert stock_of(self.products[sku]) == (on_hand, on_hand - self.free(sku))

    @invariant()
    def invoices_less_credits_are_worth_what_is_kept(self) -> None:
        sums: dict[int, Decimal] = defaultdict(lambda: ZERO)
        for invoice in Invoice.objects.filter(order__isnull=False):
            sign = 1 if invoice.kind == "invoice" else -1
            sums[invoice.order_id or 0] += sign * invoice.net_total
        for pk, net in sums.items():
            assert 0 <= net <= Order.objects.get(pk=pk).net_total

    @invariant()
    def no_invariant_of_the_house_is_broken(self) -> None:
        assert broken() == []

    # The clerk's pencil --------------------------------------------------------------------------------------------

    def remember(self, order: Order, stage: str) -> None:
        lines = {line.pk: Line(line.sku, line.base_quantity, line.unit_price) for line in order.lines.all()}
        self.orders[order.pk] = Model(lines, stage)
        assert order.status == stage

    def left(self, model: Model, shipment: Shipment) -> None:
        for line, quantity in shipment.lines.values_list("order_line_id", "quantity"):
            known = model.lines[line]
            known.shipped += quantity
            if known.sku in self.stock:
                self.stock[known.sku] -= quantity

    def free(self, sku: str) -> Decimal:
        held = (
            line.open
            for model in self.orders.values()
            if not model.dead
            for line in model.lines.values()
            if line.sku == sku
        )
        return self.stock[sku] - sum(held, ZERO)

    def few(self) -> bool:
        return len(self.orders) - len(self.at("cancelled", "sent_back")) < FEW_ORDERS

    def at(self, *statuses: str) -> list[int]:
        return [pk for pk, model in self.orders.items() if model.status in statuses]

    def pick(self, data: st.DataObject, *statuses: str) -> tuple[Order, Model]:
        pk = data.draw(st.sampled_from(self.at(*statuses)))
        return Order.objects.get(pk=pk), self.orders[pk]


@pytest.mark.django_db
@pytest.mark.covers("R4.3")
def test_every_book_agrees_whatever_people_do():
    OrderLife.cast = assemble()
    run_state_machine_as_test(
        OrderLife,
        settings=settings(
            max_examples=4,
            stateful_step_count=50,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )
