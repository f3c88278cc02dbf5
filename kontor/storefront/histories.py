"""What happened, as `ui.timeline` shows it: facts with a shape, messages with who wrote them."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from kontor.audit.models import Entry
from kontor.messaging.models import Message
from kontor.orders.sides import Side
from kontor.orders.timeline import TimelineEntry
from kontor.web.happenings import ICONS, MESSAGE_ICON, kind_of, spoken


def history_rows(entries: Sequence[TimelineEntry], own: Side) -> list[dict[str, Any]]:
    """Rows of `ui.timeline`, newest first. What only the own side sees says so."""
    rows = []
    for entry in reversed(entries):
        is_message = entry.kind == "message"
        by = f"{entry.who}, {entry.company}" if entry.company and entry.side != own else entry.who
        if entry.on_behalf_of:
            by = _("%(name)s for %(company)s") % {"name": by, "company": entry.on_behalf_of}
        internal = _("only your company sees this")
        rows.append(
            {
                "title": by if is_message else spoken(entry.verb, entry.facts),
                "by": "" if is_message else " · ".join([by, internal] if entry.internal else [by]),
                "at": entry.at,
                "text": entry.text if is_message else entry.note,
                "kind": "message" if is_message else kind_of(entry.verb),
                "icon": ICONS.get(entry.verb, ""),
                "links": (),
            }
        )
    return rows


def told_rows(
    entries: Sequence[Entry], messages: Sequence[Message], own_company: int | None
) -> list[dict[str, Any]]:
    """The same from a trail and a conversation, for subjects whose app has no timeline of its own."""
    facts = [
        {
            "title": spoken(entry.verb, entry.changes),
            "by": entry.actor_name
            if entry.company_id == own_company
            else f"{entry.actor_name}, {entry.company_name}",
            "at": entry.at,
            "text": entry.note,
            "kind": kind_of(entry.verb),
            "icon": ICONS.get(entry.verb, ""),
            "links": (),
        }
        for entry in entries
        if not entry.verb.startswith("messaging.")
    ]
    said = [
        {
            "title": message.author_name
            if message.company_id == own_company
            else f"{message.author_name}, {message.company}",
            "by": "",
            "at": message.sent_at,
            "text": message.body,
            "kind": "message",
            "icon": MESSAGE_ICON,
            "links": (),
        }
        for message in messages
    ]
    return sorted([*facts, *said], key=lambda row: row["at"], reverse=True)
