"""What both sides are told about agreements: in force, terminated, 60 and 30 days before the end."""

from datetime import UTC, datetime

import pytest

from kontor.agreements.operations import terminate_agreement
from kontor.kernel import clock
from kontor.kernel.delivery import deliver_due
from kontor.notifications.models import Mail
from kontor.notifications.reminders import remind_of_ending_agreements
from tests.agreements.made import contract_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(sal, acme_account, acme_list, drill):
    return contract_of(sal, acme_account, acme_list, drill)


def told():
    deliver_due()
    mails = sorted(Mail.objects.values_list("to", "subject"))
    Mail.objects.all().update(to="read")
    return [one for one in mails if one[0] != "read"]


def test_the_buyers_people_read_that_it_is_in_force_and_why_it_was_ended(sal, contract):
    buyers = ("ana@acme.example", "ben@acme.example", "dora@acme.example")
    assert told() == [(one, "Agreement Frame 2026 with Hansa Supply GmbH") for one in buyers]
    text = Mail.objects.latest("pk").text
    assert "At most: Cordless drill 18 V: 10\u00a0pc, of which 10\u00a0pc are left" in text

    terminate_agreement(actor=sal.as_actor("page"), agreement=contract, note="Site closed")

    assert told() == [(one, "Hansa Supply GmbH has ended the agreement Frame 2026") for one in buyers]
    assert "Site closed" in Mail.objects.latest("pk").text


def test_both_sides_are_reminded_60_and_30_days_before_the_end_once_each(contract):
    told()
    days = [(10, 20), (11, 1), (11, 2), (11, 3), (11, 20), (12, 2), (12, 3), (12, 25)]
    reminded = {}
    for month, day in days:
        with clock.at(datetime(2099, month, day, 12, tzinfo=UTC)):
            reminded[month, day] = remind_of_ending_agreements()

    assert {when: mails for when, mails in reminded.items() if mails} == {(11, 2): 4, (12, 2): 4}
    assert set(told()) == {
        (one, "Agreement Frame 2026 ends on 31 Dec 2099")
        for one in ("ana@acme.example", "ben@acme.example", "dora@acme.example", "sal@hansa.example")
    }
