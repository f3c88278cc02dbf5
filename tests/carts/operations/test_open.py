import pytest

from kontor.carts.models import Cart
from kontor.carts.operations import (
    discard_cart,
    make_current,
    open_cart,
    recall_cart,
    rename_cart,
    reopen_cart,
    start_new_cart,
    submit_cart,
)
from kontor.carts.queries import open_carts
from kontor.kernel.refusal import NotAllowed, Refused


def test_colleagues_share_one_current_cart(cart, ben, hansa):
    assert open_cart(actor=ben.as_actor("page"), seller=hansa) == cart


def test_a_rival_company_has_its_own(cart, gil, hansa):
    assert open_cart(actor=gil.as_actor("page"), seller=hansa).buyer_id == gil.company_id


def test_a_viewer_opens_none(cy, hansa):
    with pytest.raises(NotAllowed):
        open_cart(actor=cy.as_actor("page"), seller=hansa)
    assert not Cart.objects.exists()


def test_a_rep_opens_a_customers_cart_only_at_the_own_company(sal, acme, hansa, levante):
    actor = sal.as_actor("page").behalf_of(acme.pk, str(acme))

    assert open_cart(actor=actor, seller=hansa).buyer_id == acme.pk
    with pytest.raises(NotAllowed):
        open_cart(actor=actor, seller=levante)


def test_a_new_cart_puts_the_old_one_aside_and_it_can_be_chosen_again(cart, ana, hansa):
    actor = ana.as_actor("page")
    spare = start_new_cart(actor=actor, seller=hansa, name=" Spare parts ")

    assert [(one.name, one.is_current) for one in open_carts(actor)] == [("Spare parts", True), ("", False)]
    make_current(actor=actor, cart=cart)
    assert open_cart(actor=actor, seller=hansa) == cart
    assert not Cart.objects.get(pk=spare.pk).is_current


def test_a_name_that_is_too_long_is_refused_at_its_field(cart, ana):
    with pytest.raises(Refused) as refusal:
        rename_cart(actor=ana.as_actor("page"), cart=cart, name="x" * 81)

    assert (refusal.value.code, list(refusal.value.fields)) == ("text_too_long", ["name"])


def test_a_discarded_cart_can_be_recalled(cart, ana):
    actor = ana.as_actor("page")
    discard_cart(actor=actor, cart=cart)
    assert open_carts(actor) == []

    assert recall_cart(actor=actor, cart=cart).status == Cart.Status.OPEN


def test_only_one_submission_of_a_cart_comes_through(cart):
    submit_cart(cart=cart, status=Cart.Status.ORDERED)

    with pytest.raises(Refused) as refusal:
        submit_cart(cart=Cart.objects.get(pk=cart.pk), status=Cart.Status.REQUESTED)

    assert refusal.value.code == "cart_closed"
    assert Cart.objects.get(pk=cart.pk).status == Cart.Status.ORDERED


def test_a_reopened_cart_stands_back_when_another_was_begun(cart, ana, hansa):
    submit_cart(cart=cart, status=Cart.Status.ORDERED)
    newer = open_cart(actor=ana.as_actor("page"), seller=hansa)

    reopened = reopen_cart(cart_id=cart.pk, note="Too expensive")

    assert (reopened.status, reopened.is_current, reopened.sent_back_note) == ("open", False, "Too expensive")
    assert open_cart(actor=ana.as_actor("page"), seller=hansa) == newer


def test_a_reopened_cart_is_current_again_when_it_is_the_only_one(cart):
    submit_cart(cart=cart, status=Cart.Status.ORDERED)

    assert reopen_cart(cart_id=cart.pk).is_current
