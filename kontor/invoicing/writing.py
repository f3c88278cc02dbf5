"""Write an invoice or credit note: totals, a gap-free number at the last moment, an insert per table."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from kontor.audit.trail import record
from kontor.invoicing.events import CreditNoteIssued, InvoiceIssued
from kontor.invoicing.models import Invoice, InvoiceCharge, InvoiceLine
from kontor.kernel import clock
from kontor.kernel.actors import Actor
from kontor.kernel.bulk import insert_row, insert_rows
from kontor.kernel.events import publish
from kontor.kernel.money import ZERO
from kontor.kernel.numbering import next_gapless
from kontor.taxes.rules import code_for, tax_totals

PREFIX = {Invoice.Kind.INVOICE: "INV", Invoice.Kind.CREDIT_NOTE: "CN"}
COLUMNS = (
    "order_line_id",
    "credits_id",
    "part_id",
    "sku",
    "name",
    "quantity",
    "unit",
    "unit_price",
    "price_base",
    "allowance",
    "allowance_reason",
    "net",
    "tax_category",
    "tax_rate",
    "tax_code",
)
CHARGE_COLUMNS = (
    "order_charge_id",
    "credits_id",
    "code",
    "reason",
    "net",
    "tax_category",
    "tax_rate",
    "tax_code",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """A line as it will stand on the paper; quantity in base units."""

    sku: str
    name: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    price_base: Decimal
    net: Decimal
    tax_category: str
    tax_rate: Decimal
    tax_code: str = ""
    order_line_id: int | None = None
    credits_id: int | None = None
    part_id: int | None = None
    allowance: Decimal = ZERO
    allowance_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCharge:
    """A charge as it will stand on the paper; `line` is the number (from 0) of the line with which it goes."""

    code: str
    reason: str
    net: Decimal
    tax_category: str
    tax_rate: Decimal
    tax_code: str
    line: int | None = None
    order_charge_id: int | None = None
    credits_id: int | None = None


def write(
    kind: Invoice.Kind,
    lines: Sequence[NewLine],
    *,
    day: date,
    net_days: int,
    charges: Sequence[NewCharge] = (),
    **facts: Any,
) -> Invoice:
    """Insert the document; `facts` are its further columns. The number is taken last: it holds the whole series.

    `day` is today in the seller's time zone: the terms and the year of the series count from it.
    """
    paid = [(one.tax_rate, one.net) for one in lines] + [(one.tax_rate, one.net) for one in charges]
    net = sum((net for _rate, net in paid), ZERO)
    tax = sum((total.tax for total in tax_totals(paid, facts["currency"])), ZERO)
    invoice = Invoice(
        kind=kind.value,
        issued_at=clock.now(),
        due_on=day + timedelta(days=net_days),
        net_total=net,
        tax_total=tax,
        gross_total=net + tax,
        **facts,
    )
    (invoice.number,) = next_gapless(PREFIX[kind], seller_id=invoice.seller_id, year=day.year)
    insert_row(invoice)
    treatment = invoice.tax_treatment
    lines = [
        line
        if line.tax_code
        else replace(line, tax_code=code_for(treatment, line.tax_category, line.tax_rate))
        for line in lines
    ]
    columns: dict[str, Any] = {name: [getattr(line, name) for line in lines] for name in COLUMNS}
    positions = list(range(1, len(lines) + 1))
    line_ids = insert_rows(InvoiceLine, columns | {"invoice_id": invoice.pk, "position": positions})
    if charges:
        columns = {name: [getattr(one, name) for one in charges] for name in CHARGE_COLUMNS}
        columns |= {
            "line_id": [None if one.line is None else line_ids[one.line] for one in charges],
            "position": list(range(1, len(charges) + 1)),
            "invoice_id": invoice.pk,
        }
        insert_rows(InvoiceCharge, columns)
    return invoice


def announce(actor: Actor, invoice: Invoice) -> None:
    """Tell the trail (on the order's timeline, where there is one) and everybody else."""
    is_credit = invoice.kind == Invoice.Kind.CREDIT_NOTE
    about = ("order", invoice.order_id) if invoice.order_id else ("invoice", invoice.pk)
    changes = {"invoice": invoice.number, "gross_total": invoice.gross_total, "currency": invoice.currency}
    verb = "invoicing.credit_note_issued" if is_credit else "invoicing.invoice_issued"
    record(actor, verb, about, changes=changes, note=invoice.reason, shared=True)
    publish(CreditNoteIssued(invoice.pk) if is_credit else InvoiceIssued(invoice.pk))
