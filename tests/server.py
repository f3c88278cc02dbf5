"""The PostgreSQL that the tests use: one per machine and major version, left running for the next run.

KONTOR_TEST_DATABASE_URL names another one instead. KONTOR_POSTGRES_BIN chooses other binaries, as those of version 15.
"""

import os
from pathlib import Path

from kontor.kernel import embedded_postgres

FAST_AND_FORGETFUL = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
max_wal_senders = 0
wal_level = minimal
autovacuum_naptime = 30s
"""


def root() -> Path:
    major = embedded_postgres.major_version(embedded_postgres.bindir())
    return Path(__file__).resolve().parent.parent / "var" / f"test-pg-{major}"


def address() -> str:
    """Where the server is, started or not."""
    return os.environ.get("KONTOR_TEST_DATABASE_URL") or embedded_postgres.dsn(root(), "kontor")


def start() -> None:
    if os.environ.get("KONTOR_TEST_DATABASE_URL"):
        return
    folder = root()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / "local.conf").exists():
        (folder / "local.conf").write_text(FAST_AND_FORGETFUL)
    embedded_postgres.ensure(folder, "kontor")
