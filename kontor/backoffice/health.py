"""How the machinery is: workers, what waits in the outbox, what was given up, mails that did not go out."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from kontor.kernel import clock
from kontor.kernel.delivery import dead_deliveries
from kontor.kernel.models import Delivery, Heartbeat
from kontor.notifications.models import Mail

SILENT_AFTER = 30
"""Seconds without a sign of life after which a worker counts as gone."""
OLD = 120
"""Seconds after which something in the outbox is late."""
SHOWN = 50
FIGURES = """
SELECT
    (SELECT count(*) FROM kernel_delivery WHERE status = 'pending'),
    (SELECT extract(epoch FROM clock_timestamp() - min(due_at)) FROM kernel_delivery
     WHERE status = 'pending' AND due_at <= clock_timestamp()),
    (SELECT count(*) FROM kernel_delivery WHERE status = 'dead'),
    (SELECT count(*) FROM notifications_mail WHERE status = 'failed'),
    (SELECT count(*) FROM notifications_mail WHERE status = 'queued'),
    (SELECT count(*) FROM kernel_rate_bucket WHERE window_ends > clock_timestamp())
"""


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that delivers events and sends mails; `seconds` since its last sign of life."""

    name: str
    seconds: int
    alive: bool
    parts: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What an operator looks at first; ages in seconds."""

    workers: list[Worker]
    pending: int
    oldest_due: int
    dead: int
    mails_failed: int
    mails_queued: int
    buckets: int

    @property
    def alive(self) -> int:
        return sum(1 for worker in self.workers if worker.alive)

    @property
    def is_late(self) -> bool:
        return self.oldest_due > OLD

    @property
    def is_well(self) -> bool:
        return bool(self.alive) and not (self.is_late or self.dead or self.mails_failed)


def figures() -> Figures:
    """Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(FIGURES)
        pending, oldest, dead, failed, queued, buckets = cursor.fetchone() or (0, None, 0, 0, 0, 0)
    return Figures(
        workers=_workers(clock.now()),
        pending=pending,
        oldest_due=max(0, int(oldest or 0)),
        dead=dead,
        mails_failed=failed,
        mails_queued=queued,
        buckets=buckets,
    )


def _workers(now: datetime) -> list[Worker]:
    beats = Heartbeat.objects.filter(name__startswith="worker:").order_by("-seen_at")[:SHOWN]
    found = []
    for beat in beats:
        seconds = max(0, int((now - beat.seen_at).total_seconds()))
        name = beat.name.partition(":")[2]
        found.append(Worker(name, seconds, seconds <= SILENT_AFTER, dict(beat.detail)))
    return found


def dead() -> list[Delivery]:
    """What was given up after all attempts, newest first, with its events."""
    return dead_deliveries(SHOWN)


def failed_mails() -> list[Mail]:
    """Mails that could not be sent, newest first."""
    return list(
        Mail.objects.filter(status=Mail.Status.FAILED).select_related("company").order_by("-id")[:SHOWN]
    )


def late_deliveries() -> list[Delivery]:
    """What was tried and failed, and will be tried again, next first."""
    waiting = Delivery.objects.filter(status=Delivery.Status.PENDING, attempts__gt=0)
    return list(waiting.select_related("event").order_by("due_at", "id")[:SHOWN])
