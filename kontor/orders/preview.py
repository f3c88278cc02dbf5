"""What an order would come to, before anybody places it: the same parties, rates and rounding."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kontor.kernel.money import ZERO
from kontor.kernel.refusal import Refused
from kontor.orders.intake import OrderDetails
from kontor.orders.parties import parties_between
from kontor.taxes.queries import rates_on
from kontor.taxes.rules import TaxTotal, UnknownRate, line_rate, tax_totals


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Totals in the document's currency; `refusal` says why this buyer could not order now, totals are empty then."""

    net_total: Decimal = ZERO
    taxes: tuple[TaxTotal, ...] = ()
    gross_total: Decimal = ZERO
    treatment: str = ""
    refusal: Refused | None = None


def preview(
    *,
    buyer_id: int,
    seller_id: int,
    lines: Iterable[tuple[str, Decimal]],
    currency: str,
    delivery_address_id: int | None = None,
) -> Preview:
    """Totals of lines given as (tax category, net amount). Changes nothing."""
    # A number is asked for when the order is placed; here it only must not be missing.
    details = OrderDetails(po_number="-", delivery_address_id=delivery_address_id)
    try:
        parties = parties_between(buyer_id, seller_id, details)
    except Refused as refusal:
        return Preview(refusal=refusal)
    if parties is None:
        return Preview()
    treated = parties.tax_treatment
    rates = rates_on(country=parties.seller_country, day=parties.seller_day) if treated == "domestic" else {}
    nets = list(lines)
    try:
        taxes = tax_totals(((line_rate(treated, category, rates), net) for category, net in nets), currency)
    except UnknownRate:
        taxes = []
    net_total = sum((net for _category, net in nets), ZERO)
    return Preview(
        net_total=net_total,
        taxes=tuple(taxes),
        gross_total=net_total + sum((total.tax for total in taxes), ZERO),
        treatment=treated,
    )
