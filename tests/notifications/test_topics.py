"""Who is told about what, and what people chose."""

import pytest

from kontor.kernel.actors import system_actor
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.notifications.audience import people
from kontor.notifications.models import Preference
from kontor.notifications.operations import set_preference
from kontor.notifications.queries import choices_of
from kontor.notifications.topics import ACCOUNT, ORDERS, SELLER_ORDERS, topic, topics_for
from tests.cast import actor

pytestmark = pytest.mark.django_db


def emails(*arguments, **named):
    return [one.email for one in people(*arguments, **named)]


def test_the_person_concerned_is_told_and_colleagues_are_not(acme, ana):
    assert emails(ORDERS, acme.pk, concerned=[ana.pk]) == ["ana@acme.example"]


def test_administrators_are_told_about_the_account(acme):
    assert emails(ACCOUNT, acme.pk) == ["dora@acme.example"]


def test_people_who_said_no_are_not_told(acme, ana):
    set_preference(actor=actor(ana), topic_name="orders", by_mail=False)

    assert emails(ORDERS, acme.pk, concerned=[ana.pk], otherwise=("admin",)) == []


def test_colleagues_who_asked_are_told(acme, ana, cy):
    set_preference(actor=actor(cy), topic_name="orders", by_mail=True)

    assert emails(ORDERS, acme.pk, concerned=[ana.pk]) == ["ana@acme.example", "cy@acme.example"]


def test_changing_ones_mind_leaves_one_row(ana):
    set_preference(actor=actor(ana), topic_name="orders", by_mail=False)
    set_preference(actor=actor(ana), topic_name="orders", by_mail=True)

    assert [one.by_mail for one in Preference.objects.all()] == [True]


def test_when_nobody_concerned_works_here_others_are_told(acme, ana, sal, hansa):
    ana.is_active = False
    ana.save()

    assert emails(ORDERS, acme.pk, concerned=[ana.pk], otherwise=("admin",)) == ["dora@acme.example"]
    assert emails(SELLER_ORDERS, hansa.pk, concerned=[None], otherwise=SELLER_ORDERS.roles) == [
        "sal@hansa.example",
        "store_admin@hansa.example",
    ]


def test_people_of_another_company_are_never_told(globex, ana, gil):
    assert emails(ORDERS, globex.pk, concerned=[ana.pk, gil.pk]) == ["gil@globex.example"]


def test_people_whose_access_ended_are_not_told(acme, ana):
    ana.user.is_active = False
    ana.user.save()

    assert emails(ORDERS, acme.pk, concerned=[ana.pk]) == []


def test_the_choices_are_those_of_the_roles(ana, wim):
    assert [one.topic for one in choices_of(actor(ana))] == [
        "approvals_decided",
        "orders",
        "shipments",
        "offers",
        "agreements",
        "returns",
        "invoices",
        "messages",
        "alerts",
        "price_files",
    ]
    assert [one.topic for one in choices_of(actor(wim))] == [
        "seller_picking",
        "seller_returns",
        "seller_schedules",
        "seller_messages",
    ]


def test_mails_about_signing_in_cannot_be_declined(ana):
    with pytest.raises(Refused) as refusal:
        set_preference(actor=actor(ana), topic_name="access", by_mail=False)

    assert refusal.value.code == "unknown_topic"
    assert not Preference.objects.exists()


def test_a_machine_has_no_choice():
    with pytest.raises(NotAllowed):
        set_preference(actor=system_actor("import"), topic_name="orders", by_mail=False)


def test_every_topic_says_who_reads_it():
    everybody = frozenset(
        ("admin", "buyer", "approver", "viewer", "sales", "warehouse", "finance", "seller_admin")
    )
    for one in topics_for(everybody):
        assert one.roles
        assert one.label
        assert topic(one.name) is one
