from typing import Annotated, Literal

from pydantic import Field

from kontor.api.values import In, Out

Effect = Annotated[str, Field(pattern=r"^-?[0-9]{1,9}(\.[0-9]{1,6})?$", description="A decimal as text.")]
Names = Annotated[
    dict[str, str], Field(default_factory=dict, description="In further languages, by language code.")
]
Code = Annotated[str, Field(min_length=1, max_length=8, description="Stands in the SKU; once per product.")]


class OptionChoiceIn(In):
    """Adds `amount` in `currency` per base unit, or `percent` of the base price; grams and working days as well."""

    code: Code
    name: str = Field(min_length=1, max_length=120)
    names: Names
    amount: Effect = "0"
    currency: str = Field("", max_length=3)
    percent: Effect = "0"
    weight_grams: int = Field(0, ge=-100_000_000, le=100_000_000)
    lead_days: int = Field(0, ge=0, le=365)
    is_default: bool = False


class OptionGroupIn(In):
    """Of its choices at least `least` and at most `most` are taken together."""

    code: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=120)
    names: Names
    least: int = Field(1, ge=0, le=200)
    most: int = Field(1, ge=1, le=200)
    choices: list[OptionChoiceIn] = Field(min_length=1, max_length=200)


class RuleIn(In):
    choice: Code
    kind: Literal["requires", "excludes"]
    other: Code


class OptionsIn(In):
    """All options of a configurable product, in the order in which they are shown."""

    groups: list[OptionGroupIn] = Field(max_length=40)
    rules: list[RuleIn] = Field(default_factory=list, max_length=500)


class OptionChoiceOut(Out):
    code: str
    name: str
    names: dict[str, str]
    amount: str
    currency: str
    percent: str
    weight_grams: int
    lead_days: int
    is_default: bool


class OptionGroupOut(Out):
    code: str
    name: str
    names: dict[str, str]
    least: int
    most: int
    choices: list[OptionChoiceOut]


class RuleOut(Out):
    choice: str
    kind: str
    other: str


class OptionsOut(Out):
    """What can be chosen. A product without options has no groups."""

    groups: list[OptionGroupOut]
    rules: list[RuleOut]


class SelectionIn(In):
    choices: list[Code] = Field(max_length=200, description="What is chosen so far, by code.")


class BlockedOut(Out):
    """A choice that cannot be taken beside what is chosen; `against` stands against it."""

    code: str
    against: list[str]
    message: str


class SelectionOut(Out):
    """What choices come to. `sku` is the number to order them by, null until they are a whole configuration."""

    sku: str | None
    problems: list[str]
    impossible: list[BlockedOut]
    lead_days: int
    weight_grams: int | None
