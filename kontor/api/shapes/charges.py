from datetime import date, datetime
from typing import Literal

from pydantic import Field

from kontor.api.values import (
    Amount,
    AmountText,
    Count,
    Day,
    Id,
    In,
    Moment,
    Out,
    Quantity,
    QuantityText,
    UnitPrice,
)

Kind = Literal["freight", "packaging", "small_order", "deposit", "index", "hazardous", "allowance"]
Measure = Literal["value", "weight", "quantity", "content", "index"]
Currency = Field(min_length=3, max_length=3, pattern="^[A-Z]{3}$")


class ChargeIn(In):
    """What is charged beside the goods. Without categories and articles it is about all goods; without channels about
    every order. `measure` and `code` are the usual ones of the kind when they are left out."""

    kind: Kind
    name: str = Field(min_length=1, max_length=120, description="Stands on orders and invoices.")
    measure: Measure | None = None
    code: str = Field("", max_length=3, description="Of UNCL 7161; of an allowance UNCL 5189.")
    tax_category: Literal["", "standard", "reduced", "zero"] = Field(
        "", description="Empty: follows the goods."
    )
    is_refundable: bool | None = Field(None, description="Credited with goods that come back.")
    per: Quantity | None = Field(None, description="By quantity: base units that an amount is for.")
    index_id: Id | None = None
    channels: list[str] = Field([], max_length=20)
    category_paths: list[str] = Field([], max_length=500)
    skus: list[str] = Field([], max_length=5000)
    hazards: list[str] | None = Field(
        None,
        max_length=20,
        description="Classes of ADR; * is any. Null: any for a hazardous charge without goods.",
    )
    position: int = Field(0, ge=0, le=999)


class StepShape(Out):
    """From `start` of the measure on: an amount in the currency, or a percentage of the net value."""

    start: QuantityText
    amount: AmountText | None
    percent: str | None


class TariffOut(Out):
    id: int
    currency: str
    account_id: int | None
    group_id: int | None
    countries: list[str]
    postcodes: list[str]
    valid_from: datetime | None
    valid_until: datetime | None
    is_none: bool
    free_from: AmountText | None
    index_base: AmountText
    steps: list[StepShape]


class ChargeOut(Out):
    id: int
    kind: str
    name: str
    measure: str
    code: str
    tax_category: str
    is_refundable: bool
    per: QuantityText
    index_id: int | None
    channels: list[str]
    hazards: list[str]
    position: int
    tariffs: list[TariffOut]


class StepIn(In):
    start: Count
    amount: UnitPrice | None = None
    percent: UnitPrice | None = None


class TariffIn(In):
    """For a customer, a group or (neither) all; the nearest counts. Two that would both count are refused."""

    currency: str = Currency
    account_id: Id | None = None
    group_id: Id | None = None
    countries: list[str] = Field(
        [], max_length=250, description="ISO 3166; none: all that no other tariff names."
    )
    postcodes: list[str] = Field(
        [], max_length=500, description="Of the one country: codes, their beginnings, ranges as 25845-25849."
    )
    valid_from: Moment | None = None
    valid_until: Moment | None = Field(None, description="It counts before this moment.")
    is_none: bool = Field(False, description="No such charge for them.")
    free_from: Amount | None = Field(
        None, description="Net value of the order from which nothing is charged."
    )
    index_base: UnitPrice | None = None
    steps: list[StepIn] = Field([], max_length=50)


class IndexIn(In):
    """A quotation: a value is in `currency` for `per` of `unit` (UN/ECE Rec 20)."""

    name: str = Field(min_length=1, max_length=120)
    currency: str = Currency
    code: str = Field("", max_length=40, description="Empty: made from the name.")
    per: Quantity
    unit: str = Field(min_length=2, max_length=3)


class IndexOut(Out):
    id: int
    code: str
    name: str
    currency: str
    per: QuantityText
    unit: str


class IndexValueIn(In):
    day: Day
    value: UnitPrice | None = Field(description="Null takes the value of this day away.")


class IndexValuesIn(In):
    """Many values at once, all or none; those of other days stay."""

    rows: list[IndexValueIn] = Field(min_length=1, max_length=10_000)


class IndexValueOut(Out):
    day: date
    value: str


class ContentIn(In):
    sku: str = Field(min_length=1, max_length=40)
    amount: UnitPrice = Field(description="In one base unit, in the index's unit; 0 takes the article out.")


class ContentsIn(In):
    rows: list[ContentIn] = Field(min_length=1, max_length=10_000)


class RateIn(In):
    """What one unit of `source` is in `target` for the own price lists, from a day on, until another rate is fixed."""

    source: str = Currency
    target: str = Currency
    rate: str = Field(pattern=r"^[0-9]{1,10}(\.[0-9]{1,8})?$", examples=["1.1412"])
    day: Day


class RateOut(Out):
    id: int
    source: str
    target: str
    day: date
    rate: str
    is_reference: bool = Field(description="Of the European Central Bank, for everybody.")
    is_fixed: bool
