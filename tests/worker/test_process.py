"""Worker processes that are killed, stopped and cut off from their database."""

import random
import time
from datetime import timedelta

import pytest
import structlog
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from kontor.kernel.events import publish
from kontor.kernel.models import Delivery, Heartbeat
from kontor.notifications.audience import Recipient
from kontor.notifications.letters import Letter
from kontor.notifications.models import Mail
from kontor.notifications.operations import Posting, queue_mail
from kontor.notifications.topics import ORDERS
from tests.kernel.reactions_for_tests import TABLE, StepTaken
from tests.notifications.mail_server import MailServer
from tests.worker.child import Worker, eventually, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture(autouse=True)
def _table(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        cursor.execute("TRUNCATE test_effect")
        # the library's own tables are not emptied with ours
        cursor.execute(
            "TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE"
        )


@pytest.fixture
def mail_server(settings):
    with MailServer() as server:
        settings.CONFIG = settings.CONFIG.model_copy(
            update={"smtp_host": "127.0.0.1", "smtp_port": server.port}
        )
        yield server


def effects(reaction):
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, step FROM test_effect WHERE reaction = %s ORDER BY id", [reaction])
        return cursor.fetchall()


def count(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def done():
    return count("SELECT count(*) FROM kernel_delivery WHERE status = 'done'")


def mails(number, settings):
    settings.ROOT_URLCONF = "tests.notifications.addresses"
    for each in range(number):
        queue_mail(
            posting=Posting(topic=ORDERS, about=f"event:{each}"),
            to=[Recipient(email=f"buyer{each}@acme.example", name="A buyer")],
            write=lambda _to: Letter(subject="Order received", heading="Order received"),
        )


@pytest.mark.covers("R0.18")
def test_workers_killed_in_the_middle_lose_nothing_and_do_nothing_twice():
    things, steps = 12, 15
    for step in range(steps):
        for thing in range(things):
            publish(StepTaken(thing, step))
    chance, kills, running = random.Random(5), 0, []
    try:
        running = [Worker(slowness="0.02") for _ in range(2)]
        while kills < 3 and done() < 2 * things * steps - 60:
            before = done()
            eventually(lambda before=before: done() > before + 20)
            time.sleep(chance.random() * 0.1)
            running.pop(0).kill()
            running.append(Worker(slowness="0.02"))
            kills += 1
        eventually(lambda: done() == 2 * things * steps, 60)
    finally:
        for one in running:
            one.kill()

    assert kills == 3
    for reaction in ("first", "second"):
        taken = effects(reaction)
        assert len(taken) == things * steps
        for thing in range(things):
            assert [step for key, step in taken if key == f"thing:{thing}"] == list(range(steps))


def test_an_event_is_delivered_at_once_while_a_worker_listens():
    with worker():
        eventually(lambda: Heartbeat.objects.filter(name__startswith="worker:").exists())
        publish(StepTaken(1, 0))
        eventually(lambda: done() == 2)
        publish(StepTaken(1, 1))
        eventually(lambda: done() == 4, 0.9)  # sooner than the next poll


def test_a_worker_that_is_asked_to_stop_finishes_leaves_no_heartbeat_and_exits_well():
    with worker(slowness="0.3") as one:
        publish(StepTaken(1, 0))
        publish(StepTaken(1, 1))
        eventually(lambda: done() >= 1 and Heartbeat.objects.filter(name__endswith=f":{one.process.pid}"))
        assert one.stop() == 0

    assert not Heartbeat.objects.filter(name__startswith="worker:").exists()
    assert count("SELECT count(*) FROM test_effect") == done()


def test_a_worker_comes_back_after_the_database_cut_it_off(mail_server, settings):
    with worker(smtp_port=mail_server.port) as one:
        eventually(lambda: Heartbeat.objects.filter(name__startswith="worker:").exists())
        publish(StepTaken(1, 0))
        eventually(lambda: done() == 2)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        publish(StepTaken(1, 1))
        mails(1, settings)

        eventually(lambda: done() == 4, 30)
        assert mail_server.wait_for(1, 30)
        assert one.process.poll() is None


def test_mails_queued_while_no_worker_ran_are_sent_by_the_next(mail_server, settings):
    mails(5, settings)
    with worker(smtp_port=mail_server.port):
        assert mail_server.wait_for(5, 30)
        eventually(lambda: Mail.objects.filter(status="sent").count() == 5)
        eventually(lambda: not ProcrastinateJob.objects.filter(task_name="send_mail").exists())


def test_a_mail_whose_worker_is_killed_before_it_goes_out_is_sent_by_another(mail_server, settings):
    mails(3, settings)
    mail_server.delay = 30
    with worker(smtp_port=mail_server.port) as first:
        eventually(lambda: mail_server.connections >= 2)
        first.kill()
    mail_server.delay = 0
    assert ProcrastinateJob.objects.filter(status="doing", task_name__endswith="send_mail").count() == 2
    with connection.cursor() as cursor:  # as if half a minute had passed
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'")

    with worker(smtp_port=mail_server.port):
        eventually(lambda: Mail.objects.filter(status="sent").count() == 3, 40)


def test_the_id_of_a_request_stands_in_the_log_lines_of_its_mail(mail_server, settings, tmp_path):
    with structlog.contextvars.bound_contextvars(request_id="request-17"):
        mails(1, settings)
    with (tmp_path / "log").open("wb") as log, worker(smtp_port=mail_server.port, log=log):
        eventually(lambda: b"job_done" in (tmp_path / "log").read_bytes())

    lines = (tmp_path / "log").read_text().splitlines()
    assert any("mail_sent" in line and "request_id=request-17" in line for line in lines)
    assert any("job_done" in line and "request_id=request-17" in line for line in lines)


def test_a_failing_reaction_is_tried_again_by_a_worker_when_it_is_due(tmp_path):
    publish(StepTaken(1, 0))
    Delivery.objects.update(due_at=timezone.now() + timedelta(seconds=2))
    with worker():
        eventually(lambda: done() == 2, 20)
    assert effects("first") == [("thing:1", 0)]
