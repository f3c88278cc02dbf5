"""What a company's people did to their own company, as a timeline at the foot of its pages."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kontor.audit.facts import told_facts
from kontor.audit.models import Entry
from kontor.audit.verbs import sentence
from kontor.companies.models import Membership
from kontor.kernel.actors import Actor

SHOWN = 15
ADDRESSES = (
    "address_added",
    "address_changed",
    "address_archived",
    "billing_address_set",
    "default_delivery_set",
)
PEOPLE = (
    "colleague_invited", "invitation_withdrawn", "invitation_accepted", "member_changed", "member_deactivated",
    "member_reactivated",
)  # fmt: skip
KEYS = ("api_key_created", "api_key_revoked")
KINDS = {
    "removed": "bad",
    "deactivated": "warning",
    "revoked": "warning",
    "archived": "warning",
    "blocked": "bad",
}


def company_trail(actor: Actor, verbs: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The latest entries about the actor's own company and its people, newest first; `verbs` narrows. Two queries.

    What the platform's operator wrote about a company is the operator's. Nothing while working for a customer.
    """
    if actor.acting_for_id is not None or actor.company_id is None:
        return []
    members = dict(Membership.objects.filter(company_id=actor.company_id).values_list("pk", "user__name"))
    about = Q(about_type="company", about_id=actor.company_id) | Q(
        about_type="member", about_id__in=list(members)
    )
    return _latest(Entry.objects.filter(about, company_id=actor.company_id), members, verbs)


def member_trail(membership: Membership) -> list[dict[str, Any]]:
    """The latest entries about one colleague, newest first."""
    about = Entry.objects.filter(
        about_type="member", about_id=membership.pk, company_id=membership.company_id
    )
    return _latest(about, {}, ())


def _latest(entries: Any, members: dict[int, str], verbs: tuple[str, ...]) -> list[dict[str, Any]]:
    if verbs:
        entries = entries.filter(verb__in=[f"companies.{verb}" for verb in verbs])
    return [_shown(entry, members) for entry in entries.order_by("-id")[:SHOWN]]


def _shown(entry: Entry, members: dict[int, str]) -> dict[str, Any]:
    whom = members.get(entry.about_id, "") if entry.about_type == "member" else ""
    title = sentence(entry.verb, entry.changes)
    changes = _changes(entry) if entry.verb.endswith("_changed") else ""
    return {
        "title": f"{title}: {whom}" if whom else title,
        "by": _("%(name)s by API") % {"name": entry.actor_name} if entry.door == "api" else entry.actor_name,
        "at": entry.at,
        "text": entry.note or changes,
        "kind": next((kind for word, kind in KINDS.items() if word in entry.verb), "neutral"),
    }


def _changes(entry: Entry) -> str:
    """What was before and what is now, field by field."""
    return " · ".join(f"{label}: {text}" for label, text in told_facts(entry.verb, entry.changes))
