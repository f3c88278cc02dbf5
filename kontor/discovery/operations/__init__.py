"""What people do while they look for goods, and what the worker looks for on their behalf."""

from kontor.discovery.operations.ask import Question, ask_seller
from kontor.discovery.operations.look import look_for_news
from kontor.discovery.operations.remember import note_first_listings
from kontor.discovery.operations.save import change_search, remove_search, save_search
from kontor.discovery.operations.watch import change_watch, end_watch, watch_product

__all__ = [
    "Question",
    "ask_seller",
    "change_search",
    "change_watch",
    "end_watch",
    "look_for_news",
    "note_first_listings",
    "remove_search",
    "save_search",
    "watch_product",
]
