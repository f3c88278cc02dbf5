"""Credit what came back."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kontor.companies.queries import today_at
from kontor.fulfilment.models import Return
from kontor.invoicing.charging import charges_back
from kontor.invoicing.models import Invoice
from kontor.invoicing.permissions import ISSUE_INVOICES
from kontor.invoicing.rules import InvoicedLine, Price, credits_for, invoiced_part
from kontor.invoicing.writing import NewCharge, NewLine, announce, write
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import Refused, Stale
from kontor.orders.sides import require_seller_side
from kontor.orders.states import SENT, lock_order

RECEIVED = """
SELECT r.order_line_id, sum(r.received) FROM fulfilment_return_line r
JOIN orders_line l ON l.id = r.order_line_id
WHERE r.return_order_id = %s AND r.received > 0 GROUP BY r.order_line_id, l.position ORDER BY l.position
"""
# The invoiced lines of these order lines, oldest first, with what was credited of each.
INVOICED = """
SELECT i.order_line_id, i.id, i.quantity, i.net, COALESCE(c.quantity, 0), i.sku, i.name, i.unit, i.unit_price,
    i.price_base, i.tax_category, i.tax_rate, i.tax_code, i.allowance_reason, i.allowance
FROM invoicing_line i JOIN invoicing_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
LEFT JOIN (SELECT credits_id, sum(quantity) AS quantity FROM invoicing_line WHERE credits_id IS NOT NULL
           AND order_line_id = ANY (%(lines)s::bigint[]) GROUP BY credits_id) c ON c.credits_id = i.id
WHERE i.order_line_id = ANY (%(lines)s::bigint[]) AND i.part_id IS NULL ORDER BY i.id
"""
COPIED = ("sku", "name", "unit", "unit_price", "price_base", "tax_category", "tax_rate", "tax_code",
    "allowance_reason", "allowance")  # fmt: skip


@transaction.atomic
def issue_credit_note(*, actor: Actor, return_order: Return) -> Invoice:
    """Credit the goods of a received return at the prices at which they were invoiced. Once per return.

    Charges for these goods go back with them where they are refundable; those for the whole order, as freight, stay.
    Where somebody decides otherwise, they are credited by hand (`issue_free_credit`).

    Each line names the invoiced line that it takes back; never more is credited than was invoiced. Raises
    Refused("not_invoiced_yet") when goods came back before their invoice was written, Stale when credited meanwhile.
    """
    order = return_order.order
    require_seller_side(actor, order, ISSUE_INVOICES)
    lock_order(order, SENT)
    received_return = Return.objects.filter(pk=return_order.pk, status=Return.Status.RECEIVED)
    if not received_return.update(status=Return.Status.CREDITED):
        raise _not_to_be_credited(return_order)
    return_order.status = Return.Status.CREDITED
    lines, charges = _lines(return_order, order.currency)
    invoiced = Invoice.objects.filter(lines__in=[line.credits_id for line in lines]).latest("pk")
    invoice = write(
        Invoice.Kind.CREDIT_NOTE,
        lines,
        charges=charges,
        day=today_at(order.seller_id),
        net_days=0,
        seller_id=order.seller_id,
        buyer_id=order.buyer_id,
        order_id=order.pk,
        return_order_id=return_order.pk,
        currency=order.currency,
        billing_address=order.billing_address,
        po_number=order.po_number,
        tax_treatment=invoiced.tax_treatment,
        tax_facts=invoiced.tax_facts,
        reason=_("Return %(number)s") % {"number": return_order.number},
    )
    announce(actor, invoice)
    return invoice


def _lines(return_order: Return, currency: str) -> tuple[list[NewLine], list[NewCharge]]:
    with connection.cursor() as cursor:
        cursor.execute(RECEIVED, [return_order.pk])
        received: dict[int, Decimal] = dict(cursor.fetchall())
        cursor.execute(INVOICED, {"lines": list(received)})
        rows = cursor.fetchall()
    invoiced: dict[int, list[InvoicedLine]] = defaultdict(list)
    facts: dict[int, dict[str, Any]] = {}
    for order_line, line, quantity, net, credited, *copied in rows:
        invoiced[order_line].append(InvoicedLine(line, quantity, net, credited))
        facts[line] = dict(zip(COPIED, copied, strict=True))
    lines: list[NewLine] = []
    taken: list[tuple[int, tuple[Decimal, Decimal]]] = []
    for order_line, quantity in received.items():
        parts = credits_for(quantity, invoiced[order_line], currency)
        if parts is None:
            raise Refused(
                "not_invoiced_yet",
                _("Some of these goods are not invoiced yet. Issue the invoice first, then credit them."),
            )
        before = {one.line_id: one for one in invoiced[order_line]}
        for credit in parts:
            whole = before[credit.line_id]
            part = (whole.credited, credit.quantity)
            known = facts[credit.line_id]
            allowance = invoiced_part(Price(known["allowance"], whole.quantity, currency), *part)
            taken.append((credit.line_id, part))
            lines.append(
                NewLine(
                    order_line_id=order_line,
                    credits_id=credit.line_id,
                    quantity=credit.quantity,
                    net=credit.net,
                    **known | {"allowance": allowance},
                )
            )
    return lines, charges_back(taken, currency)


def _not_to_be_credited(return_order: Return) -> Refused:
    return_order.refresh_from_db(fields=["status"])
    if return_order.status == Return.Status.CREDITED:
        return Stale("already_credited", _("This return has been credited already. Reload the page."))
    return Refused(
        "not_received_yet", _("Only goods that are back can be credited. Receive the return first.")
    )
