"""Somebody writes to the other side of a trade."""

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import NotAllowed, Refused
from kontor.messaging.events import MessageWritten
from kontor.messaging.models import Message, Thread
from kontor.messaging.permissions import WRITE_MESSAGES
from kontor.messaging.rules import LONGEST, cleaned_body

TITLE_LENGTH = 120


@transaction.atomic
def write_message(
    *, actor: Actor, subject: tuple[str, int], title: str, buyer_id: int, seller_id: int, body: str
) -> Message:
    """Write about a subject (``("order", 17)``) of a buyer and a seller; the first message opens the thread.

    Called with a subject that the caller has checked to be between these two. The other side owes an answer then.
    Raises NotAllowed("not_yours") and Refused("message_empty", "message_too_long") at `body`.
    """
    require(actor, WRITE_MESSAGES)
    # Whoever orders for a customer still writes as the own company.
    writer_id = actor.company_id
    if writer_id is None or writer_id not in (buyer_id, seller_id):
        raise _not_yours()
    text = _cleaned(body)
    thread = _thread(subject, title, buyer_id, seller_id)
    message = Message.objects.create(
        thread=thread,
        author_id=actor.membership_id,
        author_name=actor.name,
        company_id=writer_id,
        body=text,
        sent_at=clock.now(),
    )
    thread.answer_due_from_id = seller_id if writer_id == buyer_id else buyer_id
    thread.save(update_fields=["answer_due_from"])
    record(actor, "messaging.message_written", subject, shared=True)
    publish(MessageWritten(message_id=message.pk, thread_id=thread.pk))
    return message


def _cleaned(body: str) -> str:
    text = cleaned_body(body)
    if not text:
        message = _("Write something first.")
        raise Refused("message_empty", message, {"body": message})
    if len(text) > LONGEST:
        message = _(
            "At most %(longest)s characters fit into a message; these are %(given)s. Shorten it or send two."
        )
        message %= {"longest": LONGEST, "given": len(text)}
        raise Refused("message_too_long", message, {"body": message})
    return text


def _thread(subject: tuple[str, int], title: str, buyer_id: int, seller_id: int) -> Thread:
    """The subject's thread, locked, so that who owes the answer follows the last message."""
    Thread.objects.get_or_create(
        subject_type=subject[0],
        subject_id=subject[1],
        defaults={"subject_title": title[:TITLE_LENGTH], "buyer_id": buyer_id, "seller_id": seller_id},
    )
    thread = Thread.objects.select_for_update(no_key=True).get(subject_type=subject[0], subject_id=subject[1])
    if (thread.buyer_id, thread.seller_id) != (buyer_id, seller_id):
        raise _not_yours()
    return thread


def _not_yours() -> NotAllowed:
    return NotAllowed("not_yours", _("Only the buyer and the seller can write here."))
