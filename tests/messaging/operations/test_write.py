"""Messages between a buyer and a seller."""

from functools import partial

import pytest

from kontor.audit.models import Entry
from kontor.kernel.actors import Actor, system_actor
from kontor.kernel.models import OutboxEvent
from kontor.messaging.models import Message, Thread
from kontor.messaging.operations import write_message
from kontor.messaging.queries import thread_of, threads_waiting_for
from tests.at_once import at_once, codes
from tests.cast import actor
from tests.traces import refused

ORDER = ("order", 17)


@pytest.fixture
def write(acme, hansa):
    return partial(write_message, subject=ORDER, title="SO-1017", buyer_id=acme.pk, seller_id=hansa.pk)


@pytest.mark.covers("R0.49")
def test_ana_asks_and_sal_answers_in_one_thread(write, ana, sal, acme, hansa, django_assert_num_queries):
    asked = write(actor=actor(ana), body="  When will it ship?\r\nWe need it.  ")
    assert [one.subject_title for one in threads_waiting_for(hansa.pk)] == ["SO-1017"]
    answered = write(actor=actor(sal), body="On Friday.")

    assert threads_waiting_for(hansa.pk) == []
    with django_assert_num_queries(2):
        conversation = thread_of(ORDER, actor(ana))
    assert conversation is not None
    assert [(one.author_name, str(one.company), one.body) for one in conversation.messages] == [
        ("Ana Brandt", "Acme GmbH", "When will it ship?\nWe need it."),
        ("Sal Petersen", "Hansa Supply GmbH", "On Friday."),
    ]
    assert conversation.thread.answer_due_from_id == acme.pk
    events = list(OutboxEvent.objects.order_by("id").values_list("payload", flat=True))
    thread_id = conversation.thread.pk
    assert events == [
        {"message_id": asked.pk, "thread_id": thread_id},
        {"message_id": answered.pk, "thread_id": thread_id},
    ]
    assert Entry.objects.filter(about_type="order", about_id=17, shared=True).count() == 2


def test_a_representative_writes_as_the_own_company(write, sal, acme, hansa):
    message = write(actor=actor(sal).behalf_of(acme.pk, "Acme"), body="Called you today.")
    assert (message.company_id, message.thread.answer_due_from_id) == (hansa.pk, acme.pk)


@pytest.mark.parametrize(
    ("who", "code"),
    [("cy", "not_allowed"), ("cat", "not_allowed"), ("gil", "not_yours"), ("lev", "not_yours")],
)
def test_nobody_else_writes(write, cast, who, code):
    with refused(code):
        write(actor=actor(cast.people[who]), body="Hello")


def test_nobody_and_machines_without_a_company_do_not_write(write):
    with refused("not_allowed"):
        write(actor=Actor(name="guest", door="page"), body="Hello")
    with refused("not_yours"):
        write(actor=system_actor("worker"), body="Hello")


def test_a_thread_keeps_its_two_companies(write, ana, gil, sal, globex, hansa, acme):
    write(actor=actor(ana), body="Mine")
    with refused("not_yours"):
        write_message(
            actor=actor(gil),
            subject=ORDER,
            title="x",
            buyer_id=globex.pk,
            seller_id=hansa.pk,
            body="Mine too",
        )
    assert thread_of(ORDER, actor(gil)) is None
    assert thread_of(ORDER, Actor(name="guest", door="page")) is None
    assert thread_of(ORDER, actor(gil).behalf_of(globex.pk, "Globex")) is None


@pytest.mark.parametrize("body", ["", "  \n\t ", "\x00\x01"])
def test_an_empty_message_is_refused(write, ana, body):
    with refused("message_empty", "body"):
        write(actor=actor(ana), body=body)


def test_a_message_has_at_most_10000_characters(write, ana):
    with refused("message_too_long", "body") as refusal:
        write(actor=actor(ana), body="ü" * 10_001)
    assert "10001" in refusal.value.message
    assert len(write(actor=actor(ana), body="ü" * 10_000).body) == 10_000


def test_a_note_of_ten_megabytes_is_refused(write, ana):
    with refused("message_too_long", "body"):
        write(actor=actor(ana), body="x" * 10_000_000)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_first_messages_at_once_open_one_thread(write, ana, sal):
    outcomes = at_once(*(partial(write, actor=actor(who), body="Hello") for who in (ana, sal, ana, sal)))
    assert codes(outcomes) == []
    thread = Thread.objects.get()
    last = Message.objects.filter(thread=thread).order_by("-id")[0]
    assert Message.objects.filter(thread=thread).count() == 4
    assert thread.answer_due_from_id != last.company_id
