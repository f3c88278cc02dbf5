"""Time as the business sees it: UTC, and settable, so that tests and `kontor replay` can live in another year."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

USUAL_YEARS = range(1900, 3000)
"""At the ends of the calendar a moment cannot be told in every zone, nor a day have one after it."""
_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})(?:[ T](\d{2}:\d{2}))?")
_frozen: ContextVar[datetime | None] = ContextVar("kontor_clock", default=None)


def now() -> datetime:
    """The current moment in UTC, aware."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The current day in UTC, for the machine's own notes. What stands on paper is a day in a company's zone."""
    return now().date()


def day_in(zone: str) -> date:
    """The current day in a zone such as ``Europe/Berlin``: the day that a company there writes on its papers."""
    return now().astimezone(ZoneInfo(zone)).date()


def read_moment(text: str, zone: tzinfo) -> datetime:
    """A day, or a day and a time, as a browser sends it or a spreadsheet writes it.

    Raises ValueError, also for a year that nobody means.

    >>> zone = ZoneInfo("Europe/Berlin")
    >>> [read_moment(text, zone).isoformat() for text in ("2026-03-01", "1.3.2026 14:05", "2026-03-01T12:00Z")]
    ['2026-03-01T00:00:00+01:00', '2026-03-01T14:05:00+01:00', '2026-03-01T12:00:00+00:00']
    """
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year, time = found.groups()
        text = f"{year}-{month:0>2}-{day:0>2}T{time or '00:00'}"
    moment = datetime.fromisoformat(text)
    if moment.year not in USUAL_YEARS:
        raise ValueError("year out of range")
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def set_clock(moment: datetime | None) -> None:
    """Stop the clock of this context at `moment` (aware), or let it run again with None."""
    if moment is not None and moment.tzinfo is None:
        raise ValueError("the clock takes aware datetimes only")
    _frozen.set(moment)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Run the block as if it were `moment`."""
    if moment.tzinfo is None:
        raise ValueError("the clock takes aware datetimes only")
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)
