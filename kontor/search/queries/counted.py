"""What can be narrowed further: the values that occur in a listing, with how many products have each."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value as filters name it, as people read it, and how many products of the listing have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class AttributeFacet:
    """An attribute that families offer as a filter. `unit` is a UN/ECE code or "".

    Of numbers, `lowest` and `highest` bound what occurs, in that unit. `values` are those most frequent: choices in the
    order in which the attribute declares them, numbers by size, texts by the alphabet.
    """

    code: str
    name: str
    unit: str
    kind: str
    values: tuple[FacetValue, ...]
    lowest: Decimal | None = None
    highest: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PriceBand:
    """How many products cost from `lowest` up to below `highest` (None: no bound)."""

    lowest: Decimal | None
    highest: Decimal | None
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """How many products of a listing have which brand, stand in which category, and so on; brands and categories of
    most products first.

    Each counts what the other filters leave, without its own, so that alternatives can be ticked. `available` is how
    many are in stock, None where that was not counted. Prices are list prices, or those of the reader's price group.
    """

    brands: tuple[tuple[str, int], ...] = ()
    categories: tuple[tuple[str, str, int], ...] = ()
    attributes: tuple[AttributeFacet, ...] = ()
    prices: tuple[PriceBand, ...] = ()
    available: int | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text; `is_hit` when it is what was searched for. Plain text: whoever shows it escapes it."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class SuggestedProduct:
    """A product offered while somebody types."""

    product_id: int
    sku: str
    name: str
    slug: str
    brand: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What is offered while somebody types. Categories are (path, name); part numbers (number, product)."""

    products: tuple[SuggestedProduct, ...] = ()
    categories: tuple[tuple[str, str], ...] = ()
    brands: tuple[str, ...] = ()
    part_numbers: tuple[tuple[str, SuggestedProduct], ...] = ()
    queries: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.products or self.categories or self.brands or self.part_numbers or self.queries)
