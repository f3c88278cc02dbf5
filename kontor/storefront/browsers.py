"""The browsers in which somebody is signed in, as their owner sees and ends them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from kontor.kernel import clock
from kontor.web.models import Session

PROGRAMS = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
HANDHELD = ("iPhone", "iPad", "Android")


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """A session that is alive. `handle` names it in forms; its key, which is a secret, never stands in a page."""

    handle: str
    name: str
    icon: str
    address: str
    started_at: datetime | None
    seen_at: datetime
    is_current: bool


def handle_of(session_key: str) -> str:
    """A name for a session that opens nothing."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:32]


def name_of(agent: str) -> str:
    """A browser by what it says of itself.

    >>> name_of("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox, Linux'
    """
    found = [next((name for sign, name in known if sign in agent), "") for known in (PROGRAMS, SYSTEMS)]
    return ", ".join(filter(None, found)) or _("Unknown browser")


def browsers_of(user_id: int, current_key: str | None) -> list[Browser]:
    """This browser first, then the others, last seen first. Seen is exact to about ten minutes. One query."""
    lasts = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    alive = Session.objects.filter(user_id=user_id, expire_date__gt=clock.now()).order_by("-expire_date")
    found = [
        Browser(
            handle=handle_of(row.session_key),
            name=name_of(row.agent),
            icon="device-phone-mobile" if any(one in row.agent for one in HANDHELD) else "computer-desktop",
            address=row.address,
            started_at=row.started_at,
            seen_at=row.expire_date - lasts,
            is_current=row.session_key == current_key,
        )
        for row in alive
    ]
    return sorted(found, key=lambda one: not one.is_current)


def end_browser(user_id: int, handle: str) -> bool:
    """Sign one browser out; whether there was one."""
    keys = Session.objects.filter(user_id=user_id).values_list("session_key", flat=True)
    ended = [key for key in keys if handle_of(key) == handle]
    return bool(Session.objects.filter(user_id=user_id, session_key__in=ended).delete()[0])


def end_other_browsers(user_id: int, current_key: str | None) -> int:
    """Sign all browsers out but this one; returns how many."""
    return Session.objects.filter(user_id=user_id).exclude(session_key=current_key or "").delete()[0]
