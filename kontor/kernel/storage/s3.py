"""Files in S3-compatible storage. Imported only where KONTOR_FILES_URL names one: others do not pay for the library.

Every wait is bounded, and after a store was found to be away it is left alone for some seconds: requests then fail at
once, so that a store which hangs cannot take all threads of the web server with it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from kontor.kernel.storage.address import S3Address
from kontor.kernel.storage.store import Kept, Missing, StoreProblem, checked

CONNECT, ANSWER, IN_ALL = "2s", "10s", timedelta(seconds=8)
REPEATS = 2
REST = 5
"""Seconds after which one request finds out whether a store that was away is back."""
PIECE = 8 * 1024 * 1024
"""Bytes of a long file in one request, which then has the time of any other."""


class S3:
    """A store in a bucket, below a folder of it."""

    def __init__(self, address: S3Address) -> None:
        keys = {"access_key_id": address.access_key, "secret_access_key": address.secret_key}
        self._where = f"{address.endpoint}/{address.bucket}"
        self._is_away, self._ask_again = False, time.monotonic()
        self._store = S3Store(
            address.bucket,
            prefix=address.folder or None,
            endpoint=address.endpoint,
            region=address.region,
            client_options={"allow_http": True, "connect_timeout": CONNECT, "timeout": ANSWER},
            retry_config={"max_retries": REPEATS, "retry_timeout": IN_ALL},
            **(keys if address.access_key else {}),  # type: ignore[arg-type]  # keys of a typed dictionary
        )

    def __str__(self) -> str:
        return self._where

    def write(self, name: str, content: bytes | Path) -> None:
        with self._told(name):
            obstore.put(self._store, checked(name), content, chunk_size=PIECE, max_concurrency=2)

    def read(self, name: str) -> bytes:
        with self._told(name):
            return bytes(obstore.get(self._store, checked(name)).bytes())

    def fetch(self, name: str, to: Path) -> None:
        with self._told(name), to.open("wb") as file:
            size = obstore.head(self._store, checked(name))["size"]
            for start in range(0, size, PIECE):
                length = min(PIECE, size - start)
                file.write(obstore.get_range(self._store, name, start=start, length=length))

    def has(self, name: str) -> bool:
        try:
            with self._told(name):
                obstore.head(self._store, checked(name))
        except Missing:
            return False
        return True

    def remove(self, name: str) -> None:
        with self._told(name):
            obstore.delete(self._store, checked(name))

    def listed(self, prefix: str = "") -> Iterator[Kept]:
        with self._told(prefix):
            for page in obstore.list(self._store, prefix=prefix or None):
                for one in page:
                    yield Kept(one["path"], one["size"], one["last_modified"])

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        if self._is_away:
            if time.monotonic() < self._ask_again:
                raise StoreProblem(f"{self._where} did not answer a moment ago")
            self._ask_again = (
                time.monotonic() + REST
            )  # this one asks; the others go on failing until it has an answer
        try:
            yield
        except FileNotFoundError as problem:
            if "NoSuchBucket" in str(problem):
                raise StoreProblem(f"{self._where}: there is no such bucket") from None
            self._is_away = False
            raise Missing(name) from None
        except (BaseError, OSError) as problem:
            self._is_away, self._ask_again = True, time.monotonic() + REST
            raise StoreProblem(f"{self._where}: {_reason(problem)}") from None
        self._is_away = False


def _reason(problem: Exception) -> str:
    """The first line of what the library says: the rest repeats the request with all its parts."""
    return str(problem).partition("\n")[0][:300]
