"""The order confirmation as PDF."""

from decimal import Decimal

from django.utils.translation import gettext as _

from kontor.carts.shown import by_reason
from kontor.catalog.queries import numbers_on_paper
from kontor.kernel.money import ZERO
from kontor.kernel.pdf import Column, Note, Paper, SecondAddress, render
from kontor.orders.letterhead import Writer, grouped_iban, letterhead_of, speaking
from kontor.orders.models import Order, OrderLine
from kontor.orders.queries import reductions_of, taxes_of
from kontor.taxes.wording import tax_notes


def order_confirmation_pdf(order: Order, language: str) -> bytes:
    """What the seller has promised, in the reader's language. The caller has checked that the order may be seen."""
    with speaking(language):
        return render(order_confirmation(order, language))


def order_confirmation(order: Order, language: str) -> Paper:
    """The paper behind the PDF. An order that is not confirmed yet is called an order."""
    write = Writer(language)
    head = letterhead_of(order.seller, write)
    lines = list(OrderLine.objects.filter(order=order).order_by("position"))
    charges = list(order.charges.all())
    codes = {one.tax_code for one in lines} | {one.tax_code for one in charges}
    numbers = numbers_on_paper(order.buyer_id, {line.product_id for line in lines})
    return Paper(
        language=language,
        title=_("Order confirmation") if order.confirmed_at else _("Order"),
        number=order.number,
        sender=head.sender,
        accent=head.accent,
        footer=head.footer,
        page_word=_("Page"),
        recipient=write.address(order.billing_address, home=head.country),
        second_address=SecondAddress(
            _("Delivery to"), write.address(order.delivery_address, home=head.country)
        ),
        facts=_facts(order, write, head.zone),
        intro=[_("Thank you for your order. We deliver at the prices and terms below.")],
        columns=[
            Column(_("No."), number=True),
            Column(_("Article"), wide=True),
            Column(_("Quantity"), number=True),
            Column(_("Unit price"), number=True),
            Column(_("Net %(currency)s") % {"currency": order.currency}, number=True),
        ],
        rows=[_row(line, order, write, numbers.get(line.product_id, "")) for line in lines],
        totals=[
            *write.beside(
                sum((line.full_net for line in lines), ZERO),
                reductions_of(order, lines),
                by_reason((one.reason, one.net) for one in charges),
                order.currency,
            ),
            (_("Net"), write.amount(order.net_total, order.currency)),
            *write.taxes(taxes_of(order, lines, charges), order.currency, order.tax_facts),
        ],
        grand_total=(
            _("Total %(currency)s") % {"currency": order.currency},
            write.amount(order.gross_total, order.currency),
        ),
        notes=_notes(order, tax_notes(codes, order.tax_facts, coded=True)),
    )


def _facts(order: Order, write: Writer, zone: str) -> list[tuple[str, str]]:
    facts = [
        (_("Ordered"), write.day(order.placed_at, zone)),
        (_("Ordered by"), order.placed_by_name),
        (_("Your order number"), order.po_number),
        (_("Customer number"), order.account.customer_number),
        (_("Wished for"), write.day(order.wished_date)),
        (_("Delivery date"), write.day(order.confirmed_date)),
        (_("Taken down by"), order.sales_rep_name),
    ]
    return [(label, value) for label, value in facts if value]


def _row(line: OrderLine, order: Order, write: Writer, own_number: str) -> list[list[str]]:
    quantity = [write.quantity(line.quantity, line.unit)]
    if line.unit != line.base_unit:
        quantity.append(write.quantity(line.base_quantity, line.base_unit))
    if line.cancelled:
        cancelled = write.quantity(line.cancelled, line.base_unit)
        quantity.append(_("%(quantity)s cancelled") % {"quantity": cancelled})
    article = [line.name, line.sku]
    if own_number:
        article.append(_("Your number: %(number)s") % {"number": own_number})
    if line.note:
        article.append(line.note)
    return [
        [str(line.position)],
        article,
        quantity,
        price_cell(line.unit_price, line.price_base, line.base_unit, order.currency, write),
        [write.amount(line.full_net, order.currency)],
    ]


def price_cell(price: Decimal, base: Decimal, unit: str, currency: str, write: Writer) -> list[str]:
    """A unit price, and what it buys where that is not one."""
    if price == 0:
        return [_("free of charge")]
    shown = [write.price(price, currency)]
    return shown if base == 1 else [*shown, _("per %(quantity)s") % {"quantity": write.quantity(base, unit)}]


def _notes(order: Order, taxes: list[str]) -> list[Note]:
    by_transfer = order.pay_by == Order.PayBy.TRANSFER
    term = order.payment_term.name if order.payment_term else ""
    payment = (
        [_("By bank transfer in advance. Please name %(order)s.") % {"order": order.number}]
        if by_transfer
        else [term]
    )
    if by_transfer and order.seller.bank_iban:
        payment.append(
            f"{order.seller.bank_name} {grouped_iban(order.seller.bank_iban)} {order.seller.bank_bic}"
        )
    notes = [Note(payment, _("Payment"))] if payment != [""] else []
    if taxes:
        notes.append(Note(taxes))
    if order.note:
        notes.append(Note(order.note.splitlines(), _("Your note")))
    return notes
