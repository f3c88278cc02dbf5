"""Deliver events from the outbox to their reactions: at least once, in order per object, with retries.

A reaction and the mark "done" share one transaction, so a worker killed at any point loses nothing and, as long as
the reaction only writes to this database, does nothing twice.
"""

from datetime import timedelta
from typing import Any

import orjson
import structlog
from django.db import connection, transaction

from kontor.kernel.events import rebuild, subscription
from kontor.kernel.models import Delivery

log = structlog.get_logger(__name__)

# 5 s, 30 s, 2 min, 10 min, 1 h, 6 h, 12 h, 24 h, 32 h: about 75 hours, then the list of the dead.
RETRY_AFTER = [timedelta(seconds=s) for s in (5, 30, 120, 600, 3600, 21600, 43200, 86400, 115200)]

CLAIM = """
SELECT d.id, d.reaction, d.attempts, e.payload
FROM kernel_delivery d JOIN kernel_outbox_event e ON e.id = d.event_id
WHERE d.status = 'pending' AND d.due_at <= clock_timestamp()
  AND NOT EXISTS (
      SELECT 1 FROM kernel_delivery older
      WHERE older.status = 'pending' AND older.reaction = d.reaction AND older.key = d.key AND older.id < d.id
  )
ORDER BY d.id LIMIT 1
FOR UPDATE OF d SKIP LOCKED
"""
DONE = "UPDATE kernel_delivery SET status = 'done', attempts = attempts + 1, done_at = clock_timestamp() WHERE id = %s"
LATER = """
UPDATE kernel_delivery SET attempts = attempts + 1, last_error = %s,
    status = CASE WHEN %s::float8 IS NULL THEN 'dead' ELSE 'pending' END,
    due_at = clock_timestamp() + COALESCE(%s::float8, 0) * interval '1 second'
WHERE id = %s
"""
REPLAY = """
UPDATE kernel_delivery SET status = 'pending', attempts = 0, due_at = clock_timestamp(), last_error = ''
WHERE status = 'dead' AND (%(all)s OR id = ANY(%(ids)s))
"""


def deliver_next() -> bool:
    """Deliver the next due event. False when none is due."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM)
        row = cursor.fetchone()
        if row is None:
            return False
        delivery_id, reaction, attempts, payload = row
        try:
            with transaction.atomic():
                _react(reaction, payload)
        except Exception as problem:
            _put_off(delivery_id, reaction, attempts, problem)
        else:
            cursor.execute(DONE, [delivery_id])
    return True


def deliver_due(limit: int = 10_000) -> int:
    """Deliver until nothing is due; returns how many deliveries were tried."""
    tried = 0
    while tried < limit and deliver_next():
        tried += 1
    return tried


def replay_dead(ids: list[int] | None = None) -> int:
    """Put dead deliveries (all, or these) back in line; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(REPLAY, {"all": ids is None, "ids": ids or []})
        return cursor.rowcount


def dead_deliveries(limit: int = 100) -> list[Delivery]:
    """The dead, newest first, with their events."""
    return list(
        Delivery.objects.filter(status=Delivery.Status.DEAD).select_related("event").order_by("-id")[:limit]
    )


def _react(reaction: str, payload: Any) -> None:
    found = subscription(reaction)
    if found is None:
        raise LookupError(f"no code answers to the reaction {reaction}")
    # a raw cursor under Django hands jsonb over as text
    found.react(rebuild(found.event, orjson.loads(payload) if isinstance(payload, str) else payload))


def _put_off(delivery_id: int, reaction: str, attempts: int, problem: Exception) -> None:
    wait = RETRY_AFTER[attempts].total_seconds() if attempts < len(RETRY_AFTER) else None
    log.warning(
        "reaction_failed", reaction=reaction, delivery=delivery_id, attempts=attempts + 1, exc_info=problem
    )
    with connection.cursor() as cursor:
        cursor.execute(LATER, [f"{type(problem).__name__}: {problem}"[:2000], wait, wait, delivery_id])
