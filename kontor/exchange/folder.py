"""Where taken-in files and reports lie: the exchange folder of the installation, one folder per file."""

import hashlib
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

MOST_MADE = 20_000_000_000
"""Bytes of a file that is made here."""


def root() -> Path:
    return Path(settings.CONFIG.home) / "exchange"


def path_of(name: str) -> Path:
    """A kept file by its name in the database; names are made by `keep` and lead nowhere else."""
    path = (root() / name).resolve()
    if not path.is_relative_to(root().resolve()):
        raise ValueError("a kept file lies in the exchange folder")
    return path


def keep(pieces: Iterable[bytes], file_name: str, most: int) -> tuple[str, int]:
    """Write an upload; (name in the database, bytes). Raises OverflowError beyond `most` bytes, and leaves nothing."""
    folder = f"{secrets.token_hex(16)}"
    path = root() / folder / f"file{Path(file_name).suffix[:8].lower()}"
    path.parent.mkdir(parents=True)
    size = 0
    try:
        with path.open("wb") as out:
            for piece in pieces:
                size += len(piece)
                if size > most:
                    raise OverflowError
                out.write(piece)
    except BaseException:
        shutil.rmtree(path.parent, ignore_errors=True)
        raise
    return f"{folder}/{path.name}", size


def make(file_name: str) -> str:
    """The name of a file to be written in a new folder."""
    folder = secrets.token_hex(16)
    (root() / folder).mkdir(parents=True)
    return f"{folder}/{file_name}"


def forget(name: str) -> None:
    """Remove a kept file with its folder; who is reading it reads it to its end."""
    shutil.rmtree(path_of(name).parent, ignore_errors=True)


def digest_of(name: str) -> str:
    """SHA-256 of a kept file."""
    with path_of(name).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def beside(name: str, other: str) -> str:
    """The name of another file in the folder of a kept one."""
    return f"{Path(name).parent}/{other}"
