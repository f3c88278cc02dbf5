"""Eighteen months of trade: orders through the operations, each at its own moment; and what is open today."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from kontor.carts.models import Cart
from kontor.carts.operations import add_to_cart, open_cart
from kontor.catalog.models import Product, SalesUnit
from kontor.companies.models import Company, CustomerAccount
from kontor.demo.people import actor_of
from kontor.fulfilment.models import ReturnLine, Shipment
from kontor.fulfilment.operations import (
    ReturnedLine,
    accept_return,
    confirm_delivery,
    confirm_pick,
    pack,
    receive_return,
    release_to_warehouse,
    request_return,
    ship,
    ship_now,
)
from kontor.inventory.models import Warehouse
from kontor.inventory.operations import Receipt, receive_stock
from kontor.inventory.queries import available
from kontor.invoicing.operations import issue_credit_note, issue_invoice
from kontor.kernel import clock, events
from kontor.kernel.actors import Actor, system_actor
from kontor.messaging.operations import write_message
from kontor.orders.intake import EnteredLine, EnteredOrder, OrderDetails
from kontor.orders.models import Order
from kontor.orders.operations import confirm_order, enter_order, place_order
from kontor.quotes.models import QuoteRequest
from kontor.quotes.operations import (
    OfferContent,
    OfferedLine,
    request_quote,
    save_offer,
    send_offer,
    start_offer,
)

DAYS = 548
ORDERS = 420
CARRIERS = (("DHL Freight", "JD0146"), ("DB Schenker", "SCH"), ("GLS", "GLS-"), ("UPS", "1Z"))
CHANNELS = (Order.Channel.WEB, Order.Channel.WEB, Order.Channel.WEB, Order.Channel.PHONE, Order.Channel.MAIL)
Report = Callable[[str, int, int], None]


class Historian:
    """Trades through the months; everything random comes from one seeded source."""

    def __init__(
        self,
        seller: Company,
        accounts: Sequence[CustomerAccount],
        products: Sequence[Product],
        chance: random.Random,
    ) -> None:
        self.seller, self.accounts, self.products, self.chance = seller, accounts, list(products), chance
        self.sales, self.warehouse = actor_of("sal@nordwerk.example"), actor_of("wim@nordwerk.example")
        self.finance = actor_of("fin@nordwerk.example")
        first_units = SalesUnit.objects.filter(product__in=self.products, position=0)
        self.minimums = dict(first_units.values_list("product_id", "minimum"))
        # Each customer keeps buying from its own part of the range.
        self.habits = {account.pk: chance.sample(self.products, 60) for account in accounts}

    def live(self, now: datetime, report: Report) -> None:
        """Fill the months up to `now` with orders, more of them as time goes on, in every state they can be in."""
        moments = sorted(now - timedelta(minutes=_minutes_ago(self.chance)) for _n in range(ORDERS))
        with events.muted("notifications", "search"):
            for count, moment in enumerate(moments, start=1):
                self._trade(self.chance.choice(self.accounts), _office_hours(moment, self.chance), now)
                if count % 10 == 0:
                    report("Orders of 18 months", count, ORDERS)

    def _trade(self, account: CustomerAccount, moment: datetime, now: datetime) -> None:
        order = self._order(account, moment)
        age = (now - moment).days
        if age < 1:
            return
        promised = (moment + timedelta(days=self.chance.choice((2, 3, 4, 5)))).date()
        with clock.at(moment + timedelta(hours=self.chance.randrange(1, 6))):
            confirm_order(actor=self.sales, order=order, confirmed_date=promised)
        if age < 3:
            if self.chance.randrange(100) < 60:
                with clock.at(moment + timedelta(hours=7)):
                    release_to_warehouse(actor=self.warehouse, order=order)
            return
        if age < 12 and self.chance.randrange(100) < 25:
            return  # promised, not shipped: late
        self._ship(order, moment + timedelta(days=self.chance.choice((1, 2, 2, 3))), age)

    def _order(self, account: CustomerAccount, moment: datetime) -> Order:
        goods = self.chance.sample(self.habits[account.pk], self.chance.randrange(1, 9))
        lines = []
        with clock.at(moment):
            stock = available([product.pk for product in goods])
            self.restock(goods, stock)
            for product in goods:
                least = self.minimums[product.pk]
                lines.append(
                    EnteredLine(product_id=product.pk, quantity=least * self.chance.choice((1, 2, 4, 5, 10)))
                )
            return enter_order(
                actor=self.sales,
                entered=EnteredOrder(
                    account_id=account.pk,
                    lines=lines,
                    channel=self.chance.choice(CHANNELS),
                    po_number=f"{4500 + self.chance.randrange(400)}-{self.chance.randrange(1000, 9999)}",
                    accept_duplicate_po=True,
                ),
            )

    def restock(self, goods: list[Product], stock: dict[int, Decimal], times: int = 10) -> None:
        """Buy what runs low: less than `times` the smallest quantity is left."""
        short = [product for product in goods if stock[product.pk] < self.minimums[product.pk] * times]
        if short:
            items = [Receipt(product.pk, self.minimums[product.pk] * 80) for product in short]
            place = Warehouse.objects.filter(seller=self.seller).order_by("position")[0]
            receive_stock(
                actor=system_actor("Purchasing"),
                warehouse=place,
                items=items,
                reference="purchase",
                reason="Restock",
            )

    def _ship(self, order: Order, moment: datetime, age: int) -> None:
        carrier, prefix = self.chance.choice(CARRIERS)
        facts: dict[str, Any] = {
            "carrier": carrier,
            "tracking_number": f"{prefix}{self.chance.randrange(10**8, 10**9)}",
            "arrives_on": (moment + timedelta(days=2)).date(),
        }
        with clock.at(moment):
            if age < 25 and self.chance.randrange(100) < 50:
                shipment = self._in_parts(order, facts)
            else:
                shipment = ship_now(actor=self.warehouse, order=order, **facts)
        with clock.at(moment + timedelta(hours=2)):
            issue_invoice(actor=self.finance, shipment=shipment)
        if age >= 6:
            with clock.at(moment + timedelta(days=2, hours=3)):
                confirm_delivery(actor=self.warehouse, shipment=shipment, received_by="Goods inward")
        if age >= 9 and self.chance.randrange(100) < 6:
            self._return(order, moment + timedelta(days=6))

    def _in_parts(self, order: Order, facts: dict[str, Any]) -> Shipment:
        """Through the warehouse by pick list; with two warehouses the second part follows."""
        first, *_rest = release_to_warehouse(actor=self.warehouse, order=order)
        confirm_pick(actor=self.warehouse, pick_list=first)
        shipment = pack(actor=self.warehouse, pick_list=first)
        return ship(actor=self.warehouse, shipment=shipment, **facts)

    def _return(self, order: Order, moment: datetime) -> None:
        line = order.lines.filter(kind="goods", invoiced__gt=0).first()
        if line is None:
            return
        part = min(line.invoiced, line.factor)
        reason = self.chance.choice(ReturnLine.Reason.values)
        with clock.at(moment):
            wish = ReturnedLine(order_line_id=line.pk, quantity=part, reason=reason)
            announced = request_return(actor=self.warehouse, order=order, lines=[wish])
        with clock.at(moment + timedelta(days=1)):
            accept_return(actor=self.warehouse, return_order=announced)
        with clock.at(moment + timedelta(days=5)):
            received = {one.pk: (one.quantity, one.quantity) for one in announced.lines.all()}
            receive_return(actor=self.warehouse, return_order=announced, received=received)
            issue_credit_note(actor=self.finance, return_order=announced)


def _minutes_ago(chance: random.Random) -> int:
    """Recent moments are likelier than old ones: trade grows."""
    return min(chance.randrange(DAYS * 1440), chance.randrange(DAYS * 1440))


def _office_hours(moment: datetime, chance: random.Random) -> datetime:
    """The same day on a weekday between 7 and 17 o'clock UTC."""
    moment -= timedelta(days=max(moment.weekday() - 4, 0))
    return moment.replace(hour=chance.randrange(7, 17), minute=chance.randrange(60), second=0, microsecond=0)


def leave_open(historian: Historian) -> None:
    """What waits for somebody today: a filled cart, an approval, requests and offers, a question."""
    ana, dora = actor_of("ana@acme.example"), actor_of("dora@acme.example")
    gil = actor_of("einkauf@globex.example")
    _fill(historian, ana, 9, times=40)
    place_order(actor=ana, cart=_cart(historian, ana), details=OrderDetails(po_number="4500-2611"))
    _fill(historian, ana, 4)
    for number, asker in enumerate((dora, gil, actor_of("einkauf@hafen.example"))):
        _fill(historian, asker, 3)
        cart = _cart(historian, asker)
        request = request_quote(
            actor=asker, cart=cart, targets={}, note="Yearly need, delivery in four parts."
        )
        if number:
            _offer(historian, request)
    _fill(historian, ana, 5)
    write_message(
        actor=gil,
        subject=("order", order_of(historian, gil).pk),
        title=order_of(historian, gil).number,
        buyer_id=gil.company_id or 0,
        seller_id=historian.seller.pk,
        body="Can you deliver the rest to our Augsburg site?",
    )


def order_of(historian: Historian, buyer: Actor) -> Order:
    """A recent order of this buyer."""
    return Order.objects.filter(buyer_id=buyer.company_id, seller=historian.seller).order_by("-placed_at")[0]


def _cart(historian: Historian, buyer: Actor) -> Cart:
    return open_cart(actor=buyer, seller=historian.seller)


def _fill(historian: Historian, buyer: Actor, lines: int, times: int = 4) -> None:
    cart = _cart(historian, buyer)
    for product in historian.chance.sample(historian.products, lines):
        least = historian.minimums[product.pk]
        historian.restock([product], available([product.pk]), times=max(times, 10))
        add_to_cart(
            actor=buyer, cart=cart, product_id=product.pk, quantity=least * times, unit=product.base_unit
        )


def _offer(historian: Historian, request: QuoteRequest) -> None:
    offer = start_offer(actor=historian.sales, request=request)
    lines = [
        OfferedLine(
            position=line.position,
            unit_price=round((line.list_price or Decimal(10)) * Decimal("0.93"), 2),
            price_base=line.price_base,
            lead_days=5,
        )
        for line in request.lines.all()
    ]
    content = OfferContent(
        lines=lines, conditions="Free delivery from 250 EUR.", message="Our best price for this quantity."
    )
    offer = save_offer(actor=historian.sales, offer=offer, content=content, revision=offer.revision)
    send_offer(actor=historian.sales, offer=offer, revision=offer.revision)
