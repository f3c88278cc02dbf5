"""What is said to a reader of words is told from what the reader may see."""

from datetime import timedelta

import pytest

from kontor.catalog.models import Product
from kontor.kernel import clock
from kontor.search.engine.indexer import Indexer
from kontor.search.models import Asked
from kontor.search.operations import rebuild_all
from kontor.search.queries import Viewer, find, suggest, suggesting
from kontor.search.queries.kept import Kept
from tests.cast import Cast
from tests.search.goods import add, skus

EVERYBODY, INSIDER = Viewer(), Viewer(assortments=(0, 77))


@pytest.fixture
def secret(indexer: Indexer, cast: Cast) -> Cast:
    """Thirty gadgets named "kryptonit" that only the customers of one assortment may see."""
    for number in range(30):
        add(cast, f"K-{number}", f"Kryptonit gadget {number}")
    Product.objects.filter(sku__startswith="K-").update(assortments=[77])
    add(cast, "G-1", "Gadget holder")
    rebuild_all()
    indexer.step()
    return cast


@pytest.mark.covers("R1.26")
def test_no_correction_names_a_word_of_goods_that_may_not_be_seen(secret: Cast):
    assert find(INSIDER, "kryptonti").corrected == "kryptonit"
    listing = find(EVERYBODY, "kryptonti")
    assert (listing.corrected, listing.suggestion, listing.total) == ("", "", 0)
    listing = find(EVERYBODY, "gadget kryptonti")
    assert (listing.corrected, listing.suggestion, skus(listing)) == ("", "", ["G-1"])


def test_did_you_mean_counts_what_the_reader_sees(secret: Cast, indexer: Indexer):
    add(secret, "K-TYPO", "Kryptonot lamp")
    rebuild_all()
    indexer.step()
    assert find(INSIDER, "kryptonot").suggestion == "kryptonit"
    assert find(EVERYBODY, "kryptonot").suggestion == ""


def test_a_word_known_only_from_hidden_goods_is_corrected_like_any_unknown_one(
    secret: Cast, indexer: Indexer
):
    add(secret, "K-LAMP", "Kryptonix lamp")
    rebuild_all()
    indexer.step()
    assert find(EVERYBODY, "kryptonit").corrected == "kryptonix"
    assert find(INSIDER, "kryptonit").corrected == ""


def test_words_of_others_are_offered_to_those_who_would_find_something(
    secret: Cast, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(suggesting, "_asked", Kept())
    today = clock.now().date()
    for words in ("gadget kryptonit", "gadget holder"):
        for day in (today, today - timedelta(days=1)):
            Asked.objects.create(day=day, words=words, shown=words, times=5, found=1)
    assert suggest(INSIDER, "gadget").queries == ("gadget holder", "gadget kryptonit")
    assert suggest(EVERYBODY, "gadget").queries == ("gadget holder",)
