"""Invoice and credit note as PDF."""

from django.utils.translation import gettext as _

from kontor.carts.shown import by_reason
from kontor.companies.models import CustomerAccount
from kontor.invoicing.models import Invoice, InvoiceLine
from kontor.invoicing.queries import taxes_of
from kontor.kernel.money import ZERO
from kontor.kernel.pdf import Column, Note, Paper, SecondAddress, render
from kontor.orders.documents import price_cell
from kontor.orders.letterhead import (
    Letterhead,
    Writer,
    grouped_iban,
    letterhead_of,
    speaking,
)
from kontor.taxes.wording import tax_notes


def invoice_pdf(invoice: Invoice, language: str) -> bytes:
    """An invoice or a credit note, in the reader's language. The caller has checked that it may be seen."""
    with speaking(language):
        return render(invoice_paper(invoice, language))


def invoice_paper(invoice: Invoice, language: str) -> Paper:
    """The paper behind the PDF."""
    write = Writer(language)
    head = letterhead_of(invoice.seller, write)
    lines = list(InvoiceLine.objects.filter(invoice=invoice).select_related("credits__invoice"))
    charges = list(invoice.charges.all())
    codes = {one.tax_code for one in lines} | {one.tax_code for one in charges}
    currency = invoice.currency
    is_credit = invoice.kind == Invoice.Kind.CREDIT_NOTE
    return Paper(
        language=language,
        title=_("Credit note") if is_credit else _("Invoice"),
        number=invoice.number,
        sender=head.sender,
        accent=head.accent,
        footer=head.footer,
        page_word=_("Page"),
        recipient=write.address(invoice.billing_address, home=head.country),
        second_address=_delivered_to(invoice, head, write),
        facts=_facts(invoice, lines, head, write),
        intro=_intro(invoice, head, write),
        columns=[
            Column(_("No."), number=True),
            Column(_("Article"), wide=True),
            Column(_("Quantity"), number=True),
            Column(_("Unit price"), number=True),
            Column(_("VAT"), number=True),
            Column(_("Net %(currency)s") % {"currency": currency}, number=True),
        ],
        rows=[_row(line, currency, write) for line in lines],
        totals=[
            *write.beside(
                sum((line.full_net for line in lines), ZERO),
                by_reason((line.allowance_reason, line.allowance) for line in lines),
                by_reason((one.reason, one.net) for one in charges),
                currency,
            ),
            (_("Net"), write.amount(invoice.net_total, currency)),
            *write.taxes(taxes_of(invoice, lines, charges), currency, invoice.tax_facts),
        ],
        grand_total=(
            (_("Credit %(currency)s") if is_credit else _("Total %(currency)s")) % {"currency": currency},
            write.amount(invoice.gross_total, currency),
        ),
        notes=_notes(invoice, tax_notes(codes, invoice.tax_facts, coded=True), write),
    )


def _facts(
    invoice: Invoice, lines: list[InvoiceLine], head: Letterhead, write: Writer
) -> list[tuple[str, str]]:
    account = CustomerAccount.objects.filter(seller_id=invoice.seller_id, buyer_id=invoice.buyer_id).first()
    shipment, order = invoice.shipment, invoice.order
    corrected = dict.fromkeys(line.credits.invoice.number for line in lines if line.credits)
    facts = [
        (_("Date"), write.day(invoice.issued_at, head.zone)),
        (_("Due"), write.day(invoice.due_on) if invoice.kind == Invoice.Kind.INVOICE else ""),
        (_("Delivery"), write.day(shipment.shipped_at, head.zone) if shipment else ""),
        (_("Delivery note"), shipment.number if shipment else ""),
        (_("Order"), order.number if order else ""),
        (_("Your order number"), invoice.po_number),
        (_("Corrects invoice"), ", ".join(corrected)),
        (_("Customer number"), account.customer_number if account else ""),
        (_("Your VAT ID"), invoice.buyer.vat_id),
    ]
    return [(label, value) for label, value in facts if value]


def _intro(invoice: Invoice, head: Letterhead, write: Writer) -> list[str]:
    if invoice.kind == Invoice.Kind.CREDIT_NOTE:
        return [invoice.reason] if invoice.reason else []
    if invoice.shipment is None:
        return [invoice.reason] if invoice.reason else []
    day = write.day(invoice.shipment.shipped_at, head.zone)
    return [_("For the delivery of %(day)s we invoice as follows.") % {"day": day}]


def _delivered_to(invoice: Invoice, head: Letterhead, write: Writer) -> SecondAddress | None:
    order = invoice.order
    if order is None or order.delivery_address == order.billing_address:
        return None
    return SecondAddress(_("Delivered to"), write.address(order.delivery_address, home=head.country))


def _row(line: InvoiceLine, currency: str, write: Writer) -> list[list[str]]:
    return [
        [str(line.position)],
        [line.name, *([line.sku] if line.sku else [])],
        [write.quantity(line.quantity, line.unit)],
        price_cell(line.unit_price, line.price_base, line.unit, currency, write),
        [write.percent(line.tax_rate)],
        [write.amount(line.full_net, currency)],
    ]


def _notes(invoice: Invoice, taxes: list[str], write: Writer) -> list[Note]:
    notes = [Note(taxes)] if taxes else []
    if invoice.kind == Invoice.Kind.CREDIT_NOTE:
        return [*notes, Note([_("We set this amount off against open invoices, or pay it back.")])]
    due = {"day": write.day(invoice.due_on), "invoice": invoice.number}
    payment = [_("Please pay by %(day)s and name %(invoice)s.") % due]
    if invoice.terms_text:
        payment.insert(0, invoice.terms_text)
    seller = invoice.seller
    if seller.bank_iban:
        bank = {"iban": grouped_iban(seller.bank_iban), "bic": seller.bank_bic, "bank": seller.bank_name}
        payment.append(_("%(bank)s, IBAN %(iban)s, BIC %(bic)s") % bank)
    return [*notes, Note(payment, _("Payment"))]
