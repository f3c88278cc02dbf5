"""Rate limits that all processes share: attempts per key and window, counted in the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from django.db import connection
from django.utils.translation import gettext as _

from kontor.kernel.refusal import Refused

COUNT = """
INSERT INTO kernel_rate_bucket AS b (key, window_ends, count)
VALUES (%(key)s, clock_timestamp() + %(seconds)s * interval '1 second', 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN b.window_ends < clock_timestamp() THEN 1 ELSE b.count + 1 END,
    window_ends = CASE WHEN b.window_ends < clock_timestamp() THEN excluded.window_ends ELSE b.window_ends END
RETURNING count, GREATEST(1, ceil(extract(epoch FROM window_ends - clock_timestamp())))::int
"""
FORGET = "DELETE FROM kernel_rate_bucket WHERE window_ends < clock_timestamp()"


Attempt = tuple[str, int]
"""Key and seconds of the window."""
_counted: ContextVar[list[Attempt] | None] = ContextVar("kontor_counted_attempts", default=None)


class TooMany(Refused):
    """Too many attempts; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            "too_many_attempts",
            _("Too many attempts. Try again in %(seconds)s seconds.") % {"seconds": retry_after},
        )
        self.retry_after = retry_after


def count_attempt(key: str, *, limit: int, window: timedelta) -> None:
    """Count one attempt under `key` (``sign-in:ip:…``). Raises TooMany beyond `limit` in the window."""
    attempt = (key[:120], int(window.total_seconds()))
    counted = _counted.get()
    if counted is not None:
        counted.append(attempt)
    count, seconds = _count(attempt)
    if count > limit:
        raise TooMany(seconds)


@contextmanager
def outliving_rollback() -> Iterator[None]:
    """Attempts that are counted in the block stay counted when it raises and so takes its transaction back."""
    counted: list[Attempt] = []
    token = _counted.set(counted)
    try:
        yield
    except BaseException:
        for attempt in counted:
            _count(attempt)
        raise
    finally:
        _counted.reset(token)


def _count(attempt: Attempt) -> tuple[int, int]:
    key, seconds = attempt
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": key, "seconds": seconds})
        return cursor.fetchone() or (0, 0)


def forget_past() -> int:
    """Delete windows that have ended; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET)
        return cursor.rowcount
