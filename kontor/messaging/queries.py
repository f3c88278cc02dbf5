"""Reads of conversations."""

from dataclasses import dataclass

from kontor.kernel.actors import Actor
from kontor.messaging.models import Message, Thread


@dataclass(frozen=True, slots=True)
class Conversation:
    """A thread and its messages, oldest first."""

    thread: Thread
    messages: list[Message]


def thread_of(subject: tuple[str, int], actor: Actor) -> Conversation | None:
    """What was written about a subject, when the actor is of one of its two companies, else None. Two queries."""
    thread = Thread.objects.visible_to(actor).filter(subject_type=subject[0], subject_id=subject[1]).first()
    if thread is None:
        return None
    messages = Message.objects.filter(thread=thread).select_related("company").order_by("id")
    return Conversation(thread, list(messages))


def threads_waiting_for(company_id: int) -> list[Thread]:
    """Conversations in which the other side waits for this company's answer, oldest first. One query."""
    return list(
        Thread.objects.filter(answer_due_from_id=company_id).select_related("buyer", "seller").order_by("id")
    )
