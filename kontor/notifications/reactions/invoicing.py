"""Mails with invoices and credit notes, to the address that the company named for them."""

from django.utils.translation import gettext as _

from kontor.carts.shown import by_reason
from kontor.companies.models import Company
from kontor.invoicing.events import CreditNoteIssued, InvoiceIssued
from kontor.invoicing.models import Invoice, InvoiceLine
from kontor.invoicing.queries import taxes_of
from kontor.kernel.events import on, this_event
from kontor.kernel.money import ZERO
from kontor.notifications.attachments import INVOICE
from kontor.notifications.audience import Recipient, mailbox_of, people
from kontor.notifications.letters import Letter, Writer, day, money
from kontor.notifications.links import link
from kontor.notifications.operations import Posting, queue_mail
from kontor.notifications.sums import Sums, and_more, letter_lines
from kontor.notifications.topics import INVOICES


@on(InvoiceIssued)
def send_the_invoice(event: InvoiceIssued) -> None:
    invoice = _invoice(event.invoice_id)
    lines = list(invoice.lines.all())
    sums = _sums(invoice, lines)

    def write(_to: Recipient) -> Letter:
        names = _names(invoice) | {"day": day(invoice.due_on)}
        return Letter(
            sender=names["seller"],
            subject=_("Invoice %(number)s of %(seller)s: %(amount)s, due on %(day)s") % names,
            heading=_("Invoice %(number)s") % names,
            paragraphs=[_("The invoice is attached. Please pay %(amount)s by %(day)s.") % names],
            facts=_facts(invoice),
            lines=letter_lines(lines, invoice.currency),
            totals=sums.told(),
            action=(_("See the invoice"), link("invoice", invoice.pk)),
            closing=[*and_more(lines), *sums.notes()],
        )

    _send(invoice, write)


@on(CreditNoteIssued)
def send_the_credit_note(event: CreditNoteIssued) -> None:
    invoice = _invoice(event.invoice_id)
    lines = list(invoice.lines.all())
    sums = _sums(invoice, lines)

    def write(_to: Recipient) -> Letter:
        names = _names(invoice)
        return Letter(
            sender=names["seller"],
            subject=_("Credit note %(number)s of %(seller)s: %(amount)s") % names,
            heading=_("Credit note %(number)s") % names,
            paragraphs=[_("The credit note over %(amount)s is attached.") % names],
            facts=_facts(invoice),
            lines=letter_lines(lines, invoice.currency),
            totals=sums.told(),
            action=(_("See the credit note"), link("invoice", invoice.pk)),
            closing=[*and_more(lines), *sums.notes()],
        )

    _send(invoice, write)


def _send(invoice: Invoice, write: Writer) -> None:
    posting = Posting(
        topic=INVOICES,
        about=this_event(),
        thread=f"order:{invoice.order_id}" if invoice.order_id else f"invoice:{invoice.pk}",
        attachment=(INVOICE, invoice.pk),
    )
    queue_mail(posting=posting, to=_recipients(invoice.buyer), write=write)


def _recipients(buyer: Company) -> list[Recipient]:
    """The company's invoice address, and whoever asked to be told; without an address the administrators."""
    by_mail = buyer.invoice_by == Company.InvoiceBy.EMAIL
    address = [mailbox_of(buyer, buyer.invoice_email)] if by_mail and buyer.invoice_email else []
    told = people(INVOICES, buyer.pk, otherwise=("admin",) if by_mail and not address else ())
    return address + [one for one in told if one.email.lower() != buyer.invoice_email.lower() or not address]


def _invoice(pk: int) -> Invoice:
    return Invoice.objects.select_related("buyer", "seller", "order").get(pk=pk)


def _names(invoice: Invoice) -> dict[str, str]:
    return {
        "number": invoice.number,
        "seller": str(invoice.seller),
        "amount": money(invoice.gross_total, invoice.currency),
    }


def _facts(invoice: Invoice) -> list[tuple[str, str]]:
    facts = [
        (_("Order"), invoice.order.number if invoice.order else ""),
        (_("Your order number"), invoice.po_number),
        (_("Issued on"), day(invoice.issued_at)),
        (_("Payment"), invoice.terms_text),
        (_("Reason"), invoice.reason),
    ]
    return [fact for fact in facts if fact[1]]


def _sums(invoice: Invoice, lines: list[InvoiceLine]) -> Sums:
    charges = list(invoice.charges.all())
    return Sums(
        currency=invoice.currency,
        goods=sum((line.full_net for line in lines), ZERO),
        reductions=by_reason((line.allowance_reason, line.allowance) for line in lines),
        costs=by_reason((one.reason, one.net) for one in charges),
        net=invoice.net_total,
        taxes=taxes_of(invoice, lines, charges),
        facts=invoice.tax_facts,
        total=invoice.gross_total,
    )
