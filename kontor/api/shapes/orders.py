from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from kontor.api.shapes.companies import AddressIn
from kontor.api.values import AmountText, Day, Id, In, Out, Quantity, QuantityText, UnitPrice

PayBy = Literal["terms", "transfer"]
CouponCode = Annotated[str, Field(min_length=1, max_length=40)]
TaxCode = Annotated[str, Field(description="Category of the tax, UNCL 5305: S, Z, E, AE, K, G or O.")]


class DetailsIn(In):
    """What is said beside the lines. Without an address the usual delivery address is taken."""

    delivery_address_id: Id | None = None
    delivery_address: AddressIn | None = None
    po_number: str = Field("", max_length=40, description="The buyer's own order number.")
    wished_date: Day | None = None
    pay_by: PayBy = "terms"
    note: str = Field("", max_length=4000)
    accept_duplicate_po: bool = Field(False, description="Order again on a PO number that was used before.")


class PlaceIn(DetailsIn):
    """An order from a cart, at the prices of this moment."""

    cart_id: Id


class EnteredLineIn(In):
    """A line by article id or SKU. Without `unit` it counts in base units; without a price the lists are asked."""

    product_id: Id | None = None
    sku: str | None = Field(
        None, max_length=125, description="With the code of a configuration, if it has one."
    )
    quantity: Quantity
    unit: str = Field("", max_length=3)
    unit_price: UnitPrice | None = Field(
        None, description="Per `price_base` base units; 0 is free of charge."
    )
    price_base: Quantity | None = None
    note: str = Field("", max_length=500)

    @model_validator(mode="after")
    def one_article(self) -> Self:
        if (self.product_id is None) == (self.sku is None):
            raise ValueError("Give either product_id or sku.")
        return self


class EnterIn(DetailsIn):
    """An order that a sales representative takes down for a customer."""

    account_id: Id
    codes: list[CouponCode] = Field(default=[], max_length=10, description="Codes of coupons.")
    channel: Literal["phone", "mail", "fair", "counter", "api", "import"] = "phone"
    lines: list[EnteredLineIn] = Field(min_length=1, max_length=10_000)
    external_reference: str = Field("", max_length=60)


class NoteIn(In):
    note: str = Field("", max_length=2000)


class WhyIn(In):
    """A reason that may be left out."""

    reason: str = Field("", max_length=2000)


class CancelIn(In):
    """Without lines all that is open is cancelled. Sellers must say why."""

    reason: str = Field("", max_length=2000)
    line_ids: list[Id] | None = Field(None, min_length=1, max_length=10_000)


class ConfirmIn(In):
    confirmed_date: Day | None = Field(
        None, description="Null: the wished day, or the earliest that lead times allow."
    )


class DateIn(In):
    confirmed_date: Day
    reason: str = Field("", max_length=2000)


class MessageIn(In):
    body: str = Field(min_length=1, max_length=20_000)


class OrderRow(Out):
    id: int
    number: str
    status: str
    channel: str
    placed_at: datetime
    placed_by: str
    sales_rep: str
    po_number: str
    buyer_id: int
    buyer: str
    seller_id: int
    seller: str
    currency: str
    net_total: AmountText
    tax_total: AmountText
    gross_total: AmountText
    wished_date: date | None
    confirmed_date: date | None


class LinePartOut(Out):
    """What was in a kit when it was ordered: so many base units in each base unit of the kit, and how many left."""

    product_id: int
    sku: str
    name: str
    unit: str
    quantity: QuantityText
    shipped: QuantityText


class OrderLineOut(Out):
    """`quantity` in `unit`; all other quantities in base units. `unit_price` buys `price_base` base units."""

    id: int
    position: int
    product_id: int
    sku: str
    name: str
    unit: str
    quantity: QuantityText
    base_unit: str
    base_quantity: QuantityText
    unit_price: AmountText
    price_base: QuantityText
    price_source: str
    price_explained: str = Field(description="Where the price is from, as a sentence.")
    allowance: AmountText = Field(description="What promotions took off; already less in `net`.")
    net: AmountText
    tax_code: TaxCode
    tax_rate: str
    note: str
    shipped: QuantityText
    delivered: QuantityText
    invoiced: QuantityText
    returned: QuantityText
    cancelled: QuantityText
    parts: list[LinePartOut] = Field(description="Of a kit, its parts; they have no price of their own.")


class ReasonOut(Out):
    """A sum by its reason."""

    reason: str
    amount: AmountText


class ChargeOut(Out):
    """What is charged beside the lines; with `line` (its position) it goes with these goods."""

    code: str = Field(description="UNCL 7161")
    reason: str
    net: AmountText
    tax_code: TaxCode
    tax_rate: str
    line: int | None


class TaxOut(Out):
    """What bears one rate for one reason, as the VAT breakdown of EN 16931 (BG-23)."""

    code: TaxCode
    rate: str
    net: AmountText
    tax: AmountText
    exemption_code: str = Field(description="VATEX, why no tax is charged (BT-121); empty: none is given.")
    exemption_reason: str = Field(description="The same as a sentence (BT-120).")


class OrderOut(OrderRow):
    """An order whole. Prices, addresses and terms are as they were when it was placed."""

    note: str
    pay_by: str
    payment_term: str | None
    net_days: int
    tax_treatment: str
    delivery_address: dict[str, Any]
    billing_address: dict[str, Any]
    first_confirmed_date: date | None
    external_reference: str
    lines: list[OrderLineOut]
    reductions: list[ReasonOut] = Field(description="What promotions took off the lines, by reason.")
    charges: list[ChargeOut]
    taxes: list[TaxOut]
    allowed: list[str] = Field(description="What the caller could do now: approve, confirm, cancel, …")


class EntryOut(Out):
    """Something that happened; `internal` entries are for the own company only."""

    at: datetime
    kind: Literal["fact", "message"]
    verb: str
    text: str
    note: str
    who: str
    company: str
    on_behalf_of: str
    side: Literal["buyer", "seller", "system"]
    internal: bool


class MessageOut(Out):
    id: int
    sent_at: datetime
    author: str
    company: str
    body: str


class ApprovalOut(Out):
    id: int
    subject_type: str
    subject_id: int
    title: str
    reason: str
    amount: AmountText
    currency: str
    requested_by: str
    requested_at: datetime
    status: str
    note: str
    decided_at: datetime | None


class DecideIn(In):
    approved: bool
    note: str = Field("", max_length=2000, description="Needed when the order is sent back.")
