"""Colleagues' roles, limits and access."""

from decimal import Decimal

import pytest

from kontor.audit.models import Entry
from kontor.companies.models import Membership
from kontor.companies.operations import change_member, deactivate_member, reactivate_member
from kontor.kernel.models import OutboxEvent
from tests.cast import actor
from tests.traces import refused, unchanged


def test_dora_changes_roles_limit_and_title(dora, ana):
    changed = change_member(
        actor=actor(dora),
        membership=ana,
        roles=["approver", "buyer"],
        order_limit=Decimal("750.00"),
        job_title="Lead buyer",
    )

    assert (changed.roles, changed.order_limit, changed.job_title) == (
        ["buyer", "approver"],
        Decimal("750.00"),
        "Lead buyer",
    )
    entry = Entry.objects.get()
    assert entry.changes["roles"] == [["buyer"], ["buyer", "approver"]]
    assert OutboxEvent.objects.get().payload == {"membership_id": ana.pk}


def test_saving_what_is_there_writes_nothing(dora, ana):
    with unchanged():
        change_member(
            actor=actor(dora), membership=ana, roles=["buyer"], order_limit=Decimal(500), job_title=""
        )


@pytest.mark.parametrize(
    ("who", "code"),
    [("ana", "not_allowed"), ("cy", "not_allowed"), ("gil", "not_yours"), ("lev", "not_yours")],
)
def test_nobody_else_touches_acmes_people(cast, ben, who, code):
    somebody = actor(cast.people[who])
    with refused(code):
        change_member(actor=somebody, membership=ben, roles=["viewer"], order_limit=None, job_title="")
    with refused(code):
        deactivate_member(actor=somebody, membership=ben)
    with refused(code):
        reactivate_member(actor=somebody, membership=ben)


def test_a_representative_does_not_administer_the_customer(store_admin, acme, ben):
    acting = actor(store_admin).behalf_of(acme.pk, "Acme")
    with refused("not_for_customers"):
        deactivate_member(actor=acting, membership=ben)


def test_the_last_administrator_stays(dora, ben):
    with refused("last_administrator"):
        deactivate_member(actor=actor(dora), membership=dora)
    with refused("last_administrator"):
        change_member(actor=actor(dora), membership=dora, roles=["buyer"], order_limit=None, job_title="")

    change_member(actor=actor(dora), membership=ben, roles=["admin"], order_limit=None, job_title="")
    deactivate_member(actor=actor(dora), membership=dora)
    assert not Membership.objects.get(pk=dora.pk).is_active


def test_an_administrator_whose_user_is_shut_out_does_not_count(dora, ben):
    change_member(actor=actor(dora), membership=ben, roles=["admin"], order_limit=None, job_title="")
    ben.user.is_active = False
    ben.user.save()
    with refused("last_administrator"):
        deactivate_member(actor=actor(dora), membership=dora)


def test_nobody_makes_themselves_operator(olga, platform, dora, ana):
    with refused("invalid_entries", "roles"):
        change_member(
            actor=actor(dora), membership=ana, roles=["buyer", "operator"], order_limit=None, job_title=""
        )


def test_access_ends_and_comes_back(dora, ana):
    gone = deactivate_member(actor=actor(dora), membership=ana)
    assert not gone.is_active
    assert not Membership.objects.active().filter(pk=ana.pk).exists()
    with refused("already_done"):
        deactivate_member(actor=actor(dora), membership=ana)
    assert reactivate_member(actor=actor(dora), membership=ana).is_active
    with refused("already_done"):
        reactivate_member(actor=actor(dora), membership=ana)


@pytest.mark.parametrize("limit", ["-0.01", "1.005", "NaN", "-Infinity", "1000000000000"])
def test_absurd_limits_are_refused_at_the_field(dora, ana, limit):
    with refused("invalid_entries", "order_limit"):
        change_member(
            actor=actor(dora), membership=ana, roles=["buyer"], order_limit=Decimal(limit), job_title=""
        )


def test_a_limit_of_zero_is_a_limit(dora, ana):
    changed = change_member(
        actor=actor(dora), membership=ana, roles=["buyer"], order_limit=Decimal(0), job_title=""
    )
    assert changed.order_limit == 0
