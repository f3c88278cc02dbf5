"""Which charges a basket bears."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kontor.pricing.basket import Basket


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """An amount beside the lines; `net` is positive, `is_allowance` says that it is taken off.

    `code` is of UNCL 7161 (charges) or 5189 (allowances), as EN 16931 wants it. A charge for a line (its number from 0)
    goes with the goods: invoiced and credited as they are. One for the whole order is invoiced with the first goods.
    `is_refundable` says whether it is credited with goods that come back.
    """

    kind: str
    code: str
    reason: str
    net: Decimal
    tax_category: str
    line: int | None = None
    is_allowance: bool = False
    is_refundable: bool = True


def charges_of(basket: Basket, *, free_freight: bool = False) -> Sequence[Charge]:
    """The charges and allowances of a basket, in the order of the paper; changes nothing."""
    return ()
