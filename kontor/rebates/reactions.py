"""What was invoiced or credited counts at once for the agreements of its buyer."""

from kontor.invoicing.events import CreditNoteIssued, InvoiceIssued
from kontor.kernel.events import on
from kontor.rebates.counting import count_document


@on(InvoiceIssued)
def count_an_invoice(event: InvoiceIssued) -> None:
    count_document(event.invoice_id)


@on(CreditNoteIssued)
def count_a_credit_note(event: CreditNoteIssued) -> None:
    count_document(event.invoice_id)
