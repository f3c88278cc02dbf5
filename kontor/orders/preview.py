"""What an order would come to, before anybody places it: the same parties, rates and rounding."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kontor.kernel.money import ZERO
from kontor.kernel.refusal import Refused
from kontor.orders.intake import OrderDetails
from kontor.orders.parties import parties_between
from kontor.taxes.deciding import Item
from kontor.taxes.rules import TaxTotal, UnknownRate


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Totals in the document's currency; `refusal` says why this buyer could not order now, totals are empty then."""

    net_total: Decimal = ZERO
    taxes: tuple[TaxTotal, ...] = ()
    gross_total: Decimal = ZERO
    treatment: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    refusal: Refused | None = None


def preview(
    *,
    buyer_id: int,
    seller_id: int,
    lines: Iterable[tuple[Item, Decimal]],
    currency: str,
    delivery_address_id: int | None = None,
) -> Preview:
    """Totals of lines given as (what it is, net amount). Changes nothing."""
    # A number is asked for when the order is placed; here it only must not be missing.
    details = OrderDetails(po_number="-", delivery_address_id=delivery_address_id)
    items, nets = zip(*given, strict=True) if (given := list(lines)) else ((), ())
    net_total = sum(nets, ZERO)
    try:
        parties = parties_between(buyer_id, seller_id, details)
        if parties is None:
            return Preview()
        taxation = parties.taxation(items)
    except Refused as refusal:
        return Preview(refusal=refusal)
    except UnknownRate:
        return Preview(net_total=net_total, gross_total=net_total)
    taxes = taxation.totals(nets, currency)
    return Preview(
        net_total=net_total,
        taxes=tuple(taxes),
        gross_total=net_total + sum((total.tax for total in taxes), ZERO),
        treatment=taxation.treatment,
        facts=taxation.facts,
    )
