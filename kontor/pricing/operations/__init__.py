"""Everything that changes prices and who gets them."""

from kontor.pricing.operations.assign import (
    Given,
    accept_customer_with_prices,
    assign_group_lists,
    assign_lists,
    assign_lists_for_all,
)
from kontor.pricing.operations.costs import CostRow, remove_costs, set_costs
from kontor.pricing.operations.lists import Formula, PriceListFacts, delete_price_list, save_price_list
from kontor.pricing.operations.prices import PriceRow, remove_prices, set_prices

__all__ = [
    "CostRow",
    "Formula",
    "Given",
    "PriceListFacts",
    "PriceRow",
    "accept_customer_with_prices",
    "assign_group_lists",
    "assign_lists",
    "assign_lists_for_all",
    "delete_price_list",
    "remove_costs",
    "remove_prices",
    "save_price_list",
    "set_costs",
    "set_prices",
]
