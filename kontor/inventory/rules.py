"""From which shelf a quantity is taken: decisions without a database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(slots=True)
class Shelf:
    """What is free of a product in one warehouse; shrinks while it is given away."""

    stock_item_id: int
    free: Decimal
    warehouse_id: int = 0


def take(shelves: Iterable[Shelf], quantity: Decimal) -> list[tuple[int, Decimal]] | None:
    """Take `quantity` from the shelves in their order, or nothing at all (None) when they hold too little.

    The first shelf that holds everything is preferred, so that a line is not split without need.

    >>> shelves = [Shelf(1, Decimal(3)), Shelf(2, Decimal(10))]
    >>> take(shelves, Decimal(5)), take(shelves, Decimal(7)), take(shelves, Decimal(2))
    ([(2, Decimal('5'))], [(1, Decimal('3')), (2, Decimal('4'))], None)
    """
    shelves = list(shelves)
    if sum((shelf.free for shelf in shelves), ZERO) < quantity:
        return None
    whole = next((shelf for shelf in shelves if shelf.free >= quantity), None)
    taken = []
    for shelf in [whole] if whole else shelves:
        part = min(shelf.free, quantity)
        if part > 0:
            shelf.free -= part
            quantity -= part
            taken.append((shelf.stock_item_id, part))
    return taken


def one_place(wanted: Sequence[tuple[Sequence[Shelf], Decimal]]) -> list[Sequence[Shelf]]:
    """Where each of several things should be taken from, so that all leave together: the first warehouse that has all.

    When no warehouse has everything, each is taken from wherever it is.

    >>> screws, plugs = [Shelf(1, Decimal(9), 1), Shelf(2, Decimal(9), 2)], [Shelf(3, Decimal(2), 2)]
    >>> [[shelf.stock_item_id for shelf in some] for some in one_place([(screws, Decimal(4)), (plugs, Decimal(2))])]
    [[2], [3]]
    """
    for first in wanted[0][0]:
        here = [
            [one for one in shelves if one.warehouse_id == first.warehouse_id and one.free >= quantity]
            for shelves, quantity in wanted
        ]
        if all(here):
            return list(here)
    return [shelves for shelves, _quantity in wanted]
