"""The tax of what was ordered, looked at once more when it is invoiced."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from kontor.companies.models import Company
from kontor.invoicing.writing import NewCharge, NewLine
from kontor.orders.models import Order
from kontor.orders.operations import note_tax_charged
from kontor.taxes.deciding import ON_EVIDENCE, Item, LineTax, Supply, Taxation
from kontor.taxes.places import place_of
from kontor.taxes.queries import tax_still


def tax_now(order: Order, lines: Sequence[NewLine | NewCharge], items: Sequence[Item], day: date) -> Taxation:
    """The taxes of an order's lines and charges as they are invoiced on a day.

    As they were ordered; but a line that was untaxed on evidence is taxed when the proof or certificate does not count
    any more. The order then keeps a note of it. Raises UnknownRate.
    """
    agreed = [LineTax(line.tax_code, line.tax_rate) for line in lines]
    as_ordered = Taxation(treatment=order.tax_treatment, lines=tuple(agreed), facts=order.tax_facts)
    if not any(tax.code in ON_EVIDENCE for tax in agreed):
        return as_ordered
    taxation, lapsed = tax_still(_supply(order, day), items, agreed)
    if not lapsed:
        return replace(as_ordered, facts=taxation.facts)
    note_tax_charged(order, day)
    return replace(taxation, facts=taxation.facts | {"lapsed": day.isoformat()})


Taxable = TypeVar("Taxable", NewLine, NewCharge)


def taxed(lines: Sequence[Taxable], taxes: Sequence[LineTax]) -> list[Taxable]:
    """The lines, or charges, with their taxes."""
    return [
        replace(line, tax_code=tax.code, tax_rate=tax.rate) for line, tax in zip(lines, taxes, strict=True)
    ]


def _supply(order: Order, day: date) -> Supply:
    companies = Company.objects.in_bulk([order.seller_id, order.buyer_id])
    seller, buyer = companies[order.seller_id], companies[order.buyer_id]
    return Supply(
        seller_id=seller.pk,
        buyer_id=buyer.pk,
        seller_country=seller.country,
        seller_vat_id=seller.vat_id,
        buyer_country=buyer.country,
        buyer_vat_id=buyer.vat_id,
        destination=place_of(order.delivery_address, country=buyer.country),
        day=day,
    )
