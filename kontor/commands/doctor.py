"""`kontor doctor`: what is wrong with an installation, and what to do about it."""

import importlib.metadata
import os
import re
import shutil
import smtplib
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from kontor.commands import freshness, prepare
from kontor.commands.start import OLDEST_POSTGRES, shown, start_django
from kontor.commands.steps import console
from kontor.commands.up import health, port_is_taken
from kontor.kernel import clock, embedded_postgres
from kontor.kernel.configuration import Configuration, ConfigurationProblem, load, unknown_names
from kontor.kernel.storage.chosen import store
from kontor.kernel.storage.store import StoreProblem

GOOD, NOTE, BAD = "good", "note", "bad"
LITTLE_SPACE, NO_SPACE = 5 * 1024**3, 1024**3
OUTBOX_LATE, WORKER_SILENT = 60, 60
"""Seconds after which a due delivery counts as late, and a worker as gone."""
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)(?P<marker> ;)?", re.MULTILINE)


@dataclass(frozen=True)
class Diagnosis:
    """One thing that was looked at. `remedy` says what to do when it is not good."""

    subject: str
    state: str
    finding: str
    remedy: str = ""


def doctor() -> int:
    """Print every diagnosis; return how many are bad."""
    marks = {GOOD: "[green]✓[/green]", NOTE: "[yellow]![/yellow]", BAD: "[red]✗[/red]"}
    bad = notes = 0
    for one in examine():
        console.print(f"  {marks[one.state]} [bold]{one.subject}[/bold]: {one.finding}")
        if one.state != GOOD:
            console.print(f"      {one.remedy}")
        bad, notes = bad + (one.state == BAD), notes + (one.state == NOTE)
    summary = "Nothing is wrong." if not bad else f"{bad} of these must be corrected."
    console.print(summary + (f" {notes} to note." if notes else ""))
    return bad


def examine() -> Iterator[Diagnosis]:
    """All diagnoses, each as soon as it is known; later ones need what earlier ones found good."""
    yield python()
    yield packages()
    try:
        config = load()
    except ConfigurationProblem as problem:
        yield Diagnosis(
            "Settings", BAD, str(problem), "Correct these variables; `kontor settings` lists all."
        )
        return
    yield settings()
    for look in (home, disk, secret_key, mail_server, port):
        yield look(config)
    answer = database(config)
    yield answer
    if answer.state == BAD:
        return
    try:
        start_django()
    except (ImproperlyConfigured, ImportError) as problem:
        yield Diagnosis("Application", BAD, str(problem), "Install again with `make setup`.")
        return
    yield from application(config)


def python() -> Diagnosis:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < (3, 11):  # noqa: UP036  # this is where people are told
        return Diagnosis("Python", BAD, version, "Install Python 3.11 or newer and run `make setup`.")
    return Diagnosis("Python", GOOD, f"{version} at {sys.executable}")


def packages() -> Diagnosis:
    lock = Path(__file__).resolve().parents[2] / "requirements.lock"
    if not lock.exists():
        return Diagnosis(
            "Packages", NOTE, "there is no requirements.lock to compare with", "Nothing has to be done."
        )
    wrong = []
    pins = list(PIN.finditer(lock.read_text()))
    for pin in pins:
        try:
            installed = importlib.metadata.version(pin["name"])
        except importlib.metadata.PackageNotFoundError:
            if not pin["marker"]:  # a marker means: only on some systems
                wrong.append(f"{pin['name']} is missing")
            continue
        if installed != pin["version"]:
            wrong.append(f"{pin['name']} is {installed}, not {pin['version']}")
    if wrong:
        more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
        return Diagnosis("Packages", BAD, ", ".join(wrong[:5]) + more, "Run `make setup`.")
    return Diagnosis("Packages", GOOD, f"the {len(pins)} of requirements.lock")


def settings() -> Diagnosis:
    if unknown := unknown_names(os.environ):
        return Diagnosis(
            "Settings", NOTE, f"no such setting: {', '.join(unknown)}", "Unset them, or correct the names."
        )
    return Diagnosis("Settings", GOOD, "all are understood")


def home(config: Configuration) -> Diagnosis:
    folder = config.home
    nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not os.access(nearest, os.W_OK | os.X_OK):
        remedy = "Let this user write there, or set KONTOR_HOME to another folder."
        return Diagnosis("Data folder", BAD, f"{shown(folder)} cannot be written", remedy)
    return Diagnosis("Data folder", GOOD, shown(folder))


def disk(config: Configuration) -> Diagnosis:
    nearest = next(parent for parent in (config.home, *config.home.parents) if parent.exists())
    free = shutil.disk_usage(nearest).free
    finding = f"{free / 1024**3:.1f} GiB free"
    if free < LITTLE_SPACE:
        state = BAD if free < NO_SPACE else NOTE
        return Diagnosis("Disk", state, finding, "Make room: PostgreSQL stops when the disk is full.")
    return Diagnosis("Disk", GOOD, finding)


def secret_key(config: Configuration) -> Diagnosis:
    kept = config.home / "secret_key"
    if os.environ.get("KONTOR_SECRET_KEY"):
        if len(config.secret_key.get_secret_value()) < 50:
            remedy = 'Make a longer one: python3 -c "import secrets; print(secrets.token_urlsafe(64))"'
            return Diagnosis("Secret key", NOTE, "from KONTOR_SECRET_KEY, but short", remedy)
        return Diagnosis("Secret key", GOOD, "from KONTOR_SECRET_KEY")
    if stat.S_IMODE(kept.stat().st_mode) & 0o077:
        return Diagnosis("Secret key", BAD, f"others may read {shown(kept)}", f"Say: chmod 600 {shown(kept)}")
    return Diagnosis("Secret key", GOOD, f"kept in {shown(kept)}")


def mail_server(config: Configuration) -> Diagnosis:
    if not config.sends_mail:
        state = NOTE if config.production else GOOD
        return Diagnosis(
            "Mail", state, "kept in the mailbox page, none is sent", "Set KONTOR_SMTP_HOST to send mails."
        )
    where = f"{config.smtp_host}:{config.smtp_port}"
    connect = smtplib.SMTP_SSL if config.smtp_tls == "tls" else smtplib.SMTP
    try:
        with connect(config.smtp_host, config.smtp_port, timeout=5) as server:
            if config.smtp_tls == "starttls":
                server.starttls()
            if config.smtp_user:
                server.login(config.smtp_user, config.smtp_password.get_secret_value())
    except (OSError, smtplib.SMTPException) as problem:
        remedy = "Check KONTOR_SMTP_HOST, _PORT, _TLS, _USER and _PASSWORD. Mails wait and are tried again."
        return Diagnosis("Mail", BAD, f"{where}: {problem}", remedy)
    return Diagnosis("Mail", GOOD, f"{where} takes our mails")


def port(config: Configuration) -> Diagnosis:
    where = f"{config.host}:{config.port}"
    if not port_is_taken(config):
        return Diagnosis("Web address", GOOD, f"{where} is free for the web server")
    if health(config) == HTTPStatus.OK:
        return Diagnosis("Web address", GOOD, f"Kontor answers at {where}")
    return Diagnosis(
        "Web address", BAD, f"another program has {where}", "Stop it, or set KONTOR_PORT to a free port."
    )


def database(config: Configuration) -> Diagnosis:
    if config.embedded and not embedded_postgres.is_running(config.postgres_root):
        where = shown(config.postgres_root)
        remedy = "Start it with `kontor up` or `kontor web`, then ask again."
        return Diagnosis("Database", BAD, f"the embedded PostgreSQL in {where} is not running", remedy)
    try:
        with psycopg.connect(config.dsn, connect_timeout=5) as line:
            version = line.info.server_version // 10_000
            row = line.execute("SELECT count(*), current_setting('max_connections') FROM pg_stat_activity")
            used, most = row.fetchone() or (0, 0)
    except psycopg.OperationalError as problem:
        remedy = "Start the server, or correct KONTOR_DATABASE_URL."
        return Diagnosis("Database", BAD, str(problem).strip(), remedy)
    if version < OLDEST_POSTGRES:
        remedy = f"Move to PostgreSQL {OLDEST_POSTGRES} or newer."
        return Diagnosis("Database", BAD, f"PostgreSQL {version} is too old", remedy)
    return Diagnosis("Database", GOOD, f"PostgreSQL {version}, {used} of {most} connections in use")


def application(config: Configuration) -> Iterator[Diagnosis]:
    """What only the database knows; stops at tables that are not there yet."""
    pending = prepare.pending_migrations()
    if pending:
        yield Diagnosis(
            "Tables", BAD, f"{len(pending)} changes are pending, from {pending[0]}", "Say: kontor migrate"
        )
        return
    yield Diagnosis("Tables", GOOD, "up to date")
    if freshness.static_files_are_stale(config) or freshness.stale_translations():
        yield Diagnosis(
            "Static files and translations", NOTE, "older than their sources", "Say: kontor migrate"
        )
    else:
        yield Diagnosis("Static files and translations", GOOD, "up to date")
    for look in DATABASE_LOOKS:
        yield look()


def files() -> Diagnosis:
    """Writes, reads and removes a file where pictures are kept."""
    kept, name = store(), f"probe/{uuid4().hex}"
    try:
        kept.write(name, b"probe")
        came_back = kept.read(name) == b"probe"
        kept.remove(name)
    except StoreProblem as problem:
        remedy = "Correct KONTOR_FILES_URL, or see whether that storage runs and may be written."
        return Diagnosis("Files", BAD, str(problem), remedy)
    if not came_back:
        return Diagnosis("Files", BAD, f"{kept} gives back other bytes", "Ask who runs that storage.")
    return Diagnosis("Files", GOOD, f"{kept} takes and gives files")


def worker() -> Diagnosis:
    remedy = "Start it with `kontor worker`; until then no mail is sent and no event delivered."
    row = _row("SELECT name, extract(epoch FROM clock_timestamp() - seen_at)::int FROM kernel_heartbeat "
               "WHERE name LIKE 'worker%%' ORDER BY seen_at DESC LIMIT 1")  # fmt: skip
    if row is None:
        return Diagnosis("Worker", BAD, "none was ever seen", remedy)
    name, seconds = row
    if seconds > WORKER_SILENT:
        return Diagnosis("Worker", BAD, f"{name} was last seen {seconds:,} seconds ago", remedy)
    return Diagnosis("Worker", GOOD, f"{name} was seen {seconds} seconds ago")


def outbox() -> Diagnosis:
    row = _row("SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(due_at)), 0)::int "
               "FROM kernel_delivery WHERE status = 'pending' AND due_at <= clock_timestamp()")  # fmt: skip
    waiting, seconds = row or (0, 0)
    if seconds > OUTBOX_LATE:
        finding = f"{waiting:,} deliveries wait, the oldest for {seconds:,} seconds"
        return Diagnosis("Events", BAD, finding, "See whether the worker runs and what it logs.")
    return Diagnosis("Events", GOOD, f"{waiting:,} deliveries wait")


def dead_letters() -> Diagnosis:
    (dead,) = _row("SELECT count(*) FROM kernel_delivery WHERE status = 'dead'") or (0,)
    if dead:
        remedy = "`kontor events dead` shows why; `kontor events replay all` tries them again."
        return Diagnosis("Given up events", BAD, f"{dead:,}", remedy)
    return Diagnosis("Given up events", GOOD, "none")


def jobs() -> Diagnosis:
    (failed,) = _row("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'") or (0,)
    if failed:
        return Diagnosis("Jobs", NOTE, f"{failed:,} failed", "See the worker's log for the reason.")
    return Diagnosis("Jobs", GOOD, "none failed")


def clock_difference() -> Diagnosis:
    (seconds,) = _row(
        "SELECT extract(epoch FROM clock_timestamp())::float8 - %s::float8", [clock.now().timestamp()]
    ) or (0,)
    if abs(seconds) > 2:
        remedy = "Let both machines take their time from the same server (NTP)."
        return Diagnosis("Clock", BAD, f"the database is {seconds:+.1f} seconds off", remedy)
    return Diagnosis("Clock", GOOD, "that of the database agrees")


DATABASE_LOOKS: tuple[Callable[[], Diagnosis], ...] = (
    files,
    worker,
    outbox,
    dead_letters,
    jobs,
    clock_difference,
)


def _row(query: str, parameters: list[float] | None = None) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters or [])
        return cursor.fetchone()
