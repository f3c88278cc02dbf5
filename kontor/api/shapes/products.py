"""A seller's own products as they are written and read by the machines that keep them up to date."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from kontor.api.shapes.catalog import ProductOut
from kontor.api.shapes.selling import SpecificationIn, UnitIn
from kontor.api.values import In, Moment, Out, Quantity


class TextIn(In):
    """In a further language; what is empty falls back to the seller's first."""

    name: str = Field("", max_length=250)
    summary: str = Field("", max_length=400)
    description: str = Field("", max_length=20_000)


class ClassIn(In):
    system: Literal["unspsc", "etim", "eclass", "other"]
    code: str = Field(min_length=1, max_length=30)
    version: str = Field("", max_length=20)


class HazardIn(In):
    """Dangerous goods by ADR and GHS; all empty: not dangerous."""

    un_number: str = Field("", max_length=4)
    hazard_class: str = Field("", max_length=10)
    packing_group: Literal["", "I", "II", "III"] = ""
    signal_word: str = Field("", max_length=20)
    statements: str = Field("", max_length=400)


class ComponentIn(In):
    """Own goods or services, by SKU: so many of their base units are in one base unit of the kit."""

    sku: str = Field(min_length=1, max_length=40)
    quantity: Quantity = Decimal(1)


class ProductIn(In):
    """All of a product's own data. The first unit is offered first; none: it is sold in the base unit.

    Left out, `attributes`, `texts`, `classifications`, `hazard` and `components` stay as they are.
    """

    sku: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=250)
    category: str | None = Field(None, max_length=300, description="A category's path.")
    family: str | None = Field(None, max_length=80, description="A family's code.")
    variant_of: str | None = Field(None, max_length=40, description="The SKU of a model.")
    summary: str = Field("", max_length=400)
    description: str = Field("", max_length=20_000)
    brand: str = Field("", max_length=100)
    manufacturer_part_number: str = Field("", max_length=60)
    gtin: str = Field("", max_length=14)
    kind: Literal["goods", "service", "model", "kit", "configurable"] = "goods"
    base_unit: str = Field(
        "C62", min_length=2, max_length=3, description="UN/ECE Rec 20; of stock and price."
    )
    tax_category: Literal["standard", "reduced", "zero", "exempt", "reduced_2", "reversed"] = "standard"
    weight_grams: int | None = Field(None, ge=0)
    lead_days: int = Field(2, ge=0, le=999)
    origin: str = Field("", max_length=2, description="Country of origin, ISO 3166-1.")
    customs_code: str = Field("", max_length=12, description="HS or CN, digits only.")
    on_sale_from: Moment | None = Field(None, description="An approved product goes on sale then.")
    on_sale_until: Moment | None = None
    specifications: list[SpecificationIn] = Field(default_factory=list, max_length=200)
    units: list[UnitIn] = Field(default_factory=list, max_length=20)
    attributes: dict[str, Any] | None = Field(
        None,
        description='Values by attribute code: "12.5" or "1/2 in" (converted), ["5", "10"], a choice\'s code, true, '
        '"2026-11-22", or texts by language.',
    )
    texts: dict[str, TextIn] | None = Field(None, description="By language code.")
    classifications: list[ClassIn] | None = Field(None, max_length=20)
    hazard: HazardIn | None = None
    components: list[ComponentIn] | None = Field(None, max_length=100, description="What a kit consists of.")


class ProductStatusIn(In):
    status: Literal["draft", "review", "approved", "active", "discontinued"]


class RelationIn(In):
    kind: Literal[
        "accessory", "spare_part", "alternative", "replacement", "successor", "cross_sell", "up_sell"
    ]
    sku: str = Field(min_length=1, max_length=40)


class RelationsIn(In):
    """All relations of a product, in the order in which they are shown."""

    relations: list[RelationIn] = Field(max_length=200)


class OwnTextOut(Out):
    name: str
    summary: str
    description: str


class MissingOut(Out):
    field: str
    label: str


class CompletenessOut(Out):
    channel: str = Field(description="`shop`, `feed` (feeds and API) or `datasheet`.")
    language: str
    score: int = Field(description="Percent; 100 when nothing is missing.")
    missing: list[MissingOut]


class OwnProductOut(Out):
    """What only its seller sees of a product, beside `getProduct`."""

    product: ProductOut
    on_sale_from: datetime | None
    on_sale_until: datetime | None
    texts: dict[str, OwnTextOut]
    completeness: list[CompletenessOut]


class VersionOut(Out):
    """A product as it was saved."""

    revision: int
    at: datetime
    who: str
    door: str
    facts: dict[str, Any]
