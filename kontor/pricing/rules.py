"""Decisions about prices without a database."""

from collections.abc import Iterable
from decimal import Decimal

MAX_AMOUNT = Decimal(10) ** 12


def one_currency(currencies: Iterable[str]) -> bool:
    """Whether the lists of a chain can stand together: an order has one currency.

    >>> one_currency(["EUR", "EUR"]), one_currency([]), one_currency(["EUR", "USD"])
    (True, True, False)
    """
    return len(set(currencies)) <= 1


def is_unit_price(amount: Decimal) -> bool:
    """Whether an amount can be a price: 0 or more, at most six decimals.

    >>> [is_unit_price(Decimal(text)) for text in ("0", "12.405", "-1", "0.0000001", "NaN")]
    [True, True, False, False, False]
    """
    return amount.is_finite() and 0 <= amount < MAX_AMOUNT and amount == round(amount, 6)


def is_price_quantity(quantity: Decimal) -> bool:
    """Whether a quantity can be a break or a price base: above 0, at most three decimals.

    >>> [is_price_quantity(Decimal(text)) for text in ("1", "0.5", "0", "1.0001")]
    [True, True, False, False]
    """
    return quantity.is_finite() and 0 < quantity <= 999_999_999 and quantity == round(quantity, 3)


def is_least_margin(percent: Decimal) -> bool:
    """Whether a percentage of the price can be asked to stay above the cost: from 0 to below 100, two decimals.

    >>> [is_least_margin(Decimal(text)) for text in ("0", "22.5", "100", "-1", "1.234")]
    [True, True, False, False, False]
    """
    return percent.is_finite() and 0 <= percent < 100 and percent == round(percent, 2)


def margin(price: Decimal, cost: Decimal) -> Decimal | None:
    """What a price leaves above the cost, in percent of the price, to a tenth; None for a price of 0.

    >>> margin(Decimal(100), Decimal(80)), margin(Decimal("9.99"), Decimal("12")), margin(Decimal(0), Decimal(1))
    (Decimal('20.0'), Decimal('-20.1'), None)
    """
    return round((price - cost) * 100 / price, 1) if price else None
