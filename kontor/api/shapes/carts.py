from datetime import datetime
from typing import Self

from pydantic import Field, model_validator

from kontor.api.shapes.orders import ReasonOut
from kontor.api.values import AmountText, Id, In, Out, Quantity, QuantityText


class CartIn(In):
    """Which cart to open. A key always opens one of its own, beside the current cart of the people."""

    seller_id: Id | None = Field(None, description="Null: the platform's first seller.")
    start_new: bool = Field(False, description="A person: put the current cart aside, where it stays open.")
    name: str = Field(
        "", max_length=80, description="Of a new cart; that of a key is named like the key without it."
    )


class CartPatch(In):
    name: str = Field(max_length=80)


class CartRow(Out):
    id: int
    name: str
    is_current: bool
    seller_id: int
    seller: str
    created_at: datetime
    lines: int
    sent_back_note: str = Field(description="Why an approver sent the order back.")


class LineIn(In):
    """An article by id or SKU. The quantity counts in `unit`, a code of UN/ECE Recommendation 20."""

    product_id: Id | None = None
    sku: str | None = Field(
        None, max_length=125, description="With the code of a configuration, if it has one."
    )
    quantity: Quantity
    unit: str | None = Field(None, max_length=3, description="Null: the unit that is offered first.")
    note: str = Field("", max_length=500)

    @model_validator(mode="after")
    def one_article(self) -> Self:
        if (self.product_id is None) == (self.sku is None):
            raise ValueError("Give either product_id or sku.")
        return self


class LinePatch(In):
    quantity: Quantity | None = None
    note: str | None = Field(None, max_length=500)


class LineBrief(Out):
    """A line as it is kept; its ETag is its revision."""

    id: int
    product_id: int
    unit: str
    quantity: QuantityText
    note: str
    revision: int


class CartPartOut(Out):
    """So many base units of it are in each base unit of the kit."""

    sku: str
    name: str
    unit: str
    quantity: QuantityText


class LineOut(LineBrief):
    """A line as it would cost now. `amount` buys `price_base` base units."""

    sku: str
    name: str
    base_unit: str
    base_quantity: QuantityText
    minimum: QuantityText
    multiple: QuantityText
    amount: AmountText | None
    price_base: QuantityText
    net: AmountText | None = Field(description="At the price, before `allowance`.")
    allowance: AmountText = Field(description="What promotions take off.")
    available: QuantityText | None = Field(description="In base units; null for services.")
    choices: str = Field(description="What was chosen of a configurable article, or empty.")
    own_number: str = Field(description="The own company's part number, or empty.")
    agreed: str = Field(description="What was agreed with the own company about quantities, or empty.")
    added_by: str
    problem: str | None = Field(description="A stable code when the line cannot be ordered as it stands.")
    message: str
    parts: list[CartPartOut] = Field(description="What is in a kit.")


class CouponIn(In):
    """A coupon code as it was given to somebody."""

    code: str = Field(max_length=40)


class CouponOut(Out):
    code: str
    problem: str = Field(description="Why it gives nothing, or empty.")


class GiftOut(Out):
    """Goods that come free of charge, in base units."""

    product_id: int
    sku: str
    name: str
    unit: str
    quantity: QuantityText
    reason: str


class CartChargeOut(Out):
    """What is charged beside the lines; with `line_id` it goes with that line."""

    code: str = Field(description="UNCL 7161")
    reason: str
    net: AmountText
    line_id: int | None


class CartOut(Out):
    """A cart at the prices of this moment."""

    id: int
    name: str
    status: str
    is_current: bool
    seller_id: int
    revision: int
    currency: str
    net_total: AmountText = Field(
        description="Of the lines that have a price, less what promotions take off, with the charges."
    )
    can_be_ordered: bool
    sent_back_note: str
    lines: list[LineOut]
    gifts: list[GiftOut]
    reductions: list[ReasonOut] = Field(description="What promotions take off the lines, by reason.")
    charges: list[CartChargeOut]
    coupons: list[CouponOut]
    hints: list[str] = Field(description="Promotions that are nearly reached.")


class PastedIn(In):
    sku: str = Field(max_length=125)
    quantity: Quantity
    unit: str = Field("", max_length=20)
    note: str = Field("", max_length=500)


class PasteIn(In):
    """Many lines at once: as a list, or as text with `SKU quantity` on each line."""

    lines: list[PastedIn] | None = Field(None, min_length=1, max_length=5000)
    text: str | None = Field(None, max_length=1_000_000)

    @model_validator(mode="after")
    def one_form(self) -> Self:
        if (self.lines is None) == (self.text is None):
            raise ValueError("Give either lines or text.")
        return self


class TakenOut(Out):
    no: int = Field(description="The line's number, from 1.")
    product_id: int
    sku: str
    name: str
    quantity: QuantityText
    unit: str
    in_all: QuantityText = Field(description="What the cart holds of the article afterwards.")


class RejectedOut(Out):
    no: int
    text: str
    code: str
    message: str


class PasteOut(Out):
    """What became of every line."""

    cart_id: int
    added: list[TakenOut]
    changed: list[TakenOut]
    rejected: list[RejectedOut]
