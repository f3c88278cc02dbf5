from typing import Self

from pydantic import Field, model_validator

from kontor.api.values import Id, In, Out, Quantity, QuantityText, UnitPrice


class PriceListIn(In):
    name: str = Field(min_length=1, max_length=120)
    currency: str = Field(min_length=3, max_length=3)
    code: str = Field("", max_length=40, description="Empty: made from the name.")
    is_public: bool = Field(False, description="Ends every customer's chain; one per currency.")


class PriceListOut(Out):
    id: int
    code: str
    name: str
    currency: str
    is_public: bool


class PriceRowIn(In):
    """`amount` buys `price_base` base units, from `min_quantity` base units upwards."""

    product_id: Id | None = None
    sku: str | None = Field(None, max_length=40)
    amount: UnitPrice
    min_quantity: Quantity | None = Field(None, description="Null: from 1.")
    price_base: Quantity | None = Field(None, description="Null: per 1.")

    @model_validator(mode="after")
    def one_article(self) -> Self:
        if (self.product_id is None) == (self.sku is None):
            raise ValueError("Give either product_id or sku.")
        return self


class PricesIn(In):
    """Many prices at once, all or none. With `replace`, other breaks of the same products go."""

    rows: list[PriceRowIn] = Field(min_length=1, max_length=10_000)
    replace: bool = False


class ChangedOut(Out):
    changed: int = Field(description="How many rows made a difference.")


class PriceRowOut(Out):
    id: int
    product_id: int
    sku: str
    min_quantity: QuantityText
    amount: str
    price_base: QuantityText


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
