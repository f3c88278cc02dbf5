"""Lines and totals of a document as a mail tells them: prices, what is taken off and charged, tax by rate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django.template import engines
from django.utils.translation import gettext as _

from kontor.invoicing.models import InvoiceLine
from kontor.notifications.letters import LetterLine, money, quantity, unit_price
from kontor.orders.models import OrderLine
from kontor.taxes.rules import TaxTotal
from kontor.taxes.wording import tax_notes

MOST_LINES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What an order or an invoice adds up to; `goods` is before anything is taken off or charged."""

    currency: str
    goods: Decimal
    reductions: Sequence[tuple[str, Decimal]]
    costs: Sequence[tuple[str, Decimal]]
    net: Decimal
    taxes: Sequence[TaxTotal]
    facts: Mapping[str, Any]
    total: Decimal

    def told(self) -> list[tuple[str, str]]:
        """The totals from the goods down to what is to be paid."""
        rows = [(_("Goods"), self.goods)] if self.reductions or self.costs else []
        rows += [(reason, -amount) for reason, amount in self.reductions]
        rows += [*self.costs, (_("Net total"), self.net)]
        rows += [(_tax_label(one, self.facts), one.tax) for one in self.taxes]
        rows.append((_("Total"), self.total))
        return [(label, money(amount, self.currency)) for label, amount in rows]

    def notes(self) -> list[str]:
        """Why no tax is charged, where the law wants it said."""
        return tax_notes({one.code for one in self.taxes}, self.facts)


def letter_lines(lines: Sequence[OrderLine] | Sequence[InvoiceLine], currency: str) -> list[LetterLine]:
    """The first lines with quantity, price and what they cost before anything is taken off."""
    return [_letter_line(one, currency) for one in lines[:MOST_LINES]]


def and_more(lines: Sequence[OrderLine] | Sequence[InvoiceLine]) -> list[str]:
    """That there are further lines."""
    return [_("There are more articles; the page shows them all.")] if len(lines) > MOST_LINES else []


def _letter_line(line: OrderLine | InvoiceLine, currency: str) -> LetterLine:
    unit = line.base_unit if isinstance(line, OrderLine) else line.unit
    free = _("free of charge")
    return LetterLine(
        name=line.name,
        sku=line.sku,
        quantity=quantity(line.quantity, line.unit),
        detail=unit_price(line.unit_price, currency, line.price_base, unit) if line.unit_price else free,
        amount=money(line.full_net, currency),
    )


def _tax_label(total: TaxTotal, facts: Mapping[str, Any]) -> str:
    # as pages word it, from a floor above this one
    return str(cast(Any, engines["jinja2"]).env.globals["tax_label"](total, facts))
