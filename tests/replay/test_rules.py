import doctest

import pytest

from kontor.replay import rules


def test_the_examples_of_the_rules_hold():
    assert doctest.testmod(rules).failed == 0


@pytest.mark.parametrize(
    ("invoice", "kind"), [("536365", "sale"), ("C536379", "cancellation"), ("A563185", "adjustment")]
)
def test_the_first_letter_says_what_an_invoice_is(invoice, kind):
    assert rules.kind_of(invoice) == kind


def test_every_country_of_the_file_has_a_code():
    assert all(len(code) == 2 and code.isupper() for code in rules.COUNTRIES.values())
    assert len(rules.COUNTRIES) == 38
