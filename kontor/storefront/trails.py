"""What a company's people did to their own company, as a timeline at the foot of its pages."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.audit.models import Entry
from kontor.audit.verbs import sentence
from kontor.companies.models import Membership
from kontor.kernel.actors import Actor
from kontor.web.names import role_names
from kontor.web.numbers import number

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
LABELS: dict[str, str | Promise] = {
    "legal_name": gettext_lazy("Legal name"),
    "trade_name": gettext_lazy("Trade name"),
    "vat_id": gettext_lazy("VAT id"),
    "registration_number": gettext_lazy("Register number"),
    "language": gettext_lazy("Language"),
    "timezone": gettext_lazy("Time zone"),
    "phone": gettext_lazy("Phone"),
    "website": gettext_lazy("Website"),
    "invoice_by": gettext_lazy("Invoices"),
    "invoice_email": gettext_lazy("E-mail for invoices"),
    "po_number_required": gettext_lazy("Order number needed"),
    "prices_for_guests": gettext_lazy("Prices for visitors"),
    "bank_iban": gettext_lazy("IBAN"),
    "bank_bic": gettext_lazy("BIC"),
    "bank_name": gettext_lazy("Bank"),
    "accent": gettext_lazy("Colour"),
    "roles": gettext_lazy("Roles"),
    "order_limit": gettext_lazy("Order limit"),
    "job_title": gettext_lazy("Job title"),
    "recipient": gettext_lazy("Recipient"),
    "attention": gettext_lazy("For the attention of"),
    "street": gettext_lazy("Street and number"),
    "street2": gettext_lazy("Second line"),
    "postal_code": gettext_lazy("Postal code"),
    "city": gettext_lazy("City"),
    "region": gettext_lazy("Region"),
    "country": gettext_lazy("Country"),
}
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
    changes = _changes(entry.changes) if entry.verb.endswith("_changed") else ""
    return {
        "title": f"{title}: {whom}" if whom else title,
        "by": _("%(name)s by API") % {"name": entry.actor_name} if entry.door == "api" else entry.actor_name,
        "at": entry.at,
        "text": entry.note or changes,
        "kind": next((kind for word, kind in KINDS.items() if word in entry.verb), "neutral"),
    }


def _changes(changes: dict[str, Any]) -> str:
    """What was before and what is now, field by field."""
    said = [
        f"{LABELS[name]}: {_value(name, pair[0])} → {_value(name, pair[1])}"
        for name, pair in changes.items()
        if name in LABELS and isinstance(pair, list) and len(pair) == 2
    ]
    return " · ".join(said)


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "roles" and isinstance(value, list):
        return role_names(value)
    if name == "order_limit":
        return _limit(value)
    return str(value) if value else "–"


def _limit(value: Any) -> str:
    if value is None:
        return _("no limit")
    try:
        return number(Decimal(str(value)), 2)
    except InvalidOperation:
        return str(value)
