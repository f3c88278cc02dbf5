"""What `ui.timeline` shows of a verb on the trail: its icon, its shape, its sentence as the reader writes numbers."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from kontor.audit.verbs import sentence
from kontor.kernel.money import minor_units
from kontor.web.dates import date_text
from kontor.web.numbers import number

ICONS = {
    "companies.customer_accepted": "check",
    "companies.customer_blocked": "x-mark",
    "companies.customer_declined": "x-mark",
    "fulfilment.delivered": "check",
    "fulfilment.packed": "archive-box",
    "fulfilment.return_accepted": "arrow-uturn-left",
    "fulfilment.return_declined": "arrow-uturn-left",
    "fulfilment.return_received": "arrow-uturn-left",
    "fulfilment.return_requested": "arrow-uturn-left",
    "fulfilment.shipped": "truck",
    "invoicing.credit_note_issued": "document-text",
    "invoicing.invoice_issued": "document-text",
    "messaging.written": "chat-bubble-left",
    "orders.approved": "check",
    "orders.awaits_approval": "clipboard-document-check",
    "orders.cancelled": "x-mark",
    "orders.confirmed": "check",
    "orders.date_changed": "calendar-days",
    "orders.entered": "phone",
    "orders.partly_cancelled": "x-mark",
    "orders.placed": "shopping-cart",
    "orders.sent_back": "arrow-uturn-left",
    "quotes.asked_again": "arrow-path",
    "quotes.declined": "x-mark",
    "quotes.offer_accepted": "check",
    "quotes.offer_refused": "x-mark",
    "quotes.offer_saved": "pencil-square",
    "quotes.offer_sent": "document-text",
    "quotes.offer_started": "pencil-square",
    "quotes.requested": "chat-bubble-left-right",
    "quotes.withdrawn": "arrow-uturn-left",
}
MESSAGE_ICON = "chat-bubble-left"
BAD = ("cancelled", "declined", "sent_back", "refused", "customer_blocked")
GOOD = ("confirmed", "approved", "delivered", "accepted", "credit_note_issued")
DAY_LENGTH = len("2026-12-24")


def kind_of(verb: str) -> str:
    """The shape of what happened: ``bad``, ``done`` or ``neutral``."""
    if any(word in verb for word in BAD):
        return "bad"
    return "done" if any(word in verb for word in GOOD) else "neutral"


def spoken(verb: str, facts: Mapping[str, Any]) -> str:
    """The sentence of a verb with amounts and days as the reader's language writes them."""
    return sentence(verb, {name: _written(name, value, facts) for name, value in facts.items()})


def _written(name: str, value: Any, facts: Mapping[str, Any]) -> Any:
    value = value[-1] if isinstance(value, list) and value else value
    if not isinstance(value, str):
        return value
    try:
        if name.endswith("_total") or name == "amount":
            return number(Decimal(value), minor_units(str(facts.get("currency", "EUR"))))
        return date_text(date.fromisoformat(value)) if len(value) == DAY_LENGTH else value
    except (ValueError, InvalidOperation):
        return value
