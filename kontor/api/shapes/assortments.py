from typing import Literal, Self

from pydantic import Field, model_validator

from kontor.api.values import Id, In, Out, Quantity, QuantityText


class AssortmentIn(In):
    name: str = Field(min_length=1, max_length=120)
    start: Literal["all", "none"] = Field("all", description="Whether it begins with all goods or with none.")
    extends_id: Id | None = Field(
        None, description="Begins with what this one holds; `start` is not asked then."
    )
    is_standard: bool = Field(False, description="Everybody has it who has no other.")


class AssortmentOut(Out):
    id: int
    name: str
    start: str
    extends: str = Field(description="The assortment that it begins with, or empty.")
    is_standard: bool
    rules: int
    goods: int = Field(description="How many articles on sale are in it.")
    customers: int
    groups: int
    visitors: bool


class RuleIn(In):
    """Lets in, or keeps out, a category with all below it, a brand, or one article: exactly one of them."""

    allows: bool
    category: str = Field("", max_length=300, description="A category's path.")
    brand: str = Field("", max_length=100)
    sku: str = Field("", max_length=40)

    @model_validator(mode="after")
    def one_subject(self) -> Self:
        if (bool(self.category), bool(self.brand), bool(self.sku)).count(True) != 1:
            raise ValueError("Give exactly one of category, brand and sku.")
        return self


class RulesIn(In):
    """Many rules at once, all or none. With `replace`, rules that are not named go."""

    add: list[RuleIn] = Field(default_factory=list, max_length=10_000)
    remove: list[Id] = Field(default_factory=list, max_length=10_000, description="Ids of rules.")
    replace: bool = False


class RuleOut(Out):
    id: int
    allows: bool
    category: str
    brand: str
    sku: str


class MovedOut(Out):
    moved: int = Field(description="How many articles are seen by others than before.")


class HoldersIn(In):
    """These have the assortment from now on, and nobody else beside the standard."""

    account_ids: list[Id] = Field(default_factory=list, max_length=10_000)
    group_ids: list[Id] = Field(default_factory=list, max_length=1000)
    visitors: bool = False


class SightOut(Out):
    """What a customer, or a visitor, sees of the own goods on sale."""

    assortments: list[str]
    seen: int
    hidden: int


class GuestModeBody(In):
    guest_mode: Literal["public", "prices_hidden", "sign_in"]


class GroupIn(In):
    name: str = Field(min_length=1, max_length=120)


class GroupOut(Out):
    id: int
    name: str


class MembersIn(In):
    account_ids: list[Id] = Field(min_length=1, max_length=10_000)
    inside: bool = Field(True, description="False: takes them out of the group.")


class AgreedQuantityIn(In):
    """In which quantities an article is bought in a unit; the figures count in the unit."""

    sku: str = Field(min_length=1, max_length=40)
    unit: str = Field("", max_length=3, description="Empty: the unit offered first.")
    minimum: Quantity
    multiple: Quantity
    maximum: Quantity | None = None


class AgreedQuantitiesIn(In):
    """All that is agreed from now on; what is not named counts no more."""

    agreed: list[AgreedQuantityIn] = Field(max_length=2000)


class AgreedQuantityOut(Out):
    sku: str
    unit: str
    minimum: QuantityText
    multiple: QuantityText
    maximum: QuantityText | None


class PartNumberIn(In):
    """The own number of an article; the article by its id, or by a SKU at a seller."""

    number: str = Field(min_length=1, max_length=60)
    product_id: Id | None = None
    sku: str | None = Field(None, max_length=40)

    @model_validator(mode="after")
    def one_article(self) -> Self:
        if (self.product_id is None) == (self.sku is None):
            raise ValueError("Give either product_id or sku.")
        return self


class PartNumbersIn(In):
    rows: list[PartNumberIn] = Field(min_length=1, max_length=5000)
    seller_id: Id | None = Field(None, description="Of the SKUs; null: the platform's first seller.")


class PartNumberOut(Out):
    number: str
    product_id: int
    sku: str
    name: str
    seller_id: int
