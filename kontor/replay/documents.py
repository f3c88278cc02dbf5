"""One invoice of the file as documents of ours: an order with its shipment and invoice, or a correction."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from kontor.companies.models import CustomerAccount
from kontor.fulfilment.operations import ship_now
from kontor.inventory.models import StockItem
from kontor.inventory.operations import Receipt, adjust_stock, receive_stock
from kontor.invoicing.operations import FreeLine, issue_free_credit, issue_free_invoice, issue_invoice
from kontor.kernel import clock
from kontor.kernel.money import ZERO
from kontor.orders.intake import EnteredLine, EnteredOrder
from kontor.orders.models import Order
from kontor.orders.operations import confirm_order, enter_order
from kontor.replay.models import Line
from kontor.replay.opening import COUNTER, House, trader
from kontor.replay.rules import COUNTRIES

Outcomes = dict[int, tuple[str, str]]
"""Line number to outcome and reason."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """A line of the file."""

    number: int
    invoice: str
    sku: str
    description: str
    quantity: int
    invoiced_at: datetime
    unit_price: Decimal
    customer: str
    country: str


def sell(
    house: House, account: CustomerAccount, lines: Sequence[FileLine], lap: Callable[[str], None]
) -> Outcomes:
    """An order at the file's prices, confirmed, shipped and invoiced at the moment of its invoice."""
    actor = trader()
    order = enter_order(
        actor=actor,
        entered=EnteredOrder(
            account_id=account.pk,
            channel=Order.Channel.IMPORT if account.buyer.legal_name != COUNTER else Order.Channel.COUNTER,
            currency="GBP",
            external_reference=lines[0].invoice,
            delivery_address=_address(account, lines[0].country),
            lines=[
                EnteredLine(
                    product_id=house.products[line.sku].pk,
                    quantity=Decimal(line.quantity),
                    unit_price=line.unit_price,
                )
                for line in lines
            ],
        ),
    )
    lap("order")
    confirm_order(actor=actor, order=order, confirmed_date=clock.day_in(house.seller.timezone))
    lap("confirm")
    shipment = ship_now(actor=actor, order=order)
    lap("ship")
    issue_invoice(actor=actor, shipment=shipment)
    lap("invoice")
    return {line.number: (Line.Outcome.SOLD, "") for line in lines}


def _address(account: CustomerAccount, country: str) -> dict[str, str]:
    code = COUNTRIES.get(country, "GB")
    name = account.buyer.legal_name
    return {
        "recipient": name,
        "street": "Not in the file",
        "city": country,
        "country": code,
        "postal_code": "-",
    }


def correct_stock(house: House, lines: Sequence[FileLine]) -> Outcomes:
    """Lines at no price for nobody: what was found comes onto the shelf, what was lost goes."""
    actor = trader()
    changes: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        changes[house.products[line.sku].pk] += line.quantity
    reason = next((line.description for line in lines if line.description), "") or "Stock count"
    found = [Receipt(product, change) for product, change in changes.items() if change > 0]
    if found:
        receive_stock(actor=actor, warehouse=house.warehouse, items=found, reference="count", reason=reason)
    for product, change in sorted(changes.items()):
        if change < 0:
            item = StockItem.objects.select_for_update(no_key=True).get(
                product_id=product, warehouse=house.warehouse
            )
            adjust_stock(actor=actor, stock_item=item, new_on_hand=item.on_hand + change, reason=reason)
    return {line.number: (Line.Outcome.ADJUSTED, "") for line in lines}


def book_without_order(house: House, account: CustomerAccount, lines: Sequence[FileLine]) -> Outcomes:
    """Adjustments of bad debt: an invoice for what is owed after all, a credit note for what is written off."""
    actor = trader()
    outcomes: Outcomes = {}
    for line in lines:
        row = FreeLine(
            name=line.description or line.sku,
            sku=line.sku,
            quantity=Decimal(abs(line.quantity)),
            unit_price=abs(line.unit_price),
        )
        facts = {
            "external_reference": line.invoice,
            "currency": "GBP",
            "reason": line.description or line.sku,
        }
        if line.quantity * line.unit_price < 0:
            issue_free_credit(actor=actor, account=account, lines=[row], **facts)
            outcomes[line.number] = (Line.Outcome.CREDITED, "adjustment")
        else:
            issue_free_invoice(actor=actor, account=account, lines=[row], **facts)
            outcomes[line.number] = (Line.Outcome.CHARGED, "adjustment")
    return outcomes
