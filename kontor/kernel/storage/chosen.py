"""The store of this installation."""

from functools import lru_cache
from importlib import import_module
from pathlib import Path

from django.conf import settings

from kontor.kernel.storage.address import s3_address
from kontor.kernel.storage.cache import Cached
from kontor.kernel.storage.disk import Disk
from kontor.kernel.storage.store import FileStore

MOST_COPIES = 1_000_000_000
"""Bytes of pictures from storage elsewhere that a machine keeps at hand."""


def store() -> FileStore:
    """Where this installation keeps its files: in its data folder, or where KONTOR_FILES_URL says."""
    return _opened(settings.FILES_URL, Path(settings.FILES_FOLDER))


def store_at(place: str) -> FileStore:
    """The store at an address, or in a folder, without copies. Raises ValueError when it is neither."""
    if place.startswith("s3"):
        made: FileStore = import_module("kontor.kernel.storage.s3").S3(s3_address(place))
        return made
    if not place or "://" in place:
        raise ValueError("this is neither a folder nor an address of S3-compatible storage")
    return Disk(Path(place))


@lru_cache(maxsize=4)
def _opened(url: str, folder: Path) -> FileStore:
    return Cached(store_at(url), folder / "cache" / "files", MOST_COPIES) if url else Disk(folder)
