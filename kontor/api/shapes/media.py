"""Pictures, documents and videos of a product, as their seller keeps them."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from kontor.api.values import Id, In, Out

Kind = Literal["picture", "datasheet", "certificate", "manual", "drawing", "safety", "video"]


class MediumOut(Out):
    id: int
    kind: str
    title: str
    language: str = Field(description="Empty: for all languages.")
    valid_from: date | None
    valid_until: date | None = Field(description="The last day on which the shop shows it.")
    media_type: str
    byte_size: int
    width: int | None
    height: int | None
    url: str = Field(
        description="Of the file at this installation, or of a video; empty: made from the data."
    )
    sha256: str = Field(description="Of the file as it came; empty where that is not known.")
    position: int


class MediumForm(BaseModel):
    """What comes beside the file. A video has a `url` and no file, a data sheet made from the data has neither."""

    model_config = ConfigDict(str_strip_whitespace=True, frozen=True)

    kind: Kind = "picture"
    title: str = Field("", max_length=150, description="Documents need one; else the name of the product.")
    language: str = Field("", max_length=8, pattern=r"^([a-z]{2,3}(-[a-z]{2,4})?)?$")
    valid_from: date | None = None
    valid_until: date | None = None
    url: str = Field("", max_length=500)


class MediaOrderIn(In):
    """The media that come first, in this order; the others follow as they are."""

    ids: list[Id] = Field(max_length=100)
