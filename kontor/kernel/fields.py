"""Columns for amounts, quantities and unit prices, the same width everywhere."""

from typing import Any

from django.db import models


class AmountField(models.DecimalField):  # type: ignore[type-arg]  # stubs want parameters that Django lacks at run time
    """An amount in whole minor units of the currency beside it; three decimals so that dinars fit."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_digits": 18, "decimal_places": 3} | options)


class QuantityField(models.DecimalField):  # type: ignore[type-arg]  # as above
    """A number of units, to a thousandth."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_digits": 16, "decimal_places": 3} | options)


class UnitPriceField(models.DecimalField):  # type: ignore[type-arg]  # as above
    """A price per base quantity, with up to six decimals."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_digits": 18, "decimal_places": 6} | options)
