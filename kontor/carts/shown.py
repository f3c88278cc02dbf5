"""A cart as pages and API show it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from kontor.carts.reckoning import Reckoned, charge_item
from kontor.catalog.queries import Part
from kontor.charges.queries import Charge, Near
from kontor.kernel.money import ZERO
from kontor.taxes.deciding import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLineView:
    """A line with the price of this moment. `amount` buys `price_base` base units; None while there is no price.

    `available` is in base units and None for services. A line with a `problem` (a `LineProblem` or `BadQuantity` code,
    its sentence in `message`) cannot be ordered as it stands. `own_number` is the buyer's own part number, `parts` what
    is in a kit, `agreed` what was agreed with the buyer about quantities. Of a configured article `sku` holds the code,
    `choices` say what was chosen, `chosen` by which codes. `allowance` is what promotions take off `net`.
    """

    id: int
    product_id: int
    sku: str
    name: str
    slug: str
    kind: str
    base_unit: str
    tax_category: str
    unit: str
    factor: Decimal
    minimum: Decimal
    multiple: Decimal
    quantity: Decimal
    base_quantity: Decimal
    note: str
    revision: int
    added_by_name: str
    changed_by_name: str
    amount: Decimal | None
    price_base: Decimal
    price_list_id: int | None
    net: Decimal | None
    available: Decimal | None
    problem: str | None
    message: str
    own_number: str = ""
    parts: Sequence[Part] = ()
    configuration_id: int | None = None
    choices: str = ""
    chosen: tuple[str, ...] = ()
    agreed: str = ""
    allowance: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftView:
    """Goods that come with a cart free of charge; the quantity is in base units."""

    product_id: int
    sku: str
    name: str
    slug: str
    unit: str
    quantity: Decimal
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CartView:
    """A cart as it would cost now; `problems` are lines that block. The net total is that of the lines that have a
    price, less what promotions take off, with the charges.

    `codes` are the coupons with a sentence for each that does nothing ("" for those that do).
    """

    cart_id: int
    revision: int
    lines: list[CartLineView]
    currency: str
    reckoned: Reckoned
    gifts: Sequence[GiftView] = ()
    codes: Mapping[str, str] = field(default_factory=dict)

    @property
    def net_total(self) -> Decimal:
        return self.reckoned.net_total

    @property
    def reductions(self) -> list[tuple[str, Decimal]]:
        """What is taken off, by reason."""
        return by_reason((one.reason, one.amount) for one in self.reckoned.allowances)

    @property
    def costs(self) -> list[tuple[str, Decimal]]:
        """What is charged, by reason."""
        return by_reason((one.reason, one.net) for one in self.charges)

    @property
    def charges(self) -> Sequence[Charge]:
        return self.reckoned.charges

    @property
    def items(self) -> list[tuple[Item, Decimal]]:
        """All that is paid for as taxes look at it, lines first, with its net amount. Gaps of lines without a price are
        closed."""
        lines = [line for line in self.lines if line.net is not None]
        places = {line.id: place for place, line in enumerate(lines)}
        numbers = {number: places[line.id] for number, line in enumerate(self.lines) if line.id in places}
        return [
            *(
                (Item.sold(one.tax_category, one.kind, one.product_id), (one.net or ZERO) - one.allowance)
                for one in lines
            ),
            *(
                (charge_item(one if one.line is None else replace(one, line=numbers[one.line])), one.net)
                for one in self.charges
            ),
        ]

    @property
    def missed(self) -> Sequence[str]:
        """Sentences about promotions that are nearly reached."""
        return self.reckoned.judged.missed

    @property
    def near(self) -> Sequence[Near]:
        """Charges that a larger order would be free of."""
        return self.reckoned.near

    @property
    def problems(self) -> list[CartLineView]:
        return [line for line in self.lines if line.problem]

    @property
    def can_be_ordered(self) -> bool:
        return bool(self.lines) and not self.problems


def by_reason(amounts: Iterable[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
    """Sums by reason, in the order of the first of each; nothing where nothing is.

    >>> by_reason([("Freight", Decimal(5)), ("Deposit", Decimal(2)), ("Freight", Decimal(1)), ("", ZERO)])
    [('Freight', Decimal('6')), ('Deposit', Decimal('2'))]
    """
    sums: dict[str, Decimal] = {}
    for reason, amount in amounts:
        sums[reason] = sums.get(reason, ZERO) + amount
    return [(reason, amount) for reason, amount in sums.items() if amount]
