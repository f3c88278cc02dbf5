"""Two sides at once on the real database: one wins, the other is told, nothing is half done."""

import pytest

from kontor.kernel import clock
from kontor.kernel.invariants import check_all
from kontor.kernel.refusal import Refused, Stale
from kontor.quotes.models import Offer, QuoteRequest
from kontor.quotes.operations import (
    mark_accepted,
    refuse_offer,
    request_quote,
    save_offer,
    send_offer,
    start_offer,
    withdraw_request,
)
from kontor.search.operations.index import rebuild_all
from tests.at_once import at_once
from tests.cast import assemble
from tests.quotes.conftest import CONTENT, NOON

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db):
    everybody = assemble()
    rebuild_all()
    return everybody


@pytest.fixture(autouse=True)
def sound():
    yield
    assert [finding for finding in check_all() if finding.bad] == []


def timed(call):
    """The call at the time of these tests, in whichever thread."""

    def run():
        with clock.at(NOON):
            return call()

    return run


def test_one_cart_asked_for_many_times_at_once_is_one_request(ana, cart):
    actor = ana.as_actor("page")

    outcomes = at_once(*[timed(lambda: request_quote(actor=actor, cart=cart, targets={}))] * 8)

    assert sum(isinstance(one, QuoteRequest) for one in outcomes) == 1
    assert {one.code for one in outcomes if isinstance(one, Refused)} == {"cart_closed"}
    assert QuoteRequest.objects.count() == 1


def test_all_who_begin_at_once_get_one_draft(sal, store_admin, request_):
    actors = [member.as_actor("page") for member in (sal, store_admin)] * 4

    drafts = at_once(
        *[timed(lambda actor=actor: start_offer(actor=actor, request=request_)) for actor in actors]
    )

    assert {draft.pk for draft in drafts} == {Offer.objects.get().pk}


def test_two_edits_of_one_draft_at_once_one_wins_and_the_other_is_told(sal, store_admin, draft):
    actors = [member.as_actor("page") for member in (sal, store_admin)]

    outcomes = at_once(*[
        timed(lambda actor=actor: save_offer(actor=actor, offer=draft, content=CONTENT, revision=2))
        for actor in actors
    ])  # fmt: skip

    (won,) = (one for one in outcomes if isinstance(one, Offer))
    (told,) = (one for one in outcomes if isinstance(one, Stale))
    assert told.message.startswith(f"{won.prepared_by_name} saved this draft meanwhile.")


def test_an_offer_accepted_many_times_at_once_is_accepted_once(ana, ben, offer):
    actors = [member.as_actor("page") for member in (ana, ben)] * 4

    outcomes = at_once(*[
        timed(lambda actor=actor: mark_accepted(actor=actor, offer=offer, content_hash=offer.content_hash))
        for actor in actors
    ])  # fmt: skip

    assert sum(isinstance(one, Offer) for one in outcomes) == 1
    assert Offer.objects.get().status == "accepted"


@pytest.mark.parametrize("_round", range(5))
def test_accepted_and_replaced_at_once_has_one_winner(ana, sal, offer, request_, _round):
    second = start_offer(actor=sal.as_actor("page"), request=request_)

    accepted, sent = at_once(
        timed(
            lambda: mark_accepted(actor=ana.as_actor("page"), offer=offer, content_hash=offer.content_hash)
        ),
        timed(lambda: send_offer(actor=sal.as_actor("page"), offer=second, revision=1)),
    )

    assert isinstance(accepted, Refused) != isinstance(sent, Refused)


def test_accepted_by_one_and_refused_by_a_colleague_at_once_has_one_winner(ana, ben, offer):
    outcomes = at_once(
        timed(
            lambda: mark_accepted(actor=ana.as_actor("page"), offer=offer, content_hash=offer.content_hash)
        ),
        timed(lambda: refuse_offer(actor=ben.as_actor("page"), offer=offer)),
    )

    assert sum(isinstance(one, Refused) for one in outcomes) == 1
    assert QuoteRequest.objects.get().status == Offer.objects.get().status


def test_withdrawn_and_offered_at_once_has_one_winner(ana, sal, draft):
    request = QuoteRequest.objects.get()

    outcomes = at_once(
        timed(lambda: withdraw_request(actor=ana.as_actor("page"), request=request)),
        timed(lambda: send_offer(actor=sal.as_actor("page"), offer=draft, revision=2)),
    )

    assert sum(isinstance(one, Refused) for one in outcomes) == 1
