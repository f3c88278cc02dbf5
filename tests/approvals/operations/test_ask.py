"""Something is put before an approver."""

from decimal import Decimal

import pytest

from kontor.approvals.models import ApprovalRequest
from kontor.approvals.operations import request_approval, who_can_approve, withdraw
from kontor.approvals.queries import approval_of
from kontor.audit.models import Entry
from kontor.companies.models import Membership
from kontor.kernel.actors import system_actor
from kontor.kernel.models import OutboxEvent
from tests.cast import actor
from tests.traces import refused


def matter(company_id: int, **other):
    return {
        "company_id": company_id,
        "subject": ("order", 17),
        "title": "SO-1017",
        "reason": "over_limit",
        "facts": {"limit": Decimal("500.00")},
        "amount": Decimal("712.40"),
        "currency": "EUR",
    } | other


def test_anas_order_waits_with_its_reason(ana, acme):
    request = request_approval(actor=actor(ana), **matter(acme.pk))

    kept = ApprovalRequest.objects.get()
    assert kept == request == approval_of(("order", 17))
    assert (kept.company_id, kept.requested_by_id, kept.status) == (acme.pk, ana.pk, "waiting")
    assert (kept.amount, kept.currency, kept.facts) == (Decimal("712.40"), "EUR", {"limit": "500.00"})
    assert OutboxEvent.objects.get().payload == {"approval_id": request.pk}
    assert Entry.objects.get().about_id == 17


def test_who_can_approve_has_the_role_the_limit_and_access(acme, ben, dora, cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        names = [one.user.name for one in who_can_approve(acme.pk, Decimal(900))]
    assert names == ["Ben Okafor", "Dora Keller"]
    Membership.objects.filter(pk=ben.pk).update(order_limit=Decimal(899))
    Membership.objects.filter(pk=dora.pk).update(is_active=False)
    assert who_can_approve(acme.pk, Decimal(900)) == []
    assert who_can_approve(acme.pk, Decimal(899)) == [ben]


def test_when_nobody_could_decide_it_is_refused_at_once(ana, acme, ben, dora):
    Membership.objects.filter(pk=dora.pk).update(is_active=False)
    Membership.objects.filter(pk=ben.pk).update(order_limit=Decimal(600))
    with refused("no_approver"):
        request_approval(actor=actor(ana), **matter(acme.pk))


def test_a_subject_waits_once(ana, acme):
    request_approval(actor=actor(ana), **matter(acme.pk))
    with refused("already_waiting"):
        request_approval(actor=actor(ana), **matter(acme.pk))


def test_only_the_companys_own_people_ask(gil, sal, acme):
    for stranger in (
        actor(gil),
        actor(sal),
        actor(sal).behalf_of(acme.pk, "Acme"),
        system_actor("x"),
        system_actor("x").behalf_of(acme.pk, "Acme"),
    ):
        with refused("not_yours"):
            request_approval(actor=stranger, **matter(acme.pk))


def test_withdrawn_with_its_subject_it_may_be_asked_again(ana, acme):
    request_approval(actor=actor(ana), **matter(acme.pk))
    assert withdraw(subject=("order", 17))
    assert not withdraw(subject=("order", 17))
    assert not withdraw(subject=("order", 18))
    assert ApprovalRequest.objects.get().status == "cancelled"
    again = request_approval(actor=actor(ana), **matter(acme.pk))
    assert approval_of(("order", 17)) == again


@pytest.mark.parametrize("who", ["gil", "sal", "lev"])
def test_others_do_not_see_it(cast, ana, acme, who):
    request_approval(actor=actor(ana), **matter(acme.pk))
    assert not ApprovalRequest.objects.visible_to(actor(cast.people[who])).exists()
    assert ApprovalRequest.objects.visible_to(actor(ana)).exists()
