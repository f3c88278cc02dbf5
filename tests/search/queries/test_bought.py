"""What a company bought, among the hits for some words."""

import pytest

from kontor.search.engine.indexer import Indexer
from kontor.search.engine.reader import Node
from kontor.search.operations import rebuild_all
from kontor.search.queries import Viewer, Window, find
from tests.cast import Cast
from tests.search.goods import add, skus

EVERYBODY = Viewer()


@pytest.fixture
def bought(indexer: Indexer, cast: Cast) -> tuple[int, ...]:
    """Six rivets and a clamp; the clamp and two rivets were bought, rivet 4 last."""
    goods = [add(cast, f"R-{number}", f"Rivet {number}") for number in range(6)]
    clamp = add(cast, "C-1", "Clamp")
    rebuild_all()
    indexer.step()
    return goods[4].pk, clamp.pk, goods[2].pk


@pytest.mark.parametrize("words", ["rivet", "rivets"])
def test_sorted_by_last_purchase_what_was_bought_stands_before_the_other_hits(
    bought: tuple[int, ...], words: str
):
    pages = [
        skus(find(EVERYBODY, words, window=Window(sort="bought", bought=bought, page=page, per_page=4)))
        for page in (1, 2)
    ]
    assert pages == [["R-4", "R-2", "R-0", "R-1"], ["R-3", "R-5"]]
    assert find(EVERYBODY, words, window=Window(sort="bought", bought=bought)).total == 6


@pytest.mark.parametrize(("sort", "order"), [("bought", ["R-4", "R-2"]), ("name", ["R-2", "R-4"])])
def test_only_what_was_bought_is_found_in_any_order(bought: tuple[int, ...], sort: str, order: list[str]):
    listing = find(EVERYBODY, "rivets", window=Window(sort=sort, bought=bought, only_bought=True))
    assert (skus(listing), listing.total) == (order, 2)
    assert listing.highlights.keys() == {card.product_id for card in listing.cards}


def test_what_was_never_bought_is_not_corrected(bought: tuple[int, ...]):
    listing = find(EVERYBODY, "rivte", window=Window(bought=(bought[1],), only_bought=True))
    assert (listing.total, listing.corrected) == (0, "")


def test_without_an_index_the_database_finds_among_what_was_bought(node: Node, cast: Cast):
    bolt = cast.products["bolt"].pk
    rebuild_all()
    listing = find(EVERYBODY, "bolt", window=Window(bought=(bolt,), only_bought=True))
    assert skus(listing) == ["BOLT-M8"]
