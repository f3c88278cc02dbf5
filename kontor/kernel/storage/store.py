"""What a store of files can do, and how it says that it cannot."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.utils.translation import gettext as _

from kontor.kernel.refusal import Refused

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")


class StoreProblem(Exception):
    """The store did not do what was asked: it is away, full, or does not let us in. `str()` is for the operator."""


class Missing(StoreProblem):
    """There is no file of this name."""


class FilesUnavailable(Refused):
    """What people hear when the store is away; edges answer 503 or say it on the page."""

    def __init__(self) -> None:
        message = _("The file store does not answer. Nothing was changed; try again in a few minutes.")
        super().__init__("files_unavailable", message, {"file": message})


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in a store: its size in bytes, and when it was written."""

    name: str
    size: int
    at: datetime


class FileStore(Protocol):
    """Files by names such as ``media/ab/abcd.webp``. Whoever reads gets a whole file or none, never half of one.

    All of these raise StoreProblem; `read` and `fetch` raise Missing.
    """

    def write(self, name: str, content: bytes | Path) -> None:
        """Keep it under this name; what was there is replaced in one step."""

    def read(self, name: str) -> bytes:
        """All of it, for files that fit into memory."""

    def fetch(self, name: str, to: Path) -> None:
        """Write it to a file of this machine, however long it is."""

    def has(self, name: str) -> bool:
        """Whether it is there."""

    def remove(self, name: str) -> None:
        """Remove it; one that is not there is removed already."""

    def listed(self, prefix: str = "") -> Iterator[Kept]:
        """All files whose names begin with this folder, as ``media/``."""


def checked(name: str) -> str:
    """The name, when it leads nowhere else. Raises Missing for any other: nothing is kept under such names."""
    if not _NAME.fullmatch(name) or len(name) > 300:
        raise Missing(name[:300])
    return name
