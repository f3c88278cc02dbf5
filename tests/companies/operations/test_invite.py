"""Invitations and their links."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import signing

from kontor.companies.links import invitation_for, invitation_token
from kontor.companies.models import Invitation, Membership, User
from kontor.companies.operations import (
    NewColleague,
    accept_invitation,
    deactivate_member,
    invite_colleague,
    withdraw_invitation,
)
from kontor.companies.queries import open_invitations
from kontor.kernel import clock
from kontor.kernel.models import OutboxEvent
from tests.cast import PASSWORD, actor
from tests.traces import refused, unchanged

EVE = NewColleague(
    email="Eve@Acme.example", name="Eve Sommer", roles=("buyer", "viewer"), order_limit=Decimal("250.00")
)
CHOSEN = "copper kettle forty"


@pytest.mark.covers("R0.13")
def test_an_invited_colleague_joins_with_roles_and_limit(dora, acme):
    invitation, token = invite_colleague(actor=actor(dora), invitation=EVE)
    assert (invitation.email, invitation.roles) == ("eve@acme.example", ["buyer", "viewer"])
    assert invitation.expires_at - invitation.created_at == timedelta(days=7)

    member = accept_invitation(token=token, name="Eve Sommer", password=CHOSEN)

    assert (member.company_id, member.roles, member.order_limit) == (
        acme.pk,
        ["buyer", "viewer"],
        Decimal("250.00"),
    )
    assert member.user.check_password(CHOSEN)
    assert open_invitations(acme.pk) == []
    assert list(OutboxEvent.objects.order_by("id").values_list("name", flat=True)) == [
        "companies.ColleagueInvited",
        "companies.MemberChanged",
    ]
    with refused("invitation_void"):
        accept_invitation(token=token, name="Eve", password=CHOSEN)


def test_the_outbox_carries_no_key_to_a_seat(dora):
    invitation, token = invite_colleague(actor=actor(dora), invitation=EVE)
    assert OutboxEvent.objects.get().payload == {"invitation_id": invitation.pk}
    assert invitation.token_hash not in token
    assert invitation_for(invitation.token_hash) is None


@pytest.mark.parametrize("who", ["ana", "ben", "cy", "sal", "wim", "fin", "cat"])
def test_without_the_right_nobody_is_invited(cast, who):
    with refused("not_allowed"):
        invite_colleague(actor=actor(cast.people[who]), invitation=EVE)


def test_an_administrator_invites_only_into_the_own_company(store_admin, acme, hansa):
    with refused("not_for_customers"):
        invite_colleague(actor=actor(store_admin).behalf_of(acme.pk, "Acme"), invitation=EVE)


@pytest.mark.parametrize(
    ("roles", "who"),
    [
        ((), "dora"),
        (("root",), "dora"),
        (("seller_admin",), "dora"),
        (("operator",), "dora"),
        (("buyer",), "store_admin"),
        (("operator",), "store_admin"),
    ],
)
def test_roles_that_the_company_does_not_have_cannot_be_given(cast, roles, who):
    with refused("invalid_entries", "roles"):
        invite_colleague(
            actor=actor(cast.people[who]), invitation=NewColleague(email="e@acme.example", roles=roles)
        )


def test_the_operator_invites_operators(olga, platform):
    invitation, _token = invite_colleague(
        actor=actor(olga), invitation=NewColleague(email="otto@platform.example", roles=("operator",))
    )
    assert (invitation.company_id, invitation.roles) == (platform.pk, ["operator"])


@pytest.mark.parametrize("limit", ["-1", "0.001", "NaN", "Infinity", "1e30"])
def test_a_limit_is_an_amount(dora, limit):
    with refused("invalid_entries", "order_limit"):
        invite_colleague(
            actor=actor(dora),
            invitation=NewColleague(email="e@acme.example", roles=("buyer",), order_limit=Decimal(limit)),
        )


def test_colleagues_are_not_invited_again(dora, ana):
    again = NewColleague(email="ANA@acme.example", roles=("buyer",))
    with refused("is_colleague", "email"):
        invite_colleague(actor=actor(dora), invitation=again)
    deactivate_member(actor=actor(dora), membership=ana)
    with refused("was_colleague", "email"):
        invite_colleague(actor=actor(dora), invitation=again)


def test_a_second_invitation_voids_the_first_link(dora, acme):
    _first, old = invite_colleague(actor=actor(dora), invitation=EVE)
    second, new = invite_colleague(actor=actor(dora), invitation=EVE)
    assert [one.pk for one in open_invitations(acme.pk)] == [second.pk]
    with refused("invitation_void"):
        accept_invitation(token=old, name="Eve", password=CHOSEN)
    assert accept_invitation(token=new, name="Eve", password=CHOSEN).user.email == "eve@acme.example"


def test_a_link_is_good_for_seven_days(dora):
    invitation, token = invite_colleague(actor=actor(dora), invitation=EVE)
    with clock.at(invitation.created_at + timedelta(days=7, seconds=1)), refused("invitation_void"):
        accept_invitation(token=token, name="Eve", password=CHOSEN)
    with clock.at(invitation.created_at + timedelta(days=6, hours=23)):
        assert accept_invitation(token=token, name="Eve", password=CHOSEN).is_active


def test_a_withdrawn_invitation_is_void(dora, gil, ana):
    invitation, token = invite_colleague(actor=actor(dora), invitation=EVE)
    with refused("not_yours"):
        withdraw_invitation(actor=actor(gil), invitation=invitation)
    with refused("not_allowed"):
        withdraw_invitation(actor=actor(ana), invitation=invitation)
    withdraw_invitation(actor=actor(dora), invitation=invitation)
    with refused("invitation_closed"):
        withdraw_invitation(actor=actor(dora), invitation=invitation)
    with refused("invitation_void"):
        accept_invitation(token=token, name="Eve", password=CHOSEN)


def test_forged_and_neighbouring_tokens_open_nothing(dora):
    invitation, token = invite_colleague(actor=actor(dora), invitation=EVE)
    forged = [
        "",
        "null",
        "[]",
        token[:-1],
        token + "x",
        signing.dumps([invitation.pk, invitation.token_hash[:32]], salt="other"),
        signing.dumps([invitation.pk, ""], salt="kontor.companies.invitation"),
        signing.dumps([invitation.pk], salt="kontor.companies.invitation"),
        signing.dumps([invitation.pk + 1, invitation.token_hash[:32]], salt="kontor.companies.invitation"),
        signing.dumps({"x": 1}, salt="kontor.companies.invitation"),
    ]
    with unchanged():
        for one in forged:
            with pytest.raises(Exception, match="invitation_void"):
                accept_invitation(token=one, name="Eve", password=CHOSEN)
    assert invitation_for(invitation_token(invitation)) == invitation


def test_who_has_an_account_proves_it_and_keeps_the_password(dora, gil, acme):
    rival = NewColleague(email="gil@globex.example", roles=("viewer",))
    _invitation, token = invite_colleague(actor=actor(dora), invitation=rival)
    with refused("wrong_password", "password"):
        accept_invitation(token=token, name="Not Gil", password=CHOSEN)
    with refused("wrong_password", "password"):
        accept_invitation(token=token)

    member = accept_invitation(token=token, name="Not Gil", password=PASSWORD)

    assert (member.user_id, member.company_id, member.user.name) == (gil.user_id, acme.pk, "Gil Moreau")
    assert Membership.objects.get(pk=gil.pk).roles == ["admin", "buyer"]


def test_the_signed_in_invited_person_just_joins_and_nobody_else_can(dora, gil, sal):
    rival = NewColleague(email="gil@globex.example", roles=("viewer",))
    _invitation, token = invite_colleague(actor=actor(dora), invitation=rival)
    with refused("other_person"):
        accept_invitation(token=token, actor=actor(sal))
    assert accept_invitation(token=token, actor=actor(gil)).user_id == gil.user_id


def test_a_weak_password_leaves_the_link_good(dora):
    _invitation, token = invite_colleague(actor=actor(dora), invitation=EVE)
    with refused("invalid_entries", "password"):
        accept_invitation(token=token, name="Eve", password="12345")
    assert not User.objects.filter(email="eve@acme.example").exists()
    assert accept_invitation(token=token, name="Eve", password=CHOSEN).is_active


def test_expired_invitations_can_be_sent_anew(dora, acme):
    invitation, _token = invite_colleague(actor=actor(dora), invitation=EVE)
    with clock.at(invitation.expires_at + timedelta(days=1)):
        assert open_invitations(acme.pk) == []
        renewed, _new = invite_colleague(actor=actor(dora), invitation=EVE)
        assert open_invitations(acme.pk) == [renewed]
    assert Invitation.objects.filter(withdrawn_at__isnull=True).count() == 1
