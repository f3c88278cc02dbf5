"""Invoice what was shipped."""

from decimal import Decimal
from typing import NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.fulfilment.models import Shipment
from kontor.fulfilment.operations import render_services
from kontor.invoicing.charging import charges_with
from kontor.invoicing.models import Invoice
from kontor.invoicing.permissions import ISSUE_INVOICES
from kontor.invoicing.rules import Cut, Price, invoiced_part, lowered_part
from kontor.invoicing.taxing import tax_now, taxed
from kontor.invoicing.writing import NewLine, announce, write
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.money import ZERO
from kontor.kernel.refusal import Refused
from kontor.orders.models import Order
from kontor.orders.operations import book_invoiced
from kontor.orders.sides import require_seller_side
from kontor.orders.states import SENT, SHIPPABLE, lock_order
from kontor.taxes.deciding import Item

SHIPMENT = """
SELECT s.status, (SELECT number FROM invoicing_invoice WHERE shipment_id = s.id),
    (SELECT name FROM companies_payment_term WHERE id = %(term)s),
    (SELECT timezone FROM companies_company WHERE id = %(seller)s)
FROM fulfilment_shipment s WHERE s.id = %(shipment)s
"""
LINES = """
SELECT l.id, l.sku, l.name, l.base_unit, l.unit_price, l.price_base, l.tax_category, l.tax_rate, l.tax_code,
    l.kind, l.product_id, l.invoiced, s.quantity, l.base_quantity, l.net, l.allowance, CASE WHEN l.allowance > 0 THEN
        (SELECT string_agg(DISTINCT a.reason, ', ') FROM orders_line_allowance a WHERE a.line_id = l.id) END
FROM (SELECT order_line_id, sum(quantity) AS quantity FROM fulfilment_shipment_line
      WHERE shipment_id = %s AND part_id IS NULL GROUP BY order_line_id) s
JOIN orders_line l ON l.id = s.order_line_id ORDER BY l.position
"""


@transaction.atomic
def issue_invoice(*, actor: Actor, shipment: Shipment) -> Invoice:
    """Invoice a shipment that has left, at the prices of its order, payable by the order's terms. Once per shipment.

    Parts of a line add up to the line's net whatever the parts. Raises Refused("not_shipped_yet", "already_invoiced"),
    and "no_whole_kit" when it brought parts of kits of which the rest is still to come.
    """
    order = shipment.order
    require_seller_side(actor, order, ISSUE_INVOICES)
    lock_order(order, SENT | {Order.Status.CONFIRMED})
    return _issue(actor, shipment, order)


@transaction.atomic
def issue_invoice_for_services(*, actor: Actor, order: Order) -> Invoice:
    """Book an order's open services as rendered and invoice them without its goods. Raises Refused("nothing_open")."""
    require_seller_side(actor, order, ISSUE_INVOICES)
    lock_order(order, SHIPPABLE)
    return _issue(actor, render_services(actor=actor, order=order), order)


def _issue(actor: Actor, shipment: Shipment, order: Order) -> Invoice:
    term, zone = _checked(shipment, order)
    with connection.cursor() as cursor:
        cursor.execute(LINES, [shipment.pk])
        rows = cursor.fetchall()
    if not rows:
        message = _(
            "This shipment holds only parts of kits. They are invoiced with the shipment that completes them."
        )
        raise Refused("no_whole_kit", message)
    sold = [_Sold(*row) for row in rows]
    lines = [_line(one, order.currency) for one in sold]
    charges, costs = charges_with(
        order,
        {one.line: (one.before, one.quantity) for one in sold},
        with_goods=any(one.kind != "service" for one in sold),
    )
    book_invoiced(order, {one.line: one.quantity for one in sold})
    day = clock.day_in(zone)
    items = [Item.sold(one.category, one.kind, one.product) for one in sold]
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
        shipment_id=shipment.pk,
        currency=order.currency,
        billing_address=order.billing_address,
        po_number=order.po_number,
        terms_text=term,
        tax_treatment=taxation.treatment,
        tax_facts=taxation.facts,
    )
    announce(actor, invoice)
    return invoice


class _Sold(NamedTuple):
    """A row of LINES."""

    line: int
    sku: str
    name: str
    unit: str
    price: Decimal
    base: Decimal
    category: str
    rate: Decimal
    code: str
    kind: str
    product: int
    before: Decimal
    quantity: Decimal
    whole: Decimal
    net: Decimal
    allowance: Decimal
    reason: str | None


def _line(one: _Sold, currency: str) -> NewLine:
    if one.allowance:
        cut = lowered_part(one.net, one.allowance, one.whole, one.before, one.quantity, currency)
    else:
        cut = Cut(invoiced_part(Price(one.price, one.base, currency), one.before, one.quantity), ZERO)
    return NewLine(
        order_line_id=one.line,
        sku=one.sku,
        name=one.name,
        quantity=one.quantity,
        unit=one.unit,
        unit_price=one.price,
        price_base=one.base,
        allowance=cut.allowance,
        allowance_reason=(one.reason or "")[:250],
        net=cut.net,
        tax_category=one.category,
        tax_rate=one.rate,
        tax_code=one.code,
    )


def _checked(shipment: Shipment, order: Order) -> tuple[str, str]:
    """Whether the shipment can be invoiced; returns the name of the payment term and the seller's time zone."""
    # The order is held, so what is read here stays true until the invoice is written.
    with connection.cursor() as cursor:
        facts = {"shipment": shipment.pk, "term": order.payment_term_id, "seller": order.seller_id}
        cursor.execute(SHIPMENT, facts)
        status, number, term, zone = cursor.fetchone() or ("", None, None, "UTC")
    if status not in (Shipment.Status.SHIPPED, Shipment.Status.DELIVERED):
        raise Refused("not_shipped_yet", _("This shipment has not left yet. Invoice it once it has."))
    if number is not None:
        message = _("This shipment has been invoiced already, with %(invoice)s.") % {"invoice": number}
        raise Refused("already_invoiced", message)
    return term or "", zone
