from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from kontor.api.values import Amount, AmountText, Id, In, Moment, Out, Quantity, QuantityText, UnitPrice


class GoodsIn(In):
    """One of them is enough; none is all goods. Models stand for their variants, categories for all below."""

    products: list[Id] = Field([], max_length=1000)
    categories: list[Id] = Field([], max_length=1000)
    brands: list[str] = Field([], max_length=100)


class ConditionsIn(In):
    """All must hold; what is left out asks nothing."""

    goods: GoodsIn | None = None
    companies: list[Id] | None = Field(None, max_length=1000, description="Buying companies.")
    groups: list[Id] | None = Field(None, max_length=1000, description="Customer groups.")
    channels: list[str] | None = Field(None, max_length=20)
    min_quantity: Quantity | None = Field(None, description="Base units of the goods.")
    min_value: Amount | None = Field(None, description="Net of the order at list prices.")
    first_order: bool | None = None
    weekdays: list[int] | None = Field(None, max_length=7, description="0 is Monday.")
    from_time: str | None = Field(None, max_length=8, description="As 08:00, in the seller's time zone.")
    until_time: str | None = Field(None, max_length=8)


class TierIn(In):
    start: Quantity
    percent: Amount


class PartIn(In):
    product_id: Id
    quantity: Quantity | None = Field(None, description="Null: 1.")


class EffectIn(In):
    """What each kind takes: `gift` product_id, quantity, every; `percent` percent; `amount` amount, per;
    `fixed_price` amount, price_base; `cheapest_free` take, pay; `tiered` by, tiers; `bundle` parts, amount."""

    kind: Literal[
        "gift", "percent", "amount", "fixed_price", "cheapest_free", "tiered", "free_freight", "bundle"
    ]
    percent: Amount | None = None
    amount: UnitPrice | None = None
    per: Literal["order", "line", "unit"] | None = None
    price_base: Quantity | None = None
    product_id: Id | None = None
    quantity: Quantity | None = None
    every: Quantity | None = None
    take: int | None = None
    pay: int | None = None
    by: Literal["quantity", "value"] | None = None
    tiers: list[TierIn] | None = Field(None, max_length=10)
    parts: list[PartIn] | None = Field(None, max_length=10)


class PromotionIn(In):
    """Amounts are in `currency`; without any amount it may be empty: the promotion counts in every currency."""

    name: str = Field(min_length=1, max_length=120, description="As customers see it.")
    names: dict[str, str] = Field(
        {}, description='In further languages: `{"de": "Frühling"}`.', max_length=20
    )
    note: str = Field("", max_length=2000)
    is_active: bool = False
    valid_from: Moment | None = None
    valid_until: Moment | None = Field(None, description="It counts before this moment.")
    priority: int = Field(100, ge=0, le=30_000, description="Lower ones are asked first.")
    stacking: Literal["with_others", "other_goods", "alone"] = "with_others"
    currency: str = Field("", max_length=3)
    conditions: ConditionsIn = ConditionsIn()
    effects: list[EffectIn] = Field(min_length=1, max_length=3)
    most: Amount | None = Field(None, description="The most that it takes off an order.")
    below_floor: bool = Field(False, description="May go below the lowest price; needs a right of its own.")
    needs_code: bool = False
    limit_total: int | None = Field(None, ge=1, le=2_000_000_000)
    limit_company: int | None = Field(None, ge=1, le=2_000_000_000)
    limit_person: int | None = Field(None, ge=1, le=2_000_000_000)
    budget: Amount | None = Field(None, description="The most that it takes off all orders together.")


class PromotionOut(Out):
    id: int
    name: str
    names: dict[str, str]
    note: str
    state: str = Field(description="running, planned, over, used_up or stopped")
    text: str = Field(description="What it does, in plain sentences.")
    is_active: bool
    valid_from: datetime | None
    valid_until: datetime | None
    priority: int
    stacking: str
    currency: str
    conditions: dict[str, Any]
    effects: list[dict[str, Any]]
    most: AmountText | None
    below_floor: bool
    needs_code: bool
    limit_total: int | None
    limit_company: int | None
    limit_person: int | None
    budget: AmountText | None
    uses: int
    given: AmountText = Field(description="What it has taken off orders that stand.")


class CodesIn(In):
    """`count` random codes that begin with `prefix`, or the one `code`. Case, blanks and dashes make no difference."""

    name: str = Field(min_length=1, max_length=120, description="What they are for.")
    count: int = Field(1, ge=1, le=100_000)
    prefix: str = Field("", max_length=12)
    code: str = Field("", max_length=60)
    uses_limit: int | None = Field(1, ge=1, le=2_000_000_000, description="Of each code; null: no limit.")


class BatchOut(Out):
    id: int
    name: str
    count: int
    made_at: datetime
    stopped_at: datetime | None


class CodeOut(Out):
    code: str
    batch_id: int
    uses_limit: int | None
    used: int = Field(description="Counted where there is a limit.")


class WishIn(In):
    sku: str = Field(min_length=1, max_length=40)
    quantity: Quantity
    unit: str = Field("", max_length=3, description="A sales unit; empty: the base unit.")


class TrialIn(In):
    """A basket that nobody has, for one of the own customers."""

    account_id: Id
    lines: list[WishIn] = Field(min_length=1, max_length=1000)
    codes: list[str] = Field([], max_length=20)
    at: Moment | None = Field(None, description="Null: now.")
    channel: str = Field("web", max_length=8)
    promotion_id: Id | None = Field(None, description="Counts whatever its state, dates and codes are.")


class TriedLineOut(Out):
    sku: str
    problem: str = Field(description="unknown, unpriced or empty")
    net: AmountText
    allowance: AmountText
    promotions: list[str]


class SaidOut(Out):
    promotion_id: int
    name: str
    counts: bool
    amount: AmountText
    reason: str


class GiftOut(Out):
    sku: str
    quantity: QuantityText


class TriedOut(Out):
    currency: str
    before: AmountText
    allowance: AmountText
    after: AmountText
    frees_freight: bool
    lines: list[TriedLineOut]
    promotions: list[SaidOut]
    gifts: list[GiftOut]
    refused: dict[str, str] = Field(description="A sentence for each code that does nothing.")
    missed: list[str] = Field(description="What is nearly reached.")
