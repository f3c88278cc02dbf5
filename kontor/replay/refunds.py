"""Cancellations of the file: goods come back against the orders that brought them, as far as the file has these.

The file does not say which invoice a cancellation takes back. It is matched with the customer's latest purchases of
the same article at the same price; what finds none is credited without an order, and its goods are taken in.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.db import connection

from kontor.companies.models import CustomerAccount
from kontor.fulfilment.operations import ReturnedLine, accept_return, receive_return, request_return
from kontor.inventory.operations import Receipt, receive_stock
from kontor.invoicing.operations import FreeLine, issue_credit_note, issue_free_credit
from kontor.kernel.money import ZERO
from kontor.orders.models import Order
from kontor.replay.documents import FileLine, Outcomes
from kontor.replay.models import Line
from kontor.replay.opening import House, trader

BOUGHT = """
SELECT l.id, l.order_id, l.product_id, l.unit_price, l.shipped - l.returned
FROM orders_line l JOIN orders_order o ON o.id = l.order_id
WHERE o.buyer_id = %s AND o.seller_id = %s AND l.product_id = ANY (%s::bigint[]) AND l.shipped > l.returned
ORDER BY o.placed_at DESC, o.id DESC, l.position
"""
Part = tuple[int, Decimal]
"""Order line and base units of it that come back."""


def book_cancellation(house: House, account: CustomerAccount, lines: Sequence[FileLine]) -> Outcomes:
    """Return and credit every line, in as few documents as its orders allow."""
    by_order, unmatched, outcomes = _matched(house, account, lines)
    for order_id, parts in sorted(by_order.items()):
        _take_back(order_id, parts)
    if unmatched:
        _credit(house, account, unmatched)
    return outcomes


def _matched(
    house: House, account: CustomerAccount, lines: Sequence[FileLine]
) -> tuple[dict[int, dict[int, Decimal]], list[FileLine], Outcomes]:
    products = sorted({house.products[line.sku].pk for line in lines})
    with connection.cursor() as cursor:
        cursor.execute(BOUGHT, [account.buyer_id, account.seller_id, products])
        bought = [list(row) for row in cursor.fetchall()]
    by_order: dict[int, dict[int, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    unmatched: list[FileLine] = []
    outcomes: Outcomes = {}
    for line in lines:
        wanted, product = Decimal(-line.quantity), house.products[line.sku].pk
        fitting = [row for row in bought if row[2] == product and row[3] == line.unit_price and row[4] > 0]
        if sum((row[4] for row in fitting), ZERO) < wanted:
            unmatched.append(line)
            outcomes[line.number] = (
                Line.Outcome.CREDITED,
                "no earlier purchase of this quantity at this price",
            )
            continue
        for row in fitting:
            part = min(wanted, row[4])
            by_order[row[1]][row[0]] += part
            row[4] -= part
            wanted -= part
            if not wanted:
                break
        outcomes[line.number] = (Line.Outcome.RETURNED, "")
    return by_order, unmatched, outcomes


def _take_back(order_id: int, parts: dict[int, Decimal]) -> None:
    actor = trader()
    order = Order.objects.get(pk=order_id)
    announced = request_return(
        actor=actor,
        order=order,
        lines=[ReturnedLine(order_line_id=line, quantity=part) for line, part in parts.items()],
    )
    accept_return(actor=actor, return_order=announced)
    received = {line.pk: (line.quantity, line.quantity) for line in announced.lines.all()}
    receive_return(actor=actor, return_order=announced, received=received)
    issue_credit_note(actor=actor, return_order=announced)


def _credit(house: House, account: CustomerAccount, lines: Sequence[FileLine]) -> None:
    actor = trader()
    issue_free_credit(
        actor=actor,
        account=account,
        reason=f"Cancellation {lines[0].invoice}",
        external_reference=lines[0].invoice,
        currency="GBP",
        lines=[
            FreeLine(
                name=line.description or line.sku,
                sku=line.sku,
                quantity=Decimal(-line.quantity),
                unit_price=line.unit_price,
            )
            for line in lines
        ],
    )
    back: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        product = house.products[line.sku]
        if product.is_stocked:
            back[product.pk] -= line.quantity
    if back:
        receive_stock(
            actor=actor,
            warehouse=house.warehouse,
            items=[Receipt(product, quantity) for product, quantity in sorted(back.items())],
            reference=lines[0].invoice,
            reason="Returned without an order",
        )
