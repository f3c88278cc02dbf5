"""What people do with goods on their way out and back."""

from kontor.fulfilment.operations.answer_return import accept_return, decline_return
from kontor.fulfilment.operations.deliver import announce_arrivals, confirm_delivery
from kontor.fulfilment.operations.pack import pack
from kontor.fulfilment.operations.pick import confirm_pick
from kontor.fulfilment.operations.receive_return import receive_return
from kontor.fulfilment.operations.release import release_to_warehouse
from kontor.fulfilment.operations.request_return import ReturnedLine, request_return, returnable
from kontor.fulfilment.operations.ship import render_services, ship, ship_now
from kontor.fulfilment.operations.undo import cancel_pick_list, unpack

__all__ = [
    "ReturnedLine",
    "accept_return",
    "announce_arrivals",
    "cancel_pick_list",
    "confirm_delivery",
    "confirm_pick",
    "decline_return",
    "pack",
    "receive_return",
    "release_to_warehouse",
    "render_services",
    "request_return",
    "returnable",
    "ship",
    "ship_now",
    "unpack",
]
