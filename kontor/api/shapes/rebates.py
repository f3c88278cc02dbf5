from datetime import date
from typing import Literal

from pydantic import Field

from kontor.api.values import AmountText, Day, Id, In, Out, QuantityText, UnitPrice

Measure = Literal["value", "quantity"]
Reward = Literal["percent", "per_unit"]


class TierIn(In):
    begins_at: UnitPrice = Field(description="From so much on, in the currency or the unit.")
    rate: UnitPrice = Field(description="Percent of the value, or an amount per unit.")


class GoodsIn(In):
    """Exactly one of: a category's path (with all below), a brand, an own SKU."""

    category: str = Field("", max_length=300)
    brand: str = Field("", max_length=100)
    sku: str = Field("", max_length=40)


class RebateIn(In):
    """A bonus agreement. Tiers rise in both figures. Without `takes_in` all goods count."""

    name: str = Field(min_length=1, max_length=120)
    currency: str = Field(min_length=3, max_length=3)
    begins_on: Day
    ends_on: Day = Field(description="The last day that counts.")
    account_ids: list[Id] = Field(min_length=1, max_length=1000, description="They count together.")
    tiers: list[TierIn] = Field(min_length=1, max_length=20)
    takes_in: list[GoodsIn] = Field(default_factory=list, max_length=1000)
    leaves_out: list[GoodsIn] = Field(default_factory=list, max_length=1000)
    measure: Measure = "value"
    unit: str = Field("", max_length=3, description="Of a quantity, UN/ECE Recommendation 20.")
    reward: Reward = "percent"
    is_graduated: bool = Field(False, description="Each tier for the part above it, not for everything.")
    is_cumulative: bool = Field(False, description="May stand beside others for the same goods.")
    is_quarterly: bool = Field(False, description="Paid on account after each quarter.")


class TierOut(Out):
    begins_at: QuantityText
    rate: str
    missing: QuantityText = Field(description="What is missing to it; 0 once it is reached.")


class RebateOut(Out):
    """An agreement and how far it is. Figures are of all customers that count together."""

    id: int
    name: str
    seller_id: int
    seller: str
    state: Literal["draft", "active", "settled", "ended"]
    currency: str
    begins_on: date
    ends_on: date
    measure: Measure
    unit: str
    reward: Reward
    is_graduated: bool
    is_quarterly: bool
    tiers: list[TierOut]
    value: AmountText = Field(description="Net value of the lines that count, less credits.")
    quantity: QuantityText = Field(description="In the unit; 0 when the value is measured.")
    bonus: AmountText = Field(description="What that comes to.")
    settled: AmountText = Field(description="Of it paid so far.")
    forecast_bonus: AmountText | None = Field(description="At the pace of the days so far; no promise.")


class SharePartOut(Out):
    tax_category: str
    tax_rate: QuantityText
    net: AmountText


class ShareOut(Out):
    account_id: int
    buyer: str
    tax_treatment: str
    document: Literal["credit_note", "invoice"] = Field(description="An invoice takes a part back.")
    parts: list[SharePartOut]


class PlannedOut(Out):
    """A settlement as it would be now."""

    kind: Literal["on_account", "final", "correction"]
    until: date
    bonus: AmountText
    paid_before: AmountText
    amount: AmountText = Field(description="Negative: to be taken back.")
    shares: list[ShareOut]


class SettleIn(In):
    expected: str | None = Field(
        None,
        pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,3})?$",
        description="Refused when it is another amount by now.",
    )


class SettlementOut(Out):
    id: int
    kind: Literal["on_account", "final", "correction"]
    until: date
    bonus: AmountText
    amount: AmountText
    invoice_ids: list[int] = Field(description="The documents, as far as the caller may see them.")


class RecountedOut(Out):
    lines: int
