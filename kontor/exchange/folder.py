"""Where taken-in files and reports lie: the exchange folder of the installation, one folder per file."""

import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings


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


def beside(name: str, other: str) -> str:
    """The name of another file in the folder of a kept one."""
    return f"{Path(name).parent}/{other}"
