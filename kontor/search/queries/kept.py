"""Counts that are the same for all who see the same goods, kept for half a minute and for one revision of the catalog.

Never a price, never stock of one product. The key names the assortments.
"""

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

SECONDS = 30.0
MOST = 2000
V = TypeVar("V")


class Kept(Generic[V]):
    """A small memory of this process."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[float, int, V]] = {}

    def get(self, key: Hashable, revision: int, make: Callable[[], V]) -> V:
        """The value of this key, made anew when it is old or of another revision."""
        kept = self._kept.get(key)
        now = time.monotonic()
        if kept is not None and kept[1] == revision and now - kept[0] < SECONDS:
            return kept[2]
        value = make()
        self.put(key, revision, value)
        return value

    def put(self, key: Hashable, revision: int, value: V) -> None:
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[key] = (time.monotonic(), revision, value)
