"""The cast itself: everybody is who the other tests think they are."""

from decimal import Decimal

from kontor.approvals.permissions import DECIDE
from kontor.kernel.invariants import check_all
from kontor.search.operations import rebuild_all
from tests.cast import actor, assemble


def test_ana_orders_up_to_her_limit_and_ben_decides(ana, ben, acme):
    assert actor(ana).order_limit == Decimal("500.00")
    assert actor(ana).company_id == actor(ben).company_id == acme.pk
    assert not actor(ana).may(DECIDE)
    assert actor(ben).may(DECIDE)
    assert actor(ben, door="api").door == "api"


def test_the_sellers_and_the_operator_are_told_apart(sal, lev, olga, hansa, levante):
    assert (actor(sal).company_id, actor(sal).is_seller) == (hansa.pk, True)
    assert (actor(lev).company_id, actor(lev).is_seller) == (levante.pk, True)
    assert actor(olga).is_operator
    assert not actor(sal).is_operator


def test_it_takes_few_statements(db, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        assemble()


def test_the_cast_breaks_no_invariant(cast):
    rebuild_all()  # search documents are made from the products
    assert {one.name: one.examples for one in check_all() if one.bad} == {}
