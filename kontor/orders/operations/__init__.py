"""What people, and the floors above, do with orders."""

from kontor.orders.operations.accept_offer import accept_offer
from kontor.orders.operations.approve import approve_order, send_back_order
from kontor.orders.operations.book import (
    book_delivered,
    book_invoiced,
    book_parts_shipped,
    book_returned,
    book_shipped,
)
from kontor.orders.operations.cancel import cancel_order
from kontor.orders.operations.confirm import change_confirmed_date, confirm_order
from kontor.orders.operations.enter import enter_order, preview_order
from kontor.orders.operations.note_tax import note_tax_charged
from kontor.orders.operations.place import place_order
from kontor.orders.operations.reorder import reorder

__all__ = [
    "accept_offer",
    "approve_order",
    "book_delivered",
    "book_invoiced",
    "book_parts_shipped",
    "book_returned",
    "book_shipped",
    "cancel_order",
    "change_confirmed_date",
    "confirm_order",
    "enter_order",
    "note_tax_charged",
    "place_order",
    "preview_order",
    "reorder",
    "send_back_order",
]
