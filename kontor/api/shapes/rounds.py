"""Costs, lowest prices and price rounds on the wire."""

from datetime import date, datetime
from typing import Literal, Self

from pydantic import Field, model_validator

from kontor.api.shapes.selling import PriceRowIn
from kontor.api.values import Amount, Day, Id, In, Moment, Out, UnitPrice


class CostIn(In):
    """From `day` on; `cost` and `floor` for one base unit in the seller's currency. Null: not known, no limit."""

    product_id: Id | None = None
    sku: str | None = Field(None, max_length=40)
    day: Day
    cost: UnitPrice | None = None
    floor: UnitPrice | None = Field(None, description="The lowest price.")
    least_margin: Amount | None = Field(None, description="In percent of the price, below 100.")

    @model_validator(mode="after")
    def one_article(self) -> Self:
        if (self.product_id is None) == (self.sku is None):
            raise ValueError("Give either product_id or sku.")
        return self


class CostsIn(In):
    """Many at once, all or none. A row takes the place of the one of the same article and day."""

    rows: list[CostIn] = Field(min_length=1, max_length=10_000)


class CostOut(Out):
    id: int
    product_id: int
    sku: str
    day: date
    cost: str | None
    floor: str | None
    least_margin: str | None


class PriceRoundIn(In):
    """Prices of one list that begin together; the dates of its rows are not read."""

    name: str = Field(min_length=1, max_length=120)
    list_id: Id
    starts_at: Moment | None = Field(None, description="Null: as soon as it is approved.")
    rows: list[PriceRowIn] = Field(min_length=1, max_length=10_000)


class PriceRoundOut(Out):
    id: int
    name: str
    status: Literal["draft", "submitted", "approved", "rejected"]
    starts_at: datetime | None
    decided_at: datetime | None
    reason: str


class RejectionIn(In):
    reason: str = Field(min_length=1, max_length=400)
