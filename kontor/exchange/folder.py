"""Where taken-in files, reports and made files lie: below `exchange/` of the store of files, one folder per file.

They are written and read on this machine. Where the store is elsewhere, what was written is handed over to it, and who
reads a file on another machine fetches it first.
"""

import hashlib
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from kontor.kernel.storage.chosen import store
from kontor.kernel.storage.disk import Disk
from kontor.kernel.storage.store import FilesUnavailable, Missing, StoreProblem

MOST_MADE = 20_000_000_000
"""Bytes of a file that is made here."""
FOLDER = "exchange/"


def root() -> Path:
    return Path(settings.FILES_FOLDER) / FOLDER


def path_of(name: str) -> Path:
    """Where a file is written, by its name in the database; names are made by `keep` and lead nowhere else."""
    path = (root() / name).resolve()
    if not path.is_relative_to(root().resolve()):
        raise ValueError("a kept file lies in the exchange folder")
    return path


def keep(pieces: Iterable[bytes], file_name: str, most: int) -> tuple[str, int]:
    """Write an upload; (name in the database, bytes). Raises OverflowError beyond `most` bytes, and FilesUnavailable.

    Then nothing is left of it.
    """
    folder = f"{secrets.token_hex(16)}"
    path = root() / folder / f"file{Path(file_name).suffix[:8].lower()}"
    path.parent.mkdir(parents=True)
    name = f"{folder}/{path.name}"
    size = 0
    try:
        with path.open("wb") as out:
            for piece in pieces:
                size += len(piece)
                if size > most:
                    raise OverflowError
                out.write(piece)
        hand_over(name)
    except BaseException:
        shutil.rmtree(path.parent, ignore_errors=True)
        raise
    return name, size


def hand_over(name: str) -> str:
    """Give a file that was written here to the store; its name. Raises FilesUnavailable: it is on this machine only."""
    kept = store()
    if not isinstance(kept, Disk):
        try:
            kept.write(FOLDER + name, path_of(name))
        except StoreProblem as problem:
            raise FilesUnavailable from problem
    return name


def offer(name: str) -> str:
    """The same for a report, for which nothing stops: while the store is away it is on this machine only."""
    with suppress(FilesUnavailable):
        hand_over(name)
    return name


def fetched(name: str) -> Path:
    """A kept file on this machine. Raises FileNotFoundError, and FilesUnavailable while the store is away."""
    path = path_of(name)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        try:
            store().fetch(FOLDER + name, draft)
            draft.replace(path)
        except Missing:
            raise FileNotFoundError(name) from None
        except StoreProblem as problem:
            raise FilesUnavailable from problem
        finally:
            draft.unlink(missing_ok=True)
    return path


def make(file_name: str) -> str:
    """The name of a file to be written in a new folder; `hand_over` it when it is whole."""
    folder = secrets.token_hex(16)
    (root() / folder).mkdir(parents=True)
    return f"{folder}/{file_name}"


def forget(name: str) -> None:
    """Remove a kept file with its folder; who is reading it reads it to its end."""
    shutil.rmtree(path_of(name).parent, ignore_errors=True)
    kept = store()
    if not isinstance(kept, Disk):
        with suppress(StoreProblem):
            for one in list(kept.listed(f"{FOLDER}{Path(name).parent}/")):
                kept.remove(one.name)


def digest_of(name: str) -> str:
    """SHA-256 of a kept file."""
    with fetched(name).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def beside(name: str, other: str) -> str:
    """The name of another file in the folder of a kept one."""
    return f"{Path(name).parent}/{other}"
