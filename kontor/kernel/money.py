"""Money and quantities: decimal only, with their currency and unit, rounded in one place.

Amounts carry the currency's own number of decimals (ISO 4217: EUR 2, JPY 0, KWD 3); unit prices up to six
decimals and a base quantity ("12.40 per 100"). Rounding is commercial (half away from zero), as invoices do it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from functools import cache
from typing import Self

ZERO = Decimal(0)
UNIT_PRICE_DECIMALS = 6
QUANTITY_DECIMALS = 3
MAX_QUANTITY = Decimal("999999999")
TOLD_BASES = (1, 100, 1000)

# ISO 4217 currencies whose minor unit is not two decimals.
_MINOR_UNITS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies met."""


def minor_units(currency: str) -> int:
    """Decimals of a currency's amounts.

    >>> minor_units("EUR"), minor_units("JPY"), minor_units("KWD")
    (2, 0, 3)
    """
    return _MINOR_UNITS.get(currency, 2)


@cache
def _step(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


def round_amount(amount: Decimal, currency: str) -> Decimal:
    """The one rounding of amounts: to the currency's minor unit, half away from zero.

    >>> round_amount(Decimal("0.125"), "EUR"), round_amount(Decimal("-2.5"), "JPY")
    (Decimal('0.13'), Decimal('-3'))
    """
    with localcontext(prec=50):
        return amount.quantize(_step(minor_units(currency)), ROUND_HALF_UP)


def line_net(*, unit_price: Decimal, price_base: Decimal, quantity: Decimal, currency: str) -> Decimal:
    """Net amount of a line: `unit_price` buys `price_base` base units, `quantity` is in base units.

    >>> line_net(unit_price=Decimal("12.40"), price_base=Decimal(100), quantity=Decimal(250), currency="EUR")
    Decimal('31.00')
    """
    with localcontext(prec=50):
        return round_amount(unit_price * quantity / price_base, currency)


def told_base(currency: str, *prices: Decimal | None) -> int:
    """For how many units prices of one unit are told, so that none has fractions of a cent: 1, 100 or 1,000; else 1.

    >>> told_base("EUR", Decimal("0.0673"), Decimal("0.07")), told_base("EUR", Decimal("12.5")), told_base("EUR", None)
    (100, 1, 1)
    """
    step = _step(minor_units(currency))
    for base in TOLD_BASES:
        if all(price is None or not price * base % step for price in prices):
            return base
    return 1


def allocate(total: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Split `total` by `weights` without losing a cent (largest remainder; ties go to the earlier part).

    >>> allocate(Decimal("10.00"), [Decimal(1)] * 3, "EUR")
    [Decimal('3.34'), Decimal('3.33'), Decimal('3.33')]
    """
    if not weights or any(weight < 0 for weight in weights):
        raise ValueError("allocation needs weights that are not negative")
    step = _step(minor_units(currency))
    if total != total.quantize(step):
        raise ValueError("only an amount in whole minor units can be allocated")
    with localcontext(prec=50):
        whole = sum(weights, ZERO)
        shares = [total * weight / whole if whole else total / len(weights) for weight in weights]
        parts = [share.quantize(step, ROUND_DOWN) for share in shares]
        missing = int((total - sum(parts, ZERO)) / step)
        by_remainder = sorted(range(len(parts)), key=lambda i: (-abs(shares[i] - parts[i]), i))
        for i in by_remainder[: abs(missing)]:
            parts[i] += step if missing > 0 else -step
    return parts


def decimal_of(text: str) -> Decimal | None:
    """A plain decimal number from a person or a file ("1250", "12.50"), or None when it is not one.

    Refuses what a person never means: exponents, NaN, infinity, digits of other scripts, more than 30 characters.

    >>> decimal_of("12.50"), decimal_of("1e3"), decimal_of("NaN"), decimal_of("١")
    (Decimal('12.50'), None, None, None)
    """
    text = text.strip()
    if not text or len(text) > 30 or not text.isascii() or not set(text) <= set("0123456789.-+"):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency, in whole minor units once `rounded()`."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError("money is Decimal")

    def _check(self, other: "Money") -> None:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")

    def __add__(self, other: "Money") -> Self:
        self._check(other)
        return type(self)(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> Self:
        self._check(other)
        return type(self)(self.amount - other.amount, self.currency)

    def __neg__(self) -> Self:
        return type(self)(-self.amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._check(other)
        return self.amount < other.amount

    def rounded(self) -> Self:
        """In whole minor units."""
        return type(self)(round_amount(self.amount, self.currency), self.currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of units; `unit` is a UN/ECE Recommendation 20 code (C62 = piece, MTR, KGM, XBX = box)."""

    value: Decimal
    unit: str

    def __post_init__(self) -> None:
        if not isinstance(self.value, Decimal):
            raise TypeError("a quantity is Decimal")

    def to_base(self, factor: Decimal, base_unit: str) -> "Quantity":
        """The same goods in the base unit, `factor` base units making one of ours."""
        return Quantity(self.value * factor, base_unit)


def fits_multiple(quantity: Decimal, *, minimum: Decimal, multiple: Decimal) -> bool:
    """Whether a quantity may be sold: at least the minimum and a whole number of multiples.

    >>> [fits_multiple(Decimal(q), minimum=Decimal(48), multiple=Decimal(24)) for q in (48, 72, 50, 24)]
    [True, True, False, False]
    """
    return quantity >= minimum and quantity % multiple == 0
