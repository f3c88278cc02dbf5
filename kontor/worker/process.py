"""One worker process: outbox and search index in threads, the jobs in an event loop, a heart, and an orderly end."""

import asyncio
import signal
from contextlib import suppress
from time import monotonic
from typing import Any

import procrastinate
import structlog
from django.conf import settings
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException

from kontor.kernel.observability import metrics
from kontor.worker import jobs
from kontor.worker.heart import Heart
from kontor.worker.indexing import Indexing
from kontor.worker.outbox import Outbox

log = structlog.get_logger(__name__)

TIME_TO_FINISH = 15.0
"""Seconds that jobs and the delivery in hand get after SIGTERM; what is not done then is done again later."""
SLOWEST_RESTART = 10.0
LISTENERS_AND_UPKEEP = 4


class Connector(procrastinate.PsycopgConnector):
    """The worker's own pool for fetching jobs. What a task or a reaction defers goes through Django's connection
    instead: it belongs to the transaction that is open there, and must roll back with it."""

    def __init__(self, django: BaseConnector, **pool: Any) -> None:
        super().__init__(**pool)
        self._django = django

    def get_sync_connector(self) -> BaseConnector:
        return self._django


def work() -> None:
    """Work until SIGTERM or Ctrl-C."""
    metrics.fold_dead()
    begun, outbox, indexing = monotonic(), Outbox(), Indexing()
    heart = Heart(
        lambda: {
            "running_seconds": round(monotonic() - begun),
            "delivered": outbox.delivered,
            "outbox_silent_seconds": round(outbox.stuck_for),
            **indexing.facts(),
        }
    )
    log.info("worker_starts", threads=settings.CONFIG.worker_threads, sends_mail=settings.CONFIG.sends_mail)
    outbox.start()
    indexing.start()
    heart.start()
    try:
        asyncio.run(_run_jobs())
    finally:
        outbox.stop()
        indexing.stop()
        outbox.join(TIME_TO_FINISH)
        indexing.join(TIME_TO_FINISH)
        heart.stop()
        heart.join(2)
        log.info("worker_stopped", delivered=outbox.delivered)


async def _run_jobs() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    threads = settings.CONFIG.worker_threads
    pool = {"kwargs": connector_params(), "min_size": 1, "max_size": threads + LISTENERS_AND_UPKEEP}
    with app.replace_connector(Connector(app.connector, **pool)):
        teams = [
            asyncio.create_task(_keep_running(stop, [jobs.MAIL, jobs.DEFAULT], threads)),
            # Its own worker, so that what is due by the clock never waits behind a thousand mails.
            asyncio.create_task(_keep_running(stop, [jobs.UPKEEP], 1)),
        ]
        await stop.wait()
        for team in teams:
            team.cancel()
        await asyncio.gather(*teams, return_exceptions=True)
        with suppress(ConnectorException, TimeoutError):
            await asyncio.wait_for(app.close_async(), 2)


async def _keep_running(stop: asyncio.Event, queues: list[str], concurrency: int) -> None:
    """Run a procrastinate worker on these queues; when it fails, as when the database restarts, run another."""
    wait = 0.5
    while not stop.is_set():
        begun = monotonic()
        try:
            await app.open_async()
            await app.run_worker_async(
                queues=queues,
                concurrency=concurrency,
                name="-".join(queues),
                install_signal_handlers=False,
                shutdown_graceful_timeout=TIME_TO_FINISH,
                fetch_job_polling_interval=2.0,
                delete_jobs="successful",
                update_heartbeat_interval=5.0,
                stalled_worker_timeout=jobs.STALLED_AFTER,
                worker_middleware=[jobs.tell],
            )
        except Exception as problem:
            log.warning("jobs_wait_for_the_database", queues=queues, problem=str(problem))
        if monotonic() - begun > SLOWEST_RESTART:
            wait = 0.5
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), wait)
        wait = min(wait * 2, SLOWEST_RESTART)
