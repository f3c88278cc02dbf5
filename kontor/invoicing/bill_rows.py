"""Invoices and credit notes as rows that add up."""

from collections.abc import Iterable, Iterator
from itertools import islice

from kontor.invoicing.models import Invoice, InvoiceCharge, InvoiceLine
from kontor.orders.bill_rows import AT_ONCE, BillRow, bill_rows, by_key


def rows_of_invoices(invoices: Iterable[Invoice]) -> Iterator[tuple[Invoice, BillRow]]:
    """The rows of many documents, in their order. Two statements for 500 of them."""
    left = iter(invoices)
    while some := list(islice(left, AT_ONCE)):
        keys = [one.pk for one in some]
        lines = by_key(InvoiceLine.objects.filter(invoice__in=keys).order_by("position"), "invoice_id")
        charges = by_key(InvoiceCharge.objects.filter(invoice__in=keys).order_by("position"), "invoice_id")
        for one in some:
            own = lines.get(one.pk, [])
            reductions = {row.pk: [(row.allowance_reason, row.allowance)] for row in own if row.allowance}
            measured = [(row, row.quantity, row.unit) for row in own]
            for row in bill_rows(measured, reductions, charges.get(one.pk, ()), one.currency):
                yield one, row
