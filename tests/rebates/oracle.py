"""The rules of bonus agreements once more, as plainly as they can be said. Slow, and on purpose unlike the SQL."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

ZERO, CENT = Decimal(0), Decimal("0.01")


@dataclass(frozen=True)
class Terms:
    """`goods` None: all. Tiers are pairs of from and rate."""

    tiers: Sequence[tuple[Decimal, Decimal]]
    customers: frozenset[str]
    goods: frozenset[str] | None
    by_quantity: bool = False
    per_unit: bool = False
    graduated: bool = False

    def bonus(self, value: Decimal, quantity: Decimal) -> Decimal:
        counted = quantity if self.by_quantity else value
        if self.graduated:
            sums = ZERO
            for number, (start, rate) in enumerate(self.tiers):
                end = self.tiers[number + 1][0] if number + 1 < len(self.tiers) else counted
                sums += max(min(counted, end) - start, ZERO) * rate
        else:
            reached = [rate for start, rate in self.tiers if counted >= start and counted > 0]
            sums = (reached[-1] if reached else ZERO) * (counted if self.per_unit else value)
        if not self.per_unit:
            sums /= 100
        return max(sums, ZERO).quantize(CENT, ROUND_HALF_UP)


@dataclass
class Bought:
    """A line of an invoice in the period, and what came back of it."""

    customer: str
    goods: str
    rate: int
    quantity: Decimal
    value: Decimal
    back: list[tuple[Decimal, Decimal]] = field(default_factory=list)

    @property
    def left(self) -> tuple[Decimal, Decimal]:
        """Quantity and value."""
        return (
            self.quantity - sum((quantity for quantity, _value in self.back), ZERO),
            self.value - sum((value for _quantity, value in self.back), ZERO),
        )


def bonus(terms: Terms, lines: Sequence[Bought]) -> Decimal:
    """What all that was bought and kept comes to."""
    value = quantity = ZERO
    for line in lines:
        if line.customer in terms.customers and (terms.goods is None or line.goods in terms.goods):
            quantity += line.left[0]
            value += line.left[1]
    return terms.bonus(value, quantity)
