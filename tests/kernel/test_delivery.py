"""The outbox: nothing lost, nothing twice, in order per object."""

from collections import defaultdict
from datetime import timedelta

import psycopg
import pytest
import structlog
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django.utils import connector_params

from kontor.kernel.delivery import (
    RETRY_AFTER,
    dead_deliveries,
    deliver_due,
    forget_delivered,
    replay_dead,
)
from kontor.kernel.events import event_name, muted, publish
from kontor.kernel.models import Delivery, OutboxEvent
from tests.kernel.reactions_for_tests import FIRST, SECOND, TABLE, StepTaken, failing

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def effects_table(request):
    if request.node.get_closest_marker("django_db").kwargs.get("transaction"):
        request.getfixturevalue("transactional_db")
    else:
        request.getfixturevalue("db")
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        cursor.execute("DELETE FROM test_effect")
    failing.clear()
    yield
    failing.clear()


def effects(reaction="first"):
    """(key, step) pairs in the order in which they took effect."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, step FROM test_effect WHERE reaction = %s ORDER BY id", [reaction])
        return cursor.fetchall()


def statuses(reaction=FIRST):
    return list(Delivery.objects.filter(reaction=reaction).order_by("id").values_list("status", flat=True))


def make_due():
    """Four days pass. What was put off is due after what was published since, as in life."""
    Delivery.objects.filter(status="pending").update(due_at=F("due_at") - timedelta(days=4))


def take_steps(thing, *steps):
    for step in steps:
        publish(StepTaken(thing, step))


def test_each_reaction_gets_each_event_once():
    take_steps(1, 1, 2)

    assert deliver_due() == 4
    assert deliver_due() == 0
    assert effects("first") == [("thing:1", 1), ("thing:1", 2)]
    assert effects("second") == [("thing:1", 1), ("thing:1", 2)]
    assert statuses() == ["done", "done"]
    assert all(one.done_at and one.attempts == 1 for one in Delivery.objects.all())


def test_the_event_is_named_after_its_app():
    assert event_name(StepTaken) == "kernel.StepTaken"


def test_an_event_of_a_transaction_that_rolled_back_is_none():
    with transaction.atomic():
        publish(StepTaken(1, 1))
        transaction.set_rollback(True)

    assert not OutboxEvent.objects.exists()
    assert deliver_due() == 0


def test_a_failed_reaction_leaves_nothing_and_is_tried_again_in_five_seconds():
    take_steps(1, 1)
    failing.add(("thing:1", 1))

    deliver_due()

    assert effects() == []
    late = Delivery.objects.get(reaction=FIRST)
    assert (late.status, late.attempts) == ("pending", 1)
    assert late.last_error == "RuntimeError: step 1 cannot be taken"
    assert timedelta(seconds=3) < late.due_at - timezone.now() < timedelta(seconds=6)
    assert statuses(SECOND) == ["done"]


def test_a_failure_holds_back_later_events_of_the_same_object_only():
    take_steps(1, 1, 2)
    take_steps(2, 1)
    failing.add(("thing:1", 1))

    deliver_due()
    assert effects() == [("thing:2", 1)]

    failing.clear()
    make_due()
    deliver_due()
    assert effects() == [("thing:2", 1), ("thing:1", 1), ("thing:1", 2)]


def test_after_seventy_five_hours_a_delivery_is_dead_and_holds_nobody_back():
    take_steps(1, 1, 2)
    failing.add(("thing:1", 1))

    assert round(sum(RETRY_AFTER, timedelta()).total_seconds() / 3600) == 75
    for _attempt in range(len(RETRY_AFTER) + 1):
        make_due()
        deliver_due()

    assert statuses() == ["dead", "done"]
    assert effects() == [("thing:1", 2)]
    (dead,) = dead_deliveries()
    assert (dead.reaction, dead.attempts, dead.event.key) == (FIRST, 10, "thing:1")


def test_the_dead_can_be_replayed():
    take_steps(1, 1)
    take_steps(2, 1)
    Delivery.objects.filter(reaction=FIRST).update(status="dead", attempts=10)
    first_dead = Delivery.objects.filter(reaction=FIRST).earliest("id")

    assert replay_dead([first_dead.pk]) == 1
    deliver_due()
    assert effects() == [("thing:1", 1)]

    assert replay_dead() == 1
    deliver_due()
    assert effects() == [("thing:1", 1), ("thing:2", 1)]
    assert not dead_deliveries()


def test_a_reaction_that_no_code_answers_to_waits_for_the_next_release():
    take_steps(1, 1)
    Delivery.objects.filter(reaction=FIRST).update(reaction="gone.reactions.nobody")

    deliver_due()

    waiting = Delivery.objects.get(reaction="gone.reactions.nobody")
    assert waiting.status == "pending"
    assert waiting.last_error == "LookupError: no code answers to the reaction gone.reactions.nobody"


def test_a_reaction_that_breaks_its_transaction_is_put_off_all_the_same(monkeypatch):
    take_steps(1, 1)

    def break_it(_event):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    monkeypatch.setattr("tests.kernel.reactions_for_tests.effect", lambda _name, event: break_it(event))
    deliver_due()

    late = Delivery.objects.get(reaction=FIRST)
    assert (late.status, late.attempts) == ("pending", 1)
    assert late.last_error.startswith("DataError: division by zero")


def test_muted_apps_get_no_delivery():
    with muted("tests"):
        publish(StepTaken(1, 1))

    assert OutboxEvent.objects.count() == 1
    assert not Delivery.objects.exists()


def test_the_id_of_the_request_reaches_the_reaction(monkeypatch):
    seen = []
    monkeypatch.setattr(
        "tests.kernel.reactions_for_tests.effect",
        lambda _name, _event: seen.append(structlog.contextvars.get_contextvars()),
    )
    with structlog.contextvars.bound_contextvars(request_id="abc12345"):
        publish(StepTaken(1, 1))

    deliver_due()

    assert [one["request_id"] for one in seen] == ["abc12345", "abc12345"]
    assert {one["reaction"] for one in seen} == {FIRST, SECOND}


def test_more_than_a_batch_of_one_line_is_delivered_in_order():
    take_steps(1, *range(250))

    assert deliver_due() == 500
    assert effects() == [("thing:1", step) for step in range(250)]


def test_what_was_delivered_long_ago_is_forgotten_and_what_waits_is_kept():
    take_steps(1, 1)
    take_steps(2, 1)
    failing.add(("thing:2", 1))
    deliver_due()
    long_ago = timezone.now() - timedelta(days=31)
    OutboxEvent.objects.update(created_at=long_ago)
    Delivery.objects.filter(status="done").update(done_at=long_ago)

    assert forget_delivered(timezone.now() - timedelta(days=30)) == 1
    assert [one.key for one in OutboxEvent.objects.all()] == ["thing:2"]
    assert Delivery.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_older_delivery_that_another_worker_holds_blocks_its_line_and_no_other():
    take_steps(1, 1, 2)
    take_steps(2, 1)
    oldest = Delivery.objects.filter(reaction=FIRST).earliest("id")
    with psycopg.connect(**connector_params()) as other:
        other.execute("SELECT 1 FROM kernel_delivery WHERE id = %s FOR UPDATE", [oldest.pk])

        deliver_due()
        assert effects("first") == [("thing:2", 1)]
        assert effects("second") == [("thing:1", 1), ("thing:1", 2), ("thing:2", 1)]

    deliver_due()
    assert effects("first") == [("thing:2", 1), ("thing:1", 1), ("thing:1", 2)]


@pytest.mark.django_db(transaction=True)
def test_a_notification_wakes_the_worker_when_somebody_reacts():
    with psycopg.connect(**connector_params(), autocommit=True) as listener:
        listener.execute("LISTEN kontor_outbox")
        with muted("tests"):
            publish(StepTaken(1, 1))
        assert list(listener.notifies(timeout=0.2)) == []

        publish(StepTaken(1, 2))
        assert len(list(listener.notifies(timeout=5, stop_after=1))) == 1


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.integers(1, 3)),
        st.tuples(st.just("break"), st.integers(1, 3)),
        st.tuples(st.just("mend"), st.integers(1, 3)),
        st.tuples(st.just("deliver"), st.just(0)),
        st.tuples(st.just("time"), st.just(0)),
    ),
    max_size=30,
)


@given(moves=MOVES)
@settings(max_examples=60, deadline=None)
def test_whatever_fails_and_when_each_effect_comes_once_and_in_order(moves):
    published = defaultdict(int)
    with transaction.atomic():
        failing.clear()
        for move, thing in [*moves, ("mend", 1), ("mend", 2), ("mend", 3), ("time", 0), ("deliver", 0)]:
            key = f"thing:{thing}"
            if move == "publish":
                published[key] += 1
                publish(StepTaken(thing, published[key]))
            elif move == "break":
                failing.add((key, published.get(key, 0) + 1))
            elif move == "mend":
                failing.difference_update([one for one in failing if one[0] == key])
            elif move == "deliver":
                deliver_due()
            else:
                make_due()
        taken = defaultdict(list)
        for key, step in effects():
            taken[key].append(step)
        assert taken == {key: list(range(1, count + 1)) for key, count in published.items()}
        transaction.set_rollback(True)
