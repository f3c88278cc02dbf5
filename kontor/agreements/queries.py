"""What of contracts is left."""

from collections.abc import Collection

from kontor.pricing.basket import Basket


def used_up(basket: Basket) -> Collection[int]:
    """Lines (numbers from 0) that want more at a contract price than is left; they cost the next price."""
    return ()
