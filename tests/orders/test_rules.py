"""The examples in rules and topic are true."""

import doctest

import pytest

from kontor.invoicing import rules as invoicing_rules
from kontor.orders import letterhead
from kontor.orders import rules as orders_rules
from tests.topics import run_topic


@pytest.mark.parametrize("module", [orders_rules, invoicing_rules, letterhead])
def test_the_examples_of_the_rules_are_true(module):
    result = doctest.testmod(module)
    assert (result.failed, result.attempted > 0) == (0, True)


def test_the_examples_of_the_topic_are_true():
    assert run_topic("orders.md", {}) == 14
