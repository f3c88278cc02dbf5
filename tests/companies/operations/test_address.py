"""A company's address book."""

from dataclasses import replace

import pytest

from kontor.companies.models import Address
from kontor.companies.operations import (
    AddressFacts,
    add_address,
    archive_address,
    change_address,
    facts_of,
    set_billing_address,
    set_default_delivery,
)
from kontor.kernel.actors import system_actor
from tests.cast import actor
from tests.traces import refused

YARD = AddressFacts(
    label="Yard", recipient="Acme GmbH", street="Kaistr. 3", postal_code="28195", city="Bremen", country="de"
)


def roles(company_id: int) -> dict[str, tuple[bool, bool]]:
    kept = Address.objects.filter(company_id=company_id, is_archived=False)
    return {one.label: (one.is_billing, one.is_default_delivery) for one in kept}


@pytest.mark.covers("R0.38")
def test_dora_adds_an_address_and_the_usual_ones_stay(dora, acme):
    added = add_address(actor=actor(dora), address=YARD)
    assert (added.country, added.company_id) == ("DE", acme.pk)
    assert roles(acme.pk) == {"Head office": (True, True), "Plant 2": (False, False), "Yard": (False, False)}


def test_a_new_address_may_take_both_roles(dora, acme):
    add_address(actor=actor(dora), address=YARD, is_billing=True, is_default_delivery=True)
    assert roles(acme.pk) == {"Head office": (False, False), "Plant 2": (False, False), "Yard": (True, True)}


def test_the_first_address_has_both_roles(lev, levante):
    first = add_address(actor=actor(lev), address=replace(YARD, country="ES"))
    assert (first.is_billing, first.is_default_delivery) == (True, True)


def test_a_changed_address_is_a_new_row_with_the_old_roles(dora, acme, cast):
    old = cast.addresses["acme"]
    new = change_address(actor=actor(dora), address=old, changed=replace(facts_of(old), street="Werkstr. 2"))
    old.refresh_from_db()
    assert new.pk != old.pk
    assert (new.street, new.city, new.is_billing, new.is_default_delivery) == (
        "Werkstr. 2",
        "Berlin",
        True,
        True,
    )
    assert (old.street, old.is_archived, old.is_billing) == ("Werkstr. 1", True, False)
    with refused("address_gone"):
        change_address(actor=actor(dora), address=old, changed=YARD)
    with refused("address_gone"):
        set_billing_address(actor=actor(dora), address=old)


def test_the_roles_move(dora, acme, cast):
    plant = cast.addresses["acme_plant"]
    set_default_delivery(actor=actor(dora), address=plant)
    assert roles(acme.pk) == {"Head office": (True, False), "Plant 2": (False, True)}
    set_billing_address(actor=actor(dora), address=plant)
    assert roles(acme.pk) == {"Head office": (False, False), "Plant 2": (True, True)}
    with refused("address_in_use"):
        archive_address(actor=actor(dora), address=plant)
    archive_address(actor=actor(dora), address=cast.addresses["acme"])
    assert roles(acme.pk) == {"Plant 2": (True, True)}


@pytest.mark.parametrize(
    ("who", "code"),
    [("ana", "not_allowed"), ("cy", "not_allowed"), ("sal", "not_allowed"), ("gil", "not_yours")],
)
def test_other_peoples_addresses_are_safe(cast, who, code):
    somebody, plant = actor(cast.people[who]), cast.addresses["acme_plant"]
    for act in (archive_address, set_billing_address, set_default_delivery):
        with refused(code):
            act(actor=somebody, address=plant)
    with refused(code):
        change_address(actor=somebody, address=plant, changed=YARD)


def test_the_system_keeps_a_customers_book_and_a_representative_does_not(acme, store_admin):
    with refused("not_for_customers"):
        add_address(actor=actor(store_admin).behalf_of(acme.pk, "Acme"), address=YARD)
    with refused("no_company"):
        add_address(actor=system_actor("import"), address=YARD)
    assert (
        add_address(actor=system_actor("import").behalf_of(acme.pk, "Acme"), address=YARD).company_id
        == acme.pk
    )


def test_what_is_wrong_is_said_at_the_field(dora):
    with refused("invalid_entries", "recipient", "country", "label"):
        add_address(actor=actor(dora), address=replace(YARD, recipient="", country="Germany", label="x" * 61))
    with refused("invalid_entries", "postal_code"):
        add_address(actor=actor(dora), address=replace(YARD, postal_code=""))
    hong_kong = replace(YARD, postal_code="", country="HK", city="Hong Kong")
    assert add_address(actor=actor(dora), address=hong_kong).postal_code == ""
