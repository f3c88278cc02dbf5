"""Deliver events from the outbox to their reactions: at least once, in order per object, with retries.

A reaction and the mark "done" share one transaction, so a worker killed at any point loses nothing and, as long as
the reaction only writes to this database, does nothing twice. Nothing is reserved beforehand: candidates are read a
hundred at a time without a lock, and each is locked, judged again and delivered in a transaction of its own. Hence a
killed worker leaves nothing behind that somebody would have to wait for.

A delivery is held back by an older pending one of the same reaction and key, whether that one is being delivered by
another worker or waits for its next attempt. Once it is dead it holds nobody back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any, Literal

import orjson
import structlog
from django.db import connection, transaction

from kontor.kernel.events import delivering, rebuild, subscription
from kontor.kernel.models import Delivery
from kontor.kernel.observability import metrics

log = structlog.get_logger(__name__)

# 5 s, 30 s, 2 min, 10 min, 1 h, 6 h, 12 h, 24 h, 32 h: about 75 hours, then the list of the dead.
RETRY_AFTER = [timedelta(seconds=s) for s in (5, 30, 120, 600, 3600, 21600, 43200, 86400, 115200)]
BATCH = 200
LONGEST_STATEMENT = "60s"

# Whose turn it is, is asked once per line, not per row: the oldest of a line alone can have been put off.
# statement_timestamp() and not clock_timestamp(), because only a stable function can bound an index scan.
CANDIDATES = """
WITH due AS MATERIALIZED (
    SELECT d.id, d.reaction, d.key, d.due_at
    FROM kernel_delivery d
    WHERE d.status = 'pending' AND d.due_at <= statement_timestamp()
      AND (d.due_at, d.id) > (COALESCE(%(due)s::timestamptz, '-infinity'), COALESCE(%(id)s::bigint, 0))
    ORDER BY d.due_at, d.id LIMIT %(limit)s
), line AS MATERIALIZED (
    SELECT one.reaction, one.key, (
        SELECT head.due_at FROM kernel_delivery head
        WHERE head.status = 'pending' AND head.reaction = one.reaction AND head.key = one.key
        ORDER BY head.id LIMIT 1
    ) <= statement_timestamp() AS is_its_turn
    FROM (SELECT DISTINCT reaction, key FROM due) AS one
)
SELECT due.id, due.reaction, due.key, due.due_at, line.is_its_turn
FROM due JOIN line USING (reaction, key) ORDER BY due.due_at, due.id
"""
# The commit need not wait for the disk: should the server crash, effect and mark are lost together, and tried again.
# Rows of a line up to `after` were seen to in this pass; not to look at them again spares their dead versions.
LOCK = """
SELECT d.attempts, e.id, e.payload, e.request_id,
    set_config('statement_timeout', %(longest)s, true), set_config('synchronous_commit', 'off', true)
FROM kernel_delivery d JOIN kernel_outbox_event e ON e.id = d.event_id
WHERE d.id = %(id)s AND d.status = 'pending' AND d.due_at <= statement_timestamp()
  AND NOT EXISTS (
      SELECT 1 FROM kernel_delivery older
      WHERE older.status = 'pending' AND older.reaction = d.reaction AND older.key = d.key
        AND older.id < d.id AND older.id > %(after)s
  )
FOR UPDATE OF d SKIP LOCKED
"""
DONE = """
UPDATE kernel_delivery SET status = 'done', attempts = attempts + 1, done_at = clock_timestamp(), last_error = ''
WHERE id = %s
"""
# Between the rollback and this another worker may have had a go: then its word counts, not ours.
LATER = """
UPDATE kernel_delivery SET attempts = attempts + 1, last_error = %(error)s,
    status = CASE WHEN %(wait)s::interval IS NULL THEN 'dead' ELSE 'pending' END,
    due_at = clock_timestamp() + COALESCE(%(wait)s::interval, interval '0')
WHERE id = %(id)s AND status = 'pending' AND attempts = %(attempts)s
"""
REPLAY = """
UPDATE kernel_delivery SET status = 'pending', attempts = 0, due_at = clock_timestamp()
WHERE status = 'dead' AND (%(all)s OR id = ANY(%(ids)s))
"""
FORGET = """
WITH old AS MATERIALIZED (
    SELECT e.id FROM kernel_outbox_event e
    WHERE e.created_at < %(before)s AND NOT EXISTS (
        SELECT 1 FROM kernel_delivery d
        WHERE d.event_id = e.id AND (d.status = 'pending' OR COALESCE(d.done_at, d.due_at) >= %(before)s)
    )
    ORDER BY e.id LIMIT %(limit)s
), deliveries AS (DELETE FROM kernel_delivery d USING old WHERE d.event_id = old.id)
DELETE FROM kernel_outbox_event e USING old WHERE e.id = old.id
"""


Outcome = Literal["done", "failed", "not ours"]


class ConnectionLost(Exception):
    """The database went away in the middle; the delivery is untouched and will be tried again."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A delivery that was due when it was read; whether it still is, its lock will tell."""

    id: int
    reaction: str
    key: str
    due_at: datetime
    is_its_turn: bool

    @property
    def line(self) -> tuple[str, str]:
        """Deliveries of one line are delivered one after the other."""
        return self.reaction, self.key


def deliver_due(limit: int = 10_000) -> int:
    """Deliver until nothing is due or `limit` were tried; returns how many were tried.

    Lines that another worker is busy with are passed over. Raises ConnectionLost.
    """
    tried = 0
    while tried < limit:
        got_on = _pass(limit - tried)
        if not got_on:
            break
        tried += got_on
    return tried


def replay_dead(ids: list[int] | None = None) -> int:
    """Put dead deliveries (all, or these) back in line with all their attempts; returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(REPLAY, {"all": ids is None, "ids": ids or []})
        revived = cursor.rowcount
        if revived:
            cursor.execute("SELECT pg_notify('kontor_outbox', '')")
    return revived


def dead_deliveries(limit: int = 100) -> list[Delivery]:
    """The dead, newest first, with their events."""
    return list(
        Delivery.objects.filter(status=Delivery.Status.DEAD).select_related("event").order_by("-id")[:limit]
    )


def forget_delivered(before: datetime, batch: int = 5_000) -> int:
    """Delete events from before that moment, with their deliveries; returns how many events.

    One with a delivery that is pending, or was done or died since, stays.
    """
    forgotten = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(FORGET, {"before": before, "limit": batch})
            forgotten += cursor.rowcount
            if cursor.rowcount < batch:
                return forgotten


def _pass(limit: int) -> int:
    """Walk once over all that is due, oldest first."""
    tried = 0
    # From this row on a line waits. An older row may still come: one that was put off is due later than its successors.
    held_back: dict[tuple[str, str], int] = {}
    seen_to: dict[tuple[str, str], int] = {}
    for candidate in _candidates():
        if tried == limit:
            break
        if not candidate.is_its_turn or candidate.id > held_back.get(candidate.line, candidate.id):
            continue
        outcome = _deliver(candidate, after=seen_to.get(candidate.line, 0))
        if outcome == "done":
            seen_to[candidate.line] = candidate.id
        else:
            held_back[candidate.line] = candidate.id
        tried += outcome != "not ours"
    return tried


def _candidates() -> Iterator[Candidate]:
    last: Candidate | None = None
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                CANDIDATES,
                {"due": last.due_at if last else None, "id": last.id if last else None, "limit": BATCH},
            )
            batch = [Candidate(*row) for row in cursor.fetchall()]
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1]


def _deliver(candidate: Candidate, *, after: int) -> Outcome:
    """Try one delivery, if it is still its turn and nobody else has it."""
    attempts, begun = 0, perf_counter()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LOCK, {"id": candidate.id, "after": after, "longest": LONGEST_STATEMENT})
            row = cursor.fetchone()
            if row is None:
                return "not ours"
            attempts, event_id, payload, request_id, *_settings = row
            about = {"request_id": request_id, "reaction": candidate.reaction}
            with structlog.contextvars.bound_contextvars(**about), delivering(event_id):
                _react(candidate.reaction, payload)
            cursor.execute(DONE, [candidate.id])
    except Exception as problem:
        if not connection.in_atomic_block and not connection.is_usable():
            raise ConnectionLost(str(problem)) from problem
        _put_off(candidate, attempts, problem)
        metrics.DELIVERIES.labels(candidate.reaction, "failed").inc()
        return "failed"
    else:
        metrics.DELIVERIES.labels(candidate.reaction, "done").inc()
        metrics.DELIVERY_SECONDS.labels(candidate.reaction).observe(perf_counter() - begun)
        return "done"


def _react(reaction: str, payload: Any) -> None:
    found = subscription(reaction)
    if found is None:
        raise LookupError(f"no code answers to the reaction {reaction}")
    # a raw cursor under Django hands jsonb over as text
    found.react(rebuild(found.event, orjson.loads(payload) if isinstance(payload, str) else payload))


def _put_off(candidate: Candidate, attempts: int, problem: Exception) -> None:
    wait = RETRY_AFTER[attempts] if attempts < len(RETRY_AFTER) else None
    log.log(
        30 if wait else 40,
        "reaction_failed" if wait else "reaction_gave_up",
        reaction=candidate.reaction,
        key=candidate.key,
        delivery=candidate.id,
        attempts=attempts + 1,
        again_in_seconds=wait.total_seconds() if wait else None,
        exc_info=problem,
    )
    error = f"{type(problem).__name__}: {problem}".replace("\x00", "")[:2000]
    parameters: dict[str, Any] = {
        "error": error,
        "wait": wait,
        "id": candidate.id,
        "attempts": attempts,
    }
    with connection.cursor() as cursor:
        cursor.execute(LATER, parameters)
