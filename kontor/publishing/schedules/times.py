"""When a cron line is due, by the clock on the wall of a time zone. No database.

A time that the change to summer time skips is due an hour later; one that comes twice in autumn is due once, unless the
line speaks of every hour: then every hour that passes counts.
"""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from croniter import croniter
from croniter.croniter import CroniterError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.kernel import clock

NEAREST = timedelta(minutes=10)
TRIED = 60
PRESETS: dict[str, str | Promise] = {
    "0 * * * *": gettext_lazy("Every hour"),
    "0 */4 * * *": gettext_lazy("Every four hours"),
    "0 4 * * *": gettext_lazy("Every night at 4:00"),
    "0 6 * * 1-5": gettext_lazy("Monday to Friday at 6:00"),
    "0 5 * * 1": gettext_lazy("Monday at 5:00"),
    "0 5 1 * *": gettext_lazy("On the first of the month at 5:00"),
}
"""Cron lines that people choose by name."""


def next_after(line: str, zone: str, moment: datetime) -> datetime:
    """The first time after `moment` (aware) at which the line is due, in UTC.

    >>> next_after("30 2 * * *", "Europe/Berlin", datetime(2026, 3, 28, 12, tzinfo=UTC)).isoformat()
    '2026-03-29T01:30:00+00:00'
    """
    wall = ZoneInfo(zone)
    every_hour = line.split()[1].startswith("*")
    lines = croniter(line, moment.astimezone(wall).replace(tzinfo=None) - timedelta(hours=2))
    best: datetime | None = None
    while True:
        shown = lines.get_next(datetime)
        first, second = (shown.replace(tzinfo=wall, fold=fold).astimezone(UTC) for fold in (0, 1))
        if best is not None and first >= best:
            return best
        due = [first, second] if every_hour and second > first else [first]
        best = min((one for one in [*due, best] if one is not None and one > moment), default=None)


def times_problem(line: str) -> str:
    """What is wrong with a cron line, or ""."""
    parts = line.split()
    if len(parts) != 5 or not croniter.is_valid(line):
        return _("Write five fields: minute, hour, day, month, day of the week. Daily at 4:00 is 0 4 * * *.")
    try:
        lines = croniter(line, clock.now())
        found = [lines.get_next(datetime) for _once in range(TRIED)]
    except CroniterError:
        return _("This time never comes.")
    if any(later - sooner < NEAREST for sooner, later in pairwise(found)):
        return _("Leave at least 10 minutes between two times.")
    return ""
