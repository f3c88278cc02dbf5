"""Documents as rows that add up: one for each line, for what is taken off it, for each charge, and for the tax by rate.

The nets of a document's rows come to its net total; nets and taxes together to its total.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from kontor.kernel.money import ZERO
from kontor.orders.models import LineAllowance, Order, OrderCharge, OrderLine
from kontor.taxes.rules import breakdown

AT_ONCE = 500
KINDS = {"line": _("Article"), "allowance": _("Taken off"), "charge": _("Charge"), "tax": _("Tax")}
M = TypeVar("M")


@dataclass(frozen=True, slots=True, kw_only=True)
class BillRow:
    """A row of a document; what is taken off is negative. `number` is that of the article, or the code of a charge, and
    `quantity` of a line is in base units.

    `line` is the line that it is, or that it is taken off; None for charges and tax.
    """

    kind: str
    text: str
    number: str = ""
    line: Any = None
    quantity: Decimal = ZERO
    unit: str = ""
    net: Decimal | None = None
    tax: Decimal | None = None
    tax_rate: Decimal
    tax_code: str


def bill_rows(
    lines: Sequence[tuple[Any, Decimal, str]],
    reductions: Mapping[int, Sequence[tuple[str, Decimal]]],
    charges: Sequence[Any],
    currency: str,
) -> Iterator[BillRow]:
    """The rows of one document, an order or an invoice, from its lines with their quantity and unit; `reductions` are
    (reason, amount) by the key of their line."""
    for one, quantity, unit in lines:
        taxed: dict[str, Any] = {"tax_rate": one.tax_rate, "tax_code": one.tax_code}
        yield BillRow(
            kind="line",
            number=one.sku,
            text=one.name,
            line=one,
            quantity=quantity,
            unit=unit,
            net=one.full_net,
            **taxed,
        )
        for reason, amount in reductions.get(one.pk, ()):
            yield BillRow(kind="allowance", text=reason, line=one, net=-amount, **taxed)
    for charge in charges:
        yield BillRow(
            kind="charge",
            number=charge.code,
            text=charge.reason,
            net=charge.net,
            tax_rate=charge.tax_rate,
            tax_code=charge.tax_code,
        )
    paid = [
        (one.tax_code, one.tax_rate, one.net) for one in (*(line for line, *_measured in lines), *charges)
    ]
    for total in breakdown(paid, currency):
        yield BillRow(kind="tax", text="", tax=total.tax, tax_rate=total.rate, tax_code=total.code)


def rows_of_orders(orders: Iterable[Order]) -> Iterator[tuple[Order, BillRow]]:
    """The rows of many orders, in their order. Three statements for 500 of them."""
    left = iter(orders)
    while some := list(islice(left, AT_ONCE)):
        keys = [one.pk for one in some]
        lines = by_key(OrderLine.objects.filter(order__in=keys).order_by("position"), "order_id")
        charges = by_key(OrderCharge.objects.filter(order__in=keys).order_by("position"), "order_id")
        reductions: dict[int, list[tuple[str, Decimal]]] = {}
        taken_off = LineAllowance.objects.filter(line__order__in=keys).order_by("pk")
        for line, reason, amount in taken_off.values_list("line_id", "reason", "amount"):
            reductions.setdefault(line, []).append((reason, amount))
        for one in some:
            own = [(line, line.base_quantity, line.base_unit) for line in lines.get(one.pk, ())]
            for row in bill_rows(own, reductions, charges.get(one.pk, ()), one.currency):
                yield one, row


def by_key(rows: Iterable[M], key: str) -> dict[int, list[M]]:
    """Rows by one of their columns, say the document that they belong to."""
    found: dict[int, list[M]] = {}
    for one in rows:
        found.setdefault(getattr(one, key), []).append(one)
    return found
