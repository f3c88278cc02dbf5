"""How often what was refused, by code, door and day, for the operator: no person, no company, no words.

A refusal undoes its own transaction, so it is noted in memory and written afterwards, by whichever request ends next,
at most once in `EVERY` seconds. A process that is killed loses the figures of those seconds.
"""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import structlog
from django.db import DatabaseError, connection

from kontor.kernel import clock
from kontor.kernel.models import RefusalCount
from kontor.kernel.observability import metrics

EVERY = 10
"""Seconds between two writes of one process."""
KEPT_DAYS = 30
NANOSECONDS = 10**9
WRITE = """
INSERT INTO kernel_refusal_count AS c (code, door, day, count, last_at)
SELECT * FROM unnest(%s::text[], %s::text[], %s::date[], %s::int[], %s::timestamptz[]) AS given (code, door, day, n, at)
ORDER BY code, door, day
ON CONFLICT (code, door, day) DO UPDATE SET
    count = c.count + excluded.count, last_at = GREATEST(c.last_at, excluded.last_at)
"""
RECENT = """
SELECT code, door, COALESCE(sum(count) FILTER (WHERE day = %(today)s), 0)::int, sum(count)::int, max(last_at)
FROM kernel_refusal_count WHERE day > %(since)s
GROUP BY code, door ORDER BY max(last_at) DESC, code, door LIMIT %(limit)s
"""
Key = tuple[str, str, date]
_log = structlog.get_logger("kontor.errors")


@dataclass(slots=True)
class Notebook:
    """What this process has seen and not written yet. Bounded: codes are those of the program."""

    every: int = EVERY
    counts: Counter[Key] = field(default_factory=Counter)
    last: dict[Key, datetime] = field(default_factory=dict)
    written: int = field(default_factory=time.monotonic_ns)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, code: str, door: str) -> None:
        """Remember a refusal of this moment."""
        metrics.REFUSALS.labels(code, door).inc()
        now = clock.now()
        key = (code[:60], door, now.date())
        with self.lock:
            self.counts[key] += 1
            self.last[key] = now

    def write_when_due(self) -> None:
        """Write what was noted, if there is something and the last time is long enough ago."""
        if self.counts and time.monotonic_ns() - self.written >= self.every * NANOSECONDS:
            self.write()

    def write(self) -> None:
        """Write what was noted; what cannot be written now is kept for later. One statement."""
        with self.lock:
            self.written = time.monotonic_ns()
            counts, last = self.counts, self.last
            if not counts or connection.in_atomic_block:
                return
            self.counts, self.last = Counter(), {}
        keys = sorted(counts)
        columns = [*map(list, zip(*keys, strict=True)), [counts[k] for k in keys], [last[k] for k in keys]]
        try:
            with connection.cursor() as cursor:
                cursor.execute(WRITE, columns)
        except DatabaseError:
            _log.warning("refusal_counts_not_written", exc_info=True)
            with self.lock:
                self.counts.update(counts)
                self.last = last | self.last


notebook = Notebook()


@dataclass(frozen=True, slots=True)
class Seen:
    """A kind of refusal: how often on this day (UTC) and in the last days, and when it was seen last."""

    code: str
    door: str
    today: int
    in_all: int
    last_at: datetime


def recent(*, days: int = 7, limit: int = 50) -> list[Seen]:
    """What was refused lately, the latest first. One statement."""
    today = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(RECENT, {"today": today, "since": today - timedelta(days=days), "limit": limit})
        return [Seen(*row) for row in cursor.fetchall()]


def forget_old() -> int:
    """Delete figures from before `KEPT_DAYS`; returns how many rows."""
    old = RefusalCount.objects.filter(day__lt=clock.today() - timedelta(days=KEPT_DAYS))
    return old.delete()[0]
