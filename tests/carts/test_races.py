"""Threads on the real database: what happens at once, counts once and is not lost."""

import pytest

from kontor.carts.models import Cart, CartLine
from kontor.carts.operations import (
    add_to_cart,
    change_line,
    make_current,
    open_cart,
    remove_line,
    start_new_cart,
    submit_cart,
)
from kontor.kernel.invariants import check_all
from kontor.kernel.refusal import Stale
from kontor.search.operations.index import rebuild_all
from tests.at_once import at_once, codes
from tests.cast import assemble

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
CROWD = 8


@pytest.fixture
def cast(transactional_db):
    everybody = assemble()
    rebuild_all()
    return everybody


def test_everybody_who_adds_at_once_counts(cart, ana, ben, bolt):
    actors = [member.as_actor("page") for member in (ana, ben)] * (CROWD // 2)

    outcomes = at_once(*[
        lambda actor=actor: add_to_cart(actor=actor, cart=cart, product_id=bolt.pk, quantity=10, unit="C62")
        for actor in actors
    ])  # fmt: skip

    assert codes(outcomes) == []
    line = CartLine.objects.get()
    assert (line.quantity, line.revision) == (10 * CROWD, CROWD)
    assert Cart.objects.get().revision == 1 + CROWD


def test_all_who_open_at_once_get_one_cart(ana, hansa):
    carts = at_once(*[lambda: open_cart(actor=ana.as_actor("page"), seller=hansa)] * CROWD)

    assert {cart.pk for cart in carts} == {Cart.objects.get().pk}


def test_of_many_edits_of_one_line_one_wins_and_the_others_are_told(cart, ana, bolt):
    actor = ana.as_actor("page")
    line = add_to_cart(actor=actor, cart=cart, product_id=bolt.pk, quantity=10, unit="C62")

    outcomes = at_once(*[
        lambda wish=wish: change_line(actor=actor, line=line, quantity=wish, revision=1)
        for wish in range(100, 100 + CROWD)
    ])  # fmt: skip

    won = [one for one in outcomes if isinstance(one, CartLine)]
    assert len(won) == 1
    assert sum(isinstance(one, Stale) for one in outcomes) == CROWD - 1
    assert CartLine.objects.get().quantity == won[0].quantity


def test_a_line_removed_twice_at_once_is_removed_once(cart, ana, bolt):
    actor = ana.as_actor("page")
    line = add_to_cart(actor=actor, cart=cart, product_id=bolt.pk, quantity=10, unit="C62")

    outcomes = at_once(*[lambda: remove_line(actor=actor, line=line, revision=1)] * 2)

    assert sum(isinstance(one, Stale) for one in outcomes) == 1


def test_nothing_is_added_to_a_cart_that_is_submitted_at_once(cart, ana, bolt):
    actor = ana.as_actor("page")

    def add() -> object:
        return add_to_cart(actor=actor, cart=cart, product_id=bolt.pk, quantity=10, unit="C62")

    outcomes = at_once(add, lambda: submit_cart(cart=Cart.objects.get(), status=Cart.Status.ORDERED), add)

    added = sum(isinstance(one, CartLine) for one in outcomes)
    assert sum(line.quantity for line in CartLine.objects.all()) == added * 10
    assert Cart.objects.get().status == Cart.Status.ORDERED


def test_carts_chosen_and_begun_at_once_leave_one_current(cart, ana, hansa):
    actor = ana.as_actor("page")
    spare = start_new_cart(actor=actor, seller=hansa)

    outcomes = at_once(
        *[lambda: make_current(actor=actor, cart=cart), lambda: make_current(actor=actor, cart=spare)] * 2,
        *[lambda: start_new_cart(actor=actor, seller=hansa), lambda: open_cart(actor=actor, seller=hansa)]
        * 2,
    )

    assert codes(outcomes) == []
    assert Cart.objects.filter(is_current=True, status="open").count() == 1
    assert [finding for finding in check_all() if finding.bad] == []


def test_everybody_who_begins_a_cart_at_once_gets_one_of_their_own(ana, hansa):
    actor = ana.as_actor("page")

    outcomes = at_once(*[lambda: start_new_cart(actor=actor, seller=hansa)] * 6)

    assert codes(outcomes) == []
    assert len({cart.pk for cart in outcomes}) == 6
