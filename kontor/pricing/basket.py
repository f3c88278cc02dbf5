"""What is about to be bought, as agreements, promotions and charges look at it: priced lines between two companies."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from kontor.kernel.money import ZERO


def list_of(price_source: str) -> int | None:
    """The list that a price is from, None when it is from none.

    >>> list_of("list:3"), list_of("offer:12")
    (3, None)
    """
    kind, _colon, key = price_source.partition(":")
    return int(key) if kind == "list" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketLine:
    """A line at its price. `net` is what `base_quantity` costs at `unit_price` per `price_base` base units, rounded.

    `price_source` says where the price is from: ``list:3``, ``offer:12``, ``manual``, ``free``. Only a price from a
    list may be lowered. `allowance` is what promotions take off `net`.
    """

    product_id: int
    unit: str
    quantity: Decimal
    base_quantity: Decimal
    unit_price: Decimal
    price_base: Decimal
    net: Decimal
    tax_category: str
    price_source: str
    allowance: Decimal = ZERO

    @property
    def price_list_id(self) -> int | None:
        return list_of(self.price_source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """Lines of one buyer with one seller, in one currency, at a moment; `codes` are coupon codes as typed.

    `membership_id` is who orders (None: nobody yet, or the system), `delivery_country` an ISO 3166 code or "".
    `delivery_postcode` is as the address has it.
    """

    seller_id: int
    buyer_id: int
    account_id: int | None
    membership_id: int | None
    channel: str
    currency: str
    at: datetime
    lines: Sequence[BasketLine]
    delivery_country: str = ""
    delivery_postcode: str = ""
    codes: Sequence[str] = ()

    @property
    def net_total(self) -> Decimal:
        """Lines less their allowances; charges come on top."""
        return sum((line.net - line.allowance for line in self.lines), ZERO)

    def less(self, allowances: Sequence[Decimal]) -> "Basket":
        """The same basket with these allowances, one per line."""
        lines = [replace(line, allowance=off) for line, off in zip(self.lines, allowances, strict=True)]
        return replace(self, lines=lines)
