"""Invoice what left of kits that will never be whole."""

from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.companies.queries import today_at
from kontor.invoicing.charging import charges_with
from kontor.invoicing.models import Invoice
from kontor.invoicing.permissions import ISSUE_INVOICES
from kontor.invoicing.rules import LeftPart, Price, worth_of_parts
from kontor.invoicing.taxing import tax_now, taxed
from kontor.invoicing.writing import NewLine, announce, write
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused
from kontor.orders.models import Order
from kontor.orders.sides import require_seller_side
from kontor.orders.states import DECIDED_BY_SELLER, lock_order
from kontor.taxes.deciding import Item

PRICE_DECIMALS = 6
PARTS = """
SELECT l.id, l.sku, CASE WHEN l.allowance > 0 THEN l.net ELSE l.unit_price END,
    CASE WHEN l.allowance > 0 THEN l.base_quantity ELSE l.price_base END, l.tax_category, l.tax_rate, l.shipped,
    x.id, x.sku, x.name, x.base_unit, x.quantity, x.value, GREATEST(x.shipped - x.quantity * l.shipped, 0),
    l.tax_code, l.product_id
FROM orders_line l JOIN orders_line_part x ON x.line_id = l.id
WHERE l.order_id = %s AND l.cancelled > 0 AND l.cancelled = l.base_quantity - l.shipped AND NOT EXISTS (
    SELECT FROM invoicing_line i JOIN orders_line_part p ON p.id = i.part_id WHERE p.line_id = l.id)
ORDER BY l.position, x.position
"""


@transaction.atomic
def issue_invoice_for_parts(*, actor: Actor, order: Order) -> Invoice:
    """Invoice single parts that left of kits of which the rest was cancelled, each at its share of the kit's price.

    Once per order line. Raises Refused("nothing_open").
    """
    require_seller_side(actor, order, ISSUE_INVOICES)
    lock_order(order, DECIDED_BY_SELLER | {Order.Status.CANCELLED})
    with connection.cursor() as cursor:
        cursor.execute(PARTS, [order.pk])
        rows = cursor.fetchall()
    lines = [
        line
        for _id, parts in groupby(rows, key=lambda row: row[0])
        for line in _lines(list(parts), order.currency)
    ]
    if not lines:
        raise Refused("nothing_open", _("No single parts of cancelled kits are to be invoiced."))
    kits = {row[0]: row[15] for row in rows}
    items = [
        Item(line.tax_category, "goods", kits[line.order_line_id]) for line in lines if line.order_line_id
    ]
    charges, costs = charges_with(order, {}, with_goods=True)
    day = today_at(order.seller_id)
    taxation = tax_now(order, [*lines, *charges], [*items, *costs], day)
    invoice = write(
        Invoice.Kind.INVOICE,
        taxed(lines, taxation.lines[: len(lines)]),
        charges=taxed(charges, taxation.lines[len(lines) :]),
        day=day,
        net_days=order.net_days,
        seller_id=order.seller_id,
        buyer_id=order.buyer_id,
        order_id=order.pk,
        currency=order.currency,
        billing_address=order.billing_address,
        po_number=order.po_number,
        terms_text=order.payment_term.name if order.payment_term else "",
        tax_treatment=taxation.treatment,
        tax_facts=taxation.facts,
        reason=_("Delivered parts of kits of which the rest was cancelled, at their share of its price."),
    )
    announce(actor, invoice)
    return invoice


def _lines(rows: list[tuple[Any, ...]], currency: str) -> list[NewLine]:
    """The lines of one kit, for the parts of it that left alone."""
    line, kit, amount, base, category, rate, whole = rows[0][:7]
    parts = [LeftPart(quantity=row[11], value=row[12], left=row[13]) for row in rows]
    nets = worth_of_parts(Price(amount, base, currency), whole, parts)
    values = sum(one.value for one in parts)
    return [
        NewLine(
            order_line_id=line,
            part_id=row[7],
            sku=row[8],
            name=f"{row[9]} ({kit})",
            quantity=part.left,
            unit=row[10],
            unit_price=round(amount / base * part.value / values / part.quantity, PRICE_DECIMALS),
            price_base=Decimal(1),
            net=net,
            tax_category=category,
            tax_rate=rate,
            tax_code=rows[0][14],
        )
        for row, part, net in zip(rows, parts, nets, strict=True)
        if part.left
    ]
