from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from kontor.api.shapes.orders import ChargeOut, TaxCode, TaxOut
from kontor.api.values import AmountText, Id, In, Out, Quantity, QuantityText, UnitPrice


class InvoiceRow(Out):
    """An invoice or credit note. Amounts of a credit note are positive; `kind` turns the sign."""

    id: int
    kind: Literal["invoice", "credit_note"]
    number: str
    issued_at: datetime
    due_on: date
    buyer_id: int
    buyer: str
    seller_id: int
    seller: str
    order_id: int | None
    order_number: str | None
    po_number: str
    currency: str
    net_total: AmountText
    tax_total: AmountText
    gross_total: AmountText


class InvoiceLineOut(Out):
    position: int
    order_line_id: int | None
    sku: str
    name: str
    quantity: QuantityText
    unit: str
    unit_price: AmountText
    price_base: QuantityText
    allowance: AmountText = Field(description="What was taken off; already less in `net`.")
    allowance_reason: str
    net: AmountText
    tax_category: str
    tax_code: TaxCode
    tax_rate: str


class InvoiceOut(InvoiceRow):
    terms: str
    tax_treatment: str
    reason: str
    billing_address: dict[str, Any]
    shipment_id: int | None
    return_id: int | None
    external_reference: str
    lines: list[InvoiceLineOut]
    charges: list[ChargeOut]
    taxes: list[TaxOut]
    credited_by: list[str] = Field(description="Numbers of the credit notes that take back parts of it.")


class IssueIn(In):
    """What to invoice: a shipment that has left, or of an order its open services, or parts of its cancelled kits."""

    shipment_id: Id | None = None
    order_id: Id | None = None
    what: Literal["services", "parts"] = Field(
        "services",
        description="Of an order: services are booked as rendered; parts are those that left of kits of which the rest "
        "was cancelled, each at its share of the kit's price.",
    )


class CreditIn(In):
    """What to credit: a return that was received."""

    return_id: Id


class FreeLineIn(In):
    """A line in words; `unit_price` buys `price_base` units."""

    name: str = Field(min_length=1, max_length=250)
    quantity: Quantity
    unit_price: UnitPrice
    price_base: Quantity | None = None
    sku: str = Field("", max_length=40)
    unit: str = Field("C62", min_length=2, max_length=3)
    tax_category: Literal["standard", "reduced", "zero", "exempt", "reduced_2", "reversed"] = "standard"


class FreeIn(In):
    """An invoice or credit note that belongs to no order."""

    kind: Literal["invoice", "credit_note"]
    account_id: Id
    lines: list[FreeLineIn] = Field(min_length=1, max_length=10_000)
    reason: str = Field("", max_length=200)
    external_reference: str = Field("", max_length=60)
    currency: str = Field("", max_length=3)
