"""What the operator does with companies."""

import pytest

from kontor.companies.models import Company, Membership, PaymentTerm
from kontor.companies.operations import (
    accept_invitation,
    activate_company,
    block_company,
    create_api_key,
    invite_colleague,
    open_store,
)
from kontor.companies.operations.invite import NewColleague
from kontor.kernel.models import OutboxEvent
from tests.cast import actor
from tests.traces import refused


def test_blocked_and_activated_again(olga, acme, dora):
    with refused("invalid_entries", "reason"):
        block_company(actor=actor(olga), company=acme, reason="")
    _invitation, token = invite_colleague(
        actor=actor(dora), invitation=NewColleague(email="e@acme.example", roles=("buyer",))
    )
    blocked = block_company(actor=actor(olga), company=acme, reason="Fraud reported")
    assert blocked.status == "blocked"
    with refused("already_done"):
        block_company(actor=actor(olga), company=acme, reason="Again")
    with refused("company_blocked"):
        accept_invitation(token=token, name="Eve", password="copper kettle forty")
    with refused("company_blocked"):
        create_api_key(actor=actor(dora), name="x", roles=("buyer",))
    with refused("company_blocked"):
        open_store(actor=actor(olga), company=acme)
    assert activate_company(actor=actor(olga), company=acme).status == "active"
    with refused("already_done"):
        activate_company(actor=actor(olga), company=acme)
    names = OutboxEvent.objects.order_by("id").values_list("name", flat=True)
    assert list(names) == [
        "companies.ColleagueInvited",
        "companies.CompanyChanged",
        "companies.CompanyChanged",
    ]


@pytest.mark.covers("R0.2", "R1.5")
def test_a_buyer_becomes_a_seller_too(olga, acme, dora):
    seller = open_store(actor=actor(olga), company=acme)
    assert (seller.is_buyer, seller.is_seller) == (True, True)
    assert Membership.objects.get(pk=dora.pk).roles == ["admin", "seller_admin"]
    terms = PaymentTerm.objects.filter(seller=acme).order_by("net_days")
    assert [(one.code, one.net_days, one.is_prepayment) for one in terms] == [
        ("PREPAY", 0, True),
        ("N14", 14, False),
        ("N30", 30, False),
    ]
    with refused("already_done"):
        open_store(actor=actor(olga), company=acme)


@pytest.mark.parametrize("who", ["ana", "dora", "gil", "sal", "store_admin", "lev"])
def test_nobody_else_operates(cast, who):
    somebody, acme = actor(cast.people[who]), cast.companies["acme"]
    with refused("not_allowed"):
        block_company(actor=somebody, company=acme, reason="x")
    with refused("not_allowed"):
        activate_company(actor=somebody, company=acme)
    with refused("not_allowed"):
        open_store(actor=somebody, company=acme)


def test_the_operator_does_not_shut_itself_out(olga, platform):
    with refused("own_company"):
        block_company(actor=actor(olga), company=platform, reason="Oops")
    assert Company.objects.get(pk=platform.pk).status == "active"
