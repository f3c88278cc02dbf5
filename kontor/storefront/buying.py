"""What the reader may do as a buyer, or as the seller's representative on a buyer's behalf."""

from kontor.carts.permissions import EDIT_CARTS, FILL_FOR_CUSTOMERS
from kontor.kernel.actors import Actor
from kontor.orders.permissions import right_to_order
from kontor.quotes.permissions import ANSWER_QUOTES, REQUEST_QUOTES


def may_fill_carts(actor: Actor | None) -> bool:
    """Whether "add to cart" makes sense for the reader."""
    return actor is not None and actor.may(FILL_FOR_CUSTOMERS if actor.acting_for_id else EDIT_CARTS)


def may_order(actor: Actor) -> bool:
    """Whether the reader turns carts and offers into orders."""
    return actor.may(right_to_order(actor))


def may_ask_for_prices(actor: Actor) -> bool:
    """Whether the reader asks for offers and answers them."""
    return actor.may(ANSWER_QUOTES if actor.acting_for_id else REQUEST_QUOTES)
