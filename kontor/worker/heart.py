"""The thread that says every five seconds that this worker lives, and how its parts are."""

import threading
from collections.abc import Callable
from typing import Any

import structlog
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from kontor.worker import heartbeat

log = structlog.get_logger(__name__)


class Heart(threading.Thread):
    """Beats until `stop()`. `detail` tells how the parts are; an unreachable database is waited out."""

    def __init__(self, detail: Callable[[], dict[str, Any]]) -> None:
        super().__init__(name="heart", daemon=True)
        self._ending = threading.Event()
        self._detail = detail

    def stop(self) -> None:
        self._ending.set()

    def run(self) -> None:
        while not self._ending.is_set():
            try:
                heartbeat.beat(self._detail())
                close_old_connections()
            except DatabaseError as problem:
                log.warning("heartbeat_failed", problem=str(problem))
                connection.close()
            self._ending.wait(heartbeat.EVERY)
        try:
            heartbeat.leave()
        except DatabaseError as problem:
            log.warning("heartbeat_failed", problem=str(problem))
        connection.close()
