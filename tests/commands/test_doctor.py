"""The doctor looks at the running installation and says what to do."""

import socket
from datetime import timedelta

import pytest

from kontor.commands import doctor
from kontor.kernel import clock
from kontor.kernel.configuration import Configuration, load
from kontor.kernel.models import Delivery, Heartbeat, OutboxEvent


def given(**variables: object) -> Configuration:
    return load(
        {"KONTOR_SECRET_KEY": "k" * 50}
        | {f"KONTOR_{name.upper()}": str(value) for name, value in variables.items()}
    )


def test_the_packages_are_those_of_the_lock_file():
    assert doctor.packages().state == doctor.GOOD


def test_a_taken_port_is_named_with_the_way_out():
    with socket.create_server(("127.0.0.1", 0)) as other:
        found = doctor.port(given(port=other.getsockname()[1]))
    assert found.state == doctor.BAD
    assert "KONTOR_PORT" in found.remedy


def test_a_mail_server_that_does_not_answer_is_named():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    found = doctor.mail_server(given(smtp_host="127.0.0.1", smtp_port=port))
    assert found.state == doctor.BAD
    assert found.finding.startswith(f"127.0.0.1:{port}: ")


@pytest.mark.django_db
def test_a_worker_that_was_never_seen_or_fell_silent_is_missed():
    assert doctor.worker().finding == "none was ever seen"

    Heartbeat.objects.create(name="worker:here:7", seen_at=clock.now() - timedelta(minutes=5))
    assert doctor.worker().state == doctor.BAD

    Heartbeat.objects.update(seen_at=clock.now())
    assert doctor.worker().state == doctor.GOOD


@pytest.mark.django_db
def test_late_and_dead_deliveries_are_counted():
    assert (doctor.outbox().state, doctor.dead_letters().state) == (doctor.GOOD, doctor.GOOD)

    event = OutboxEvent.objects.create(name="orders.OrderPlaced", key="order:1")
    late = clock.now() - timedelta(minutes=10)
    Delivery.objects.create(event=event, reaction="a.b.c", key="order:1", due_at=late)
    Delivery.objects.create(event=event, reaction="a.b.d", key="order:1", status=Delivery.Status.DEAD)

    assert doctor.outbox().finding.startswith("1 deliveries wait, the oldest for 6")
    assert doctor.dead_letters().finding == "1"


@pytest.mark.django_db
def test_the_clocks_of_database_and_application_are_compared():
    assert doctor.clock_difference().state == doctor.GOOD
