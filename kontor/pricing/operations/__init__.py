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
from kontor.pricing.operations.policy import set_price_policy
from kontor.pricing.operations.prices import PriceRow, remove_prices, set_prices
from kontor.pricing.operations.rates import ReadRates, fix_rate, import_reference_rates, remove_rate
from kontor.pricing.operations.rounds import (
    approve_round,
    delete_round,
    put_into_round,
    reject_round,
    save_round,
    shift_into_round,
    submit_round,
    take_out_of_round,
    withdraw_round,
)

__all__ = [
    "CostRow",
    "Formula",
    "Given",
    "PriceListFacts",
    "PriceRow",
    "ReadRates",
    "accept_customer_with_prices",
    "approve_round",
    "assign_group_lists",
    "assign_lists",
    "assign_lists_for_all",
    "delete_price_list",
    "delete_round",
    "fix_rate",
    "import_reference_rates",
    "put_into_round",
    "reject_round",
    "remove_costs",
    "remove_prices",
    "remove_rate",
    "save_price_list",
    "save_round",
    "set_costs",
    "set_price_policy",
    "set_prices",
    "shift_into_round",
    "submit_round",
    "take_out_of_round",
    "withdraw_round",
]
