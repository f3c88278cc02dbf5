"""The thread that drains the outbox: woken by a notification, at the latest after a second."""

import threading
from time import monotonic

import psycopg
import structlog
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection
from procrastinate.contrib.django.utils import connector_params

from kontor.kernel.delivery import ConnectionLost, deliver_due

log = structlog.get_logger(__name__)

POLL = 1.0
"""Seconds without a notification after which we look anyway: deliveries that were put off come due silently."""
SLOWEST_RECONNECT = 10.0
REPORT_EVERY = 60.0


class Outbox(threading.Thread):
    """Delivers until `stop()`. A lost database is waited for, as long as it takes."""

    def __init__(self) -> None:
        super().__init__(name="outbox", daemon=True)
        self._ending = threading.Event()
        self._delivered = 0
        self._last_turn = monotonic()

    def stop(self) -> None:
        """Finish the delivery in hand, then end."""
        self._ending.set()

    @property
    def stuck_for(self) -> float:
        """Seconds since this thread last came round; large when a reaction hangs or the database is away."""
        return monotonic() - self._last_turn

    @property
    def delivered(self) -> int:
        return self._delivered

    def run(self) -> None:
        wait = 0.2
        while not self._ending.is_set():
            try:
                with psycopg.connect(**connector_params(), autocommit=True) as listener:
                    listener.execute("LISTEN kontor_outbox")
                    wait = 0.2
                    self._drain(listener)
            except (psycopg.Error, DatabaseError, ConnectionLost) as problem:
                log.warning("outbox_waits_for_the_database", problem=str(problem), again_in_seconds=wait)
                connection.close()
                self._ending.wait(wait)
                wait = min(wait * 2, SLOWEST_RECONNECT)
        connection.close()

    def _drain(self, listener: "psycopg.Connection[tuple[object, ...]]") -> None:
        while not self._ending.is_set():
            self._last_turn = monotonic()
            got_on = deliver_due(limit=200)
            self._delivered += got_on
            if not got_on:
                close_old_connections()
                # One notification is enough to look; the rest of a burst is dropped with it.
                for _notification in listener.notifies(timeout=POLL, stop_after=1):
                    pass
