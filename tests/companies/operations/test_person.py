"""People about themselves: name, language, time zone, the company they work for."""

import pytest

from kontor.audit.models import Entry
from kontor.companies.models import Membership, User
from kontor.companies.operations import change_profile, choose_company
from kontor.kernel.actors import Actor, system_actor
from tests.cast import actor
from tests.traces import refused, unchanged


def test_ana_changes_her_language_alone(ana):
    change_profile(actor=actor(ana), language="de")

    user = User.objects.get(pk=ana.user_id)
    assert (user.name, user.language) == ("Ana Brandt", "de")
    assert Entry.objects.get().changes == {"language": ["en", "de"]}


def test_saving_what_is_there_writes_nothing(ana):
    with unchanged():
        change_profile(actor=actor(ana), name="Ana Brandt", language="en", timezone="")


def test_wrong_entries_are_refused_together(ana):
    with refused("invalid_entries", "name", "language", "timezone"):
        change_profile(actor=actor(ana), name=" ", language="xx", timezone="Mars/Base")


@pytest.mark.parametrize("nobody", [system_actor("import"), Actor(name="", door="page")])
def test_machines_and_visitors_have_no_profile(ana, nobody):
    with refused("not_a_person"):
        change_profile(actor=nobody, name="x")
    with refused("not_a_person"):
        choose_company(actor=nobody, membership=ana)


def test_dora_works_for_another_of_her_companies(dora, globex):
    seat = Membership.objects.create(company=globex, user=dora.user, roles=["viewer"])

    choose_company(actor=actor(dora), membership=seat)

    assert User.objects.get(pk=dora.user_id).last_membership_id == seat.pk


def test_nobody_takes_the_seat_of_somebody_else(dora, gil):
    with refused("not_yours"):
        choose_company(actor=actor(dora), membership=gil)


def test_a_seat_without_access_or_in_a_blocked_company_is_closed(dora, globex):
    seat = Membership.objects.create(company=globex, user=dora.user, roles=["viewer"], is_active=False)
    with refused("seat_closed"):
        choose_company(actor=actor(dora), membership=seat)
    seat.is_active = True
    globex.status = "blocked"
    globex.save()
    with refused("seat_closed"):
        choose_company(actor=actor(dora), membership=seat)
