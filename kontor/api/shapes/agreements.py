from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from kontor.api.values import Amount, Id, In, Moment, Out, PriceChange, QuantityText

State = Literal["draft", "ahead", "active", "ended", "terminated"]


class CommitmentOut(Out):
    """`committed`, `used` and `left` are base units of the article, or a net value in the agreement's currency.

    Of a group's commitment a customer is told its own use.
    """

    product_id: int | None = Field(description="Null: all goods.")
    sku: str | None
    kind: Literal["at_most", "at_least"] = Field(description="What is sold at its prices, or what is bought.")
    measure: Literal["quantity", "value"]
    committed: QuantityText
    used: QuantityText
    left: QuantityText


class AgreementOut(Out):
    id: int
    number: str
    kind: Literal["contract", "project"]
    title: str
    state: State
    seller_id: int
    account_id: int | None = Field(description="The customer account, null where it is with a group.")
    currency: str
    price_list_id: int | None = Field(description="For the seller; null for a customer.")
    first_day: date
    last_day: date | None = Field(description="Null: until further notice.")
    buyer_number: str
    contact: str
    terms: str
    end_note: str
    renews_id: int | None
    commitments: list[CommitmentOut]


class AgreementUseOut(Out):
    """What an order line used of a commitment, less what was given back."""

    order_id: int
    order_line_id: int
    account_id: int
    product_id: int | None
    kind: Literal["at_most", "at_least"]
    base_quantity: QuantityText
    net: QuantityText
    drawn_at: datetime


class AgreementIn(In):
    """With a customer or with a group. `adds_list` makes an empty price list for it."""

    title: str = Field(min_length=1, max_length=120)
    kind: Literal["contract", "project"] = "contract"
    account_id: Id | None = None
    group_id: Id | None = None
    price_list_id: Id | None = None
    adds_list: bool = False
    valid_from: Moment
    valid_until: Moment | None = Field(None, description="It counts before this moment.")
    buyer_number: str = Field("", max_length=40)
    contact: str = Field("", max_length=150)
    terms: str = Field("", max_length=10_000)


class CommitmentIn(In):
    product_id: Id | None = None
    sku: str | None = Field(None, max_length=40, description="Neither of both: all goods.")
    kind: Literal["at_most", "at_least"]
    measure: Literal["quantity", "value"] = "quantity"
    committed: Amount

    @model_validator(mode="after")
    def one_at_most(self) -> Self:
        if self.product_id is not None and self.sku is not None:
            raise ValueError("name the article by product_id or by sku")
        return self


class CommitmentsIn(In):
    """All of them: those that are not named go, unless orders have used them."""

    commitments: list[CommitmentIn] = Field(max_length=5000)


class TerminateIn(In):
    note: str = Field(min_length=1, max_length=500)


class RenewIn(In):
    """When the renewal begins and ends, and by how many percent its prices differ."""

    valid_from: Moment
    valid_until: Moment | None = None
    percent: PriceChange = Decimal(0)
