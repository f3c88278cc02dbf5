"""What people decide about files; `kontor.exchange.imports` carries it out."""

from kontor.exchange.operations.decide import ask_for, fetch_again, forget_mapping, save_mapping, set_plan
from kontor.exchange.operations.take_in import Incoming, take_in

__all__ = [
    "Incoming",
    "ask_for",
    "fetch_again",
    "forget_mapping",
    "save_mapping",
    "set_plan",
    "take_in",
]
