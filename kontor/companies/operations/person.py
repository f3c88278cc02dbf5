"""People keep their own name, language and time zone, and choose for which of their companies they work."""

from django.db import transaction
from django.utils.translation import gettext as _

from kontor.audit.trail import record
from kontor.companies.entries import Entries
from kontor.companies.models import Company, Membership, User
from kontor.kernel.actors import Actor
from kontor.kernel.refusal import NotAllowed, Refused


@transaction.atomic
def change_profile(
    *, actor: Actor, name: str | None = None, language: str | None = None, timezone: str | None = None
) -> User:
    """Change one's own data; None leaves a fact as it is, an empty time zone means the company's.

    Raises NotAllowed("not_a_person") for a machine and Refused("invalid_entries") with fields.
    """
    user = _person(actor)
    entries = Entries()
    wanted: dict[str, str] = {}
    if name is not None:
        wanted["name"] = entries.text("name", name, longest=150, required=True)
    if language is not None:
        wanted["language"] = entries.language("language", language)
    if timezone is not None:
        wanted["timezone"] = entries.timezone("timezone", timezone) if timezone else ""
    entries.done()
    changes = {fact: [getattr(user, fact), new] for fact, new in wanted.items() if getattr(user, fact) != new}
    if not changes:
        return user
    for fact, (_old, new) in changes.items():
        setattr(user, fact, new)
    user.save(update_fields=list(changes))
    record(actor, "companies.profile_changed", ("user", user.pk), changes=changes)
    return user


@transaction.atomic
def choose_company(*, actor: Actor, membership: Membership) -> Membership:
    """Work for another of one's companies from now on. It changes nothing in the company, so the trail is silent.

    Raises NotAllowed("not_a_person", "not_yours") and Refused("seat_closed").
    """
    user = _person(actor)
    if membership.user_id != user.pk:
        raise NotAllowed("not_yours", _("This does not belong to your company."))
    if not membership.is_active or membership.company.status == Company.Status.BLOCKED:
        raise Refused(
            "seat_closed",
            _("You have no access to %(company)s any more. Ask its administrator.")
            % {"company": membership.company},
        )
    user.last_membership_id = membership.pk
    user.save(update_fields=["last_membership_id"])
    return membership


def _person(actor: Actor) -> User:
    user = None
    if actor.user_id is not None:
        user = User.objects.select_for_update(no_key=True).filter(pk=actor.user_id, is_active=True).first()
    if user is None:
        raise NotAllowed("not_a_person", _("Only a person who is signed in can do this."))
    return user
