"""The thread that keeps this node's search index current; one worker of a node does it, the others stand by."""

import threading
from time import monotonic
from typing import Any

import structlog
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from kontor.search.engine.indexer import Indexer

log = structlog.get_logger(__name__)

EVERY = 0.5
"""Seconds between two looks at the change log when nothing happens."""
STAND_BY = 5.0
"""Seconds after which a standing-by worker, or one that failed, tries again."""


class Indexing(threading.Thread):
    """Follows the catalog until `stop()`. A lost database or a broken index is waited for, then taken up anew."""

    def __init__(self) -> None:
        super().__init__(name="search-index", daemon=True)
        self._ending = threading.Event()
        self._indexed = 0
        self._last_turn = 0.0

    def stop(self) -> None:
        """Finish the batch in hand, then end."""
        self._ending.set()

    def facts(self) -> dict[str, Any]:
        """For the heart: how many products were taken in, and how long ago this node last looked."""
        if not self._last_turn:
            return {"indexed": 0}
        return {"indexed": self._indexed, "index_silent_seconds": round(monotonic() - self._last_turn)}

    def run(self) -> None:
        while not self._ending.is_set():
            try:
                self._follow(Indexer())
            except BlockingIOError:
                pass
            except (DatabaseError, OSError, ValueError) as problem:
                log.warning("search_index_waits", problem=str(problem), again_in_seconds=STAND_BY)
            connection.close()
            self._ending.wait(STAND_BY)

    def _follow(self, indexer: Indexer) -> None:
        try:
            while not self._ending.is_set():
                got_on = indexer.step()
                self._indexed += got_on
                self._last_turn = monotonic()
                if not got_on:
                    close_old_connections()
                    self._ending.wait(EVERY)
        finally:
            indexer.close()
