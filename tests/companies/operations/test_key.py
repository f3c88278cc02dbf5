"""API keys."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection

from kontor.approvals.permissions import DECIDE
from kontor.companies.models import ApiKey, Company
from kontor.companies.operations import (
    actor_for_key,
    create_api_key,
    holder_of_key,
    note_use_of_key,
    revoke_api_key,
)
from kontor.companies.permissions import MANAGE_PEOPLE
from kontor.kernel import clock
from kontor.kernel.models import OutboxEvent
from tests.cast import actor
from tests.traces import refused, tables, unchanged


def test_a_key_is_shown_once_and_acts_for_its_company(dora, acme, django_assert_num_queries):
    key, secret = create_api_key(
        actor=actor(dora), name="ERP", roles=("buyer", "approver"), order_limit=Decimal("1000.00")
    )
    assert re.fullmatch(r"kontor_[A-Za-z0-9]{40}", secret)
    assert key.prefix == secret[:11]
    with django_assert_num_queries(1):
        found = actor_for_key(secret)
    assert found is not None
    assert (found.name, found.door, found.company_id, found.company_name) == (
        "ERP",
        "api",
        acme.pk,
        "Acme GmbH",
    )
    assert (found.user_id, found.membership_id, found.order_limit) == (None, dora.pk, Decimal("1000.00"))
    assert found.may(DECIDE)
    assert not found.may(MANAGE_PEOPLE)
    assert (found.is_seller, found.is_operator, found.is_system) == (False, False, False)


def test_the_secret_is_nowhere_in_the_database(dora):
    _key, secret = create_api_key(actor=actor(dora), name="ERP", roles=("buyer",))
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{secret}%"])
            assert cursor.fetchone() == (0,), table
    assert OutboxEvent.objects.count() == 0


def test_a_key_that_only_reads_keeps_what_lets_it_see(store_admin):
    _key, secret = create_api_key(
        actor=actor(store_admin), name="BI", roles=("seller_admin",), is_read_only=True
    )
    holder = holder_of_key(secret)
    assert holder is not None
    assert holder.is_read_only
    assert all(one.endswith(".see") for one in holder.actor.capabilities)
    assert "inventory.see" in holder.actor.capabilities


def test_unknown_revoked_and_blocked_keys_open_nothing(dora, acme):
    key, secret = create_api_key(actor=actor(dora), name="ERP", roles=("buyer",))
    for wrong in (
        "",
        "kontor_",
        secret[:-1],
        secret + "x",
        secret.swapcase(),
        "null",
        key.key_hash,
        "\x00",
        "ß" * 47,
    ):
        assert actor_for_key(wrong) is None
    Company.objects.filter(pk=acme.pk).update(status="blocked")
    assert actor_for_key(secret) is None
    Company.objects.filter(pk=acme.pk).update(status="active")
    revoke_api_key(actor=actor(dora), key=key)
    assert actor_for_key(secret) is None
    with refused("already_done"):
        revoke_api_key(actor=actor(dora), key=key)


@pytest.mark.parametrize("who", ["ana", "ben", "cy", "sal", "wim", "fin", "cat", "olga"])
def test_without_the_right_no_key_is_made(cast, who):
    with refused("not_allowed"):
        create_api_key(actor=actor(cast.people[who]), name="x", roles=("buyer",))


def test_another_companys_key_is_not_revoked(dora, gil, ana):
    key, _secret = create_api_key(actor=actor(dora), name="ERP", roles=("buyer",))
    with refused("not_yours"):
        revoke_api_key(actor=actor(gil), key=key)
    with refused("not_allowed"):
        revoke_api_key(actor=actor(ana), key=key)


@pytest.mark.parametrize("roles", [(), ("operator",), ("sales",), ("buyer", "god")])
def test_a_key_gets_roles_of_its_company_only(dora, roles):
    with refused("invalid_entries", "roles"):
        create_api_key(actor=actor(dora), name="ERP", roles=roles)


def test_a_key_needs_a_name(dora):
    with refused("invalid_entries", "name"):
        create_api_key(actor=actor(dora), name=" ", roles=("buyer",))


def test_the_day_of_the_last_use_is_written_once_a_day(dora):
    key, secret = create_api_key(actor=actor(dora), name="ERP", roles=("buyer",))
    with clock.at(datetime(2026, 3, 1, 8, tzinfo=UTC)):
        holder = holder_of_key(secret)
        assert holder is not None
        note_use_of_key(holder)
        assert ApiKey.objects.get(pk=key.pk).last_used_on == datetime(2026, 3, 1, tzinfo=UTC).date()
        with unchanged():
            again = holder_of_key(secret)
            assert again is not None
            note_use_of_key(again)
