"""What people do in carts."""

from kontor.carts.operations.clear import clear_cart, restore_cart
from kontor.carts.operations.coupons import add_coupon, remove_coupon
from kontor.carts.operations.lines import (
    Added,
    LineChange,
    RemovedLine,
    add_configured,
    add_to_cart,
    add_to_current_cart,
    change_configuration,
    change_line,
    change_lines,
    remove_line,
    restore_line,
)
from kontor.carts.operations.open import (
    discard_cart,
    make_current,
    open_cart,
    recall_cart,
    rename_cart,
    start_new_cart,
)
from kontor.carts.operations.paste import PasteReport, RejectedLine, TakenLine, add_lines
from kontor.carts.operations.submit import reopen_cart, submit_cart

__all__ = [
    "Added",
    "LineChange",
    "PasteReport",
    "RejectedLine",
    "RemovedLine",
    "TakenLine",
    "add_configured",
    "add_coupon",
    "add_lines",
    "add_to_cart",
    "add_to_current_cart",
    "change_configuration",
    "change_line",
    "change_lines",
    "clear_cart",
    "discard_cart",
    "make_current",
    "open_cart",
    "recall_cart",
    "remove_coupon",
    "remove_line",
    "rename_cart",
    "reopen_cart",
    "restore_cart",
    "restore_line",
    "start_new_cart",
    "submit_cart",
]
