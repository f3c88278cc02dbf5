"""How a shipment travels, as somebody typed it."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from kontor.companies.queries import today_at
from kontor.kernel.refusal import Refused
from kontor.kernel.texts import printable

LENGTHS = {"carrier": 60, "tracking_number": 60, "tracking_url": 300}
FARTHEST = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """Carrier, tracking and the day on which the goods should arrive."""

    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    arrives_on: date | None = None


def cleaned_dispatch(given: Dispatch, *, seller_id: int) -> Dispatch:
    """What was typed, trimmed. Raises Refused("dispatch_wrong") with a sentence at each wrong field."""
    texts = {name: printable(getattr(given, name)) for name in LENGTHS}
    wrong = {
        name: _("At most %(max)s characters.") % {"max": longest}
        for name, longest in LENGTHS.items()
        if len(texts[name]) > longest
    }
    if texts["tracking_url"] and not _is_web_address(texts["tracking_url"]):
        wrong["tracking_url"] = _("Enter a web address that begins with https://.")
    if (
        given.arrives_on is not None
        and not 0 <= (given.arrives_on - today_at(seller_id)).days <= FARTHEST.days
    ):
        wrong["arrives_on"] = _("Choose a day from today on, within a year.")
    if wrong:
        raise Refused("dispatch_wrong", _("Some details cannot be taken as they are."), wrong)
    return Dispatch(**texts, arrives_on=given.arrives_on)


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(c.isspace() for c in text)
