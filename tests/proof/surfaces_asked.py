"""All surfaces asked one question, and those that answer other than the resolver."""

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

from kontor.search.queries import Window, find
from tests.proof.doorway import undone
from tests.proof.surfaces import (
    ASKED,
    ASKED_BY_BUYERS,
    AT_FIRST,
    BY_BREAKS,
    Asker,
    Question,
    figures,
    written,
)
from tests.proof.surfaces_on_file import FILES, on_paper, paper


def disagreeing(asker: Asker, question: Question, *, is_first: bool, in_first_unit: bool) -> list[str]:
    """The surfaces that answer other than the resolver. What each of them writes is undone."""
    price = asker.told(question)
    right = (
        (None, "", "on request")
        if price is None
        else (figures(price), written(question, price), on_paper(asker, question, price))
    )
    asked = dict(ASKED)
    if is_first:
        asked |= AT_FIRST
    if in_first_unit:
        asked |= BY_BREAKS
    if asker.buyer:
        asked |= ASKED_BY_BUYERS
        if in_first_unit:
            asked |= FILES | {"the paper": paper}
    wrong = []
    for name, ask in asked.items():
        with undone():
            answer = ask(asker, question)
        if answer not in right:
            wrong.append(f"{name} says {answer} instead of {right}")
    return wrong


def in_own_order(asker: Asker, price_of: Callable[[int], Decimal | None], step: Decimal) -> list[str]:
    """What is wrong with the goods sorted by price, and with those narrowed to one price.

    `step`: prices nearer to each other may change places (a rounding that a formula's order does not know).
    """
    wrong = []
    for sort, sign in (("price", 1), ("-price", -1)):
        cards = find(asker.viewer, "gizmo", window=Window(per_page=100, sort=sort)).cards
        prices = [price_of(one.product_id) for one in cards]
        known = [one for one in prices if one is not None]
        if prices[: len(known)] != known:
            wrong.append(f"{sort}: goods without a price stand before others: {prices}")
        wrong += [
            f"{sort}: {one} stands before {other}"
            for one, other in pairwise(known)
            if (one - other) * sign > step
        ]
    return wrong
