from datetime import datetime
from decimal import Decimal
from typing import Self

from pydantic import Field, model_validator

from kontor.api.values import (
    AmountText,
    Id,
    In,
    Moment,
    Out,
    PriceChange,
    Quantity,
    QuantityText,
    UnitPrice,
)


class FormulaIn(In):
    """The price in the basis, times `factor`, plus `addend` per base unit, rounded to a multiple of `round_to` plus
    `ending`. Of a basis in another currency the rate of the day is taken, at most `rate_days` old."""

    basis_id: Id = Field(description="One of the own price lists.")
    factor: UnitPrice = Decimal(1)
    addend: PriceChange = Decimal(0)
    round_to: UnitPrice | None = Field(None, description="Null: six decimals.")
    ending: PriceChange = Decimal(0)
    rate_days: int = Field(7, ge=0, le=366)


class FormulaOut(Out):
    basis_id: int
    factor: AmountText
    addend: AmountText
    round_to: AmountText | None
    ending: AmountText
    rate_days: int


class PriceListIn(In):
    name: str = Field(min_length=1, max_length=120)
    currency: str = Field(min_length=3, max_length=3)
    code: str = Field("", max_length=40, description="Empty: made from the name.")
    is_public: bool = Field(False, description="Ends every customer's chain; one per currency.")
    valid_from: Moment | None = None
    valid_until: Moment | None = Field(None, description="It is asked before this moment.")
    is_graduated: bool = Field(False, description="Each break prices the part of a quantity above it.")
    formula: FormulaIn | None = Field(None, description="Of a list that derives from another one.")


class PriceListOut(Out):
    id: int
    code: str
    name: str
    currency: str
    is_public: bool
    valid_from: datetime | None
    valid_until: datetime | None
    is_graduated: bool
    formula: FormulaOut | None


class PriceRowIn(In):
    """`amount` buys `price_base` base units, from `min_quantity` base units upwards.

    With `valid_from` it goes before the price without dates, to before `valid_until`.
    """

    product_id: Id | None = None
    sku: str | None = Field(None, max_length=40)
    amount: UnitPrice | None = Field(description="Null: on request.")
    min_quantity: Quantity | None = Field(None, description="Null: from 1.")
    price_base: Quantity | None = Field(None, description="Null: per 1.")
    unit: str = Field("", max_length=3, description="A sales unit of the article; empty: any.")
    valid_from: Moment | None = None
    valid_until: Moment | None = None

    @model_validator(mode="after")
    def one_article(self) -> Self:
        if (self.product_id is None) == (self.sku is None):
            raise ValueError("Give either product_id or sku.")
        return self


class PricesIn(In):
    """Many prices at once, all or none. With `replace`, other prices without dates of the same products go."""

    rows: list[PriceRowIn] = Field(min_length=1, max_length=10_000)
    replace: bool = False


class ChangedOut(Out):
    changed: int = Field(description="How many rows made a difference.")


class PriceRowOut(Out):
    id: int
    product_id: int
    sku: str
    min_quantity: QuantityText
    amount: str | None = Field(description="Null: on request.")
    price_base: QuantityText
    unit: str
    valid_from: datetime | None
    valid_until: datetime | None


class UnitIn(In):
    """`factor` base units make one; minimum and multiple count in the unit."""

    unit: str = Field(min_length=2, max_length=3)
    factor: Quantity
    minimum: Quantity
    multiple: Quantity
    maximum: Quantity | None = Field(None, description="The most in one order line, in this unit.")
    package: str = Field("", max_length=2, description="UN/ECE Rec 21 code of the packaging.")
    gtin: str = Field("", max_length=14)


class SpecificationIn(In):
    name: str = Field(min_length=1, max_length=120)
    value: str = Field(max_length=400)
    unit: str = Field("", max_length=20)


class TopicOut(Out):
    """Something that a person can be told about by mail."""

    topic: str
    label: str
    hint: str
    by_mail: bool | None = Field(description="The person's choice; null: the topic's usual rule.")


class PreferenceIn(In):
    by_mail: bool
