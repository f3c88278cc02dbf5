"""A letter: what a mail says, written once and set as text and as HTML.

Everything in it is a translated sentence or a formatted value in the language that is active when it is written; write
it inside `in_language_of`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.template import engines
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kontor.notifications.audience import Recipient
from kontor.notifications.links import preferences_link
from kontor.notifications.topics import Topic

LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLine:
    """One article: name, number, quantity with unit, amount."""

    name: str
    sku: str = ""
    quantity: str = ""
    amount: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Subject, heading, sentences, facts in pairs, articles, totals, somebody's own words, one thing to do."""

    subject: str
    heading: str
    paragraphs: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    lines: Sequence[LetterLine] = ()
    totals: Sequence[tuple[str, str]] = ()
    words: str = ""
    words_by: str = ""
    action: tuple[str, str] | None = None
    closing: Sequence[str] = ()
    sender: str = ""


Writer = Callable[[Recipient], Letter]
"""Writes the letter for one recipient, called with their language and time zone active."""


@contextmanager
def in_language_of(recipient: Recipient) -> Iterator[None]:
    """Translations, numbers and times of the block are the recipient's."""
    try:
        zone = ZoneInfo(recipient.timezone or settings.CONFIG.default_timezone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo(settings.CONFIG.default_timezone)
    with translation.override(recipient.language or settings.LANGUAGE_CODE), timezone.override(zone):
        yield


def render(letter: Letter, recipient: Recipient, topic: Topic) -> tuple[str, str]:
    """The letter as text and as HTML, in the active language."""
    values = {
        "letter": letter,
        "recipient": recipient,
        "brand": letter.sender or "Kontor",
        "greeting": _("Hello %(name)s,") % {"name": recipient.name} if recipient.name else _("Hello,"),
        "site": settings.SITE_URL,
        "preferences_url": preferences_link(topic.name)
        if recipient.user_id and topic.can_be_declined
        else "",
        "topic_label": str(topic.label),
    }
    text = get_template("notifications/letter.txt").render(cast("dict[str, Any]", values))
    html = get_template("notifications/letter.html").render(cast("dict[str, Any]", values))
    return _tidy(text), html


def one_line(text: str) -> str:
    """A subject has one line, whatever a company is called."""
    return " ".join(text.split())[:LONGEST_SUBJECT]


def _tidy(text: str) -> str:
    """At most one empty line in a row, none at the ends, no spaces at line ends."""
    tidy: list[str] = []
    for line in text.strip().splitlines():
        line = line.rstrip()
        if line or (tidy and tidy[-1]):
            tidy.append(line)
    return "\n".join(tidy) + "\n"


@cache
def _formats() -> dict[str, Any]:
    """The formats of pages and mails; they live with the templates, on a floor above this one."""
    return cast("dict[str, Any]", cast(Any, engines["jinja2"]).env.filters)


def money(amount: Decimal, currency: str) -> str:
    return str(_formats()["money"](amount, currency))


def quantity(amount: Decimal, unit: str) -> str:
    return str(_formats()["quantity"](amount, unit))


def unit_price(amount: Decimal, currency: str, base: Decimal, unit: str) -> str:
    return str(_formats()["unit_price"](amount, currency, base, unit))


def day(value: date | datetime | None) -> str:
    return str(_formats()["date"](value))


def moment(value: datetime | None) -> str:
    return str(_formats()["datetime"](value))
