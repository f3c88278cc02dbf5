"""What is done differently for large catalogs gives the same answers."""

import pytest

from kontor.search.engine import indexer as building
from kontor.search.engine import reader
from kontor.search.engine.indexer import Indexer
from kontor.search.operations import rebuild_all
from kontor.search.operations.rank import note_popularity
from kontor.search.queries import Viewer, Window, browse, browsing, find
from tests.cast import Cast
from tests.search.goods import add, skus

EVERYBODY = Viewer()


@pytest.fixture
def studs(indexer: Indexer, cast: Cast) -> list[str]:
    """Forty studs, few of them popular, with texts that hold their words here and there."""
    found = []
    for number in range(40):
        text = "A stud with a zinc coat, tightened by hand" if number % 3 else ""
        product = add(
            cast, f"ST-{number}", f"Stud bolt M{number % 5 + 4} x 20", description=text, brand="Würth"
        )
        note_popularity({product.pk: number // 8 % 3})
        found.append(product.sku)
    indexer.step()
    return found


def test_far_pages_go_on_in_the_order_of_near_ones(studs: list[str], monkeypatch: pytest.MonkeyPatch):
    windows = [Window(page=page, per_page=7) for page in range(1, 8)]
    walked = [skus(browse(EVERYBODY, window=one)) for one in windows]
    assert len(walked[0]) == 7
    monkeypatch.setattr(browsing, "FAR", 14)
    far = [browse(EVERYBODY, window=one) for one in windows]
    assert [skus(listing) for listing in far] == walked
    assert {listing.total for listing in far} == {sum(map(len, walked))}


@pytest.mark.parametrize(
    "words",
    [
        "stud",
        "studs zinc",
        '"zinc coat"',
        "m8 x 20",
        "wurth bolt",
        "ST-7",
        "ST-1",
        "stud -zinc",
        "hand screw",
    ],
)
def test_what_is_found_does_not_depend_on_the_order(studs: list[str], words: str):
    ranked, popular = (
        find(EVERYBODY, words, window=Window(sort=sort, per_page=100)) for sort in ("", "popular")
    )
    assert sorted(skus(ranked)) == sorted(skus(popular))
    assert (ranked.total, ranked.matching_all) == (popular.total, popular.matching_all)
    assert sum(count for _brand, count in ranked.facets.brands) == ranked.total


def test_a_large_catalog_is_built_in_shares(studs: list[str], monkeypatch: pytest.MonkeyPatch):
    before = find(EVERYBODY, "stud")
    monkeypatch.setattr(building, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(building, "BATCH", 5)
    rebuild_all()
    folder = building.build()
    engine = reader.TantivyEngine(folder)
    assert engine.knows("stud") == before.total == 40
    assert find(EVERYBODY, "stud").total == 40
