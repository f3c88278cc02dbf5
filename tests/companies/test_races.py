"""Two people at the same moment, on the real database."""

from dataclasses import replace
from functools import partial

import pytest

from kontor.companies.models import Company, CustomerAccount, Membership, User
from kontor.companies.operations import (
    NewColleague,
    accept_customer,
    accept_invitation,
    change_member,
    deactivate_member,
    invite_colleague,
    register_company,
    set_billing_address,
)
from kontor.companies.queries import open_invitations
from tests.at_once import at_once, codes
from tests.cast import actor
from tests.companies.operations.test_register import CONTACT, INITECH

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def test_two_administrators_cannot_remove_each_other(dora, ben):
    change_member(actor=actor(dora), membership=ben, roles=["admin"], order_limit=None, job_title="")
    outcomes = at_once(
        partial(deactivate_member, actor=actor(dora), membership=ben),
        partial(deactivate_member, actor=actor(dora), membership=dora),
    )
    assert codes(outcomes) == ["last_administrator"]
    assert Membership.objects.active().filter(company=dora.company, roles__contains=["admin"]).count() == 1


def test_one_link_opens_one_seat(dora):
    _row, token = invite_colleague(
        actor=actor(dora), invitation=NewColleague(email="eve@acme.example", roles=("buyer",))
    )
    accept = partial(accept_invitation, token=token, name="Eve", password="copper kettle forty")
    assert codes(at_once(accept, accept, accept, accept)) == ["invitation_void"] * 3
    assert User.objects.filter(email="eve@acme.example").count() == 1


def test_inviting_the_same_person_at_once_leaves_one_invitation(dora, ben, acme):
    invite = partial(
        invite_colleague,
        actor=actor(dora),
        invitation=NewColleague(email="eve@acme.example", roles=("buyer",)),
    )
    outcomes = at_once(invite, invite, invite)
    assert set(codes(outcomes)) <= {"already_invited"}
    assert len(open_invitations(acme.pk)) == 1


def test_two_sellers_people_accept_the_same_customer(sal, store_admin, hansa, n30):
    buyer = Company.objects.create(legal_name="Initech GmbH", slug="initech", country="DE")
    account = CustomerAccount.objects.create(seller=hansa, buyer=buyer)
    copies = [CustomerAccount.objects.select_related("buyer").get(pk=account.pk) for _copy in range(2)]
    outcomes = at_once(
        partial(accept_customer, actor=actor(sal), account=copies[0], payment_term=n30),
        partial(accept_customer, actor=actor(store_admin), account=copies[1], payment_term=n30),
    )
    assert codes(outcomes) == ["already_decided"]


def test_registering_twice_at_once_makes_one_company_per_vat_id(hansa):
    outcomes = at_once(
        *(
            partial(
                register_company,
                registration=replace(INITECH, contact=replace(CONTACT, email=f"n{number}@initech.example")),
            )
            for number in range(4)
        )
    )
    assert codes(outcomes) == ["vat_id_taken"] * 3
    assert Company.objects.filter(vat_id="DE811122339").count() == 1
    assert User.objects.filter(email__endswith="@initech.example").count() == 1


def test_the_same_name_at_once_gets_different_slugs(hansa):
    outcomes = at_once(
        *(
            partial(
                register_company,
                registration=replace(
                    INITECH, vat_id="", contact=replace(CONTACT, email=f"n{number}@initech.example")
                ),
            )
            for number in range(4)
        )
    )
    assert codes(outcomes) == []
    slugs = Company.objects.filter(slug__startswith="initech").values_list("slug", flat=True)
    assert set(slugs) == {"initech-gmbh", "initech-gmbh-2", "initech-gmbh-3", "initech-gmbh-4"}


def test_the_same_email_at_once_becomes_one_user(hansa):
    register = partial(register_company, registration=replace(INITECH, vat_id=""))
    outcomes = at_once(register, register, register)
    assert codes(outcomes) == []
    assert sum(one is not None for one in outcomes) == 1
    assert User.objects.filter(email="nora.voss@initech.example").count() == 1


def test_moving_the_billing_address_both_ways_leaves_one(dora, cast):
    outcomes = at_once(
        *(
            partial(set_billing_address, actor=actor(dora), address=cast.addresses[name])
            for name in ("acme", "acme_plant", "acme", "acme_plant")
        )
    )
    assert codes(outcomes) == []
    assert cast.companies["acme"].addresses.filter(is_billing=True).count() == 1
