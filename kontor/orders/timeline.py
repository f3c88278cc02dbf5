"""What happened with an order, as both sides see it: the trail and the messages in one line of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kontor.audit.facts import fact, facts
from kontor.audit.models import Entry
from kontor.audit.trail import trail_of
from kontor.audit.verbs import sentence, verb
from kontor.kernel.actors import Actor
from kontor.messaging.queries import thread_of
from kontor.orders.models import Order
from kontor.orders.sides import Side

verb("orders.placed", _("Ordered"))
verb("orders.entered", _("Order taken down for the customer"))
verb("orders.awaits_approval", _("Above the order limit: waits for approval"))
verb("orders.approved", _("Approved"))
verb("orders.sent_back", _("Sent back"))
verb("orders.confirmed", _("Confirmed for %(date)s"))
verb("orders.date_changed", _("New delivery date: %(date)s"))
verb("orders.partly_cancelled", _("Lines cancelled: %(lines)s"))
verb("orders.cancelled", _("Cancelled"))
facts("orders", {"approved_by": _("Approved by")})
fact("orders.channel", _("How it came in"), dict(Order.Channel.choices))

SAID_BY_THE_ORDER = ("approvals.", "messaging.")
"""Verbs of lower apps that the timeline tells in better words already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """Something that happened. `side` is where its author stands; `internal` is what the other side does not see."""

    at: datetime
    kind: Literal["fact", "message"]
    verb: str
    text: str
    note: str
    who: str
    company: str
    on_behalf_of: str
    side: Side
    internal: bool
    facts: dict[str, Any]


def timeline(order: Order, actor: Actor) -> list[TimelineEntry]:
    """Everything about an order that this actor may know, oldest first. The order came through `visible_to`.

    Shared entries and messages are for both sides; what a company did for itself is for its own people.
    """
    own_company = actor.company_id if not actor.acting_for_id else None
    facts = [
        _fact(entry, order)
        for entry in trail_of("order", order.pk, shared_only=False)
        if (entry.shared or actor.is_system or entry.company_id == own_company)
        and not entry.verb.startswith(SAID_BY_THE_ORDER)
    ]
    conversation = thread_of(("order", order.pk), actor)
    messages = [
        TimelineEntry(
            at=message.sent_at,
            kind="message",
            verb="messaging.written",
            text=message.body,
            note="",
            who=message.author_name,
            company=str(message.company),
            on_behalf_of="",
            side="seller" if message.company_id == order.seller_id else "buyer",
            internal=False,
            facts={},
        )
        for message in (conversation.messages if conversation else [])
    ]
    return sorted([*facts, *messages], key=lambda entry: entry.at)


def approver_of(entries: Sequence[TimelineEntry]) -> str:
    """Who approved the order; nothing if nobody had to."""
    found = (str(entry.facts.get("approved_by", "")) for entry in entries if entry.verb == "orders.placed")
    return next(found, "")


def _fact(entry: Entry, order: Order) -> TimelineEntry:
    # An approval places the order of somebody else: who ordered comes first, who approved is named beside.
    approver = entry.changes.get("approved_by", "") if entry.verb == "orders.placed" else ""
    return TimelineEntry(
        at=entry.at,
        kind="fact",
        verb=entry.verb,
        text=sentence(entry.verb, {name: _readable(value) for name, value in entry.changes.items()}),
        note=entry.note or (gettext("Approved by %(name)s") % {"name": approver} if approver else ""),
        who=order.placed_by_name if approver else entry.actor_name,
        company=entry.company_name,
        on_behalf_of=entry.acting_for_name,
        side=_side(entry.company_id, order),
        internal=not entry.shared,
        facts=entry.changes,
    )


def _side(company_id: int | None, order: Order) -> Side:
    if company_id is None:
        return "system"
    return "seller" if company_id == order.seller_id else "buyer"


def _readable(value: Any) -> Any:
    """The value after a change; a day in the reader's format."""
    value = value[-1] if isinstance(value, list) and value else value
    try:
        return (
            date_format(date.fromisoformat(value), "j M Y")
            if isinstance(value, str) and len(value) == 10
            else value
        )
    except ValueError:
        return value
