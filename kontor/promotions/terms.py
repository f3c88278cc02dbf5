"""What a promotion asks for and what it gives: typed values, checked whenever they are read or written."""

from collections.abc import Sequence
from datetime import time
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

MOST_KEYS = 1000
Key = Annotated[int, Field(gt=0, le=2**62)]
Keys = Annotated[tuple[Key, ...], Field(max_length=MOST_KEYS)]
Share = Annotated[Decimal, Field(gt=0, le=100, decimal_places=3)]
Amount = Annotated[Decimal, Field(gt=0, lt=10**12, decimal_places=3)]
UnitPrice = Annotated[Decimal, Field(ge=0, lt=10**12, decimal_places=6)]
Quantity = Annotated[Decimal, Field(gt=0, le=999_999_999, decimal_places=3)]


class Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Goods(Value):
    """Which goods: these products (or models, with their variants), categories (with all below) or brands.

    One of them is enough; none at all means all goods.
    """

    products: Keys = ()
    categories: Keys = ()
    brands: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=100)], ...], Field(max_length=100)
    ] = ()

    @property
    def are_all(self) -> bool:
        return not (self.products or self.categories or self.brands)


class Conditions(Value):
    """All of them must hold. `goods` are those that the effects lower, and whose base units `min_quantity` counts.

    `min_value` is the net of the whole order at list prices. `weekdays` run from 0 (Monday); hours, from `from_time` to
    before `until_time`, are the seller's. A tuple without members asks nothing.
    """

    goods: Goods = Goods()
    companies: Keys = ()
    groups: Keys = ()
    channels: Annotated[tuple[Annotated[str, Field(pattern=r"^[a-z]{1,8}$")], ...], Field(max_length=20)] = ()
    min_quantity: Quantity | None = None
    min_value: Amount | None = None
    first_order: bool = False
    weekdays: Annotated[tuple[Annotated[int, Field(ge=0, le=6)], ...], Field(max_length=7)] = ()
    from_time: time | None = None
    until_time: time | None = None

    @model_validator(mode="after")
    def _hours(self) -> Self:
        if (self.from_time is None) != (self.until_time is None):
            raise ValueError("hours")
        if self.from_time and self.until_time and self.from_time >= self.until_time:
            raise ValueError("hours")
        return self


class Percent(Value):
    """So much per cent off what each line still costs."""

    kind: Literal["percent"] = "percent"
    percent: Share


class AmountOff(Value):
    """An amount off: once, spread over the lines by their net; off each line; or off each base unit."""

    kind: Literal["amount"] = "amount"
    amount: Amount
    per: Literal["order", "line", "unit"] = "order"


class FixedPrice(Value):
    """The goods cost `amount` per `price_base` base units, where that is less."""

    kind: Literal["fixed_price"] = "fixed_price"
    amount: UnitPrice
    price_base: Quantity = Decimal(1)


class Gift(Value):
    """Goods free of charge, in base units: once, or for `every` so many base units of the goods asked for."""

    kind: Literal["gift"] = "gift"
    product_id: Key
    quantity: Quantity = Decimal(1)
    every: Quantity | None = None


class CheapestFree(Value):
    """Of every `take` base units `pay` are paid, and the cheapest are free."""

    kind: Literal["cheapest_free"] = "cheapest_free"
    take: Annotated[int, Field(ge=2, le=1000)]
    pay: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _fewer(self) -> Self:
        if self.pay >= self.take:
            raise ValueError("pay")
        return self


class Tier(Value):
    """From `start` (base units or net) on: `percent` off."""

    start: Quantity
    percent: Share


class Tiered(Value):
    """More per cent the more is bought; the highest tier that is reached counts for all of it."""

    kind: Literal["tiered"] = "tiered"
    by: Literal["quantity", "value"] = "quantity"
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1, max_length=10)]

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if any(below.start >= above.start for below, above in pairwise(self.tiers)):
            raise ValueError("tiers")
        return self


class FreeFreight(Value):
    """Freight is not charged."""

    kind: Literal["free_freight"] = "free_freight"


class Part(Value):
    """So many base units of a product in a bundle."""

    product_id: Key
    quantity: Quantity = Decimal(1)


class Bundle(Value):
    """These parts together cost `amount`, as often as the basket holds all of them."""

    kind: Literal["bundle"] = "bundle"
    parts: Annotated[tuple[Part, ...], Field(min_length=1, max_length=10)]
    amount: Amount

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        if len({part.product_id for part in self.parts}) < len(self.parts):
            raise ValueError("parts")
        return self


Effect = Annotated[
    Percent | AmountOff | FixedPrice | Gift | CheapestFree | Tiered | FreeFreight | Bundle,
    Field(discriminator="kind"),
]
Effects = Annotated[tuple[Effect, ...], Field(min_length=1, max_length=3)]
_EFFECTS: TypeAdapter[tuple[Effect, ...]] = TypeAdapter(Effects)


def conditions_from(stored: Any) -> Conditions:
    """Conditions as JSON holds them. Raises pydantic's ValidationError."""
    return Conditions.model_validate(stored)


def effects_from(stored: Any) -> tuple[Effect, ...]:
    """Effects as JSON holds them, one to three. Raises pydantic's ValidationError."""
    return _EFFECTS.validate_python(stored)


def effects_as_json(effects: tuple[Effect, ...]) -> list[dict[str, Any]]:
    stored: list[dict[str, Any]] = _EFFECTS.dump_python(effects, mode="json")
    return stored


def has_amounts(conditions: Conditions, effects: Sequence[Effect]) -> bool:
    """Whether something is said in a currency."""
    said = (AmountOff, FixedPrice, Bundle)
    return conditions.min_value is not None or any(
        isinstance(one, said) or (isinstance(one, Tiered) and one.by == "value") for one in effects
    )
