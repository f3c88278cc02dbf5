"""An order before it is written: priced lines, totals, and the two inserts that make it real."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any

import orjson
from django.utils.translation import gettext as _

from kontor.agreements.operations import Drawn, draw
from kontor.carts.reckoning import Reckoned, charge_item
from kontor.carts.rules import base_problem
from kontor.catalog.queries import Part
from kontor.charges.queries import Charge
from kontor.inventory.operations import Demand, reserve
from kontor.kernel import clock
from kontor.kernel.bulk import insert_row, insert_rows
from kontor.kernel.money import ZERO, line_net
from kontor.kernel.numbering import next_number
from kontor.kernel.refusal import Refused
from kontor.orders.models import LineAllowance, LinePart, Order, OrderCharge, OrderLine
from kontor.orders.parties import Parties
from kontor.orders.rules import part_values
from kontor.pricing.basket import list_of
from kontor.pricing.queries import ResolvedPrice, Wanted, chain_for, resolve
from kontor.promotions.operations import use_promotions
from kontor.taxes.deciding import Item, Taxation
from kontor.taxes.rules import TaxTotal, UnknownRate

COPIED = (
    "product_id",
    "configuration_id",
    "sku",
    "name",
    "kind",
    "unit",
    "factor",
    "quantity",
    "base_unit",
    "base_quantity",
    "unit_price",
    "price_base",
    "price_source",
    "price_grounds",
    "allowance",
    "net",
    "tax_category",
    "tax_rate",
    "tax_code",
    "note",
)
CHARGE = ("kind", "code", "reason", "net", "tax_category", "is_refundable")
PART = ("product_id", "sku", "name", "kind", "base_unit", "quantity")
UNTAXED = Taxation(treatment="domestic", lines=())
LARGEST_TOTAL = Decimal("999999999999")


@dataclass(slots=True, kw_only=True)
class DraftLine:
    """A line with its price; net and tax are set by `Draft.add_up`. A kit says what is in it.

    `price_break` is from how many base units the price counts, `price_grounds` says why it is this one.
    """

    product_id: int
    sku: str
    name: str
    kind: str
    unit: str
    factor: Decimal
    quantity: Decimal
    base_unit: str
    base_quantity: Decimal
    tax_category: str
    note: str = ""
    configuration_id: int | None = None
    chosen: Sequence[str] = ()
    unit_price: Decimal = ZERO
    price_base: Decimal = Decimal(1)
    price_source: str = ""
    price_break: Decimal | None = None
    price_grounds: dict[str, Any] = field(default_factory=dict)
    allowance: Decimal = ZERO
    net: Decimal = ZERO
    tax_rate: Decimal = ZERO
    tax_code: str = ""
    parts: Sequence[Part] = ()

    @property
    def item(self) -> Item:
        """The line as taxes look at it."""
        return Item.sold(self.tax_category, self.kind, self.product_id)

    def demands(self, line_id: int, number: int) -> list[Demand]:
        """The stock that the line needs; `number` is its place in the form."""
        if self.kind == "goods":
            return [Demand(line_id, self.product_id, self.base_quantity, number)]
        return [
            Demand(line_id, part.product_id, part.quantity * self.base_quantity, number, is_part=True)
            for part in self.parts
            if part.is_stocked
        ]


@dataclass(slots=True, kw_only=True)
class DraftCharge:
    """A charge beside the lines; its tax is set by `Draft.add_up`."""

    charge: Charge
    tax_rate: Decimal = ZERO
    tax_code: str = ""


@dataclass(slots=True, kw_only=True)
class Draft:
    """Lines with prices and what is charged beside them, and what they come to for these parties in one currency.

    `reckoned` is what promotions gave; None where nothing but the lines counts (an accepted offer).
    """

    parties: Parties
    currency: str
    lines: Sequence[DraftLine]
    charges: Sequence[DraftCharge] = ()
    reckoned: Reckoned | None = None
    net_total: Decimal = ZERO
    taxes: Sequence[TaxTotal] = ()
    taxation: Taxation = UNTAXED
    line_ids: list[int] = field(default_factory=list)

    @property
    def goods_total(self) -> Decimal:
        """The lines before anything is taken off or comes on top."""
        return sum((line.net + line.allowance for line in self.lines), ZERO)

    @property
    def tax_total(self) -> Decimal:
        return sum((total.tax for total in self.taxes), ZERO)

    @property
    def gross_total(self) -> Decimal:
        return self.net_total + self.tax_total

    def add_up(self) -> None:
        """Net per line, tax once per rate (EN 16931). Raises Refused for amounts nobody means."""
        for line in self.lines:
            line.net = (
                line_net(
                    unit_price=line.unit_price,
                    price_base=line.price_base,
                    quantity=line.base_quantity,
                    currency=self.currency,
                )
                - line.allowance
            )
        items = [line.item for line in self.lines]
        try:
            self.taxation = self.parties.taxation(
                [*items, *(charge_item(one.charge) for one in self.charges)]
            )
        except UnknownRate as problem:
            raise self._no_rate(problem.line) from None
        borne: list[DraftLine | DraftCharge] = [*self.lines, *self.charges]
        for taxed, tax in zip(borne, self.taxation.lines, strict=True):
            taxed.tax_rate, taxed.tax_code = tax.rate, tax.code
        nets = [*(line.net for line in self.lines), *(one.charge.net for one in self.charges)]
        self.net_total = sum(nets, ZERO)
        self.taxes = self.taxation.totals(nets, self.currency)
        if self.net_total > LARGEST_TOTAL:
            raise Refused("total_too_large", _("This order is too large. Check the quantities."))

    def write(self, facts: dict[str, Any]) -> Order:
        """Insert order and lines and reserve the goods; `facts` are the order's further columns."""
        parties = self.parties
        order = Order(
            number=next_number("SO", seller_id=parties.seller_id),
            buyer_id=parties.buyer_id,
            seller_id=parties.seller_id,
            account_id=parties.account_id,
            cart_id=parties.cart_id,
            currency=self.currency,
            delivery_address=parties.delivery_address,
            billing_address=parties.billing_address or parties.delivery_address,
            payment_term_id=parties.payment_term_id,
            net_days=parties.net_days,
            tax_treatment=self.taxation.treatment,
            tax_facts=self.taxation.facts,
            net_total=self.net_total,
            tax_total=self.tax_total,
            gross_total=self.gross_total,
            placed_at=clock.now(),
            **facts,
        )
        insert_row(order)
        self.line_ids = insert_rows(OrderLine, self._columns(order.pk))
        self._write_parts()
        self._write_terms(order)
        self._use(order)
        reserve(
            [
                demand
                for n, (line_id, line) in enumerate(zip(self.line_ids, self.lines, strict=True))
                for demand in line.demands(line_id, n)
            ]
        )
        return order

    def _no_rate(self, number: int) -> Refused:
        told = (
            self.lines[number].sku
            if number < len(self.lines)
            else self.charges[number - len(self.lines)].charge.reason
        )
        sentence = _("No tax rate is set for %(sku)s. Tell the seller.") % {"sku": told}
        return Refused("no_tax_rate", sentence, {f"lines/{number}": sentence})

    def _write_terms(self, order: Order) -> None:
        """What was taken off the lines by what, and what is charged beside them."""
        allowances = self.reckoned.allowances if self.reckoned else ()
        if allowances:
            columns: dict[str, Any] = {
                "line_id": [self.line_ids[one.line] for one in allowances],
                "promotion_id": [one.promotion_id for one in allowances],
                "reason": [one.reason for one in allowances],
                "amount": [one.amount for one in allowances],
            }
            insert_rows(LineAllowance, columns)
        if self.charges:
            charges = [one.charge for one in self.charges]
            columns = {name: [getattr(one, name) for one in charges] for name in CHARGE}
            columns |= {
                name: [getattr(one, name) for one in self.charges] for name in ("tax_rate", "tax_code")
            }
            lines = [None if one.line is None else self.line_ids[one.line] for one in charges]
            positions = list(range(1, len(charges) + 1))
            insert_rows(
                OrderCharge, columns | {"order_id": order.pk, "position": positions, "line_id": lines}
            )

    def _use(self, order: Order) -> None:
        """Count what is limited: promotions and codes, then what was committed in agreements."""
        reckoned = self.reckoned
        if reckoned is not None and reckoned.basket is not None:
            use_promotions(order_id=order.pk, basket=reckoned.basket, judged=reckoned.judged)
        drawn = [
            Drawn(line_id, list_of(line.price_source), line.product_id, line.base_quantity, line.net)
            for line_id, line in zip(self.line_ids, self.lines, strict=True)
            if not line.price_source.startswith("promotion:")
        ]
        draw(order_id=order.pk, account_id=order.account_id, lines=drawn)

    def _write_parts(self) -> None:
        """What is in the kits, so that a later change of a kit changes no order."""
        inside = [
            (line_id, line) for line_id, line in zip(self.line_ids, self.lines, strict=True) if line.parts
        ]
        if not inside:
            return
        wanted = [
            Wanted(part.product_id, part.quantity * line.base_quantity)
            for _id, line in inside
            for part in line.parts
        ]
        prices = iter(resolve(chain_for(self.parties.buyer_id), wanted))
        rows = [
            (line_id, position, *(getattr(part, name) for name in PART), value)
            for line_id, line in inside
            for (position, part), value in zip(
                enumerate(line.parts), self._values(line, list(islice(prices, len(line.parts)))), strict=True
            )
        ]
        columns = dict(
            zip(("line_id", "position", *PART, "value"), map(list, zip(*rows, strict=True)), strict=True)
        )
        insert_rows(LinePart, columns | {"shipped": ZERO})

    def _values(self, line: DraftLine, prices: Sequence[ResolvedPrice | None]) -> list[Decimal]:
        """What the parts of a kit are worth beside each other, by what they cost this buyer alone."""
        own = [
            price.amount * part.quantity / price.price_base
            if price and price.currency == self.currency
            else None
            for part, price in zip(line.parts, prices, strict=True)
        ]
        return part_values(line.unit_price / line.price_base, own)

    def _columns(self, order_id: int) -> dict[str, Any]:
        columns: dict[str, Any] = {name: [getattr(line, name) for line in self.lines] for name in COPIED}
        columns["price_grounds"] = [orjson.dumps(line.price_grounds).decode() for line in self.lines]
        untouched = dict.fromkeys(("shipped", "delivered", "invoiced", "returned", "cancelled"), ZERO)
        return columns | untouched | {"order_id": order_id, "position": list(range(1, len(self.lines) + 1))}


def in_base_units(quantity: Decimal, factor: Decimal, number: int) -> Decimal:
    """The quantity in base units; raises Refused at line `number` (from 0) when it cannot be kept exactly."""
    problem = base_problem(quantity, factor)
    if problem is not None:
        sentence = _("This quantity cannot be counted exactly in base units. Change it.")
        raise Refused("quantity_wrong", sentence, {f"lines/{number}/quantity": sentence})
    return quantity * factor
