"""Counts that are the same for all who see the same goods, kept for half a minute and for one revision of the catalog.

What takes long to count in a large catalog is kept longer, whatever changes: counting takes a small part of the time.
Never a price, never stock of one product. The key names the assortments.
"""

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

SECONDS = 30.0
MOST = 2000
SLOW, PATIENCE = 0.5, 60
"""What took more seconds than SLOW is made anew only after PATIENCE times as long."""
V = TypeVar("V")


class Kept(Generic[V]):
    """A small memory of this process."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[float, float, int, V]] = {}

    def get(self, key: Hashable, revision: int, make: Callable[[], V]) -> V:
        """The value of this key, made anew when it is old or of another revision."""
        kept = self._kept.get(key)
        begun = time.monotonic()
        if kept is not None:
            at, patience, known, value = kept
            if begun - at < patience or (known == revision and begun - at < SECONDS):
                return value
        value = make()
        took = time.monotonic() - begun
        self.put(key, revision, value, patience=PATIENCE * took if took > SLOW else 0)
        return value

    def put(self, key: Hashable, revision: int, value: V, *, patience: float = 0) -> None:
        """Keep a value; for `patience` seconds whatever the revision."""
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[key] = (time.monotonic(), patience, revision, value)
