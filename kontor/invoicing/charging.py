"""What an order bears beside its lines, as it is invoiced and credited with them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from kontor.invoicing.rules import Price, invoiced_part
from kontor.invoicing.writing import NewCharge
from kontor.orders.models import Order
from kontor.taxes.deciding import Item

# Those of the lines, and those of the order that no invoice has yet: they come with the first goods, or alone with
# services when nothing else will come.
OPEN = """
SELECT c.id, c.line_id, c.kind, c.code, c.reason, c.net, c.tax_category, c.tax_rate, c.tax_code, l.base_quantity
FROM orders_charge c LEFT JOIN orders_line l ON l.id = c.line_id
WHERE c.order_id = %(order)s AND (c.line_id = ANY (%(lines)s::bigint[]) OR (c.line_id IS NULL
    AND (%(goods)s OR NOT EXISTS (SELECT FROM orders_line g WHERE g.order_id = c.order_id AND g.kind <> 'service'
        AND g.cancelled < g.base_quantity))
    AND NOT EXISTS (SELECT FROM invoicing_charge i WHERE i.order_charge_id = c.id)))
ORDER BY c.position
"""
REFUNDABLE = """
SELECT i.id, i.line_id, i.order_charge_id, i.code, i.reason, i.net, i.tax_category, i.tax_rate, i.tax_code, l.quantity
FROM invoicing_charge i JOIN orders_charge c ON c.id = i.order_charge_id
JOIN invoicing_line l ON l.id = i.line_id
WHERE i.line_id = ANY (%s::bigint[]) AND c.is_refundable ORDER BY i.id
"""
Part = tuple[Decimal, Decimal]
"""Of a line, base units that went before, and those that go now."""


def charges_with(
    order: Order, parts: Mapping[int, Part], *, with_goods: bool
) -> tuple[list[NewCharge], list[Item]]:
    """The charges that are invoiced with these parts of order lines (in the order of the paper), and what they are to
    taxes. The caller holds the order."""
    places = {line: number for number, line in enumerate(parts)}
    about: dict[str, Any] = {"order": order.pk, "lines": list(parts), "goods": with_goods}
    charges, items = [], []
    with connection.cursor() as cursor:
        cursor.execute(OPEN, about)
        for key, line, kind, code, reason, net, category, rate, tax_code, whole in cursor.fetchall():
            if line is not None:
                net = invoiced_part(Price(net, whole, order.currency), *parts[line])
            if net:
                place = None if line is None else places[line]
                items.append(Item(category, "deposit" if kind == "deposit" else "goods", line=place))
                charges.append(
                    NewCharge(
                        order_charge_id=key,
                        line=place,
                        code=code,
                        reason=reason,
                        net=net,
                        tax_category=category,
                        tax_rate=rate,
                        tax_code=tax_code,
                    )
                )
    return charges, items


def charges_back(parts: Sequence[tuple[int, Part]], currency: str) -> list[NewCharge]:
    """What is credited beside these parts of invoiced lines, line by line: refundable charges, in the same parts."""
    charges = []
    by_line: dict[int, list[tuple[int, Part]]] = {}
    for number, (line, part) in enumerate(parts):
        by_line.setdefault(line, []).append((number, part))
    with connection.cursor() as cursor:
        cursor.execute(REFUNDABLE, [list(by_line)])
        rows = cursor.fetchall()
    for key, line, order_charge, code, reason, net, category, rate, tax_code, whole in rows:
        for number, part in by_line[line]:
            back = invoiced_part(Price(net, whole, currency), *part)
            if back:
                charges.append(
                    NewCharge(
                        order_charge_id=order_charge,
                        credits_id=key,
                        line=number,
                        code=code,
                        reason=reason,
                        net=back,
                        tax_category=category,
                        tax_rate=rate,
                        tax_code=tax_code,
                    )
                )
    return charges
