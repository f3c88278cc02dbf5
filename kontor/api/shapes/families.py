"""Attributes and families of goods, as they are written and read."""

from typing import Literal

from pydantic import Field

from kontor.api.values import Id, In, Out

Names = dict[str, str]
Kind = Literal["text", "number", "range", "choice", "choices", "boolean", "date", "file"]
ChannelCode = Literal["shop", "feed", "datasheet"]


class ChoiceIn(In):
    label: str = Field(min_length=1, max_length=120)
    code: str = Field("", max_length=80, description="Empty: made from the label.")
    labels: Names = Field(default_factory=dict, description="In further languages.")


class AttributeIn(In):
    """Kind and unit stay once products have values; a choice in use cannot go."""

    name: str = Field(min_length=1, max_length=120)
    kind: Kind
    code: str = Field("", max_length=80, description="Empty: made from the name. It stays as it is.")
    names: Names = Field(default_factory=dict, description="In further languages.")
    unit: str = Field("", max_length=3, description="UN/ECE Rec 20, of numbers and ranges.")
    is_localised: bool = Field(False, description="A text that differs by language.")
    choices: list[ChoiceIn] = Field(default_factory=list, max_length=2000)


class ChoiceOut(Out):
    code: str
    label: str
    labels: Names


class AttributeOut(Out):
    id: int
    code: str
    name: str
    names: Names
    kind: str
    unit: str
    is_localised: bool
    choices: list[ChoiceOut]


class OwnAttributeIn(In):
    """How a family uses an attribute."""

    attribute_id: Id
    group: str = Field("", max_length=80, description="The heading under which it is shown.")
    is_required: bool = Field(False, description="Without it goods do not go on sale.")
    channels: list[ChannelCode] = Field(
        default_factory=list, max_length=3, description="Without it goods are incomplete there."
    )
    is_axis: bool = Field(False, description="Tells the variants of a model apart.")
    is_facet: bool = Field(False, description="Offered as a filter.")


class FamilyIn(In):
    """All of a family: the attributes of its own in their order; those of its parent it has besides."""

    name: str = Field(min_length=1, max_length=120)
    code: str = Field("", max_length=80, description="Empty: made from the name. It stays as it is.")
    names: Names = Field(default_factory=dict, description="In further languages.")
    parent_id: Id | None = Field(None, description="The family that it inherits from.")
    attributes: list[OwnAttributeIn] = Field(default_factory=list, max_length=200)
    headings: dict[str, Names] = Field(
        default_factory=dict,
        description="Headings in further languages, for all own families; what is not named stays.",
    )


class FamilyAttributeOut(AttributeOut):
    """An attribute as a family uses it, its own or inherited."""

    group: str = Field(description="The heading under which it is shown.")
    group_names: Names = Field(description="The heading in further languages.")
    is_required: bool
    channels: list[str] = Field(description="Where it is needed to be complete: `shop`, `feed`, `datasheet`.")
    is_axis: bool
    is_facet: bool
    is_inherited: bool


class FamilyOut(Out):
    id: int
    code: str
    name: str
    names: Names
    parent: str | None = Field(description="The code of the family that it inherits from.")
    attributes: list[FamilyAttributeOut]
