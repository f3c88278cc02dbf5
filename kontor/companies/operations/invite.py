"""Colleagues are invited by mail and join through a link that is good for a week."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.companies.entries import Entries
from kontor.companies.events import ColleagueInvited, MemberChanged
from kontor.companies.links import invitation_for, invitation_token, new_invitation_hash
from kontor.companies.models import Company, Invitation, Membership, User
from kontor.companies.models.access import InvitationQuerySet
from kontor.companies.ownership import own_company_id, require_open, require_own
from kontor.companies.permissions import MANAGE_PEOPLE
from kontor.companies.seats import cleaned_roles
from kontor.kernel import clock
from kontor.kernel.actors import Actor, require
from kontor.kernel.events import publish
from kontor.kernel.refusal import NotAllowed, Refused, Stale

GOOD_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewColleague:
    """Whom to invite; `order_limit` is net, in the company's currency, None for no limit."""

    email: str
    roles: tuple[str, ...]
    name: str = ""
    order_limit: Decimal | None = None


@transaction.atomic
def invite_colleague(*, actor: Actor, invitation: NewColleague) -> tuple[Invitation, str]:
    """Offer a seat in the own company; returns the invitation and the token of its link.

    Inviting the same address again replaces the earlier invitation and voids its link.
    Raises Refused("invalid_entries", "is_colleague", "was_colleague") at the e-mail, and Stale.
    """
    require(actor, MANAGE_PEOPLE)
    company = Company.objects.get(pk=own_company_id(actor))
    require_open(company)
    entries = Entries()
    email = entries.email("email", invitation.email)
    name = entries.text("name", invitation.name, longest=150)
    roles = cleaned_roles(entries, invitation.roles, company=company, actor=actor)
    limit = entries.limit("order_limit", invitation.order_limit, company.currency)
    entries.done()
    _refuse_colleague(company, email)
    now = clock.now()
    _pending(company.pk, email).update(withdrawn_at=now)
    try:
        with transaction.atomic():
            row = Invitation.objects.create(
                company=company,
                email=email,
                name=name,
                roles=roles,
                order_limit=limit,
                token_hash=new_invitation_hash(),
                invited_by_id=actor.membership_id,
                created_at=now,
                expires_at=now + GOOD_FOR,
            )
    except IntegrityError:
        raise Stale(
            "already_invited", _("Somebody has invited this person a moment ago. Reload the page.")
        ) from None
    record(
        actor,
        "companies.colleague_invited",
        ("company", company.pk),
        changes={"email": email, "roles": roles},
    )
    publish(ColleagueInvited(invitation_id=row.pk))
    return row, invitation_token(row)


def _pending(company_id: int, email: str) -> InvitationQuerySet:
    return Invitation.objects.filter(
        company_id=company_id, email=email, accepted_at__isnull=True, withdrawn_at__isnull=True
    )


def _refuse_colleague(company: Company, email: str) -> None:
    member = Membership.objects.filter(company=company, user__email__iexact=email).first()
    if member is None:
        return
    if member.is_active:
        message = _("This person is your colleague already. Change the roles in the list of people.")
        raise Refused("is_colleague", message, {"email": message})
    message = _("This person was your colleague. Give access again in the list of people.")
    raise Refused("was_colleague", message, {"email": message})


@transaction.atomic
def withdraw_invitation(*, actor: Actor, invitation: Invitation) -> Invitation:
    """Void an invitation and its link. Raises Stale when it was used or withdrawn already."""
    require(actor, MANAGE_PEOPLE)
    require_own(actor, invitation.company_id)
    withdrawn = _pending(invitation.company_id, invitation.email).filter(pk=invitation.pk)
    if not withdrawn.update(withdrawn_at=clock.now()):
        raise Stale("invitation_closed", _("This invitation was used or withdrawn already. Reload the page."))
    invitation.refresh_from_db()
    record(
        actor,
        "companies.invitation_withdrawn",
        ("company", invitation.company_id),
        changes={"email": invitation.email},
    )
    return invitation


@transaction.atomic
def accept_invitation(
    *, token: str, name: str = "", password: str = "", actor: Actor | None = None
) -> Membership:
    """Take the offered seat. The link proves that the person reads the invited mailbox.

    A new person chooses a name and a password. Who has a user already gives its password, or is signed in (`actor`).
    Raises Refused("invitation_void", "other_person", "wrong_password", "invalid_entries").
    """
    invitation = _take(token)
    require_open(invitation.company)
    user = User.objects.filter(email__iexact=invitation.email).first()
    if actor is not None and (user is None or actor.user_id != user.pk):
        raise NotAllowed(
            "other_person",
            _("This invitation is for %(email)s. Sign out and open the link again.")
            % {"email": invitation.email},
        )
    if user is None:
        user = _new_user(invitation, name, password)
    elif not user.is_active:
        raise _void()
    elif actor is None and not user.check_password(password):
        message = _("%(email)s has an account here, and this is not its password. You can reset it.")
        message %= {"email": invitation.email}
        raise Refused("wrong_password", message, {"password": message})
    membership, is_new = Membership.objects.get_or_create(
        company=invitation.company,
        user=user,
        defaults={"roles": invitation.roles, "order_limit": invitation.order_limit},
    )
    if not is_new:
        raise _void()
    record(
        membership.as_actor(actor.door if actor else "page"),
        "companies.invitation_accepted",
        ("company", invitation.company_id),
        changes={"roles": membership.roles},
    )
    publish(MemberChanged(membership_id=membership.pk))
    return membership


def _take(token: str) -> Invitation:
    """Mark the invitation as used; the WHERE clause is the lock, so a link opens one seat once."""
    invitation = invitation_for(token)
    if invitation is None:
        raise _void()
    taken = Invitation.objects.open().filter(pk=invitation.pk, token_hash=invitation.token_hash)
    if not taken.update(accepted_at=clock.now()):
        raise _void()
    return invitation


def _new_user(invitation: Invitation, name: str, password: str) -> User:
    entries = Entries()
    user = User(
        email=invitation.email.lower(),
        name=entries.text("name", name or invitation.name, longest=150, required=True),
        language=invitation.company.language,
    )
    entries.password("password", password, user)
    entries.done()
    user.set_password(password)
    user.save()
    return user


def _void() -> Refused:
    return Refused(
        "invitation_void",
        _("This invitation is used, withdrawn or older than 7 days. Ask your colleague for a new one."),
    )
