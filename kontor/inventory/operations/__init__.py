"""Everything that changes stock. All of it locks stock rows in the order of their ids first, so that none of it can
deadlock with another, and reservations change only under those locks."""

from kontor.inventory.operations.adjust import adjust_stock
from kontor.inventory.operations.expect import Announcement, drop_expected, expect_receipt, move_expected
from kontor.inventory.operations.issue import Issue, issue
from kontor.inventory.operations.receive import Receipt, TakenBack, receive_stock, take_back
from kontor.inventory.operations.release import release
from kontor.inventory.operations.reserve import Demand, reserve
from kontor.inventory.operations.warehouse import WarehouseFacts, save_warehouse, set_bin

__all__ = [
    "Announcement",
    "Demand",
    "Issue",
    "Receipt",
    "TakenBack",
    "WarehouseFacts",
    "adjust_stock",
    "drop_expected",
    "expect_receipt",
    "issue",
    "move_expected",
    "receive_stock",
    "release",
    "reserve",
    "save_warehouse",
    "set_bin",
    "take_back",
]
