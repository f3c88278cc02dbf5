"""PostgreSQL restarts, and no pooled connection fails for it; while it runs, nobody pays for the check."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.utils import ConnectionHandler

from kontor.kernel import embedded_postgres
from kontor.settings import database

SIZE = 4


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "pg"
    yield folder
    with suppress(ProcessLookupError):
        embedded_postgres.stop(folder)


@pytest.fixture
def wrapper(root: Path, db: None) -> Iterator[DatabaseWrapper]:
    """A database connection of Django's, with the pool of production."""
    wanted = database(embedded_postgres.ensure(root, "kontor"))
    wanted["OPTIONS"]["pool"] |= {"min_size": SIZE, "max_size": SIZE}
    made = ConnectionHandler({"default": wanted})["default"]
    # As in a child process: the pools of these tests and those of the suite are kept apart.
    made._connection_pools = {}
    assert isinstance(made, DatabaseWrapper)
    made.ensure_connection()
    made.close()
    yield made
    made.close()
    made.close_pool()


def sessions(wrapper: DatabaseWrapper) -> list[int]:
    """The server's processes behind all connections of the pool, each asked once."""
    assert wrapper.pool is not None
    with ExitStack() as stack:
        lent = [stack.enter_context(wrapper.pool.connection()) for _ in range(SIZE)]
        return sorted(one.cursor().execute("SELECT pg_backend_pid()").fetchone()[0] for one in lent)


@pytest.mark.covers("R3.32")
def test_after_a_restart_every_connection_of_the_pool_answers_at_once(wrapper, root):
    before = sessions(wrapper)

    os.kill(int((root / "data" / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    embedded_postgres.ensure(root, "kontor")

    after = sessions(wrapper)
    assert len(after) == SIZE
    assert not set(after) & set(before)
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_while_the_server_runs_the_check_sends_nothing(wrapper, monkeypatch):
    before = sessions(wrapper)
    sent: list[Any] = []
    real = psycopg.Connection.execute

    def told(connection: Any, *given: Any, **more: Any) -> Any:
        sent.append(given)
        return real(connection, *given, **more)

    monkeypatch.setattr(psycopg.Connection, "execute", told)

    assert sessions(wrapper) == before
    assert sent == []


def test_a_session_that_an_administrator_ended_is_replaced(wrapper):
    first, *others = sessions(wrapper)
    assert wrapper.pool is not None
    with wrapper.pool.connection() as one:
        mine = one.info.backend_pid
        for pid in {first, *others} - {mine}:
            one.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    assert set(sessions(wrapper)) & {first, *others} == {mine}
