"""The demo's generator: the same shop each time, sixty shelves, a picture for everything."""

import io
import random

from PIL import Image

from kontor.demo.families import families
from kontor.demo.pictures import SHAPES, picture
from kontor.demo.shelves import BRANDS, articles


def test_sixty_categories_in_ten_departments():
    all_families = families()

    assert len(all_families) == 60
    assert len({family.prefix for family in all_families}) == 60
    assert {family.department for family in all_families} == set(BRANDS)
    assert {family.shape for family in all_families} <= set(SHAPES)


def test_the_same_seed_makes_the_same_articles():
    first, second = (list(articles(random.Random(1))) for _n in range(2))

    assert first == second
    assert len(first) == 2084
    assert len({article.sku for article in first}) == 2084


def test_every_shape_is_drawn_on_a_square_and_differs_by_finish():
    for shape in SHAPES:
        drawn = Image.open(io.BytesIO(picture(shape, "blue", 1)))
        assert drawn.size == (480, 480)
    assert picture("bolt", "brass", 1) != picture("bolt", "black", 1)
