from decimal import Decimal

import pytest

from kontor.agreements.models import Draw
from kontor.agreements.operations import Drawn, draw, give_back
from kontor.companies.models import CustomerGroup
from kontor.kernel.refusal import Refused
from tests.agreements.conftest import unsound

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sound():
    yield
    assert unsound() == []


@pytest.fixture
def order(acme_account, acme_list, drill):
    """Orders drills at the contract price; lines are told by number."""

    def place(*lines, account=acme_account, price_list=acme_list, product=drill):
        draw(
            order_id=1,
            account_id=account.pk,
            lines=[
                Drawn(
                    no, price_list.pk if price_list else None, product.pk, Decimal(each), Decimal(89 * each)
                )
                for no, each in lines
            ],
        )

    return place


def used(commitment):
    commitment.refresh_from_db()
    return commitment.used


def test_an_order_uses_what_it_takes_by_quantity_and_by_value(committed, order, drill):
    by_quantity, by_value = committed(10, drill), committed(5000, measure="value")

    order((11, 4), (12, 3))

    assert (used(by_quantity), used(by_value)) == (7, 623)
    assert list(
        Draw.objects.filter(commitment=by_value).values_list("order_line_id", "base_quantity", "net")
    ) == [
        (11, 4, 356),
        (12, 3, 267),
    ]


def test_more_than_is_left_is_refused_and_nothing_is_counted(committed, order, drill):
    cap, wish = committed(10, drill), committed(100, drill, kind="at_least")
    order((11, 8))

    with pytest.raises(Refused) as refusal:
        order((12, 3))

    assert refusal.value.code == "commitment_used_up"
    assert (used(cap), used(wish), Draw.objects.count()) == (8, 8, 2)


def test_a_cap_counts_only_what_is_sold_at_its_prices_but_what_is_bought_at_least_counts_at_any(
    committed, order, drill, public_list
):
    cap, wish = committed(10, drill), committed(1000, kind="at_least", measure="value")

    order((11, 2), price_list=public_list)
    order((12, 1), price_list=None)

    assert (used(cap), used(wish)) == (0, 267)


def test_others_and_other_goods_use_nothing(committed, order, drill, bolt, globex_account, public_list):
    cap, wish = committed(10, drill), committed(10, drill, kind="at_least")

    order((11, 5), product=bolt)
    order((12, 5), account=globex_account, price_list=public_list)

    assert (used(cap), used(wish)) == (0, 0)


def test_what_a_group_committed_to_its_customers_fulfil_together(
    contract, committed, order, drill, hansa, acme_account, globex_account, public_list
):
    group = hansa_group(hansa, acme_account, globex_account)
    contract.account, contract.group = None, group
    contract.save()
    wish = committed(10, drill, kind="at_least")

    order((11, 2))
    order((12, 3), account=globex_account, price_list=public_list)

    assert used(wish) == 5


def hansa_group(hansa, *accounts):
    group = CustomerGroup.objects.create(seller=hansa, name="Fitters")
    for account in accounts:
        account.group = group
        account.save()
    return group


def test_before_and_after_its_time_nothing_counts_to_what_is_bought_at_least(
    contract, committed, order, drill, noon
):
    wish = committed(10, drill, kind="at_least")
    contract.price_list = None
    contract.valid_until = noon
    contract.save()

    order((11, 2))

    assert used(wish) == 0


def test_what_comes_back_may_be_sold_again_its_value_by_parts(committed, order, drill):
    cap, by_value = committed(10, drill), committed(5000, measure="value")
    order((11, 8))

    give_back(quantities={11: Decimal(3), 99: Decimal(7)})
    assert (used(cap), used(by_value)) == (5, 445)

    order((12, 5))
    assert used(cap) == 10


def test_never_more_comes_back_than_was_used(committed, order, drill):
    cap, by_value = committed(10, drill), committed(5000, measure="value")
    order((11, 8))

    give_back(quantities={11: Decimal(6)})
    give_back(quantities={11: Decimal(6)})
    give_back(quantities={11: Decimal(6)})

    assert (used(cap), used(by_value)) == (0, 0)


def test_an_order_sent_back_and_placed_again_counts_once(committed, order, drill):
    cap = committed(10, drill)
    order((11, 8))
    give_back(quantities={11: Decimal(8)})

    order((11, 6))

    assert (used(cap), Draw.objects.get().base_quantity) == (6, 6)


def test_without_agreements_an_order_asks_once(order, acme_account, django_assert_num_queries):
    with django_assert_num_queries(3):  # with its savepoint
        order((11, 8), (12, 1))
