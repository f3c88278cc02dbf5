"""What comes first, and what follows when little has every word."""

from typing import Any

import pytest

from kontor.goods.wording import synonyms_of, thing, understood
from kontor.search.engine.indexer import Indexer
from kontor.search.models import Synonym
from kontor.search.queries import Viewer, find
from kontor.search.queries.curated import forget_curation, trade_words
from tests.cast import Cast
from tests.search.goods import add, skus

EVERYBODY = Viewer()


def test_words_strewn_over_descriptions_are_not_enough(indexer: Indexer, cast: Cast):
    """A dozen printers that mention an external disc drive do not keep the drives away that say less."""
    for number in range(12):
        add(cast, f"P-{number}", f"Printer {number}", description="Works with an external disc drive.")
    add(cast, "D-1", "Disc drive DVD writer")
    indexer.step()
    listing = find(EVERYBODY, "external disc drive")
    assert listing.matching_all == 12
    assert listing.total == 13
    assert skus(listing)[-1] == "D-1"


def test_enough_with_all_words_in_their_name_need_no_followers(indexer: Indexer, cast: Cast):
    for number in range(12):
        add(cast, f"D-{number}", f"External disc drive {number}")
    add(cast, "N-1", "Disc drive DVD writer")
    indexer.step()
    listing = find(EVERYBODY, "external disc drive")
    assert (listing.total, listing.matching_all) == (12, 12)


def test_a_rare_word_does_not_stand_before_the_common_one_that_means_the_same(indexer: Indexer, cast: Cast):
    for number in range(20):
        add(cast, f"N-{number}", f"Brushless percussor {number}")
    add(cast, "L-1", "Cable lock for your hammerdrill when travelling far away from home")
    Synonym.objects.create(terms=["hammerdrill", "percussor"])
    forget_curation()
    indexer.step()
    found = skus(find(EVERYBODY, "hammerdrill"))
    assert len(found) == 21
    assert found[-1] == "L-1"


def test_common_synonyms_are_known_and_can_be_switched_off(indexer: Indexer, cast: Cast, settings: Any):
    add(cast, "N-1", "Notebook 14 in")
    indexer.step()
    assert skus(find(EVERYBODY, "laptop")) == ["N-1"]
    settings.CONFIG = settings.CONFIG.model_copy(update={"search_trade_words": False})
    forget_curation()
    assert skus(find(EVERYBODY, "laptop")) == []


def test_each_common_synonym_stands_in_one_group():
    words = [word.casefold() for group in trade_words() for word in group]
    assert len(words) == len(set(words))
    assert all(len(group) > 1 for group in trade_words())
    assert understood("schraubenzieher", synonyms_of(trade_words())).chunks[0].alternatives[1].tokens == (
        "schraubendreher",
    )


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("kabellose maus", 1),
        ("tasche mit rollen", 0),
        ("mouse for laptop", 0),
        ("with lid", 1),
        ("hex bolt m8", 1),
        ("230V", None),
    ],
)
def test_the_thing_asked_for_is_the_last_word_before_a_joint(words: str, wanted: int | None):
    assert thing(understood(words)) == wanted
