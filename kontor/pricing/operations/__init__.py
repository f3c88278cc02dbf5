"""Everything that changes prices and who gets them."""

from kontor.pricing.operations.assign import accept_customer_with_prices, assign_lists
from kontor.pricing.operations.lists import PriceListFacts, delete_price_list, save_price_list
from kontor.pricing.operations.prices import PriceRow, remove_prices, set_prices

__all__ = [
    "PriceListFacts",
    "PriceRow",
    "accept_customer_with_prices",
    "assign_lists",
    "delete_price_list",
    "remove_prices",
    "save_price_list",
    "set_prices",
]
