"""Prices with their reasons, and who is given which lists."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, Field

from kontor.api.values import AmountText, Id, In, Moment, Out, Quantity, QuantityText
from kontor.pricing.explain import Kind, Why


class PriceQuestion(BaseModel):
    """For how much, in which unit."""

    quantity: Quantity = Decimal(1)
    unit: str = Field("", max_length=3, description="A sales unit of the article; empty: its base unit.")


class PriceQuestionAt(PriceQuestion):
    at: Moment | None = Field(None, description="Empty: now.")


class PriceOut(Out):
    """`amount` buys `price_base` base units; it counts from `min_quantity` of them."""

    amount: AmountText
    price_base: QuantityText
    min_quantity: QuantityText
    currency: str


class ChangeOut(Out):
    """From this moment it costs something else; null: on request, or no price."""

    at: datetime
    price: PriceOut | None


class ToldPriceOut(Out):
    """`kind`: from a list of the company's own, from one that others have as well, from the public one, or on request.
    `list_price` is the public price for as much, where it is higher."""

    price: PriceOut | None
    kind: Kind
    list_price: AmountText | None
    sentence: str = Field(description="The same in words, in the caller's language; may be empty.")
    changes: list[ChangeOut]


class StepOut(Out):
    """A list that is asked, or one that it derives from (`source_id`), and what it gives.

    `why`: it counts as the `first` with a price, as the `lowest`, or puts the article `on_request`; or not, because it
    has `none`, is on request while another has a price (`silent`), has an `exception` from the formula, comes `later`
    than one with a price, or is `higher`.
    """

    list_id: int
    list_name: str
    source_id: int
    price: PriceOut | None
    on_request: bool
    counts: bool
    why: Why
    factor: str
    addend: AmountText
    basis_amount: AmountText | None


class LeftOutOut(Out):
    """A list that was given and is not asked: it begins later (`ahead`), is `over`, stands behind lists that stand
    alone (`closed`), is in another `currency`, or lacks an exchange `rate`."""

    list_id: int
    list_name: str
    why: Literal["ahead", "over", "closed", "currency", "rate"]


class ExplainedPriceOut(Out):
    price: PriceOut | None
    steps: list[StepOut]
    left_out: list[LeftOutOut]
    changes: list[ChangeOut]


class GivenIn(In):
    """Price lists in the order in which they are asked; with `is_closed` these alone."""

    price_list_ids: list[Id] = Field(max_length=50)
    is_closed: bool = False


class GivenToAllIn(GivenIn):
    takes_lowest: bool = Field(False, description="The lowest price of all lists counts, not the first.")


class GivenOut(Out):
    price_list_ids: list[int]
    is_closed: bool


class GivenToAllOut(GivenOut):
    takes_lowest: bool
