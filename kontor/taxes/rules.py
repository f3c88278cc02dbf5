"""What taxes add up to, and what a VAT id is. No database, no clock. Where and whether: `taxes.deciding`.

Source: EN 16931, which computes VAT once per category and rate from the sum of the lines (BR-S-08, BR-CO-14).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from stdnum.eu import vat as eu_vat

from kontor.kernel.money import ZERO, round_amount

CATEGORIES = ("standard", "reduced", "reduced_2", "zero", "exempt", "reversed")
"""What goods may be. ``reduced_2`` is a country's second reduced rate; ``reversed`` is taxed by the standard rate, but
a business at home with a proven VAT id owes the tax itself (Art. 199 to 199b: metals, chips, building work)."""
REVERSED_AT_HOME, WITH_GOODS = "reversed", "with_goods"
"""``with_goods`` is for charges only: they share the tax of what they go with."""


class UnknownRate(LookupError):
    """No rate is known for a tax category: a gap in the configuration, never a reason for charging nothing.

    `line` is the number (from 0) of the first line that has it, where one is meant.
    """

    line: int = 0


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """One rate of a document: its net sum and the tax on it, both in the document's currency.

    `code` is the category of EN 16931 (UNCL 5305), where the lines know it.
    """

    rate: Decimal
    net: Decimal
    tax: Decimal
    code: str = ""


def vat_member_state(vat_id: str) -> str | None:
    """The member state that a well-formed VAT id belongs to, or None. Greece's prefix EL and Northern Ireland's XI.

    >>> vat_member_state("EL094259216"), vat_member_state("DE136695976"), vat_member_state("DE136695975")
    ('GR', 'DE', None)
    """
    prefix = vat_id[:2].upper()
    if not vat_id.isascii() or not eu_vat.is_valid(vat_id):
        return None
    return "GR" if prefix == "EL" else prefix


def code_for(treatment: str, category: str, rate: Decimal) -> str:
    """The category code of a line that was written without one.

    >>> code_for("domestic", "standard", Decimal(19)), code_for("export", "standard", ZERO)
    ('S', 'G')
    """
    if rate > 0:
        return "S"
    untaxed = {"reverse_charge": "K", "export": "G", "outside": "O"}
    return untaxed.get(treatment) or ("E" if category == "exempt" else "Z")


def tax_totals(lines: Iterable[tuple[Decimal, Decimal]], currency: str) -> list[TaxTotal]:
    """Tax per rate from (rate, net) of the lines, the highest rate first; rounded once per rate.

    >>> [total] = tax_totals([(Decimal(19), Decimal("0.02"))] * 3, "EUR")
    >>> total.net, total.tax
    (Decimal('0.06'), Decimal('0.01'))
    """
    return breakdown((("", rate, net) for rate, net in lines), currency)


def breakdown(lines: Iterable[tuple[str, Decimal, Decimal]], currency: str) -> list[TaxTotal]:
    """Tax per category code and rate from (code, rate, net) of the lines, the highest rate first (BG-23).

    >>> lines = [("E", Decimal(0), Decimal(5)), ("S", Decimal(7), Decimal(1))]
    >>> [(one.code, str(one.tax)) for one in breakdown(lines, "EUR")]
    [('S', '0.07'), ('E', '0.00')]
    """
    sums: dict[tuple[Decimal, str], Decimal] = {}
    for code, rate, net in lines:
        sums[rate, code] = sums.get((rate, code), ZERO) + net
    return [
        TaxTotal(rate, net, round_amount(net * rate / 100, currency), code)
        for (rate, code), net in sorted(sums.items(), key=lambda one: (-one[0][0], one[0][1]))
    ]
