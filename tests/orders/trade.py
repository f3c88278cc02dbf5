"""Short ways to a cart, an order and a shipment, through the same operations that pages use."""

from decimal import Decimal
from typing import Any

from kontor.carts.models import Cart, CartLine
from kontor.catalog.models import Product
from kontor.companies.models import Company, Membership
from kontor.fulfilment.models import Shipment
from kontor.fulfilment.operations import ship_now
from kontor.inventory.models import StockItem
from kontor.kernel.actors import system_actor
from kontor.kernel.invariants import check_all
from kontor.orders.intake import OrderDetails
from kontor.orders.models import Order
from kontor.orders.operations import confirm_order, place_order

SYSTEM = system_actor("test")


def cart_of(buyer: Company, *lines: Any) -> Cart:
    """An open cart, put aside, at the seller of the first product: (product, quantity) or (product, quantity, unit)."""
    cart = Cart.objects.create(buyer=buyer, seller=lines[0][0].seller, is_current=False)
    CartLine.objects.bulk_create(
        CartLine(
            cart=cart,
            product=line[0],
            quantity=Decimal(line[1]),
            unit=line[2] if len(line) > 2 else line[0].base_unit,
            position=position,
        )
        for position, line in enumerate(lines)
    )
    return cart


def placed(member: Membership, *lines: Any, **details: Any) -> Order:
    """An order of this member's company."""
    cart = cart_of(member.company, *lines)
    return place_order(actor=member.as_actor("page"), cart=cart, details=OrderDetails(**details))


def confirmed(member: Membership, *lines: Any, **details: Any) -> Order:
    """An order that the seller has confirmed."""
    return confirm_order(actor=SYSTEM, order=placed(member, *lines, **details))


def shipped(member: Membership, *lines: Any, **details: Any) -> Shipment:
    """A shipment of a whole order."""
    return ship_now(actor=SYSTEM, order=confirmed(member, *lines, **details))


def stock_of(product: Product) -> tuple[Decimal, Decimal]:
    """On hand and reserved, over all warehouses."""
    rows = StockItem.objects.filter(product=product).values_list("on_hand", "reserved")
    return sum((row[0] for row in rows), Decimal(0)), sum((row[1] for row in rows), Decimal(0))


NOT_WRITTEN_BY_THE_CAST = "every product on sale can be found, and nothing else"


def broken() -> list[tuple[str, list[Any]]]:
    """The invariants that do not hold, with examples: should be empty. The cast writes no search documents."""
    found = [finding for finding in check_all() if finding.name != NOT_WRITTEN_BY_THE_CAST]
    assert len(found) > 20
    return [(finding.name, finding.examples) for finding in found if finding.bad]
