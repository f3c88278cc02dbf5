"""What narrows a listing or a search."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What narrows a listing. Brands are alternatives; `in_stock` leaves out goods of which nothing is free.

    `attributes` are (code, alternatives); `ranges` are (code, from, to) in the attribute's unit, both ends included,
    None without bound; `price` is (from, to) of the list price.
    """

    category_path: str = ""
    brands: tuple[str, ...] = ()
    seller_id: int | None = None
    in_stock: bool = False
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    ranges: tuple[tuple[str, Decimal | None, Decimal | None], ...] = ()
    price: tuple[Decimal | None, Decimal | None] | None = None
