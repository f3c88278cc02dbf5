"""What happened, as `ui.timeline` shows it: facts with a shape, messages with who wrote them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from kontor.audit.models import Entry
from kontor.audit.verbs import sentence
from kontor.kernel.money import minor_units
from kontor.messaging.models import Message
from kontor.orders.sides import Side
from kontor.orders.timeline import TimelineEntry
from kontor.web.dates import date_text
from kontor.web.numbers import number

ICONS = {
    "orders.placed": "shopping-cart",
    "orders.entered": "phone",
    "orders.awaits_approval": "clipboard-document-check",
    "orders.approved": "check",
    "orders.confirmed": "check",
    "orders.date_changed": "calendar-days",
    "orders.sent_back": "arrow-uturn-left",
    "orders.cancelled": "x-mark",
    "orders.partly_cancelled": "x-mark",
    "fulfilment.packed": "archive-box",
    "fulfilment.shipped": "truck",
    "fulfilment.delivered": "check",
    "fulfilment.return_requested": "arrow-uturn-left",
    "fulfilment.return_accepted": "arrow-uturn-left",
    "fulfilment.return_declined": "arrow-uturn-left",
    "fulfilment.return_received": "arrow-uturn-left",
    "invoicing.invoice_issued": "document-text",
    "invoicing.credit_note_issued": "document-text",
    "messaging.written": "chat-bubble-left",
    "quotes.requested": "chat-bubble-left-right",
    "quotes.offer_sent": "document-text",
    "quotes.offer_accepted": "check",
    "quotes.offer_refused": "x-mark",
    "quotes.declined": "x-mark",
    "quotes.withdrawn": "arrow-uturn-left",
    "quotes.asked_again": "arrow-path",
}
DAY_LENGTH = len("2026-12-24")
BAD = ("cancelled", "declined", "sent_back", "refused")
GOOD = ("confirmed", "approved", "delivered", "accepted", "credit_note_issued")


def _kind(verb: str) -> str:
    if any(word in verb for word in BAD):
        return "bad"
    return "done" if any(word in verb for word in GOOD) else "neutral"


def _spoken(verb: str, facts: Mapping[str, Any]) -> str:
    """The sentence of a verb with amounts and days as the reader's language writes them."""
    return sentence(verb, {name: _written(name, value, facts) for name, value in facts.items()})


def _written(name: str, value: Any, facts: Mapping[str, Any]) -> Any:
    value = value[-1] if isinstance(value, list) and value else value
    if not isinstance(value, str):
        return value
    try:
        if name.endswith("_total"):
            return number(Decimal(value), minor_units(str(facts.get("currency", "EUR"))))
        return date_text(date.fromisoformat(value)) if len(value) == DAY_LENGTH else value
    except (ValueError, InvalidOperation):
        return value


def history_rows(entries: Sequence[TimelineEntry], own: Side) -> list[dict[str, Any]]:
    """Rows of `ui.timeline`, newest first. What only the own side sees says so."""
    rows = []
    for entry in reversed(entries):
        is_message = entry.kind == "message"
        by = f"{entry.who}, {entry.company}" if entry.company and entry.side != own else entry.who
        if entry.on_behalf_of:
            by = _("%(name)s for %(company)s") % {"name": by, "company": entry.on_behalf_of}
        rows.append(
            {
                "title": by if is_message else _spoken(entry.verb, entry.facts),
                "by": ""
                if is_message
                else f"{by} · {_('only your company sees this')}"
                if entry.internal
                else by,
                "at": entry.at,
                "text": entry.text if is_message else entry.note,
                "kind": "message" if is_message else _kind(entry.verb),
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
            "title": _spoken(entry.verb, entry.changes),
            "by": entry.actor_name
            if entry.company_id == own_company
            else f"{entry.actor_name}, {entry.company_name}",
            "at": entry.at,
            "text": entry.note,
            "kind": _kind(entry.verb),
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
            "icon": "chat-bubble-left",
            "links": (),
        }
        for message in messages
    ]
    return sorted([*facts, *said], key=lambda row: row["at"], reverse=True)
