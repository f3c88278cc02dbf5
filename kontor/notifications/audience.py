"""Who gets a mail about a topic."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from kontor.companies.models import Company, Membership
from kontor.notifications.models import Preference
from kontor.notifications.topics import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A person, or an address of a company without one, and how they read."""

    email: str
    name: str = ""
    language: str = ""
    timezone: str = ""
    company_id: int | None = None
    user_id: int | None = None

    @property
    def key(self) -> str:
        """Tells recipients of one event apart."""
        return f"user:{self.user_id}" if self.user_id else self.email.lower()


def person(membership: Membership) -> Recipient:
    """A member as recipient. Needs `user` and `company` loaded."""
    user, company = membership.user, membership.company
    return Recipient(
        email=user.email,
        name=user.name,
        language=user.language,
        timezone=user.timezone or company.timezone,
        company_id=company.pk,
        user_id=user.pk,
    )


def mailbox_of(company: Company, email: str) -> Recipient:
    """An address of the company, as that for invoices."""
    return Recipient(
        email=email,
        name=str(company),
        language=company.language,
        timezone=company.timezone,
        company_id=company.pk,
    )


def people(
    topic: Topic,
    company_id: int,
    *,
    concerned: Collection[int | None] = (),
    leave_out: Collection[int | None] = (),
    otherwise: Collection[str] = (),
) -> list[Recipient]:
    """Active members of the company who are told about the topic, as they chose. Two queries.

    `concerned` and `leave_out` are numbers of memberships. When none of those concerned works here (any more),
    colleagues with a role in `otherwise` are, so that somebody looks.
    """
    members = list(
        Membership.objects.active()
        .filter(company_id=company_id)
        .filter(Q(pk__in=[pk for pk in concerned if pk]) | Q(roles__overlap=sorted(topic.roles)))
        .exclude(pk__in=[pk for pk in leave_out if pk])
        .select_related("user", "company")
        .order_by("pk")
    )
    choices = dict(
        Preference.objects.filter(
            topic=topic.name, user_id__in=[member.user_id for member in members]
        ).values_list("user_id", "by_mail")
    )
    involved = {member.pk for member in members} & set(concerned)
    if not involved:
        involved = {member.pk for member in members if set(member.roles) & set(otherwise)}
    return [
        person(member)
        for member in members
        if choices.get(member.user_id, member.pk in involved or topic.colleagues)
    ]
