"""An approver decides."""

from decimal import Decimal
from functools import partial

import pytest

from kontor.approvals.models import ApprovalRequest
from kontor.approvals.operations import decide, request_approval
from kontor.approvals.queries import waiting_for
from kontor.audit.models import Entry
from kontor.companies.models import Membership
from kontor.kernel.models import OutboxEvent
from tests.approvals.operations.test_ask import matter
from tests.at_once import at_once, codes
from tests.cast import actor
from tests.traces import refused


@pytest.fixture
def waiting(ana, acme) -> ApprovalRequest:
    return request_approval(actor=actor(ana), **matter(acme.pk))


def test_ben_approves(waiting, ben):
    decided = decide(actor=actor(ben), request=waiting, approved=True)
    assert (decided.status, decided.decided_by_id, decided.note) == ("approved", ben.pk, "")
    assert decided.decided_at is not None
    assert Entry.objects.order_by("-id")[0].verb == "approvals.approved"
    assert OutboxEvent.objects.order_by("-id")[0].name == "approvals.ApprovalDecided"


def test_ben_sends_back_with_a_reason(waiting, ben):
    with refused("note_needed", "note"):
        decide(actor=actor(ben), request=waiting, approved=False, note=" \n\x00")
    with refused("note_too_long", "note"):
        decide(actor=actor(ben), request=waiting, approved=False, note="x" * 2001)
    decided = decide(
        actor=actor(ben), request=waiting, approved=False, note=" Use the contract supplier.\r\nThanks "
    )
    assert (decided.status, decided.note) == ("sent_back", "Use the contract supplier.\nThanks")


def test_the_first_decision_stands(waiting, ben, dora):
    stale = ApprovalRequest.objects.get(pk=waiting.pk)
    decide(actor=actor(ben), request=waiting, approved=True)
    with refused("already_decided"):
        decide(actor=actor(dora), request=stale, approved=False, note="No")
    assert stale.status == "approved"


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("ana", "not_allowed"),
        ("cy", "not_allowed"),
        ("gil", "not_yours"),
        ("sal", "not_allowed"),
        ("lev", "not_allowed"),
    ],
)
def test_nobody_else_decides(waiting, cast, who, code):
    somebody = actor(cast.people[who])
    for approved in (True, False):
        with refused(code):
            decide(actor=somebody, request=waiting, approved=approved, note="x")


def test_who_orders_for_the_customer_does_not_approve_for_it(waiting, acme, ben):
    acting = actor(ben).behalf_of(acme.pk, "Acme")
    with refused("not_yours"):
        decide(actor=acting, request=waiting, approved=True)


def test_an_approver_with_a_limit_approves_up_to_it_and_may_send_back_beyond(waiting, ben):
    Membership.objects.filter(pk=ben.pk).update(order_limit=Decimal("712.39"))
    limited = actor(Membership.objects.select_related("user", "company").get(pk=ben.pk))
    with refused("above_own_limit"):
        decide(actor=limited, request=waiting, approved=True)
    assert decide(actor=limited, request=waiting, approved=False, note="Too much").status == "sent_back"


def test_ones_own_request_is_for_another_unless_there_is_none(ben, dora, acme):
    own = request_approval(actor=actor(ben), **matter(acme.pk))
    with refused("own_request"):
        decide(actor=actor(ben), request=own, approved=True)
    Membership.objects.filter(pk=dora.pk).update(is_active=False)
    assert decide(actor=actor(ben), request=own, approved=True).status == "approved"


def test_what_waits_for_whom(waiting, ana, ben, dora, gil, cy):
    assert waiting_for(actor(ben)) == waiting_for(actor(dora)) == [waiting]
    assert waiting_for(actor(ana)) == waiting_for(actor(cy)) == waiting_for(actor(gil)) == []
    decide(actor=actor(dora), request=waiting, approved=True)
    assert waiting_for(actor(ben)) == []


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_four_decisions_at_once_make_one(waiting, ben, dora):
    copies = [ApprovalRequest.objects.get(pk=waiting.pk) for _copy in range(4)]
    outcomes = at_once(
        *(
            partial(decide, actor=actor(who), request=copy, approved=approved, note="x")
            for who, copy, approved in zip(
                (ben, dora, ben, dora), copies, (True, False, False, True), strict=True
            )
        )
    )
    assert codes(outcomes) == ["already_decided"] * 3
    assert OutboxEvent.objects.filter(name="approvals.ApprovalDecided").count() == 1
    assert Entry.objects.filter(verb__in=["approvals.approved", "approvals.sent_back"]).count() == 1


def test_a_limit_says_nothing_about_another_currency(ana, acme, ben, dora):
    Membership.objects.filter(pk__in=[ana.pk, ben.pk]).update(roles=["buyer", "approver"], order_limit=900)
    ana.refresh_from_db()
    ben.refresh_from_db()
    waiting = request_approval(actor=actor(ana), **matter(acme.pk, currency="KWD"))

    assert waiting_for(actor(ben)) == []
    assert waiting_for(actor(dora)) == [waiting]
    for limited in (ben, ana):
        with refused("above_own_limit"):
            decide(actor=actor(limited), request=waiting, approved=True)
    assert decide(actor=actor(dora), request=waiting, approved=True).status == "approved"


def test_who_is_limited_does_not_approve_the_own_order_in_another_currency(ana, acme, ben, dora):
    Membership.objects.filter(pk__in=[ben.pk, dora.pk]).update(is_active=False)
    Membership.objects.filter(pk=ana.pk).update(roles=["buyer", "approver"], order_limit=900)
    ana.refresh_from_db()

    with refused("no_approver"):
        request_approval(actor=actor(ana), **matter(acme.pk, currency="KWD"))
