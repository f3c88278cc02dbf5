import doctest

import pytest

from kontor.exchange import picture_names
from kontor.exchange.picture_names import Match, articles_of

BOLT, BOLT_2, NUT = Match(1, 1, "BOLT-8"), Match(1, 2, "BOLT-8_2"), Match(1, 3, "NUT-8")


def test_the_examples():
    assert doctest.testmod(picture_names).failed == 0


@pytest.mark.parametrize(
    ("name", "sku", "number"),
    [
        ("BOLT-8.jpg", "BOLT-8", 1),
        ("BOLT-8_3.jpg", "BOLT-8", 3),
        ("BOLT-8-3.jpg", "BOLT-8", 3),
        ("BOLT-8 (3).jpg", "BOLT-8", 3),
        ("deep/down/BOLT-8_03.JPG", "BOLT-8", 3),
        ("BOLT-8/12.jpg", "BOLT-8", 12),
        ("BOLT-8/front.jpg", "BOLT-8", 1),
        ("BOLT-8_2.jpg", "BOLT-8_2", 1),
    ],
)
def test_a_file_belongs_to_the_article_that_it_is_named_after(name: str, sku: str, number: int):
    known = {"BOLT-8": [BOLT], "BOLT-8_2": [BOLT_2], "NUT-8": [NUT]}

    matches, found = articles_of(name, known)

    assert ([one.sku for one in matches], found) == ([sku], number)


def test_a_sku_counts_more_than_a_number_without_its_signs():
    known = {"BOLT-8_3": [Match(4, 9, "BOLT83")], "BOLT-8": [BOLT]}

    assert articles_of("BOLT-8_3.jpg", known) == ([BOLT], 3)


def test_a_name_of_nobody_or_of_several_is_not_guessed():
    known = {"8": [Match(3, 1, "BOLT-8"), Match(3, 3, "NUT-8")]}

    assert articles_of("screw.jpg", known) == ([], 1)
    assert [one.sku for one in articles_of("8.jpg", known)[0]] == ["BOLT-8", "NUT-8"]
