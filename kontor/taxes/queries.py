"""Reads of the tax tables."""

from datetime import date
from decimal import Decimal

from kontor.taxes.models import TaxRate


def rates_on(*, country: str, day: date) -> dict[str, Decimal]:
    """Percent by tax category in a country on a day: of each category the latest row that has begun. One query."""
    begun = (
        TaxRate.objects.filter(country=country, valid_from__lte=day)
        .order_by("category", "-valid_from")
        .distinct("category")
    )
    return dict(begun.values_list("category", "rate"))
