"""What people do with bonus agreements."""

from kontor.rebates.operations.save import Goods, RebateFacts, save_rebate
from kontor.rebates.operations.settle import settle_rebate
from kontor.rebates.operations.state import (
    begin_rebate,
    delete_rebate,
    end_rebate,
    recount_rebate,
)

__all__ = [
    "Goods",
    "RebateFacts",
    "begin_rebate",
    "delete_rebate",
    "end_rebate",
    "recount_rebate",
    "save_rebate",
    "settle_rebate",
]
