"""Dates and times as the reader's language writes them, in the reader's time zone."""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton, format_timedelta
from django.utils import timezone

from kontor.kernel import clock
from kontor.web.numbers import active_locale

type_of_width = Literal["full", "long", "medium", "short"]


@lru_cache(maxsize=8192)
def _date(day: date, width: type_of_width, locale: Locale) -> str:
    return format_date(day, width, locale=locale)


@lru_cache(maxsize=8192)
def _moment(moment: datetime, width: type_of_width, locale: Locale) -> str:
    day = format_date(moment, width, locale=locale)
    return (
        f"{day}, {format_skeleton('Hm', moment, locale=locale)}"
        if width != "full"
        else format_datetime(moment, "full", locale=locale)
    )


def local(moment: datetime) -> datetime:
    """The moment in the reader's time zone."""
    return moment.astimezone(timezone.get_current_timezone())


def date_text(value: date | datetime | None, width: type_of_width = "medium") -> str:
    """A day, such as 22 Nov 2026; of a moment, the day in the reader's time zone."""
    if value is None:
        return ""
    day = local(value).date() if isinstance(value, datetime) else value
    return _date(day, width, active_locale())


def datetime_text(value: datetime | None, width: type_of_width = "medium") -> str:
    """A moment to the minute, such as 22 Nov 2026, 14:05."""
    if value is None:
        return ""
    moment = local(value).replace(second=0, microsecond=0)
    return _moment(moment if width == "full" else moment.replace(tzinfo=None), width, active_locale())


def relative_time(value: datetime | date | None) -> str:
    """How long ago, or in how long: "3 hours ago", "in 2 days"."""
    if value is None:
        return ""
    if not isinstance(value, datetime):
        return format_timedelta(
            value - local(clock.now()).date(), granularity="day", add_direction=True, locale=active_locale()
        )
    return format_timedelta(value - clock.now(), threshold=1.2, add_direction=True, locale=active_locale())


def iso(value: datetime | date) -> str:
    """For a machine: UTC, to the second."""
    return (
        value.astimezone(UTC).isoformat(timespec="seconds")
        if isinstance(value, datetime)
        else value.isoformat()
    )


def as_moment_field(moment: datetime | None) -> str:
    """A moment as the value of a field for day and time, in the reader's time zone."""
    return "" if moment is None else local(moment).replace(tzinfo=None).isoformat(timespec="minutes")


def moment_from(text: str) -> datetime | None:
    """A day, or a day and a time, as a browser sends it or a spreadsheet writes it, in the reader's time zone.

    None where nothing stands. Raises ValueError for what is no moment.

    >>> [moment_from(text).isoformat()[:16] for text in ("2026-03-01", "1.3.2026 14:05", "01/03/2026")]
    ['2026-03-01T00:00', '2026-03-01T14:05', '2026-03-01T00:00']
    """
    text = text.strip()
    return clock.read_moment(text, timezone.get_current_timezone()) if text else None
