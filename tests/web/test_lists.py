from decimal import Decimal

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from kontor.web.lists import Pager, address_with, beyond, cursor_of, sorting, values_of


def test_a_column_head_sorts_up_then_down_and_forgets_the_page(rf: RequestFactory) -> None:
    request = rf.get("/orders/", {"sort": "number", "after": "abc", "q": "bolt"})

    by = sorting(request, ("number", "placed"), "-placed")

    assert by.state("number") == "ascending"
    assert by.url("number") == "/orders/?sort=-number&q=bolt"
    assert by.url("placed") == "/orders/?sort=placed&q=bolt"


def test_an_unknown_order_falls_back(rf: RequestFactory) -> None:
    by = sorting(rf.get("/", {"sort": "password"}), ("number",), "-number")

    assert (by.key, by.down) == ("number", True)


def test_an_address_changes_only_what_is_asked(rf: RequestFactory) -> None:
    assert address_with(rf.get("/x/", {"a": "1", "b": "ü"}), a=None) == "/x/?b=%C3%BC"


@given(st.lists(st.one_of(st.text(max_size=20), st.integers(-(2**53), 2**53)), min_size=1, max_size=3))
def test_a_cursor_comes_back_as_it_was(values: list[str | int]) -> None:
    assert values_of(cursor_of(values)) == values


@pytest.mark.parametrize("broken", ["%%%", "bm90IGpzb24", "e30", "W1tdXQ", "W251bGxd", "W3RydWVd"])
def test_a_broken_cursor_is_nobody(broken: str) -> None:
    assert values_of(broken) is None


def test_a_cursor_keeps_decimals_exact() -> None:
    assert values_of(cursor_of([Decimal("0.10"), 7])) == ["0.10", 7]


def test_beyond_compares_field_by_field() -> None:
    condition = str(beyond(("-placed_at", "id"), ["2026-01-01", 7], backwards=False))

    assert "placed_at__lt" in condition
    assert "id__gt" in condition


def test_the_pager_says_where_one_is() -> None:
    assert Pager(shown=50, first=51, total=5000).summary == "51–100 of 5,000"
    assert Pager(shown=0, first=1, total=0).summary == "0–0 of 0"
    assert Pager(shown=1).summary == "1 row"
