"""Figures for Prometheus. Counted in memory-mapped files, one set per process, and added up when somebody asks.

What can be read from the database (queues, the dead, heartbeats) is not counted but asked for at that moment.
"""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.registry import Collector

from kontor.kernel.observability import FOLDER

QUICK = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)

REQUESTS = Counter("kontor_requests_total", "Answers by route and status", ["method", "route", "status"])
REQUEST_SECONDS = Histogram("kontor_request_seconds", "Seconds to an answer", ["route"], buckets=QUICK)
DELIVERIES = Counter("kontor_deliveries_total", "Events delivered to reactions", ["reaction", "outcome"])
DELIVERY_SECONDS = Histogram("kontor_delivery_seconds", "Seconds of a reaction", ["reaction"], buckets=QUICK)
REFUSALS = Counter("kontor_refusals_total", "What was refused, by code", ["code", "door"])
MAILS = Counter("kontor_mails_total", "Attempts to send a mail", ["outcome"])

QUEUES = """
SELECT
    (SELECT count(*) FROM kernel_delivery WHERE status = 'pending'),
    (SELECT COALESCE(extract(epoch FROM clock_timestamp() - min(due_at)), 0)
     FROM kernel_delivery WHERE status = 'pending' AND due_at <= statement_timestamp()),
    (SELECT count(*) FROM kernel_delivery WHERE status = 'dead')
"""
JOBS = "SELECT queue_name, status::text, count(*) FROM procrastinate_jobs GROUP BY 1, 2"
HEARTBEATS = "SELECT name, extract(epoch FROM clock_timestamp() - seen_at) FROM kernel_heartbeat"


class FromDatabase(Collector):
    """Gauges that are asked for at the moment of the scrape."""

    def collect(self) -> Iterator[Metric]:
        with connection.cursor() as cursor:
            cursor.execute(QUEUES)
            pending, oldest, dead = cursor.fetchone() or (0, 0, 0)
            yield GaugeMetricFamily("kontor_outbox_pending", "Deliveries that wait", pending)
            yield GaugeMetricFamily(
                "kontor_outbox_oldest_seconds", "Age of the oldest one that is due", oldest
            )
            yield GaugeMetricFamily("kontor_outbox_dead", "Deliveries that were given up", dead)
            jobs = GaugeMetricFamily("kontor_jobs", "Jobs in the table", labels=["queue", "status"])
            cursor.execute(JOBS)
            for queue, status, count in cursor.fetchall():
                jobs.add_metric([queue, status], count)
            yield jobs
            beats = GaugeMetricFamily("kontor_heartbeat_age_seconds", "Since a sign of life", labels=["part"])
            cursor.execute(HEARTBEATS)
            for name, age in cursor.fetchall():
                beats.add_metric([name], float(age))
            yield beats


def page() -> bytes:
    """All figures in Prometheus' text format. Three short queries."""
    registry = CollectorRegistry()
    if FOLDER is not None:
        multiprocess.MultiProcessCollector(registry, path=str(FOLDER))  # type: ignore[no-untyped-call]  # untyped there
    registry.register(FromDatabase())
    return generate_latest(registry)


def fold_dead() -> int:
    """Add the files of processes that have ended to one file, so that counters never fall; returns how many files.

    Called when a process starts; without it each restart would leave its files behind.
    """
    if FOLDER is None:
        return 0
    folded = 0
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for path in sorted(FOLDER.glob("*_*.db")):
            kind, process = path.stem.rsplit("_", 1)
            if process != "0" and not _is_alive(process):
                _add(path, FOLDER / f"{kind}_0.db")
                path.unlink()
                folded += 1
    return folded


def _is_alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _add(source: Path, target: Path) -> None:
    total = MmapedDict(str(target))  # type: ignore[no-untyped-call]  # untyped there
    for key, value, _time, _position in MmapedDict.read_all_values_from_file(str(source)):  # type: ignore[no-untyped-call]  # as above
        total.write_value(key, total.read_value(key)[0] + value, 0.0)  # type: ignore[no-untyped-call]  # as above
    total.close()  # type: ignore[no-untyped-call]  # as above
