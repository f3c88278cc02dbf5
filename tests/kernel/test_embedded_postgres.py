"""The packaged PostgreSQL under a folder of ours: whoever comes first starts it, kill -9 loses nothing."""

import os
import pwd
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kontor.kernel import embedded_postgres

pytestmark = pytest.mark.covers("R3.32")


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "pg"
    folder.mkdir(mode=0o700)
    (folder / "local.conf").write_text("shared_buffers = 16MB\n")
    yield folder
    embedded_postgres.stop(folder)


def postmaster_pid(root: Path) -> int:
    return int((root / "data" / "postmaster.pid").read_text().splitlines()[0])


def test_starts_a_server_with_the_database_and_says_where_it_is(root):
    address = embedded_postgres.ensure(root, "kontor")

    assert address == embedded_postgres.dsn(root, "kontor")
    with psycopg.connect(address) as connection:
        row = connection.execute("SELECT current_database(), lower('ÄÖ'), current_setting('jit')").fetchone()
    assert row == ("kontor", "äö", "off")
    assert embedded_postgres.is_running(root)


def test_a_second_call_finds_the_same_server_and_makes_another_database(root):
    embedded_postgres.ensure(root, "kontor")
    first = postmaster_pid(root)

    embedded_postgres.ensure(root, "second")

    assert postmaster_pid(root) == first
    with psycopg.connect(embedded_postgres.dsn(root, "second")) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("second",)


def test_the_operators_own_server_settings_are_read_last(root):
    with psycopg.connect(embedded_postgres.ensure(root, "kontor")) as connection:
        assert connection.execute("SHOW shared_buffers").fetchone() == ("16MB",)


def test_nobody_else_may_open_the_socket(root):
    embedded_postgres.ensure(root, "kontor")
    assert (root / ".s.PGSQL.5432").stat().st_mode & 0o077 == 0


def test_four_processes_that_race_get_one_server(root):
    code = (
        "import sys; from pathlib import Path; from kontor.kernel import embedded_postgres as e;"
        "print(e.ensure(Path(sys.argv[1]), 'kontor'))"
    )
    racers = [
        subprocess.Popen([sys.executable, "-c", code, str(root)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    answers = {racer.communicate(timeout=90)[0].strip() for racer in racers}

    assert answers == {embedded_postgres.dsn(root, "kontor")}
    assert [racer.returncode for racer in racers] == [0, 0, 0, 0]


def test_kill_9_in_the_middle_of_writing_loses_no_acknowledged_row(root):
    address = embedded_postgres.ensure(root, "kontor")
    acknowledged: list[int] = []

    def write() -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (id integer PRIMARY KEY)")
            for number in range(1_000_000):
                try:
                    connection.execute("INSERT INTO kept VALUES (%s)", [number])
                except psycopg.OperationalError:
                    return
                acknowledged.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    deadline = time.monotonic() + 30
    while len(acknowledged) < 200 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(postmaster_pid(root), signal.SIGKILL)
    writer.join(timeout=30)
    embedded_postgres.ensure(root, "kontor")

    with psycopg.connect(address) as connection:
        found = {row[0] for row in connection.execute("SELECT id FROM kept")}
    assert len(acknowledged) >= 200
    assert set(acknowledged) - found == set()


def test_stop_ends_the_server_and_a_second_stop_has_nothing_to_do(root):
    embedded_postgres.ensure(root, "kontor")

    assert embedded_postgres.stop(root) is True
    assert embedded_postgres.is_running(root) is False
    assert embedded_postgres.stop(root) is False


def test_rows_are_there_after_stop_and_start(root):
    with psycopg.connect(embedded_postgres.ensure(root, "kontor")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS id")
    embedded_postgres.stop(root)

    with psycopg.connect(embedded_postgres.ensure(root, "kontor")) as connection:
        assert connection.execute("SELECT id FROM kept").fetchall() == [(7,)]


def test_a_folder_too_deep_for_a_socket_gets_a_short_one_elsewhere(tmp_path):
    root = tmp_path / ("deep" * 30) / "pg"
    try:
        with psycopg.connect(embedded_postgres.ensure(root, "kontor")) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert not (root / ".s.PGSQL.5432").exists()
    finally:
        embedded_postgres.stop(root)


def test_a_pid_file_of_another_program_does_not_keep_the_server_down(root):
    embedded_postgres.ensure(root, "kontor")
    pid_file = root / "data" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    embedded_postgres.stop(root)
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    embedded_postgres.ensure(root, "kontor")

    assert postmaster_pid(root) != os.getpid()


def test_data_of_another_version_are_refused_with_the_way_out(root):
    embedded_postgres.ensure(root, "kontor")
    embedded_postgres.stop(root)
    version = root / "data" / "PG_VERSION"
    ours = version.read_text()
    version.write_text("13\n")

    with pytest.raises(embedded_postgres.EmbeddedPostgresProblem, match="written by PostgreSQL 13"):
        embedded_postgres.ensure(root, "kontor")
    version.write_text(ours)


def test_a_wrong_folder_of_binaries_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("KONTOR_POSTGRES_BIN", str(tmp_path))
    with pytest.raises(embedded_postgres.EmbeddedPostgresProblem, match="KONTOR_POSTGRES_BIN"):
        embedded_postgres.bindir()


def test_without_namespaces_root_becomes_nobody_and_hands_the_files_over(root, monkeypatch):
    embedded_postgres.ensure(root, "kontor")
    embedded_postgres.stop(root)
    for folder in root.parents:
        if folder.is_relative_to(tempfile.gettempdir()) and folder != Path(tempfile.gettempdir()):
            folder.chmod(0o755)
    monkeypatch.setattr(embedded_postgres, "_namespaces_work", lambda: False)

    with psycopg.connect(embedded_postgres.ensure(root, "kontor")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()
    assert (root / "data").stat().st_uid == server
    embedded_postgres.stop(root)
