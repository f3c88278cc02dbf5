"""What a search engine must answer. Small on purpose: another engine serves the product by answering these five."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from kontor.goods.wording import Wording
from kontor.search.filters import Filters
from kontor.search.models import UNPRICED


@dataclass(frozen=True, slots=True)
class Prices:
    """What the reader pays where that does not follow from the list price, by product; else it is the list price times
    `factor` plus `addend`, of the sellers whose list prices count (None: all).

    An own price of UNPRICED says that the reader has none.
    """

    own: tuple[tuple[int, Decimal], ...] = ()
    sellers: tuple[int, ...] | None = None
    factor: Decimal = Decimal(1)
    addend: Decimal = Decimal(0)

    @property
    def products(self) -> tuple[int, ...]:
        return tuple(one for one, _price in self.own)

    def paid(self, listed: Decimal) -> Decimal:
        """What the reader pays at this list price."""
        return listed if listed >= UNPRICED - 1 else max(listed * self.factor + self.addend, Decimal(0))

    def listed(self, paid: Decimal) -> Decimal:
        """At which list price the reader pays this."""
        return paid if paid >= UNPRICED - 1 else max((paid - self.addend) / self.factor, Decimal(0))


LISTED = Prices()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: words, what narrows them, whose goods (`assortments`), in which order, which part.

    Orders: ``relevance popular name newest price -price``. `among` are the only products that count, `besides` those
    that do not. `prices` decide in the price filter and its bands.
    """

    wording: Wording
    assortments: tuple[int, ...]
    filters: Filters = field(default_factory=Filters)
    order: str = "relevance"
    skip: int = 0
    size: int = 24
    among: tuple[int, ...] | None = None
    besides: tuple[int, ...] = ()
    prices: Prices = LISTED


@dataclass(frozen=True, slots=True)
class Found:
    """Products in order, best first. `total` counts all of them; `complete` says how many have every word."""

    product_ids: tuple[int, ...] = ()
    total: int = 0
    complete: int = 0


Counts = tuple[tuple[str, int], ...]
Wanted = Callable[[Counts], tuple[tuple[str, bool], ...]]
"""Told how many products are of which family: the attributes to count, and whether each is of numbers."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many products have which value, most first: brands, category paths, families, attributes, price bands.

    `figures` bounds the values of an attribute of numbers. `available` counts what is in stock.
    """

    brands: Counts = ()
    categories: Counts = ()
    families: Counts = ()
    available: int = 0
    prices: tuple[tuple[float | None, float | None, int], ...] = ()
    attributes: dict[str, Counts] = field(default_factory=dict)
    figures: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Completions:
    """What may be meant by the beginning of something: products by popularity, brands, products whose number it is."""

    product_ids: tuple[int, ...] = ()
    brands: tuple[str, ...] = ()
    numbered: tuple[int, ...] = ()


class Engine(Protocol):
    """Finds candidates. Whoever shows them reads them again from the database, with what may be seen."""

    def find(self, question: Question) -> Found:
        """The products that a question finds."""
        ...

    def count(self, question: Question, wanted: Wanted) -> Counted:
        """The values that what a question finds can be narrowed to. Each count leaves out its own filter."""
        ...

    def complete(self, beginning: str, assortments: tuple[int, ...], most: int) -> Completions:
        """What may be meant by a beginning."""
        ...

    def knows(self, word: str) -> int:
        """How many products have this word; "" asks for all products."""
        ...

    def sees(self, word: str, assortments: tuple[int, ...]) -> int:
        """How many products of these assortments have this word: what is said of words is said by this."""
        ...
