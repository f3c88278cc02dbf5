"""Copies, on this machine, of files in a store that is far away. Only for files that never change under their name."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from kontor.kernel.storage.disk import Disk
from kontor.kernel.storage.store import FileStore, Kept, StoreProblem

LOOK_EVERY = 200
"""Copies made between two looks at how much room they take."""
KEPT_FOLDER = "media/"


class Cached:
    """A store that reads what lies below `media/` from copies, the least recently made of which are dropped."""

    def __init__(self, store: FileStore, folder: Path, most: int) -> None:
        self.itself, self._copies, self._most = store, Disk(folder), most
        self._made = 0

    def __str__(self) -> str:
        return str(self.itself)

    def write(self, name: str, content: bytes | Path) -> None:
        self.itself.write(name, content)

    def read(self, name: str) -> bytes:
        if not name.startswith(KEPT_FOLDER):
            return self.itself.read(name)
        with suppress(StoreProblem):
            return self._copies.read(name)
        content = self.itself.read(name)
        with suppress(StoreProblem):  # a full disk costs speed, not the picture
            self._copies.write(name, content)
            self._made += 1
            if self._made % LOOK_EVERY == 1:
                self.make_room()
        return content

    def fetch(self, name: str, to: Path) -> None:
        self.itself.fetch(name, to)

    def has(self, name: str) -> bool:
        return self.itself.has(name)

    def remove(self, name: str) -> None:
        self.itself.remove(name)
        with suppress(StoreProblem):
            self._copies.remove(name)

    def listed(self, prefix: str = "") -> Iterator[Kept]:
        return self.itself.listed(prefix)

    def make_room(self) -> None:
        """Drop the oldest copies until a fifth of the room is free again."""
        copies = sorted(self._copies.listed(), key=lambda one: one.at)
        taken = sum(one.size for one in copies)
        if taken <= self._most:
            return
        for one in copies:
            self._copies.remove(one.name)
            taken -= one.size
            if taken <= self._most * 4 // 5:
                return
