"""Where the indexes of this node lie: one folder each, and a file that names the one in use."""

import fcntl
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson
from django.conf import settings
from django.db import connection

from kontor.search.engine.schema import FORMAT

WHICH_DATABASE = """
SELECT system_identifier::text || ':' || (SELECT oid FROM pg_database WHERE datname = current_database())
FROM pg_control_system()
"""


@dataclass(frozen=True, slots=True)
class Position:
    """How far the change log was read: everything up to this transaction and number."""

    xid: int = 0
    seq: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """What is kept beside an index. `database` says whose products are in it; `written` is in seconds since 1970."""

    database: str
    position: Position
    written: float

    def to_json(self) -> bytes:
        return orjson.dumps(
            {
                "format": FORMAT,
                "database": self.database,
                "xid": self.position.xid,
                "seq": self.position.seq,
                "written": self.written,
            }
        )


def root() -> Path:
    """The folder of all indexes of this node."""
    return Path(settings.SEARCH_FOLDER)


def which_database() -> str:
    """Tells this database from any other, a restored copy on another server included."""
    with connection.cursor() as cursor:
        cursor.execute(WHICH_DATABASE)
        (found,) = cursor.fetchone() or ("",)
    return str(found)


def current() -> Path | None:
    """The index in use, or None."""
    try:
        name = (root() / "current").read_text().strip()
    except OSError:
        return None
    folder = root() / name
    return folder if name and (folder / "meta.json").exists() else None


def state_of(folder: Path) -> State | None:
    """What is kept beside an index; None when it is of another format or was never finished."""
    try:
        kept: dict[str, Any] = orjson.loads((folder / "kontor.json").read_bytes())
        if kept["format"] != FORMAT:
            return None
        return State(kept["database"], Position(kept["xid"], kept["seq"]), kept["written"])
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        return None


def keep_state(folder: Path, state: State) -> None:
    """Write it so that a reader sees the old or the new, never half."""
    _replace(folder / "kontor.json", state.to_json())


def new_folder() -> Path:
    """An empty folder for an index that is being built."""
    folder = root() / f"{time.time_ns():x}"
    folder.mkdir(parents=True)
    return folder


def put_in_use(folder: Path) -> None:
    """Readers take this index from now on; all others are removed."""
    _replace(root() / "current", folder.name.encode())
    for other in root().iterdir():
        if other.is_dir() and other != folder:
            shutil.rmtree(other, ignore_errors=True)


def only_writer() -> IO[bytes] | None:
    """A lock that one process of this node holds while the file is open; None when another has it."""
    root().mkdir(parents=True, exist_ok=True)
    file = (root() / "lock").open("wb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def _replace(path: Path, content: bytes) -> None:
    draft = path.with_suffix(".new")
    draft.write_bytes(content)
    draft.replace(path)
