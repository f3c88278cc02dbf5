import pytest

from kontor.agreements.queries import used_up

pytestmark = pytest.mark.django_db


def test_what_is_within_the_cap_keeps_the_contract_price(committed, basket, drill):
    committed(10, drill)

    assert set(used_up(basket(4, 6))) == set()


def test_a_line_that_wants_more_than_is_left_costs_the_next_price_and_later_lines_may_still_fit(
    committed, basket, drill
):
    committed(10, drill)

    assert set(used_up(basket(8, 3, 2))) == {1}


def test_a_cap_by_value_of_all_goods_counts_what_lines_cost(committed, basket):
    committed("890.00", measure="value")

    assert set(used_up(basket(10))) == set()
    assert set(used_up(basket(10, 1))) == {1}


def test_prices_from_elsewhere_and_other_products_do_not_meet_the_cap(committed, basket, drill, bolt):
    committed(1, drill)

    assert set(used_up(basket(5, source="offer:7"))) == set()
    assert set(used_up(basket(5, product=bolt))) == set()


def test_what_is_bought_at_least_is_no_cap(committed, basket, drill):
    committed(1, drill, kind="at_least")

    assert set(used_up(basket(5))) == set()


def test_a_draft_caps_nothing(contract, committed, basket, drill):
    committed(1, drill)
    contract.status = "draft"
    contract.save()

    assert set(used_up(basket(5))) == set()


def test_one_statement_whatever_is_in_the_basket_and_none_without_a_list(basket, django_assert_num_queries):
    with django_assert_num_queries(1):
        used_up(basket(*range(1, 200)))
    with django_assert_num_queries(0):
        used_up(basket(1, source="manual"))
