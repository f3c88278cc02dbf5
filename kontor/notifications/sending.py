"""Send a mail over SMTP: the only place that talks to the mail server, called by a job.

An attempt is counted before the server is spoken to, so a mail that kills its worker does not do so for ever; a lock
of the session keeps two workers from sending the same one at once, and is gone the moment its worker is. Between the
server's yes and our note of it lies a moment in which a kill makes the mail go out twice, with one Message-ID.
"""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.utils import formataddr, parseaddr
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection

from kontor.kernel.observability import metrics
from kontor.notifications.attachments import Attachment, attachment_of
from kontor.notifications.links import preferences_link
from kontor.notifications.models import Mail
from kontor.notifications.topics import topic

log = structlog.get_logger(__name__)

# 30 s, 2 min, 10 min, 30 min, 1 h, 3 h, 6 h, 12 h, 24 h, 24 h: about three days.
RETRY_AFTER = [timedelta(seconds=s) for s in (30, 120, 600, 1800, 3600, 10800, 21600, 43200, 86400, 86400)]
BUSY = 10
"""Seconds until we look again whether another worker, that has this very mail in hand, sent it."""

LOCK = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
UNLOCK = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"
# Timers of jobs and mails may differ by a moment.
TAKE = """
UPDATE notifications_mail SET attempts = attempts + 1
WHERE id = %s AND status = 'queued' AND due_at <= clock_timestamp() + interval '1 second' RETURNING id
"""
WAITS = """
SELECT GREATEST(1, extract(epoch FROM due_at - clock_timestamp()))::int FROM notifications_mail
WHERE id = %s AND status = 'queued'
"""
SENT = """
UPDATE notifications_mail SET status = 'sent', sent_at = clock_timestamp(), last_error = '',
    text = CASE WHEN %(forget)s THEN '' ELSE text END, html = CASE WHEN %(forget)s THEN '' ELSE html END
WHERE id = %(id)s
"""
NOT_SENT = """
UPDATE notifications_mail SET last_error = %(error)s,
    status = CASE WHEN %(wait)s::interval IS NULL THEN 'failed' ELSE 'queued' END,
    due_at = clock_timestamp() + COALESCE(%(wait)s::interval, interval '0')
WHERE id = %(id)s
"""
FORGOTTEN = """
SELECT m.id FROM notifications_mail m
WHERE m.status = 'queued' AND m.due_at < statement_timestamp() - interval '2 minutes'
  AND NOT EXISTS (
      SELECT 1 FROM procrastinate_jobs j
      WHERE j.task_name = 'send_mail' AND j.status IN ('todo', 'doing') AND (j.args ->> 'mail_id')::bigint = m.id
  )
ORDER BY m.due_at LIMIT 1000
"""


@dataclass
class NotSentYet(Exception):
    """The mail stays queued; try again in `seconds`."""

    seconds: int

    def __str__(self) -> str:
        return f"again in {self.seconds} s"


def send_mail(mail_id: int) -> None:
    """Try to send a queued mail. Raises NotSentYet when another attempt is due later; a final failure is noted only."""
    with _in_hand(mail_id):
        mail = _take(mail_id)
        if mail is None:
            return
        try:
            _message(mail).send()
        except Exception as problem:  # whatever goes wrong with one mail is noted on that mail
            _not_sent(mail, problem)
        else:
            _note(SENT, {"id": mail.pk, "forget": topic(mail.topic).secret})
            metrics.MAILS.labels("sent").inc()
            log.info("mail_sent", mail=mail.pk, topic=mail.topic, attempts=mail.attempts)


def forgotten() -> list[int]:
    """Queued mails, due for two minutes, that no job will send: one was deleted by hand, or gave up."""
    with connection.cursor() as cursor:
        cursor.execute(FORGOTTEN)
        return [row[0] for row in cursor.fetchall()]


@contextmanager
def _in_hand(mail_id: int) -> Iterator[None]:
    """Only one worker at a time has a mail in hand. Raises NotSentYet when another has."""
    name = f"mail:{mail_id}"
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [name])
        (locked,) = cursor.fetchone() or (False,)
    if not locked:
        raise NotSentYet(BUSY)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(UNLOCK, [name])


def _take(mail_id: int) -> Mail | None:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [mail_id])
        if cursor.fetchone() is not None:
            return Mail.objects.get(pk=mail_id)
        cursor.execute(WAITS, [mail_id])
        waits = cursor.fetchone()
    if waits is not None:
        raise NotSentYet(waits[0])
    return None


def _not_sent(mail: Mail, problem: Exception) -> None:
    wait = None
    if not is_final(problem) and mail.attempts <= len(RETRY_AFTER):
        wait = RETRY_AFTER[mail.attempts - 1]
    error = f"{type(problem).__name__}: {problem}".replace("\x00", "")[:2000]
    _note(NOT_SENT, {"id": mail.pk, "error": error, "wait": wait})
    metrics.MAILS.labels("put off" if wait else "failed").inc()
    log.log(
        30 if wait else 40,
        "mail_put_off" if wait else "mail_failed",
        mail=mail.pk,
        topic=mail.topic,
        attempts=mail.attempts,
        problem=error,
    )
    if wait:
        raise NotSentYet(int(wait.total_seconds())) from problem


def is_final(problem: Exception) -> bool:
    """Whether the server refused this recipient or this mail for good (5xx), so that trying again is rude."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _reason in problem.recipients.values()]
        return bool(codes) and all(500 <= code < 600 for code in codes)
    return isinstance(problem, smtplib.SMTPDataError) and 500 <= problem.smtp_code < 600


def _note(statement: str, parameters: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _message(mail: Mail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[formataddr((mail.to_name, mail.to))],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=_headers(mail),
    )
    message.attach_alternative(mail.html, "text/html")
    attachment: Attachment | None = attachment_of(mail)
    if attachment:
        message.attach(attachment.name, attachment.content, attachment.media_type)
    return message


def _headers(mail: Mail) -> dict[str, str]:
    """The same for each attempt; the thread's own id, which no mail bears, keeps its mails together."""
    domain = (
        parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or urlsplit(settings.SITE_URL).hostname
    )
    headers = {
        "Message-ID": f"<{sha256(mail.once_key.encode()).hexdigest()[:32]}@{domain}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": mail.language,
    }
    if mail.thread:
        thread = f"<{mail.thread.replace(':', '-')}.{mail.company_id or 0}@{domain}>"
        headers |= {"In-Reply-To": thread, "References": thread}
    if topic(mail.topic).can_be_declined:
        headers["List-Unsubscribe"] = f"<{preferences_link(mail.topic)}>"
    return headers
