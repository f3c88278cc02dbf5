"""Which promotions a basket gets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from kontor.pricing.basket import Basket


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """`amount` off the net of line number `line` (from 0), as the promotion called `name` gives it."""

    promotion_id: int
    name: str
    line: int
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """Goods that come free of charge, in base units."""

    promotion_id: int
    name: str
    product_id: int
    base_quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What promotions do to a basket. `free_freight` is the promotion that waives freight, if one does.

    `refused` has a sentence for each code that does nothing; `missed` tells what is nearly reached.
    """

    granted: Sequence[Granted] = ()
    gifts: Sequence[Gift] = ()
    free_freight: int | None = None
    refused: Mapping[str, str] = field(default_factory=dict)
    missed: Sequence[str] = ()


def judge(basket: Basket) -> Judged:
    """What promotions and the basket's coupon codes give; changes nothing."""
    return Judged()
