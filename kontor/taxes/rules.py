"""Which tax a document bears, as arithmetic. No database, no clock.

Sources: Directive 2006/112/EC (place of supply, intra-community supplies Art. 138, exports Art. 146) and EN 16931,
which computes VAT once per rate from the sum of the lines (BR-S-08, BR-CO-14).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from stdnum.eu import vat as eu_vat

from kontor.companies.countries import EU
from kontor.kernel.money import ZERO, round_amount

Treatment = Literal["domestic", "reverse_charge", "export"]


class UnknownRate(LookupError):
    """No rate is known for a tax category: a gap in the configuration, never a reason for charging nothing."""


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """One rate of a document: its net sum and the tax on it, both in the document's currency."""

    rate: Decimal
    net: Decimal
    tax: Decimal


def treatment(
    *, seller_country: str, buyer_country: str, buyer_vat_id: str, delivery_country: str
) -> Treatment:
    """How a supply of goods is taxed; countries are ISO 3166 codes.

    Goods that stay in the seller's country are taxed there, whoever buys. Goods that leave the Union are an export.
    Goods to another member state go untaxed only to a buyer with a well-formed VAT id of another member state;
    without one they are taxed at home. Whether the number is registered is not asked here. A seller outside the
    Union charges nothing on what leaves its country. `buyer_country` decides when the delivery country is unknown.

    >>> treatment(seller_country="DE", buyer_country="FR", buyer_vat_id="FR40303265045", delivery_country="FR")
    'reverse_charge'
    >>> treatment(seller_country="DE", buyer_country="FR", buyer_vat_id="", delivery_country="FR")
    'domestic'
    >>> treatment(seller_country="DE", buyer_country="CH", buyer_vat_id="", delivery_country="CH")
    'export'
    """
    destination = delivery_country or buyer_country
    if destination == seller_country:
        return "domestic"
    if seller_country not in EU or destination not in EU:
        return "export"
    member = vat_member_state(buyer_vat_id)
    return "reverse_charge" if member and member != seller_country else "domestic"


def vat_member_state(vat_id: str) -> str | None:
    """The member state that a well-formed VAT id belongs to, or None. Greece's prefix EL and Northern Ireland's XI.

    >>> vat_member_state("EL094259216"), vat_member_state("DE136695976"), vat_member_state("DE136695975")
    ('GR', 'DE', None)
    """
    prefix = vat_id[:2].upper()
    if not vat_id.isascii() or not eu_vat.is_valid(vat_id):
        return None
    return "GR" if prefix == "EL" else prefix


def line_rate(treated: Treatment, category: str, rates: Mapping[str, Decimal]) -> Decimal:
    """The rate (percent) of a line: the category's in the seller's country, or 0 where no tax is charged.

    Raises UnknownRate when a taxed line has a category without a rate.

    >>> line_rate("domestic", "standard", {"standard": Decimal(19)}), line_rate("export", "standard", {})
    (Decimal('19'), Decimal('0'))
    """
    if treated != "domestic":
        return ZERO
    if category not in rates:
        raise UnknownRate(category)
    return rates[category]


def tax_totals(lines: Iterable[tuple[Decimal, Decimal]], currency: str) -> list[TaxTotal]:
    """Tax per rate from (rate, net) of the lines, the highest rate first; rounded once per rate.

    >>> [total] = tax_totals([(Decimal(19), Decimal("0.02"))] * 3, "EUR")
    >>> total.net, total.tax
    (Decimal('0.06'), Decimal('0.01'))
    """
    sums: dict[Decimal, Decimal] = {}
    for rate, net in lines:
        sums[rate] = sums.get(rate, ZERO) + net
    return [
        TaxTotal(rate, net, round_amount(net * rate / 100, currency))
        for rate, net in sorted(sums.items(), reverse=True)
    ]
