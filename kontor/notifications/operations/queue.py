"""Write mails into the mailbox and have them sent."""

from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import connection, transaction

from kontor.kernel.actors import Actor, require
from kontor.kernel.jobs import defer
from kontor.notifications.audience import Recipient
from kontor.notifications.letters import Writer, in_language_of, one_line, render
from kontor.notifications.models import Mail
from kontor.notifications.permissions import SEE_MAILS
from kontor.notifications.topics import Topic

QUEUE = "mail"
REVIVE = """
UPDATE notifications_mail SET status = 'queued', attempts = 0, due_at = clock_timestamp()
WHERE id = %s AND status IN ('failed', 'kept') RETURNING id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What makes a letter a mail: its topic, the event that it must be sent once for, and where it belongs.

    `about` names the event (``orders.OrderPlaced:17``); with topic and recipient it makes the mail unique. Mails of
    one `thread` (``order:17``) stand together in mail programs. `attachment` is a document made when the mail is sent.
    """

    topic: Topic
    about: str
    thread: str = ""
    reply_to: str = ""
    attachment: tuple[str, int] | None = None


@transaction.atomic
def queue_mail(*, posting: Posting, to: Iterable[Recipient], write: Writer) -> list[Mail]:
    """Write one mail per recipient, each in their language, and have them sent after the commit.

    `write` is called with the recipient's language and time zone active. Somebody who has a mail of this topic about
    this event already gets none. Without a mail server mails are kept and shown in the mailbox only.
    """
    recipients = {_once(posting, one): one for one in to}
    known = set(Mail.objects.filter(once_key__in=recipients).values_list("once_key", flat=True))
    mails = [
        _mail(posting, one, once_key, write) for once_key, one in recipients.items() if once_key not in known
    ]
    written = Mail.objects.bulk_create(mails)
    for mail in written:
        if mail.status == Mail.Status.QUEUED:
            defer("send_mail", queue=QUEUE, mail_id=mail.pk)
    return written


@transaction.atomic
def send_again(*, actor: Actor, mail: Mail) -> bool:
    """Try a mail that failed, or was kept for want of a server, from the start. False when it is neither."""
    require(actor, SEE_MAILS)
    with connection.cursor() as cursor:
        cursor.execute(REVIVE, [mail.pk])
        if cursor.fetchone() is None:
            return False
    defer("send_mail", queue=QUEUE, mail_id=mail.pk)
    return True


def _once(posting: Posting, recipient: Recipient) -> str:
    return f"{posting.topic.name}:{posting.about}:{recipient.key}"


def _mail(posting: Posting, to: Recipient, once_key: str, write: Writer) -> Mail:
    with in_language_of(to):
        letter = write(to)
        text, html = render(letter, to, posting.topic)
    kind, attached = posting.attachment or ("", None)
    return Mail(
        topic=posting.topic.name,
        to=to.email,
        to_name=one_line(to.name)[:150],
        company_id=to.company_id,
        language=to.language or settings.LANGUAGE_CODE,
        subject=one_line(letter.subject),
        text=text,
        html=html,
        once_key=once_key,
        thread=posting.thread,
        reply_to=posting.reply_to,
        request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
        attachment_kind=kind,
        attachment_id=attached,
        status=Mail.Status.QUEUED if settings.CONFIG.sends_mail else Mail.Status.KEPT,
    )
