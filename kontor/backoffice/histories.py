"""What happened, as `ui.timeline` shows it to the seller: facts with a shape, messages with who wrote them."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from kontor.audit.models import Entry
from kontor.audit.trail import trail_of
from kontor.kernel.actors import Actor
from kontor.messaging.queries import thread_of
from kontor.orders.timeline import TimelineEntry
from kontor.web.happenings import ICONS, MESSAGE_ICON, kind_of, spoken

Row = dict[str, Any]


def _who(name: str, company: str, on_behalf_of: str = "") -> str:
    by = f"{name}, {company}" if company else name
    return _("%(name)s for %(company)s") % {"name": by, "company": on_behalf_of} if on_behalf_of else by


def _unseen() -> str:
    return _("not seen by the customer")


def order_rows(entries: Sequence[TimelineEntry]) -> list[Row]:
    """The rows of an order's timeline, newest first. What the customer does not see says so."""
    rows = []
    for entry in reversed(entries):
        is_message = entry.kind == "message"
        by = _who(entry.who, entry.company if entry.side == "buyer" else "", entry.on_behalf_of)
        if entry.internal:
            by = f"{by} · {_unseen()}"
        rows.append(
            {
                "title": by if is_message else entry.text,
                "by": "" if is_message else by,
                "at": entry.at,
                "text": entry.text if is_message else entry.note,
                "kind": "message" if is_message else kind_of(entry.verb),
                "icon": MESSAGE_ICON if is_message else ICONS.get(entry.verb, ""),
            }
        )
    return rows


def trail_rows(subject: tuple[str, int], actor: Actor) -> list[Row]:
    """Trail and conversation about another subject, newest first: shared entries and those of the own company."""
    own = actor.company_id
    facts = [
        _fact(entry, own)
        for entry in trail_of(*subject, shared_only=False)
        if (entry.shared or entry.company_id == own) and not entry.verb.startswith("messaging.")
    ]
    conversation = thread_of(subject, actor)
    said = [
        {
            "title": _who(one.author_name, "" if one.company_id == own else str(one.company)),
            "by": "",
            "at": one.sent_at,
            "text": one.body,
            "kind": "message",
            "icon": MESSAGE_ICON,
        }
        for one in (conversation.messages if conversation else [])
    ]
    return sorted([*reversed(facts), *reversed(said)], key=lambda row: row["at"], reverse=True)


def _fact(entry: Entry, own: int | None) -> Row:
    by = _who(entry.actor_name, "" if entry.company_id == own else entry.company_name, entry.acting_for_name)
    return {
        "title": spoken(entry.verb, entry.changes),
        "by": by if entry.shared else f"{by} · {_unseen()}",
        "at": entry.at,
        "text": entry.note,
        "kind": kind_of(entry.verb),
        "icon": ICONS.get(entry.verb, ""),
    }
