"""What buyers and sellers do with requests and offers."""

from kontor.quotes.operations.agree import agree_on_offer
from kontor.quotes.operations.answer import mark_accepted, refuse_offer, reopen_offer
from kontor.quotes.operations.draft import OfferContent, OfferedLine, save_offer, start_offer
from kontor.quotes.operations.request import ask_again, request_quote, withdraw_request
from kontor.quotes.operations.send import decline_request, send_offer

__all__ = [
    "OfferContent",
    "OfferedLine",
    "agree_on_offer",
    "ask_again",
    "decline_request",
    "mark_accepted",
    "refuse_offer",
    "reopen_offer",
    "request_quote",
    "save_offer",
    "send_offer",
    "start_offer",
    "withdraw_request",
]
