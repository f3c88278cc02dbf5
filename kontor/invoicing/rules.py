"""What a part of a line costs. No database, no clock.

Parts are cut from a running sum: a part is worth the sum up to its end less the sum up to its beginning. However an
order line is cut, its invoices add up to its net to the cent, and so do the credits of an invoiced line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from kontor.kernel.money import allocate, line_net, round_amount


@dataclass(frozen=True, slots=True)
class Price:
    """`amount` in `currency` buys `base` base units."""

    amount: Decimal
    base: Decimal
    currency: str


def invoiced_part(price: Price, before: Decimal, quantity: Decimal) -> Decimal:
    """Net of `quantity` base units of a line of which `before` were invoiced earlier.

    >>> price = Price(Decimal("0.125"), Decimal(1), "EUR")  # three cost 0.38
    >>> [str(invoiced_part(price, Decimal(n), Decimal(1))) for n in range(3)]
    ['0.13', '0.12', '0.13']
    """
    return _sum_to(price, before + quantity) - _sum_to(price, before)


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of a line: `net` after `allowance` was taken off."""

    net: Decimal
    allowance: Decimal


def lowered_part(
    net: Decimal, allowance: Decimal, whole: Decimal, before: Decimal, quantity: Decimal, currency: str
) -> Cut:
    """The part of `quantity` base units of a line of `whole` that comes to `net` with `allowance` taken off.

    Both are cut from running sums of their own, in equal parts per base unit, so neither is ever below 0 and both add
    up. What the part cost before differs from its price times its quantity by less than two minor units.

    >>> line = Decimal("0.05"), Decimal("0.04"), Decimal(3)
    >>> parts = [lowered_part(*line, Decimal(n), Decimal(1), "EUR") for n in range(3)]
    >>> [(str(one.net), str(one.allowance)) for one in parts]
    [('0.02', '0.01'), ('0.01', '0.02'), ('0.02', '0.01')]
    """
    return Cut(
        invoiced_part(Price(net, whole, currency), before, quantity),
        invoiced_part(Price(allowance, whole, currency), before, quantity),
    )


def _sum_to(price: Price, quantity: Decimal) -> Decimal:
    return line_net(
        unit_price=price.amount, price_base=price.base, quantity=quantity, currency=price.currency
    )


@dataclass(frozen=True, slots=True)
class LeftPart:
    """Of a kit's part `quantity` base units are in one kit, worth `value` beside the others; `left` went out alone."""

    quantity: Decimal
    value: Decimal
    left: Decimal


def worth_of_parts(price: Price, whole: Decimal, parts: Sequence[LeftPart]) -> list[Decimal]:
    """Net of what left of a kit's parts beyond its `whole` kits, part by part.

    Together with the whole kits they come to what that much of a kit costs, to the cent: of three kits at 100.00
    one is whole, and a third of another left, and two thirds of it twice.

    >>> price = Price(Decimal(100), Decimal(1), "EUR")
    >>> left = [LeftPart(Decimal(1), Decimal(1), Decimal(1)), LeftPart(Decimal(4), Decimal(2), Decimal(8))]
    >>> [str(net) for net in worth_of_parts(price, Decimal(1), left)]
    ['33.33', '133.34']
    """
    sums = sum(Fraction(one.value) for one in parts)
    kits = [Fraction(one.value) / sums * Fraction(one.left) / Fraction(one.quantity) for one in parts]
    exact = (Fraction(whole) + sum(kits)) * Fraction(price.amount) / Fraction(price.base)
    with localcontext(prec=50):
        upto = round_amount(Decimal(exact.numerator) / exact.denominator, price.currency)
        weights = [Decimal(one.numerator) / one.denominator for one in kits]
    return allocate(upto - _sum_to(price, whole), weights, price.currency)


@dataclass(frozen=True, slots=True)
class InvoicedLine:
    """A line of an invoice, and how much of it was credited already."""

    line_id: int
    quantity: Decimal
    net: Decimal
    credited: Decimal


@dataclass(frozen=True, slots=True)
class Credit:
    """Base units of an invoiced line to be credited, and what they come to."""

    line_id: int
    quantity: Decimal
    net: Decimal


def credits_for(quantity: Decimal, invoiced: Sequence[InvoicedLine], currency: str) -> list[Credit] | None:
    """Spread returned base units over the invoiced lines, in their order; None when less than that was invoiced.

    >>> first = InvoicedLine(1, Decimal(2), Decimal("0.25"), Decimal(1))  # one of two is credited already
    >>> second = InvoicedLine(2, Decimal(3), Decimal("0.38"), Decimal(0))
    >>> [(c.line_id, str(c.quantity), str(c.net)) for c in credits_for(Decimal(2), [first, second], "EUR")]
    [(1, '1', '0.12'), (2, '1', '0.13')]
    """
    parts = []
    for line in invoiced:
        part = min(quantity, line.quantity - line.credited)
        if part > 0:
            parts.append(Credit(line.line_id, part, _credited_part(line, part, currency)))
            quantity -= part
    return None if quantity > 0 else parts


def _credited_part(line: InvoicedLine, part: Decimal, currency: str) -> Decimal:
    def upto(quantity: Decimal) -> Decimal:
        with localcontext(prec=50):
            return round_amount(line.net * quantity / line.quantity, currency)

    return upto(line.credited + part) - upto(line.credited)
