"""Reads of the mailbox and of people's choices."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.functional import Promise

from kontor.companies.models import Membership
from kontor.kernel.actors import Actor
from kontor.notifications.models import Mail, Preference
from kontor.notifications.topics import topics_for


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRow:
    """A mail as lists show it, without its text."""

    id: int
    topic: str
    to: str
    to_name: str
    subject: str
    status: str
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    last_error: str

    @property
    def status_label(self) -> str:
        return str(Mail.Status(self.status).label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A row of the preferences page. `by_mail` is None while the person follows the default."""

    topic: str
    label: str | Promise
    hint: str | Promise
    side: str
    by_mail: bool | None
    colleagues: bool


COLUMNS = (
    "id",
    "topic",
    "to",
    "to_name",
    "subject",
    "status",
    "attempts",
    "created_at",
    "sent_at",
    "last_error",
)


def mailbox(*, search: str = "", limit: int = 50, before: int | None = None) -> list[MailRow]:
    """All mails of the installation, newest first: the page of the demo. `search` looks in address, name and subject.

    `before` is the number of the last mail on the page before. For installations that send no mail; who may open the
    page is the page's business. One query.
    """
    mails = Mail.objects.order_by("-pk")
    if search.strip():
        words = search.strip()
        mails = mails.filter(
            Q(to__icontains=words) | Q(to_name__icontains=words) | Q(subject__icontains=words)
        )
    if before is not None:
        mails = mails.filter(pk__lt=before)
    return [MailRow(**row) for row in mails.values(*COLUMNS)[:limit]]


def failed_mails(*, limit: int = 100) -> list[MailRow]:
    """Mails that were given up, newest first, with the last error."""
    mails = Mail.objects.filter(status=Mail.Status.FAILED).order_by("-pk")
    return [MailRow(**row) for row in mails.values(*COLUMNS)[:limit]]


def mail_detail(mail_id: int) -> Mail | None:
    """One mail with its text and HTML. Show the HTML in a sandboxed frame only."""
    return Mail.objects.filter(pk=mail_id).first()


def choices_of(actor: Actor) -> list[Choice]:
    """What this person can be told about in the roles they have here, and what they chose. Two queries."""
    if actor.membership_id is None or actor.user_id is None:
        return []
    roles = Membership.objects.filter(pk=actor.membership_id).values_list("roles", flat=True).first() or []
    chosen = dict(Preference.objects.filter(user_id=actor.user_id).values_list("topic", "by_mail"))
    return [
        Choice(
            topic=one.name,
            label=one.label,
            hint=one.hint,
            side=one.side,
            by_mail=chosen.get(one.name),
            colleagues=one.colleagues,
        )
        for one in topics_for(frozenset(roles))
    ]
